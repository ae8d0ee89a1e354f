"""What was taken in: the manifests of rosters and payment registers, as the screen lists them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.payment import PaymentImport
from models.role import Permission
from models.roster import RosterImport
from models.unit import Person
from models.user import User
from queries.reading import reading
from queries.viewer import Viewer

MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One import. `unchanged` is None where the record does not say; `total_cents` (分) is of payments only."""

    id: int
    file_name: str
    taken: int
    unchanged: int | None
    faulty: int
    recorded_at: datetime
    recorded_by: str
    total_cents: int | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    withdrawn_reason: str = ""


def roster_imports(viewer: Viewer, campaign_id: int) -> tuple[ImportRow, ...]:
    """Rosters taken in, newest first. Who: those who may import; in part of the region only their own imports."""
    rows, names = _manifests(RosterImport, Permission.IMPORT_ROSTER, viewer, campaign_id)
    return tuple(
        ImportRow(
            r.id, r.file_name, r.taken, r.unchanged, r.faulty, r.recorded_at, names[r.recorded_by], None,
            r.withdrawn_at, names.get(r.withdrawn_by, ""), r.withdrawn_reason or "",
        )
        for r in rows
    )  # fmt: skip


def payment_imports(viewer: Viewer, campaign_id: int) -> tuple[ImportRow, ...]:
    """Payment registers taken in, newest first. Who: those who may import; in part of the region only their own."""
    rows, names = _manifests(PaymentImport, Permission.IMPORT_PAYMENTS, viewer, campaign_id)
    return tuple(
        ImportRow(
            r.id, r.file_name, r.row_count, None, r.faulty, r.recorded_at, names[r.recorded_by], r.total_cents,
            r.withdrawn_at, names.get(r.withdrawn_by, ""), r.withdrawn_reason or "",
        )
        for r in rows
    )  # fmt: skip


def _manifests(
    table: type[RosterImport] | type[PaymentImport], permission: Permission, viewer: Viewer, campaign_id: int
) -> tuple[list[Any], dict[str, str]]:
    if not viewer.may(permission):
        return [], {}
    statement = sa.select(table).where(table.campaign_id == campaign_id)
    if not viewer.is_everywhere(permission):
        # A manifest has no place of its own; somebody else's may be of villages that are not one's own.
        statement = statement.where(table.recorded_by == viewer.actor)
    with reading() as session:
        rows: list[Any] = list(session.scalars(statement.order_by(table.id.desc()).limit(MOST_LISTED)))
        actors = {row.recorded_by for row in rows} | {row.withdrawn_by for row in rows if row.withdrawn_by}
        return rows, _names(session, actors)


def _names(session: Session, actors: set[str]) -> dict[str, str]:
    """The actors of the audit as people read them."""
    ids = {int(actor.partition(":")[2]) for actor in actors if actor.startswith("user:")}
    people = session.execute(
        sa.select(User.id, Person.name).join(Person, Person.id == User.person_id).where(User.id.in_(ids))
    )
    return {actor: "服务器终端" for actor in actors} | {f"user:{user_id}": name for user_id, name in people}
