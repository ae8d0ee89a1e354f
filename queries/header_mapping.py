"""Which column of a source is which standard one: as the person said it the last time a table of this layout came."""

import hashlib
from collections.abc import Iterable, Mapping
from enum import StrEnum

from files.headers import PAYMENT_HEADERS, PAYMENT_NEEDED, ROSTER_HEADERS, ROSTER_NEEDED, bare
from queries.draft import draft_fields, draft_subject
from queries.viewer import Viewer


class Register(StrEnum):
    """What is taken in with columns that may be named otherwise."""

    ROSTER = "roster"
    PAYMENTS = "payments"

    @property
    def headers(self) -> tuple[str, ...]:
        """The standard headers in the order of the domain."""
        return tuple(ROSTER_HEADERS if self is Register.ROSTER else PAYMENT_HEADERS)

    @property
    def needed(self) -> tuple[str, ...]:
        """Those without which nothing can be taken in."""
        return ROSTER_NEEDED if self is Register.ROSTER else PAYMENT_NEEDED


def mapping_subject(viewer: Viewer, register: Register, names: Iterable[str]) -> str:
    """Under what a mapping is kept: the person, the register, and the layout (the set of its column names)."""
    layout = hashlib.blake2b("\x1f".join(sorted({bare(name) for name in names if name})).encode(), digest_size=8)
    return draft_subject(viewer, "mapping", register.value, layout.hexdigest())


def remembered_mapping(viewer: Viewer, register: Register, names: Iterable[str]) -> Mapping[str, str]:
    """Standard header → header as written, for a table with these column names; empty where nothing was said."""
    fields = draft_fields(viewer, mapping_subject(viewer, register, names))
    return {standard: str(header) for standard, header in fields.items() if standard in register.headers}
