"""Every figure of the product, once: label, unit, definition, the count, and the rows it counts, as of a date (law 10).

Screens, Excel and bulletin take figures from here only. 户 is never added to 户次.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from models.issue_word import IssueStatus
from queries.activity_figures import ACTIVITY_FIGURES
from queries.coverage_figures import COVERAGE_FIGURES
from queries.figure import ALL, Definition, Figure, FigureRows, Slice, percent
from queries.issue_figures import ISSUE_FIGURES
from queries.look_back_figures import LOOK_BACK_FIGURES
from queries.money_figures import MONEY_FIGURES
from queries.reading import reading
from queries.repeat_figures import REPEAT_FIGURES
from queries.self_check_figures import SELF_CHECK_FIGURES
from queries.standing import Ask, ask_for
from queries.step_figures import STEP_FIGURES
from queries.viewer import Viewer
from queries.week_figures import WEEK_FIGURES

__all__ = ["FIGURES", "Figure", "FigureRows", "answers", "figure_rows", "figures", "percent"]

FIGURES: dict[str, Definition] = {
    **COVERAGE_FIGURES, **SELF_CHECK_FIGURES, **ISSUE_FIGURES, **STEP_FIGURES, **REPEAT_FIGURES,
    **LOOK_BACK_FIGURES,
    **MONEY_FIGURES, **ACTIVITY_FIGURES, **WEEK_FIGURES,
}  # fmt: skip
"""Every figure by name; names are part of the terminal contract."""


def figures(
    viewer: Viewer, campaign_id: int, today: date, region: str | None = None, as_of: date | None = None,
    names: Iterable[str] | None = None,
) -> dict[str, Figure]:  # fmt: skip
    """All figures, or those named, for a place, as of the end of a local day (default: now).

    Who: those who see the dashboard, each within their region. Raises Refused for others, for a day to come and for a
    place that does not exist or is not theirs.
    """
    with reading() as session:
        return answers(ask_for(session, viewer, campaign_id, today, region, as_of), names)


def answers(ask: Ask, names: Iterable[str] | None = None) -> dict[str, Figure]:
    """The same for a question already asked, so that what several figures need is read once."""
    return {name: _answer(name, ask) for name in (FIGURES if names is None else names)}


def figure_rows(
    viewer: Viewer, campaign_id: int, today: date, name: str, region: str | None = None, as_of: date | None = None,
    part: Slice = ALL,
) -> FigureRows:  # fmt: skip
    """The rows one figure counts, in a fixed order, all of them or a slice; money figures list the movements.

    Who: as `figures`. Raises KeyError for an unknown name.
    """
    with reading() as session:
        ask = ask_for(session, viewer, campaign_id, today, region, as_of)
        found = FIGURES[name].rows(ask, part)
        texts = tuple(tuple(_text(value) for value in cells) for cells in found.cells)
        return FigureRows(_answer(name, ask), ask.spot.name, found.headers, texts, found.total, found.issue_ids)


def _answer(name: str, ask: Ask) -> Figure:
    d = FIGURES[name]
    return Figure(name, d.label, d.unit, d.definition, d.count(ask))


def _text(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, IssueStatus):
        return value.label
    return value.isoformat() if isinstance(value, date) else str(value)
