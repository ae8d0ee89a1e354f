"""The places of one problem as its page shows them: whose, until when, done by whom, which one may cross off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models.deadline import LightReading
from models.issue import Verb
from models.issue_place import IssuePlace
from models.issue_record import Issue
from models.issue_rule import Case, Doer, is_for_a_place_only, refusal
from models.issue_word import IssueStatus
from models.masking import mask_text
from models.region import Region, RegionLevel
from models.unit import Person, Unit
from queries.evidence import EvidenceRow
from queries.issue_place import place_names, places_of
from queries.ledger_light import LightRule


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place. `unit` is who puts it right, the problem's own where no other was named; `due_on` the day in force.

    `light`: None once it is done. `mine`: the viewer may cross it off now; `provable`: give evidence of it, done or
    not. `gone`: that its unit is no more.
    """

    id: int
    name: str
    region_id: int | None
    unit_id: int | None
    unit: str
    due_on: date | None
    light: LightReading | None
    done_on: date | None
    done_by: str
    note: str
    evidence: int
    mine: bool
    provable: bool
    gone: str = ""

    @property
    def is_done(self) -> bool:
        """Crossed off."""
        return self.done_on is not None


def place_rows(
    session: Session, issue: Issue, case: Case, doers: Sequence[Doer], rule: LightRule,
    evidence: Sequence[EvidenceRow], names: Sequence[str],
) -> tuple[PlaceRow, ...]:  # fmt: skip
    """All places in force, in their order; empty for a problem of one place. Notes masked."""
    places = places_of(session, issue.id)
    if not places:
        return ()
    called, towns = place_names(session, places), _towns(session, places)
    people, units = _people(session, places), _units(session, places)
    several = len(set(filter(None, towns.values()))) > 1
    return tuple(
        PlaceRow(
            p.id, f"{towns[p.id]} {called[p.id]}".strip() if several else called[p.id], p.region_id, p.unit_id,
            p.unit_name or issue.responsible_unit_name or "", p.due_on or issue.deadline,
            None if p.done_on else rule.of(issue, p.due_on), p.done_on, people.get(p.done_by_id or 0, ""),
            mask_text(p.done_note or "", names), sum(e.place_id == p.id for e in evidence),
            p.done_on is None and any(_may_cross(case, doer, p.unit_id) for doer in doers),
            proves_whole(case, doers) or any(_may_cross(case, doer, p.unit_id) for doer in doers),
            _gone(units.get(p.unit_id or 0), issue.status, rule.today) if p.done_on is None else "",
        )
        for p in places
    )  # fmt: skip


def proves_whole(case: Case, doers: Sequence[Doer]) -> bool:
    """Whether evidence need not name a place: all but those who are there for a place only."""
    reporting = [doer for doer in doers if refusal(Verb.REPORT, case, doer) is None]
    is_author = any(case.author_id in doer.people for doer in doers)
    return is_author or not reporting or not all(is_for_a_place_only(case, doer) for doer in reporting)


def _may_cross(case: Case, doer: Doer, unit_id: int | None) -> bool:
    """As `actions.issue_place.cross_off` asks."""
    own = doer.unit_id == unit_id or not is_for_a_place_only(case, doer)
    return own and refusal(Verb.REPORT, case, doer) is None


def _gone(unit: Unit | None, status: IssueStatus, today: date) -> str:
    if unit is None or unit.valid_to is None or unit.valid_to >= today or status not in IssueStatus.open():
        return ""
    return f"{unit.name}自 {(unit.valid_to + timedelta(days=1)).isoformat()} 起撤销，须由办公室指定新的责任单位"


def _towns(session: Session, places: Sequence[IssuePlace]) -> dict[int, str]:
    """The town of each village; empty for what is no village."""
    town = aliased(Region)
    rows = session.execute(
        sa.select(IssuePlace.id, town.short_name)
        .join(Region, Region.id == IssuePlace.region_id)
        .join(town, sa.and_(town.id == Region.parent_id, Region.level == RegionLevel.VILLAGE))
        .where(IssuePlace.id.in_([place.id for place in places]))
    )
    found: Mapping[int, str] = {place_id: name for place_id, name in rows}
    return {place.id: found.get(place.id, "") for place in places}


def _people(session: Session, places: Sequence[IssuePlace]) -> dict[int, str]:
    wanted = {place.done_by_id for place in places if place.done_by_id is not None}
    return {i: name for i, name in session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(wanted)))}


def _units(session: Session, places: Sequence[IssuePlace]) -> dict[int, Unit]:
    wanted = {place.unit_id for place in places if place.unit_id is not None}
    return {unit.id: unit for unit in session.scalars(sa.select(Unit).where(Unit.id.in_(wanted)))}
