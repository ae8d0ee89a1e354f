"""From a line of a form to a problem: drafted from the line, to be read and handed in by a person."""

from dataclasses import asdict

import streamlit as st

import clock
from actions.issue import Finding, raise_issue
from pages.frame.notice import attempt
from pages.frame.who import caller, viewer
from queries.household_check import check_form
from queries.line_finding import finding_of_line

OPEN_ISSUE = "_issue_to_open"


def raise_from_line(line_id: int) -> int | None:
    """Draft a problem from one line; its id, None when it was refused."""
    return attempt(lambda: raise_issue(caller(), Finding(**asdict(finding_of_line(viewer(), line_id, clock.today())))))


def raise_and_open(line_id: int) -> None:
    """The callback of 登记问题: the page opens the draft on its next run."""
    issue_id = raise_from_line(line_id)
    if issue_id is not None:
        st.session_state[OPEN_ISSUE] = issue_id


def raise_from_lines(check_id: int) -> tuple[int, ...]:
    """Draft a problem from each line of a form just handed in that says something is wrong; their ids."""
    form = check_form(viewer(), check_id, clock.today())
    lines = [line for line in form.flagged if line.line_id is not None and line.line_id not in form.issues]
    drafted = (raise_from_line(line.line_id) for line in lines if line.line_id is not None)
    return tuple(issue_id for issue_id in drafted if issue_id is not None)
