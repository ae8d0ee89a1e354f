"""Merge a problem into another 并案: proposed by one, confirmed by another as a dismissal is, given back on 恢复.

The merged problem is dismissed: it counts as no progress, stands apart, and names the one that goes on. See the
decision "A merged problem is dismissed".
"""

from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from actions.issue_place import list_places
from actions.issue_split import Shares
from actions.issue_step import Step, log_event, required_text, step
from actions.transaction import Caller
from models.issue import PROPOSING_VERBS, Verb
from models.issue_link import IssueLink, LinkKind, target_refusal
from models.issue_record import Issue, IssueEvent, IssuePerson
from models.money import yuan
from models.problem_type import problem_types
from models.refusal import NotFoundOrNotYours, Refused
from models.region import Region
from models.search_text import folded
from models.unit import Unit
from queries.issue_history import TAKEN_IN
from queries.issue_link import merged_into
from queries.issue_place import place_names, places_of
from queries.ledger_search import number_condition
from queries.merged import survivor_id
from queries.scope import issue_visible


@dataclass(frozen=True, slots=True)
class MergeOrder:
    """Into which problem, by its number long or short, why, and how much of the amounts it brings along: 0 where both
    mean the same money."""

    into: str
    reason: str
    carried: Shares


def propose_merge(caller: Caller, issue_id: int, order: MergeOrder, version: int | None = None) -> str:
    """Propose to merge this problem into another open one of the same campaign and county. Who: office; another person
    confirms, the leader for group C. Returns the other's number.

    Raises Refused for itself, a circle, a closed one, another campaign or county, a problem for which money has moved.
    """
    with step(caller, Verb.MERGE, issue_id, version) as now:
        issue = now.issue
        now.note = required_text(order.reason, "并案理由", least=5, most=500)
        target = _target(now, _named(now, order.into))
        if issue.recovered_cents or issue.paid_cents:
            raise Refused("本件已有资金到账，不能并入别的问题；请把那一件并入本件。")
        for name, cents in asdict(order.carried).items():
            if not 0 <= cents <= getattr(issue, name):
                raise Refused(f"带过去的金额应在 0 到 {yuan(getattr(issue, name))} 元之间。")
        issue.dismissal_pending = True
        issue.dismissal_ground = f"并入 {target.number}：{now.note}"[:500]
        now.detail = {"into_id": target.id, "into": target.number, "carried": asdict(order.carried)}
    return str(target.number)


def take_in(now: Step) -> None:
    """The confirmation of a proposed merge: amounts, places and people go to the survivor. Nothing for a dismissal."""
    proposal = _proposal(now)
    if proposal is None:
        return
    session, issue, carried = now.tx.session, now.issue, proposal.detail["carried"]
    target = _target(now, int(proposal.detail["into_id"]))
    _add(target, carried, 1)
    places = _bring_places(now, target)
    held = set(session.scalars(sa.select(IssuePerson.member_id).where(IssuePerson.issue_id == target.id)))
    members = session.scalars(sa.select(IssuePerson.member_id).where(IssuePerson.issue_id == issue.id))
    session.add_all(IssuePerson(issue_id=target.id, member_id=m) for m in members if m not in held)
    session.add(
        IssueLink(kind=LinkKind.MERGED, from_id=issue.id, to_id=target.id, person_id=now.tx.person_id,
                  recorded_at=now.tx.now)
    )  # fmt: skip
    now.detail = {"into_id": target.id, "into": target.number}
    _tell(now, target, proposal.note, {"took_in": issue.number, "carried": carried, "places": places})


def give_back(now: Step) -> None:
    """A merged problem is reinstated: the survivor gives back what it had brought. Raises Refused once it is closed."""
    target = merged_into(now.tx.session, now.issue)
    proposal = _proposal(now)
    if target is None or proposal is None:
        return
    refused = target_refusal(str(target.number), target.status, target.dismissal_pending, "")
    if refused:
        raise Refused(f"本件已并入 {target.number}，它现在是“{target.status.label}”，不能恢复；仍有问题请另登记一件。")
    _add(target, proposal.detail["carried"], -1)
    if target.to_recover_cents < target.recovered_cents or target.to_pay_cents < target.paid_cents:
        raise Refused(f"{target.number} 已按并案后的金额办理，不能恢复；仍有问题请另登记一件。")
    _tell(now, target, now.note, {"gave_back": now.issue.number, "carried": proposal.detail["carried"]})


def _proposal(now: Step) -> IssueEvent | None:
    """The last proposal of the round, if it was to merge."""
    last = now.tx.session.scalars(
        sa.select(IssueEvent)
        .where(IssueEvent.issue_id == now.issue.id, IssueEvent.round == now.issue.round)
        .where(IssueEvent.verb.in_(PROPOSING_VERBS))
        .order_by(IssueEvent.position.desc())
        .limit(1)
    ).first()
    return last if last is not None and last.verb == Verb.MERGE else None


def _named(now: Step, typed: str) -> int:
    """The problem of a number; of several that are written alike the one beside this problem."""
    issue, number = now.issue, number_condition(folded(typed))
    if number is None:
        raise Refused("请写明并入哪一件的编号。")
    near = sa.case(
        (Issue.number == typed.strip().upper(), -1),
        (Issue.campaign_id != issue.campaign_id, 2),
        (Issue.reporting_unit_id != issue.reporting_unit_id, 1),
        else_=0,
    )
    found = sa.select(Issue.id).where(number, Issue.number.is_not(None), issue_visible(now.tx.viewer))
    return now.tx.session.scalar(found.order_by(near, Issue.id).limit(1)) or 0


def _target(now: Step, into_id: int) -> Issue:
    """The problem that goes on. Raises Refused, or NotFoundOrNotYours for one outside the person's rights."""
    session, issue = now.tx.session, now.issue
    target = session.scalar(sa.select(Issue).where(Issue.id == into_id, issue_visible(now.tx.viewer)))
    if target is None or target.number is None:
        raise NotFoundOrNotYours("问题")
    if target.id == issue.id:
        raise Refused("不能并入它自己，请选择另一件。")
    if target.campaign_id != issue.campaign_id:
        raise Refused(f"{target.number} 属于另一次专项治理，不能并入。")
    if target.reporting_unit_id != issue.reporting_unit_id:
        raise Refused(f"{target.number} 不在本件的县区，并入会改变两个县区的数，不能并入。")
    offence = problem_types()[target.type_code].is_suspected_offence
    if offence and not now.case.is_suspected_offence:
        raise Refused(f"{target.number} 是第三类问题，本件不是，不能并入；需要的请先更正类别。")
    survivor = merged_into(session, target)
    refused = target_refusal(
        target.number, target.status, target.dismissal_pending, str(survivor.number) if survivor else ""
    )
    if refused:
        raise Refused(refused)
    return target


def _add(target: Issue, carried: dict[str, int], sign: int) -> None:
    for name, cents in carried.items():
        setattr(target, name, getattr(target, name) + sign * cents)


def _bring_places(now: Step, target: Issue) -> list[str]:
    """Where the merged problem lay is a place of the survivor now, to be put right there. Returns the names."""
    session, issue = now.tx.session, now.issue
    own, theirs = places_of(session, issue.id), places_of(session, target.id)
    regions = [p.region_id for p in own if p.region_id] or [r for r in (issue.village_id,) if r]
    held = {p.region_id for p in theirs} | {target.village_id, target.town_id if not target.village_id else None}
    villages = [session.get_one(Region, r) for r in dict.fromkeys(survivor_id(session, r) for r in regions)]
    fresh = [village.id for village in villages if village.id not in held and village.parent_id not in held]
    units = {p.unit_id for p in own if p.region_id is None} - {p.unit_id for p in theirs if p.region_id is None}
    named = [session.get_one(Unit, unit_id) for unit_id in sorted(u for u in units if u is not None)]
    if not fresh and not named:
        return []
    added = list_places(now.tx, target, fresh, named)
    names = place_names(session, added)
    return [names[place.id] for place in added]


def _tell(now: Step, target: Issue, note: str | None, detail: dict[str, Any]) -> None:
    """The survivor's history says what came or went; its version moves."""
    flag_modified(target, "status")
    log_event(now.tx, target, TAKEN_IN, target.status, now.doer, note, detail)
