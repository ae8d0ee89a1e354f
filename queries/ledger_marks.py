"""What marks problems of the ledger beyond status, light and type: each a condition asked of the record."""

from enum import StrEnum

from queries.repeat import is_repeated
from queries.scope import Condition
from queries.viewer import Viewer


class LedgerMark(StrEnum):
    """A mark one can filter by."""

    REPEATED = "REPEATED"

    @property
    def label(self) -> str:
        """The words in the list of conditions."""
        return {"REPEATED": "屡查屡犯"}[self.value]


def mark_condition(viewer: Viewer, mark: LedgerMark) -> Condition:
    """Problems that bear the mark, to be narrowed to what the viewer may see."""
    match mark:
        case LedgerMark.REPEATED:
            return is_repeated(viewer)
