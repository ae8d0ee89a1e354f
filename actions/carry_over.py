"""结转: at its campaign's end, by decision for each open problem, into another campaign or onto the list of the rest.

The problem keeps its number and its status and is frozen; what it became has a number of its own and begins as 待交办.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from actions.issue import give_number
from actions.issue_step import log_event, required_text, step
from actions.step import Step
from actions.telling import tell
from actions.transaction import Caller
from models.campaign import Campaign
from models.carry_over import TAKING, CarryGround, CarryOver
from models.issue import Verb
from models.issue_place import IssuePlace
from models.issue_record import Issue, IssuePerson, IssueRound
from models.issue_word import IssueStatus
from models.notice import NoticeKind
from models.refusal import Refused
from queries.concerned import people_of_the_unit

AS_IT_IS = (
    "type_code", "title", "facts", "found_on", "severity", "source", "document_from", "document_number", "document_on",
    "reporting_unit_id", "town_id", "village_id", "household_id", "item_code", "period", "households", "persons",
    "amount_cents",
)  # fmt: skip
"""What was found, where and how: the same problem in the other campaign."""


@dataclass(frozen=True, slots=True)
class CarryDecision:
    """What becomes of it. `campaign_id` only with the ground NEXT."""

    ground: CarryGround
    reason: str
    campaign_id: int | None = None


def carry_over(caller: Caller, issue_id: int, decision: CarryDecision, version: int | None = None) -> str:
    """Decide what becomes of an open problem. Who: office, once the campaign concludes. Returns its number over there.

    NEXT: the same problem begins anew in the other campaign, owing what is still owed; here nothing can be done to it
    any more, no deadline runs, and it stays counted as not closed. Else it stays here, on the list of what is left, and
    may still be closed. Raises Refused for a second time, a campaign that is concluded, archived, its own, or one the
    problem came from.
    """
    with step(caller, Verb.CARRY_OVER, issue_id, version) as now:
        now.note = required_text(decision.reason, "理由", least=5, most=500)
        became = None
        if decision.ground is CarryGround.NEXT:
            became = _begin_anew(now, _target(now, decision.campaign_id))
            now.issue.deadline = now.issue.next_step_on = None
            tell(now, NoticeKind.CARRIED, people_of_the_unit(now.tx.session, now.issue.responsible_unit_id))
        now.tx.session.add(
            CarryOver(
                issue_id=now.issue.id, ground=decision.ground, to_issue_id=became.id if became else None,
                reason=now.note, person_id=now.tx.person_id, recorded_at=now.tx.now,
            )
        )  # fmt: skip
        now.detail |= {"ground": decision.ground.value, "to": became.number if became else None}
    return became.number or "" if became else ""


def _target(now: Step, campaign_id: int | None) -> Campaign:
    campaign = now.tx.session.get(Campaign, campaign_id or 0)
    if campaign is None:
        raise Refused("请选择结转到哪一项专项治理；还没有的，请先新建。")
    if campaign.id == now.issue.campaign_id:
        raise Refused("不能结转到本件所在的专项治理。")
    if campaign.state not in TAKING:
        raise Refused(f"“{campaign.name}”已在{campaign.state.label}，不能再结转进去，请选择筹备或进行中的。")
    if campaign.id in _came_through(now):
        raise Refused(f"本件就是从“{campaign.name}”结转来的，不能再结转回去。")
    return campaign


def _came_through(now: Step) -> set[int]:
    """The campaigns this problem was in before."""
    found: set[int] = set()
    issue_id: int | None = now.issue.id
    while issue_id is not None:
        row = now.tx.session.execute(
            sa.select(Issue.id, Issue.campaign_id)
            .join(CarryOver, CarryOver.issue_id == Issue.id)
            .where(CarryOver.to_issue_id == issue_id)
        ).first()
        issue_id = row[0] if row else None
        found |= {row[1]} if row else set()
    return found


def _begin_anew(now: Step, campaign: Campaign) -> Issue:
    """The problem over there: registered with a number of its own, owing what is still owed, where it is still open."""
    old, session, tx = now.issue, now.tx.session, now.tx
    new = Issue(
        campaign_id=campaign.id, status=IssueStatus.REGISTERED, round=1,
        to_recover_cents=max(0, old.to_recover_cents - old.recovered_cents),
        to_pay_cents=max(0, old.to_pay_cents - old.paid_cents),
        author_id=tx.person_id, author_unit_id=now.doer.unit_id, **{name: getattr(old, name) for name in AS_IT_IS},
    )  # fmt: skip
    give_number(session, new)
    new.registered_on = tx.today
    session.add(new)
    session.flush()
    session.add(IssueRound(issue_id=new.id, round=1, opened_on=tx.today))
    people = sa.select(IssuePerson.member_id).where(IssuePerson.issue_id == old.id)
    session.add_all(IssuePerson(issue_id=new.id, member_id=member) for member in session.scalars(people).all())
    session.add_all(_places(now, new))
    log_event(tx, new, Verb.SUBMIT.value, None, now.doer, None, {"carried_from": old.number})
    return new


def _places(now: Step, new: Issue) -> list[IssuePlace]:
    left = sa.select(IssuePlace).where(
        IssuePlace.issue_id == now.issue.id, IssuePlace.done_on.is_(None), IssuePlace.ended_at.is_(None)
    )
    rows = now.tx.session.scalars(left.order_by(IssuePlace.position)).all()
    return [
        IssuePlace(issue_id=new.id, position=position, region_id=row.region_id, recorded_at=now.tx.now)
        for position, row in enumerate(rows, start=1)
        if row.region_id is not None
    ]
