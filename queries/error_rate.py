"""How often the visits found something wrong, mandatory and drawn households apart (design: proof of a sample, 4).

Drawn households were chosen at random within their village: their rate stands for the others, within its interval.
Mandatory ones were not: their rate says something of themselves only and has no interval.
"""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from models.household_check import CheckLine, Verdict
from models.interval import Interval, wilson
from models.sample import DrawnKind, SampledHousehold
from queries.coverage import EVERYWHERE, verified_lines
from queries.reading import reading
from queries.viewer import Place, Viewer


@dataclass(frozen=True, slots=True)
class ErrorRate:
    """Of one kind of household. `lines` 项: person × item × year verified; wrong is every verdict but 相符.

    The interval is of households: lines of one household go wrong together and are not drawn one by one.
    """

    is_mandatory: bool
    lines: int
    wrong_lines: int
    households: int
    wrong_households: int
    interval: Interval | None

    @property
    def label(self) -> str:
        """The word on screen."""
        return "必查户" if self.is_mandatory else "抽中户（含替补）"


def error_rates(
    viewer: Viewer, campaign_id: int, as_of: date, place: Place = EVERYWHERE
) -> tuple[ErrorRate, ErrorRate]:
    """Drawn, then mandatory, of the visits that stood finished at the end of a day, in the viewer's places."""
    mandatory = SampledHousehold.kind == DrawnKind.MANDATORY
    wrong = sa.case((CheckLine.verdict != Verdict.MATCHES, 1), else_=0)
    by_household = (
        verified_lines(viewer, campaign_id, as_of, place)
        .with_only_columns(
            sa.case((mandatory, 1), else_=0).label("mandatory"), sa.func.count().label("lines"),
            sa.func.sum(wrong).label("wrong"),
        )
        .group_by(SampledHousehold.id, SampledHousehold.kind)
        .subquery()
    )  # fmt: skip
    c = by_household.c
    counted = sa.select(
        c.mandatory, sa.func.sum(c.lines), sa.func.sum(c.wrong), sa.func.count(),
        sa.func.sum(sa.case((c.wrong > 0, 1), else_=0)),
    ).group_by(c.mandatory)  # fmt: skip
    with reading() as session:
        found = {kind: [int(n) for n in numbers] for kind, *numbers in session.execute(counted)}
    return _rate(False, found.get(0, [0] * 4)), _rate(True, found.get(1, [0] * 4))


def _rate(is_mandatory: bool, numbers: list[int]) -> ErrorRate:
    lines, wrong_lines, households, wrong_households = numbers
    interval = None if is_mandatory else wilson(wrong_households, households)
    return ErrorRate(is_mandatory, lines, wrong_lines, households, wrong_households, interval)
