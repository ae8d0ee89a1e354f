"""The demonstration's history in order: acts of many people on many days, done one after the other by time."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from actions.demonstration.places import Places
from actions.transaction import Caller
from models.local_time import local_day

LAST_MOMENT_DAY = date(2022, 9, 16)
"""The demonstration's today; nothing is recorded on it before the office opens."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act at its moment. `by`: a sign-in name; empty: the terminal, with a list."""

    at: datetime
    do: Callable[[Caller], object]
    by: str = ""


def play(acts: list[Act], places: Places, terminal: Caller) -> None:
    """Do all acts that lie before the demonstration's today, in order of time."""
    for act in sorted(acts, key=lambda a: a.at):
        day = local_day(act.at)
        if day >= LAST_MOMENT_DAY:
            continue
        caller = replace(terminal, now=act.at, today=day)
        act.do(replace(caller, terminal=None, user_id=places.users[act.by]) if act.by else caller)
