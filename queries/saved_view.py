"""The views over the ledger a person named, and those that colleagues of the same unit share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from models.saved_view import SavedView
from models.unit import Person
from queries.reading import reading
from queries.viewer import Viewer


@dataclass(frozen=True, slots=True)
class ViewRow:
    """One view. `conditions` as in the address; `owner` is empty for one's own."""

    id: int
    name: str
    conditions: Mapping[str, Any]
    shared: bool
    owner: str

    @property
    def is_own(self) -> bool:
        """Whether the viewer may change it."""
        return not self.owner


def saved_views(viewer: Viewer, campaign_id: int) -> tuple[ViewRow, ...]:
    """One's own in the order they were saved, then what colleagues of one's unit share."""
    own = SavedView.person_id == viewer.person_id
    theirs = sa.and_(SavedView.shared, Person.unit_id == viewer.unit_id)
    with reading() as session:
        rows = session.execute(
            sa.select(SavedView, Person.name, own)
            .join(Person, Person.id == SavedView.person_id)
            .where(SavedView.campaign_id == campaign_id, sa.or_(own, theirs))
            .order_by(sa.desc(own), SavedView.id)
        ).all()
    return tuple(ViewRow(v.id, v.name, v.conditions, v.shared, "" if mine else owner) for v, owner, mine in rows)
