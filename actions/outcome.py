"""Record sanctions 登记问责: how many people, by which document; written by discipline only."""

from datetime import date

from actions.batch import Atlas, not_to_come
from actions.issue_step import required_text
from actions.transaction import Caller, transaction
from models.issue_record import Issue
from models.issue_word import IssueStatus
from models.outcome import Outcome, OutcomeKind
from models.refusal import NotFoundOrNotYours, Refused
from models.role import Permission

LONGEST_NUMBER = 60


def record_outcome(
    caller: Caller, campaign_id: int, reporting_unit_id: int, kind: OutcomeKind, people: int, document_number: str,
    decided_on: date, issue_id: int | None = None,
) -> int:  # fmt: skip
    """Record that people were held to account, for one problem or for a reporting unit as a whole. Returns its id.

    Who: discipline in its region. `people` is negative only to correct an earlier row. Refused: a draft, a problem of
    another reporting unit, no document.
    """
    with transaction(caller) as tx:
        tx.require(Permission.RECORD_OUTCOME)
        issue = tx.session.get(Issue, issue_id) if issue_id is not None else None
        if issue_id is not None and (
            issue is None or issue.status is IssueStatus.DRAFT
            or (issue.campaign_id, issue.reporting_unit_id) != (campaign_id, reporting_unit_id)
        ):  # fmt: skip
            raise NotFoundOrNotYours("问题")
        town_id = issue.town_id if issue is not None else None
        Atlas.read(tx, Permission.RECORD_OUTCOME).require(reporting_unit_id, town_id)
        not_to_come(decided_on, tx.today, "处理决定")
        if people == 0:
            raise Refused("请填写人数。")
        outcome = Outcome(
            campaign_id=campaign_id, issue_id=issue_id, reporting_unit_id=reporting_unit_id, town_id=town_id,
            kind=kind, people=people, decided_on=decided_on, recorded_at=tx.now, recorded_by_id=tx.person_id,
            document_number=required_text(document_number, "文号", least=2, most=LONGEST_NUMBER),
        )  # fmt: skip
        tx.session.add(outcome)
        tx.session.flush()
        tx.record(Permission.RECORD_OUTCOME.value, f"outcome:{outcome.id}", kind=kind.value, people=people)
    return outcome.id
