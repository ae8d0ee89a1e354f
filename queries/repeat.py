"""屡查屡犯 by a query: which earlier problems, of whatever campaign, one problem repeats, and on what ground.

The earlier one must have been handed over before the later one was registered: what nobody was told of is not done
again. Of one problem it is asked by index, of figures by the first such day of each pair of unit and type, village and
type, village and item, of each person, each card and each common problem. Merged villages are
not taken as one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models.campaign import Campaign
from models.household_check import CheckLine
from models.identity import Identity
from models.issue_record import Issue, IssuePerson
from models.issue_word import IssueStatus
from models.region import Region, RegionLevel
from models.repeat import RepeatGround
from models.role import Permission, Role
from models.roster import HouseholdMember
from queries.common_problem import members_by
from queries.reading import reading
from queries.scope import OFFENCES, Condition, issue_visible
from queries.viewer import Viewer

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class RepeatRow:
    """One earlier problem the viewer may open."""

    issue_id: int
    number: str
    campaign: str
    registered_on: date
    status: IssueStatus
    grounds: tuple[RepeatGround, ...]

    @property
    def words(self) -> str:
        """同一村、同一类别；同一人."""
        return "；".join(ground.label for ground in self.grounds)


@dataclass(frozen=True, slots=True)
class Repeats:
    """What a problem repeats: the latest rows, how many one may see, how many more there are elsewhere."""

    rows: tuple[RepeatRow, ...] = ()
    seen: int = 0
    elsewhere: int = 0
    """Said to whoever sees the dashboard; a unit or an inspector is not told of what is not theirs."""

    @property
    def total(self) -> int:
        """All of them that the viewer may know of."""
        return self.seen + self.elsewhere


@dataclass(frozen=True, slots=True)
class _Traits:
    """What of a problem can be met again. Ids of `identity` rows stand for the persons."""

    issue_id: int
    before: date
    type_code: str
    unit_id: int | None
    village_id: int | None
    item_code: str | None
    identity_ids: tuple[int, ...] = ()
    common: tuple[int, int] | None = None
    """Campaign and number of the common problem it stands under."""


def repeats_of(session: Session, viewer: Viewer, issue: Issue, today: date) -> Repeats:
    """Of a problem the viewer was allowed to open. A dismissed one repeats nothing."""
    if issue.status is IssueStatus.DISMISSED:
        return Repeats()
    people = session.scalars(
        sa.select(HouseholdMember.identity_id)
        .join(IssuePerson, IssuePerson.member_id == HouseholdMember.id)
        .where(IssuePerson.issue_id == issue.id)
    )
    before = issue.registered_on or today
    traits = _Traits(
        issue.id, before, issue.type_code, issue.responsible_unit_id, issue.village_id, issue.item_code, tuple(people),
        _common_of(session, issue.id, today),
    )  # fmt: skip
    return _found(session, viewer, traits, today)


def _common_of(session: Session, issue_id: int, today: date) -> tuple[int, int] | None:
    members = members_by(today).subquery().c
    row = session.execute(sa.select(members.campaign_id, members.number).where(members.issue_id == issue_id)).first()
    return None if row is None else (row[0], row[1])


def repeats_of_finding(
    viewer: Viewer,
    region_id: int | None,
    type_code: str | None,
    item_code: str | None,
    line_id: int | None,
    today: date,
) -> Repeats:
    """Of what is being raised, for whoever may raise: known are the village, the type, the item, and the person of a
    form. Nothing of a problem that is not the viewer's is said."""
    if not viewer.may(Permission.RAISE) or region_id is None or type_code is None:
        return Repeats()
    with reading() as session:
        region = session.get(Region, region_id)
        village = region.id if region is not None and region.level is RegionLevel.VILLAGE else None
        people = session.scalars(
            sa.select(HouseholdMember.identity_id)
            .join(CheckLine, CheckLine.member_id == HouseholdMember.id)
            .where(CheckLine.id == (line_id or 0))
        )
        found = _found(session, viewer, _Traits(0, today, type_code, None, village, item_code, tuple(people)), today)
        return Repeats(found.rows, found.seen)


def is_repeated(viewer: Viewer, today: date) -> Condition:
    """A condition on `Issue`: that it repeats an earlier one, as both stand now."""
    problems = (
        sa.select(Issue.id.label("issue_id"), Issue.registered_on, Issue.told_on)
        .where(Issue.status.in_(IssueStatus.counted()), _known_to(viewer, Issue))
        .cte("problem")
    )
    marked = (Issue.id.in_(later) for later in _by_mark(problems, today))
    pairs = (("responsible_unit_id", "type_code"), ("village_id", "type_code"), ("village_id", "item_code"))
    counted = Issue.status.in_(IssueStatus.counted())
    return sa.and_(counted, sa.or_(*(_met_before(viewer, pair) for pair in pairs), *marked))


def _met_before(viewer: Viewer, names: Iterable[str]) -> Condition:
    earlier = aliased(Issue)
    same = (getattr(earlier, name) == getattr(Issue, name) for name in names)
    return (
        sa.exists()
        .where(*same, earlier.told_on < Issue.registered_on)
        .where(earlier.status.in_(IssueStatus.counted()), _known_to(viewer, earlier))
    )


def repeated_among(problems: Any, day: date) -> sa.CompoundSelect[Any]:
    """The ids of those that repeat an earlier one, among problems with issue_id, registered_on, told_on,
    responsible_unit_id, type_code, village_id, item_code."""
    c = problems.c
    pairs = ((c.responsible_unit_id, c.type_code), (c.village_id, c.type_code), (c.village_id, c.item_code))
    return sa.union(*(_later(problems, pair) for pair in pairs), *_by_mark(problems, day))


def _by_mark(problems: Any, day: date) -> Iterator[sa.Select[Any]]:
    """By person, by card, by the common problem they stood under at the end of a day."""
    for marked in (_marked(problems, Identity.id_number), _marked(problems, Identity.account_no)):
        yield _later(marked, (marked.c.mark,))
    members = members_by(day).subquery().c
    common = (
        sa.select(
            problems.c.issue_id, problems.c.registered_on, problems.c.told_on, members.campaign_id, members.number
        )
        .join_from(problems, members.issue_id.table, members.issue_id == problems.c.issue_id)
        .subquery()
    )
    yield _later(common, (common.c.campaign_id, common.c.number))


def _later(problems: Any, keys: Iterable[Any]) -> sa.Select[Any]:
    """Problems registered after the day on which one of the same key was first handed over."""
    keys = tuple(keys)
    firsts = (
        sa.select(*keys, sa.func.min(problems.c.told_on).label("first"))
        .where(*(key.is_not(None) for key in keys))
        .group_by(*keys)
        .subquery()
    )
    same = sa.and_(*(key == firsts.c[key.name] for key in keys))
    return sa.select(problems.c.issue_id).join(firsts, same).where(firsts.c.first < problems.c.registered_on)


def _marked(problems: Any, mark: Any) -> sa.Subquery:
    """Problems with the number of each person they concern; what was erased is no mark."""
    return (
        sa.select(problems.c.issue_id, problems.c.registered_on, problems.c.told_on, mark.label("mark"))
        .join(IssuePerson, IssuePerson.issue_id == problems.c.issue_id)
        .join(HouseholdMember, HouseholdMember.id == IssuePerson.member_id)
        .join(Identity, Identity.id == HouseholdMember.identity_id)
        .where(mark.is_not(None))
        .subquery()
    )


def _known_to(viewer: Viewer, issue: type[Issue]) -> Condition:
    """A unit is told of its own only, and of an offence once it was told: not even by a mark on another problem."""
    grants = viewer.grants_with(Permission.SEE_LEDGER)
    if viewer.user_id is None or any(g.role is not Role.UNIT for g in grants):
        return sa.true()
    told = sa.or_(issue.type_code.not_in(OFFENCES), issue.is_released)
    return sa.and_(issue.responsible_unit_id.in_({g.unit_id for g in grants}), told)


def _found(session: Session, viewer: Viewer, traits: _Traits, today: date) -> Repeats:
    grounds = _grounds(traits, today)
    if not grounds:
        return Repeats()
    met = sa.and_(
        Issue.status.in_(IssueStatus.counted()), Issue.told_on < traits.before, Issue.id != traits.issue_id,
        sa.or_(*grounds.values()),
    )  # fmt: skip
    seen = int(session.scalar(sa.select(sa.func.count()).select_from(Issue).where(met, issue_visible(viewer))) or 0)
    elsewhere = 0
    if viewer.may(Permission.SEE_DASHBOARD):
        elsewhere = int(session.scalar(sa.select(sa.func.count()).select_from(Issue).where(met)) or 0) - seen
    rows = session.execute(
        sa.select(Issue.id, Issue.number, Campaign.name, Issue.registered_on, Issue.status, *grounds.values())
        .join(Campaign, Campaign.id == Issue.campaign_id)
        .where(met, issue_visible(viewer))
        .order_by(Issue.registered_on.desc(), Issue.id.desc())
        .limit(MOST_SHOWN)
    )
    return Repeats(tuple(_row(row, tuple(grounds)) for row in rows), seen, elsewhere)


def _row(row: Any, grounds: tuple[RepeatGround, ...]) -> RepeatRow:
    issue_id, number, campaign, registered_on, status, *met = row
    shared = tuple(ground for ground, is_met in zip(grounds, met, strict=True) if is_met)
    return RepeatRow(issue_id, number, campaign, registered_on, status, shared)


def _grounds(traits: _Traits, today: date) -> dict[RepeatGround, Condition]:
    """What an earlier problem must have in common, ground by ground; only what this one has can be met."""
    found: dict[RepeatGround, Condition] = {}
    if traits.unit_id is not None:
        same_unit = Issue.responsible_unit_id == traits.unit_id
        found[RepeatGround.UNIT_TYPE] = sa.and_(same_unit, Issue.type_code == traits.type_code)
    if traits.village_id is not None:
        here = Issue.village_id == traits.village_id
        found[RepeatGround.VILLAGE_TYPE] = sa.and_(here, Issue.type_code == traits.type_code)
        if traits.item_code is not None:
            found[RepeatGround.VILLAGE_ITEM] = sa.and_(here, Issue.item_code == traits.item_code)
    if traits.identity_ids:
        found[RepeatGround.PERSON] = _of_same(Identity.id_number, traits.identity_ids)
        found[RepeatGround.CARD] = _of_same(Identity.account_no, traits.identity_ids)
    if traits.common is not None:
        members = members_by(today).subquery().c
        same = sa.and_(members.campaign_id == traits.common[0], members.number == traits.common[1])
        found[RepeatGround.CAUSE] = Issue.id.in_(sa.select(members.issue_id).where(same))
    return found


def _of_same(mark: Any, identity_ids: tuple[int, ...]) -> Condition:
    """Problems of whoever has the same number, in whichever campaign's roster."""
    own = aliased(Identity)
    own_mark = own.id_number if mark is Identity.id_number else own.account_no
    marks = sa.select(own_mark).where(own.id.in_(identity_ids), own_mark.is_not(None))
    found = (
        sa.select(IssuePerson.issue_id)
        .join(HouseholdMember, HouseholdMember.id == IssuePerson.member_id)
        .join(Identity, Identity.id == HouseholdMember.identity_id)
        .where(mark.in_(marks), Identity.campaign_id.in_(sa.select(Campaign.id)))  # the index begins with it
    )
    return Issue.id.in_(found)
