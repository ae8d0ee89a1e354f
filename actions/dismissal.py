"""A problem that is none: proposed by one, decided by another, shown apart, never counted as progress."""

from actions.assignment import current_round
from actions.extension import void_extension
from actions.issue_merge import give_back, take_in
from actions.issue_step import required_text, step
from actions.transaction import Caller
from models.issue import Verb
from models.issue_word import DismissalGround


def propose_dismissal(
    caller: Caller, issue_id: int, ground: DismissalGround, reason: str, version: int | None = None
) -> None:
    """Propose that it is no problem. Who: office."""
    with step(caller, Verb.PROPOSE_DISMISSAL, issue_id, version) as now:
        now.note = required_text(reason, "查否理由", least=5, most=500)
        now.issue.dismissal_pending = True
        now.issue.dismissal_ground = f"{ground.label}：{now.note}"[:500]
        now.detail = {"ground": ground.value}


def confirm_dismissal(caller: Caller, issue_id: int, version: int | None = None) -> None:
    """Dismiss it, or merge it where that was proposed. Who: another office person; the leader for group C."""
    with step(caller, Verb.CONFIRM_DISMISSAL, issue_id, version) as now:
        now.issue.dismissal_pending = False
        void_extension(now, "已查否")
        take_in(now)
        now.move_on()


def decline_dismissal(caller: Caller, issue_id: int, reason: str, version: int | None = None) -> None:
    """It stays a problem. Who: another office person; the leader for group C."""
    with step(caller, Verb.DECLINE_DISMISSAL, issue_id, version) as now:
        now.note = required_text(reason, "不予查否的理由", least=2, most=500)
        now.issue.dismissal_pending, now.issue.dismissal_ground = False, None


def reinstate(caller: Caller, issue_id: int, reason: str, version: int | None = None) -> None:
    """A dismissed problem is one after all: it waits for assignment anew. Who: office, leader. What it had brought into
    another problem goes back."""
    with step(caller, Verb.REINSTATE, issue_id, version) as now:
        issue = now.issue
        now.note = required_text(reason, "恢复理由", least=2, most=500)
        give_back(now)
        issue.dismissal_ground = None
        issue.deadline = issue.first_deadline = issue.deadline_rule = issue.assigned_on = issue.signed_on = None
        issue.next_step_on = None
        issue.held_workdays = 0
        issue.is_released = False  # group C: whoever is made responsible next has not been told
        current_round(now).first_deadline = None
        now.move_on()
