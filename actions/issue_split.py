"""Split a problem 拆分: what is another unit's, or another story, goes on under a number of its own."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from actions.issue import give_number
from actions.issue_fields import check_wording, checked
from actions.issue_place import chosen_places
from actions.issue_step import Step, log_event, required_text, step
from actions.transaction import Caller
from models.issue import Verb
from models.issue_link import IssueLink, LinkKind, check_halves
from models.issue_place import IssuePlace
from models.issue_record import Issue, IssuePerson, IssueRound
from models.issue_word import Handling, IssueStatus, Nature
from models.local_time import iso_day
from models.refusal import Refused
from models.region import Region, RegionLevel
from models.roster import Household, HouseholdMember
from queries.issue_place import place_names, places_of
from queries.region import ancestor_id


@dataclass(frozen=True, slots=True)
class Shares:
    """A problem's amounts, 分."""

    amount_cents: int = 0
    to_recover_cents: int = 0
    to_pay_cents: int = 0


@dataclass(frozen=True, slots=True)
class SplitOrder:
    """What goes into the new problem, and how the money is divided: both halves are said and sum to the whole.

    `place_ids`: places that go along, none of them done; without any the text alone says what is split off.
    """

    title: str
    facts: str
    reason: str
    kept: Shares
    moved: Shares
    place_ids: Collection[int] = ()
    households: int = 0
    persons: int = 0


STANDS = (
    "campaign_id", "source", "document_from", "document_number", "document_on", "type_code", "found_on", "severity",
    "author_id", "author_unit_id", "team_id", "reporting_unit_id", "town_id", "village_id", "item_code", "period",
    "handling", "nature", "responsible_unit_id", "responsible_unit_name", "responsible_leader", "person_in_charge",
    "requirements", "assigned_on", "deadline_rule", "deadline", "deadline_is_estimate", "first_deadline", "signed_on",
    "is_released", "held_workdays", "extensions", "registered_on",
)  # fmt: skip
"""What the new problem begins with. Not what was done: measures, progress, evidence and money stay where they are, so
that whoever wrote them wrote nothing of the new one."""
_WORDS = {"amount_cents": "涉及金额", "to_recover_cents": "应追缴", "to_pay_cents": "应补发"}
MOST_COUNT = 100_000_000


def split(caller: Caller, issue_id: int, order: SplitOrder, version: int | None = None) -> str:
    """Make a second problem of a part of this one, with its own gapless number, standing where this one stands: waiting
    for its assignment, or with the same unit, deadline and first deadline. Who: office. Returns the new number.

    Raises Refused where the halves do not sum to the whole, for places that are done, and for all places.
    """
    with step(caller, Verb.SPLIT, issue_id, version) as now:
        old, tx = now.issue, now.tx
        if old.nature is Nature.SUSTAINED:
            raise Refused("长期坚持的问题不能拆分：复核计划是整件的；有另外的问题请另登记一件。")
        now.note = required_text(order.reason, "拆分理由", least=2, most=500)
        leaving = _leaving(now, order.place_ids)
        texts = {name: checked(tx.session, name, getattr(order, name), tx.today) for name in ("title", "facts")}
        check_wording(old.type_code, texts["title"], texts["facts"])
        _divide(old, order)
        new = Issue(
            status=IssueStatus.DRAFT, round=1, **{name: getattr(old, name) for name in STANDS}, **texts,
            **asdict(order.moved), households=order.households, persons=order.persons,
        )  # fmt: skip
        if new.handling is Handling.LISTED:
            new.handling = Handling.STANDARD  # the leader named one problem
        if leaving:
            _settle(now, new, leaving)
        tx.session.add(new)
        tx.session.flush()
        number = _begin(now, new)
        _move(now, new, leaving)
        link = IssueLink(kind=LinkKind.SPLIT, from_id=old.id, to_id=new.id, person_id=tx.person_id, recorded_at=tx.now)
        tx.session.add(link)
        names = place_names(tx.session, leaving)
        now.detail = {"to": number, "to_id": new.id, "kept": asdict(order.kept), "moved": asdict(order.moved),
                      "places": [names[place.id] for place in leaving]}  # fmt: skip
    return number


def _leaving(now: Step, place_ids: Collection[int]) -> list[IssuePlace]:
    """The places that go along: some, not all, none of them done."""
    if not place_ids:
        return []
    leaving = chosen_places(now, place_ids)
    names = place_names(now.tx.session, leaving)
    done = [names[place.id] for place in leaving if place.done_on is not None]
    if done:
        raise Refused(f"{done[0]}已经完成，留在原件；只能拆分没有完成的地点。")
    if len(leaving) == len(places_of(now.tx.session, now.issue.id)):
        raise Refused("不能把全部地点都拆出去，原件至少留一处。")
    return leaving


def _divide(old: Issue, order: SplitOrder) -> None:
    """Both halves as they were said; counts of people go over with the part."""
    done = {"to_recover_cents": old.recovered_cents, "to_pay_cents": old.paid_cents}
    for name, word in _WORDS.items():
        kept, moved = getattr(order.kept, name), getattr(order.moved, name)
        check_halves(word, getattr(old, name), kept, moved, done.get(name, 0))
        setattr(old, name, kept)
    for name, word in (("households", "户数"), ("persons", "人数")):
        moved, whole = getattr(order, name), getattr(old, name)
        if not 0 <= moved <= whole:
            raise Refused(f"分出去的{word}应在 0 到 {whole} 之间。")
        setattr(old, name, whole - moved)


def _settle(now: Step, new: Issue, leaving: list[IssuePlace]) -> None:
    """The new problem lies where its first village lies."""
    region = next((now.tx.session.get_one(Region, p.region_id) for p in leaving if p.region_id is not None), None)
    if region is None:
        return
    new.village_id = region.id if region.level is RegionLevel.VILLAGE else None
    new.town_id = ancestor_id(now.tx.session, region, RegionLevel.TOWN)


def _begin(now: Step, new: Issue) -> str:
    """Its own history from the first step on, as if it had been registered and handed over, by who splits."""
    tx, origin = now.tx, {"split_from": now.issue.number}
    log_event(tx, new, "create", None, now.doer, None, origin)
    tx.session.flush()
    number = give_number(tx.session, new)
    new.status = IssueStatus.REGISTERED
    tx.session.add(IssueRound(issue_id=new.id, round=1, opened_on=tx.today, first_deadline=new.first_deadline))
    log_event(tx, new, Verb.SUBMIT.value, IssueStatus.DRAFT, now.doer, now.note, origin)
    tx.session.flush()
    if now.issue.status is IssueStatus.RECTIFYING:
        new.status = IssueStatus.RECTIFYING
        due: dict[str, Any] = {
            "unit": new.responsible_unit_name, "unit_id": new.responsible_unit_id, "rule": new.deadline_rule,
            "deadline": iso_day(new.deadline),
        }  # fmt: skip
        log_event(tx, new, Verb.ASSIGN.value, IssueStatus.REGISTERED, now.doer, new.requirements, due | origin)
    tx.session.flush()
    return number


def _move(now: Step, new: Issue, leaving: list[IssuePlace]) -> None:
    """Places end here and begin there; with them the people of their villages."""
    session, tx = now.tx.session, now.tx
    if len(leaving) > 1 or any(place.unit_id or place.due_on for place in leaving):
        for position, place in enumerate(leaving, start=1):
            session.add(
                IssuePlace(issue_id=new.id, position=position, region_id=place.region_id, unit_id=place.unit_id,
                           unit_name=place.unit_name, due_on=place.due_on, recorded_at=tx.now)
            )  # fmt: skip
    for place in leaving:
        place.ended_at = tx.now
    regions = [place.region_id for place in leaving if place.region_id is not None]
    members = sa.select(IssuePerson.member_id).where(IssuePerson.issue_id == now.issue.id)
    here = session.scalars(
        sa.select(HouseholdMember.id)
        .join(Household, Household.id == HouseholdMember.household_id)
        .where(HouseholdMember.id.in_(members), Household.village_id.in_(regions))
    )
    session.add_all(IssuePerson(issue_id=new.id, member_id=member_id) for member_id in here)
