"""What the dashboard is asked: for which place, as of which day. Both stand in the address: a link says the same.

The page behind a figure has names of its own for them: Streamlit takes the names of a page's widgets out of the address
when another page opens.
"""

from dataclasses import dataclass
from datetime import date

import streamlit as st

import clock
from models.local_time import day_text
from queries.dashboard import PlaceChoice, place_choices
from queries.viewer import Viewer

REGION, AS_OF = "region", "as_of"
NAME, PLACE, DAY = "name", "place", "day"
ASKED = "_figure_asked"
"""Key in session_state: what the page behind a figure was last asked; the browser's Back loses its address."""
FIGURE_PAGE = "pages/office/figure.py"


@dataclass(frozen=True, slots=True)
class Question:
    """`region`: a code, empty: all that is the viewer's; `place`: how the address says it, the name on the button."""

    region: str
    place: str
    as_of: date

    def address(self) -> dict[str, str]:
        """As the dashboard's address keeps it; what goes without saying is left out."""
        return self._kept(REGION, AS_OF)

    def figure_address(self, name: str) -> dict[str, str]:
        """The address of the rows behind a figure."""
        return {NAME: name, **self._kept(PLACE, DAY)}

    def _kept(self, place: str, day: str) -> dict[str, str]:
        kept = {place: self.place} if self.region else {}
        return kept if self.as_of == clock.today() else {**kept, day: self.as_of.isoformat()}

    @property
    def as_of_words(self) -> str:
        """截至 2022年9月16日; 终了 for a day gone by."""
        return f"截至 {day_text(self.as_of)}" + ("" if self.as_of == clock.today() else "终了")


def choose(viewer: Viewer, whole: str) -> Question:
    """The two widgets, for the right of the title. `whole`: what everything is called here, 全市."""
    choices = place_choices(viewer)
    chosen = _place(choices, whole)
    st.caption("截至", width="content")
    day = st.date_input(
        "截至日期", clock.today(), max_value=clock.today(), format="YYYY-MM-DD", key=AS_OF, bind="query-params",
        label_visibility="collapsed", width=130,
    )  # fmt: skip
    return Question(chosen.code, chosen.name, day if isinstance(day, date) else clock.today())


def asked_in_address(viewer: Viewer) -> tuple[str, Question]:
    """Which figure, and what is asked of it; a day that is none, or to come, is today.

    A place is named as on the dashboard's button, or by the code of a town or village.
    """
    if NAME in st.query_params:
        st.session_state[ASKED] = st.query_params.to_dict()
    asked: dict[str, str] = st.session_state.get(ASKED, {})
    try:
        day = date.fromisoformat(asked.get(DAY, ""))
    except ValueError:
        day = clock.today()
    place = asked.get(PLACE, "")
    codes = {choice.name: choice.code for choice in place_choices(viewer)}
    return asked.get(NAME, ""), Question(codes.get(place, place), place, min(day, clock.today()))


def _place(choices: tuple[PlaceChoice, ...], whole: str) -> PlaceChoice:
    """The address keeps what is on the button, not the code behind it."""
    named = {choice.name if choice.code else whole: choice for choice in choices}
    if not named:
        return PlaceChoice("", "")
    chosen = st.segmented_control(
        "范围", list(named), default=whole, required=True, key=REGION, bind="query-params", label_visibility="collapsed"
    )
    return named.get(str(chosen), named[whole])
