"""An edited ledger on its way in: the same steps as any file, with changes and conflicts instead of rows."""

from dataclasses import dataclass

import streamlit as st

from actions.importing import ImportResult
from actions.ledger_result import LedgerResult
from models.job import JobKind, JobState, JobVerb
from pages.money.register_run import Flow, look_again

KEY = "_flow_ledger"


@dataclass(slots=True)
class ReturnFlow(Flow):
    """Where the file stands. `shown`: how many problems of the list are on the screen."""

    shown: int = 0

    @property
    def told(self) -> LedgerResult | None:
        """What the last job found."""
        return LedgerResult.unpacked(self.row.result) if self.row is not None and self.row.result is not None else None

    @property
    def found(self) -> None:
        """Columns of a ledger are not matched by hand."""
        return None

    @property
    def preview(self) -> LedgerResult | None:
        """What would come in, while that is the question."""
        return self.told if self.row is not None and self.row.has_source else None

    @property
    def done(self) -> ImportResult | None:
        """What was taken in."""
        taken = self.row is not None and self.row.verb is JobVerb.TAKE and self.row.state is JobState.DONE
        return self.told.result if taken and self.told is not None and not self.told.result.is_refused else None


def return_flow(campaign_id: int) -> ReturnFlow:
    """The flow of this tab, as the server knows it now."""
    flow = st.session_state.setdefault(KEY, ReturnFlow(JobKind.LEDGER))
    assert isinstance(flow, ReturnFlow)
    flow.campaign_id = campaign_id
    look_again(flow)
    return flow
