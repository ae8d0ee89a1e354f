"""One verb on one problem while it is being done: what its action reads and fills."""

from dataclasses import dataclass, field
from typing import Any

from actions.transaction import Transaction
from models.issue import BY_VERB, Verb
from models.issue_record import Issue
from models.issue_rule import Case, Doer, target_status
from models.workday import Calendar


@dataclass(slots=True)
class Step:
    """One verb being done to one problem, already permitted. Fill `note` and `detail`, change `issue`."""

    tx: Transaction
    verb: Verb
    issue: Issue
    case: Case
    doer: Doer
    calendar: Calendar
    note: str | None = None
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def stood_in_for_id(self) -> int | None:
        """Whom the doer does it for 代."""
        return self.doer.stands_in_for(self.tx.person_id)

    def move_on(self) -> None:
        """Set the status the table says."""
        self.issue.status = target_status(BY_VERB[self.verb], self.case)
