"""What the viewer has typed and not yet handed in."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from models.draft import Draft
from queries.reading import reading
from queries.viewer import Viewer


def draft_subject(viewer: Viewer, *parts: object) -> str:
    """The name of a person's own form: `issue:12:request:u3`."""
    return ":".join((*(str(p) for p in parts), f"u{viewer.user_id}"))


def draft_fields(viewer: Viewer, subject: str) -> Mapping[str, Any]:
    """Field → value of the viewer's own form; empty for another person's."""
    if subject.rpartition(":")[2] != f"u{viewer.user_id}":
        return {}
    with reading() as session:
        rows = session.execute(sa.select(Draft.field, Draft.value).where(Draft.subject == subject))
        return {field: value for field, value in rows}
