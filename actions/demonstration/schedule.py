"""The demonstration's history in order: acts of many people on many days, done one after the other by time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from actions.demonstration.places import Places
from actions.transaction import Caller
from models.local_time import local_day

LAST_MOMENT_DAY = date(2022, 9, 16)
"""The demonstration's today; nothing is recorded on it before the office opens."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act at its moment."""

    at: datetime
    do: Callable[[Caller], object]
    by: str


def play(acts: list[Act], places: Places, wall: datetime) -> None:
    """Do all acts that lie before the demonstration's today, in order of time."""
    for act in sorted(acts, key=lambda a: a.at):
        if local_day(act.at) < LAST_MOMENT_DAY:
            act.do(Caller(act.at, local_day(act.at), wall, user_id=places.users[act.by]))
