"""The first line of the first page: how things stand for a unit, for the office."""

from datetime import date

from models.money import wan
from pages.home.panels import LEDGER, Panel, panel_row
from pages.office.dashboard_question import FIGURE_PAGE, Question
from queries.figure import Figure
from queries.figures import figures
from queries.unit_state import unit_state
from queries.viewer import Viewer

OFFICE = ("issues_registered", "issues_acceptance", "issues_approval", "issues_overdue", "closure_rate")
ASKED = (*OFFICE, "longest_overdue_days", "issues_open", "issues_closed", "issues_total")


def of_a_unit(viewer: Viewer, campaign_id: int, today: date) -> None:
    """Five figures that open their rows in the ledger."""
    panel_row(
        [
            Panel(f.key, f.label, f"{f.count:,} 件", f.first, LEDGER, f.address, f.is_red)
            for f in unit_state(viewer, campaign_id, today)
        ]
    )


def of_the_office(viewer: Viewer, campaign_id: int, today: date) -> None:
    """What stands before which door, what is overdue, how much is done."""
    found = figures(viewer, campaign_id, today, names=ASKED)
    longest = found["longest_overdue_days"].value
    words = {
        "issues_registered": "登记后等交办",
        "issues_acceptance": "检查组或办公室",
        "issues_approval": "验收人以外的人批",
        "issues_overdue": f"▲ 最长 {longest} 天" if longest else "没有超期的",
        "closure_rate": f"已销号 {found['issues_closed'].value:,}/{found['issues_total'].value:,} 件",
    }
    panel_row([figure_panel(found[name], words[name], Question("", "", today)) for name in OFFICE])


def figure_panel(figure: Figure, words: str, question: Question, label: str = "") -> Panel:
    """A figure as a panel that opens the rows it counts; red where it is overdue."""
    text = wan(int(figure.value or 0)).replace(" ", "") if figure.unit == "分" else figure.text
    is_red = figure.name == "issues_overdue" and bool(figure.value)
    return Panel(
        figure.name, label or figure.label, text, words, FIGURE_PAGE, question.figure_address(figure.name), is_red,
        figure.definition,
    )  # fmt: skip
