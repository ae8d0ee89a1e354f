"""挂牌督办 and 摘牌: a leader is named who takes charge; the unit reports every seven days; a leader approves."""

from actions.issue_step import Step, required_text, step
from actions.telling import tell
from actions.transaction import Caller
from models.issue import Verb
from models.issue_word import Handling
from models.listing import Listing
from models.notice import NoticeKind
from models.refusal import Refused
from queries.concerned import people_of_the_unit
from queries.listing import leaders_over, listing_part


def list_issue(caller: Caller, issue_id: int, leader_id: int, demand: str = "", version: int | None = None) -> str:
    """Put an open problem under 挂牌督办, or name another leader for one that is. Returns the leader's name.

    Who: leader. The named leader and the responsible unit are told. Raises Refused for somebody who is no leader of
    that region now, for the one who is named already, for 立查立改 and 直查直办.
    """
    with step(caller, Verb.LIST, issue_id, version) as now:
        now.note = required_text(demand, "督办要求", most=500) if demand.strip() else None
        name = take_charge(now, leader_id)
        now.issue.handling = Handling.LISTED
    return name


def unlist(caller: Caller, issue_id: int, reason: str, version: int | None = None) -> None:
    """Take it off again 摘牌; from then on it is 限期整改 and the office approves. Who: leader of that region."""
    with step(caller, Verb.UNLIST, issue_id, version) as now:
        issue = now.issue
        now.note = required_text(reason, "摘牌理由", least=5, most=500)
        former = listing_part(now.tx.session, issue, now.tx.today)
        now.detail = {"leader": former.leader if former else None}
        issue.handling = Handling.STANDARD if issue.responsible_unit_id is not None else None
        tell(now, NoticeKind.UNLIST, people_of_the_unit(now.tx.session, issue.responsible_unit_id))


def take_charge(now: Step, leader_id: int) -> str:
    """Name the leader in a step that lists the problem: the verb itself, or 交办. Returns the name."""
    issue, session = now.issue, now.tx.session
    name = leaders_over(session, issue).get(leader_id)
    if name is None:
        raise Refused("请选择本件所在地区现任的领导；已调离或不再任职的不能挂牌。")
    former = listing_part(session, issue, now.tx.today)
    if former is not None and former.leader_id == leader_id:
        raise Refused(f"本件已由{name}挂牌督办。")
    session.add(
        Listing(
            issue_id=issue.id, round=issue.round, leader_id=leader_id, person_id=now.tx.person_id,
            recorded_at=now.tx.now,
        )
    )  # fmt: skip
    now.detail |= {"leader": name, "leader_id": leader_id, "former": former.leader if former else None}
    unit = people_of_the_unit(session, issue.responsible_unit_id) if now.verb is Verb.LIST else ()  # 交办 tells its own
    tell(now, NoticeKind.LIST, {leader_id, *unit})
    return name
