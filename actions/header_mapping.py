"""Remember which column of a source is which: asked once a layout, not once a file."""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from actions.transaction import Caller, transaction
from models.draft import Draft
from models.refusal import Refused
from models.role import Permission
from queries.header_mapping import Register, mapping_subject

IMPORTING = {Register.ROSTER: Permission.IMPORT_ROSTER, Register.PAYMENTS: Permission.IMPORT_PAYMENTS}
LONGEST_NAME = 200


def remember_mapping(caller: Caller, register: Register, names: Iterable[str], mapping: Mapping[str, str]) -> None:
    """Keep `mapping` (standard → header as written) for the person's next table with the same column names.

    Who: those who may import that register. Working paper: no audit entry. An empty mapping forgets. Raises Refused for
    one column that is to be two things.
    """
    chosen = {s: h[:LONGEST_NAME] for s, h in mapping.items() if s in register.headers and h}
    require_distinct(chosen)
    with transaction(caller) as tx:
        tx.require(IMPORTING[register])
        subject = mapping_subject(tx.viewer, register, names)
        tx.session.execute(sa.delete(Draft).where(Draft.subject == subject))
        for standard, header in chosen.items():
            tx.session.add(Draft(subject=subject, field=standard, value=header, saved_by=tx.person_id, saved_at=tx.now))


def require_distinct(mapping: Mapping[str, str]) -> None:
    """Raises Refused where one column of the file stands for two standard ones."""
    said: dict[str, str] = {}
    for standard, header in mapping.items():
        if header in said:
            raise Refused(f"“{header}”一列同时选给了“{said[header]}”和“{standard}”，一列只能对应一项，请改选。")
        said[header] = standard
