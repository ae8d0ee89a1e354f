"""Household forms 一户一表 as a person may see them: masked unless it is an open form of their own team (law 8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.check_form import FormHead, FormLine, Progress, companion, missing
from models.evidence import Evidence, EvidenceKind
from models.household_check import CheckLayer, CheckLine, CheckStatus, HouseholdCheck, HouseholdCheckEvent
from models.id_number import birth_date, sex, upgraded
from models.issue_record import Issue
from models.issue_word import IssueStatus
from models.masking import mask_account, mask_id, mask_name
from models.refusal import NotFoundOrNotYours
from models.region import Region
from models.role import Permission
from models.roster import Household
from models.sample import Sample, SampledHousehold, SampleState
from models.unit import Person, TeamMember
from queries.household_form import Form, FormPerson, form_of
from queries.merged import one_by_now
from queries.reading import reading
from queries.scope import DISCARDED, Condition, check_visible, issue_visible
from queries.viewer import Viewer

THING = "入户记录"
OPEN_STATES = (CheckStatus.OPEN, CheckStatus.RETURNED)


@dataclass(frozen=True, slots=True)
class RaisedIssue:
    """The problem a line was raised as. `id` is None where the viewer may not open it (another's draft)."""

    id: int | None
    number: str | None
    status: IssueStatus


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person of the form. Name and numbers are masked already where the viewer may not see them whole."""

    member_id: int
    name: str
    pseudonym: str
    relation: str
    is_head: bool
    sex: str
    age: int | None
    id_number: str
    account: str
    account_kind: str
    lines: tuple[FormLine, ...]

    @property
    def is_done(self) -> bool:
        """Every line has a verdict; a person without any line has nothing to be verified."""
        return all(line.verdict is not None for line in self.lines)

    @property
    def agreeing(self) -> tuple[FormLine, ...]:
        """What 其余相符 would fill."""
        return tuple(line for line in self.lines if line.verdict is None and line.agrees)


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody who may have visited as the second inspector."""

    person_id: int
    name: str


@dataclass(frozen=True, slots=True)
class CheckPhoto:
    """A piece of evidence attached to the form."""

    id: int
    caption: str
    kind: EvidenceKind
    is_image: bool


@dataclass(frozen=True, slots=True)
class CheckView:
    """One form on screen. `position` of `siblings`: which of the village's drawn households it is, by number.

    `saved_at` is None until somebody has filled in something: opening it fills in the day of the visit only.
    """

    id: int
    version: int
    layer: CheckLayer
    status: CheckStatus
    submission: int
    village_id: int
    village: str
    town: str
    number: str
    group: str
    position: int
    siblings: int
    may_edit: bool
    may_return: bool
    is_unmasked: bool
    people: tuple[PersonView, ...]
    head: FormHead
    progress: Progress
    companions: tuple[Companion, ...]
    second_name: str
    missing: tuple[str, ...]
    return_reason: str | None
    saved_at: datetime | None
    saved_by: str
    handed_in_at: datetime | None
    handed_in_by: str
    photos: tuple[CheckPhoto, ...]
    issues: dict[int, RaisedIssue]
    """By line id: what was raised from this line, or from the same person × item in an earlier submission."""

    @property
    def visit_is_told(self) -> bool:
        """入户情况: what became of it, when, and with whom."""
        head = self.head
        told = head.outcome is not None and head.visited_on is not None
        return told and (head.second_inspector_id is not None or not head.outcome.is_finished)  # type: ignore[union-attr]

    @property
    def flagged(self) -> tuple[FormLine, ...]:
        """Lines whose verdict says something is wrong."""
        return tuple(line for person in self.people for line in person.lines if line.is_flagged)

    @property
    def head_person(self) -> PersonView | None:
        """The head of the household, else its first person."""
        return next((p for p in self.people if p.is_head), self.people[0] if self.people else None)


def fillable(viewer: Viewer) -> Condition:
    """Forms the viewer may fill: those of a team of theirs, in its places, never of the own village (回避)."""
    return sa.and_(check_visible(viewer, Permission.FILL_CHECK), HouseholdCheck.team_id.in_(teams_of(viewer)))


def unmasked(viewer: Viewer) -> Condition:
    """Forms whose persons the viewer sees whole: open ones of the own team."""
    own = HouseholdCheck.team_id.in_(teams_of(viewer, Permission.SEE_UNMASKED))
    here = check_visible(viewer, Permission.SEE_UNMASKED)
    return sa.and_(here, own, HouseholdCheck.status.in_(OPEN_STATES))


def teams_of(viewer: Viewer, permission: Permission = Permission.FILL_CHECK) -> tuple[int, ...]:
    """The teams in which the viewer holds a permission."""
    return tuple(t for grant in viewer.grants_with(permission) for t in grant.team_ids)


def companions_in(
    session: Session, team_id: int | None, village_id: int, doer_id: int | None, day: date
) -> tuple[Companion, ...]:  # fmt: skip
    """Who may have visited beside the doer: others of the same team, none of them from this village."""
    here = one_by_now(session, village_id)
    rows = session.execute(
        sa.select(Person.id, Person.name)
        .join(TeamMember, TeamMember.person_id == Person.id)
        .where(TeamMember.team_id == team_id, Person.id != (doer_id or 0), TeamMember.valid_from <= day)
        .where(sa.or_(TeamMember.valid_to.is_(None), TeamMember.valid_to >= day))
        .where(sa.or_(Person.home_village_id.is_(None), Person.home_village_id.not_in(here)))
        .order_by(Person.id)
        .distinct()
    )
    return tuple(Companion(*row) for row in rows)


def check_form(viewer: Viewer, check_id: int, today: date) -> CheckView:
    """One form. Who: those who see forms there, the own village left out. Raises NotFoundOrNotYours."""
    with reading() as session:
        found = session.execute(
            sa.select(
                HouseholdCheck, fillable(viewer), unmasked(viewer), check_visible(viewer, Permission.RETURN_CHECK)
            ).where(
                HouseholdCheck.id == check_id,
                sa.or_(check_visible(viewer, Permission.SEE_CHECKS), fillable(viewer)),
            )
        ).first()
        if found is None:
            raise NotFoundOrNotYours(THING)
        return _view(session, viewer, found[0], _Rights(*(bool(right) for right in found[1:])), today)


@dataclass(frozen=True, slots=True)
class _Rights:
    """What the viewer may do with this very form."""

    fill: bool
    unmasked: bool
    give_back: bool


def _view(session: Session, viewer: Viewer, check: HouseholdCheck, rights: _Rights, today: date) -> CheckView:
    form = form_of(session, check)
    household = session.get_one(Household, check.household_id)
    people = tuple(_person(p, form, rights.unmasked, today) for p in form.people)
    friends = companions_in(session, check.team_id, check.village_id, viewer.person_id, today)
    head = form.head
    is_open = check.status in OPEN_STATES
    if is_open:
        second = companion(head.second_inspector_id, viewer.person_id, check.opened_by_id)
        head = FormHead(head.outcome, head.visited_on, head.interviewee, second)
    position, siblings = _place_in_village(session, household)
    submitted = last_event(session, check.id, "submit")
    returned = last_event(session, check.id, "return")
    return CheckView(
        id=check.id, version=check.version, layer=check.layer, status=check.status, submission=check.submission,
        village_id=check.village_id, village=session.get_one(Region, check.village_id).short_name,
        town=session.get_one(Region, check.town_id).short_name, number=household.number,
        group=household.group_name or "", position=position, siblings=siblings, may_edit=rights.fill and is_open,
        may_return=rights.give_back and not is_open, is_unmasked=rights.unmasked, people=people, head=head,
        progress=form.progress, companions=friends, second_name=_name(session, head.second_inspector_id),
        missing=_missing(form, head, people, friends, today) if is_open else (),
        return_reason=returned.note if returned is not None and check.status is CheckStatus.RETURNED else None,
        saved_at=_saved_at(form, check), saved_by=_name(session, form.saved_by_id),
        handed_in_at=submitted.recorded_at if submitted is not None else None,
        handed_in_by=_name(session, submitted.person_id if submitted is not None else None),
        photos=_photos(session, check.id), issues=_issues(session, viewer, check),
    )  # fmt: skip


def _saved_at(form: Form, check: HouseholdCheck) -> datetime | None:
    """None while nothing stands in the form but the day that opening it filled in."""
    head = form.head
    told = head.outcome or head.interviewee or head.second_inspector_id
    filled = any(line.verdict or line.note or line.said_cents is not None for line in form.lines)
    return form.saved_at if told or filled or form.saved_at != check.opened_at else None


def _missing(
    form: Form, head: FormHead, people: Sequence[PersonView], friends: Sequence[Companion], today: date
) -> tuple[str, ...]:
    names = {p.member_id: p.name for p in people}
    return missing(head, form.lines, names, [f.person_id for f in friends], today)


def _person(person: FormPerson, form: Form, is_unmasked: bool, today: date) -> PersonView:
    born = birth_date(upgraded(person.id_number))
    return PersonView(
        member_id=person.member_id,
        name=person.name if is_unmasked else mask_name(person.name),
        pseudonym=person.pseudonym,
        relation=person.relation,
        is_head=person.is_head,
        sex=person.sex or sex(upgraded(person.id_number)),
        age=None if born is None else today.year - born.year - ((today.month, today.day) < (born.month, born.day)),
        id_number=person.id_number if is_unmasked else mask_id(person.id_number),
        account=mask_account(person.account_no),
        account_kind=person.account_kind,
        lines=form.lines_of(person.member_id),
    )


def _place_in_village(session: Session, household: Household) -> tuple[int, int]:
    """(7, 18): the 7th of the 18 households to be visited in its village, by number; (0, 0) outside the sample."""
    ids = list(
        session.scalars(
            sa.select(Household.id)
            .join(SampledHousehold, SampledHousehold.household_id == Household.id)
            .join(Sample, Sample.id == SampledHousehold.sample_id)
            .where(Sample.state == SampleState.ADOPTED, Sample.campaign_id == household.campaign_id)
            .where(Household.village_id == household.village_id, SampledHousehold.replaced_by_id.is_(None))
            .order_by(Household.number)
        )
    )
    return (ids.index(household.id) + 1, len(ids)) if household.id in ids else (0, 0)


def last_event(session: Session, check_id: int, verb: str) -> HouseholdCheckEvent | None:
    """When a form was last handed in (`submit`) or given back (`return`)."""
    return session.scalar(
        sa.select(HouseholdCheckEvent)
        .where(HouseholdCheckEvent.check_id == check_id, HouseholdCheckEvent.verb == verb)
        .order_by(HouseholdCheckEvent.position.desc())
        .limit(1)
    )


def _name(session: Session, person_id: int | None) -> str:
    return "" if person_id is None else session.get_one(Person, person_id).name


def _photos(session: Session, check_id: int) -> tuple[CheckPhoto, ...]:
    rows = session.scalars(sa.select(Evidence).where(Evidence.check_id == check_id).order_by(Evidence.id))
    return tuple(CheckPhoto(e.id, e.caption, e.kind, e.media_type.startswith("image/")) for e in rows)


def _issues(session: Session, viewer: Viewer, check: HouseholdCheck) -> dict[int, RaisedIssue]:
    """Problems raised from the form's lines. A line handed in again is the same matter as before."""
    lines = list(session.scalars(sa.select(CheckLine).where(CheckLine.check_id == check.id)))
    raised = {
        row[0]: RaisedIssue(row[1] if row[4] else None, row[2], row[3])
        for row in session.execute(
            sa.select(Issue.check_line_id, Issue.id, Issue.number, Issue.status, issue_visible(viewer)).where(
                Issue.check_line_id.in_([line.id for line in lines]), Issue.id.not_in(DISCARDED)
            )
        )
    }
    by_matter = {
        (line.member_id, line.item_code, line.year): raised[line.id] for line in lines if line.id in raised
    }  # fmt: skip
    matters = {line.id: (line.member_id, line.item_code, line.year) for line in lines}
    return {line_id: by_matter[matter] for line_id, matter in matters.items() if matter in by_matter}
