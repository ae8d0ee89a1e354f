"""The front door: who are you, which rooms are open to you.

One file, two faces. Imported once a process, it is the server: routes, gate, database. Run as a script by each visit to
a page, it is the frame round that page.
"""

from typing import Literal

import streamlit as st

from pages.field.typed import set_aside
from pages.frame.look import dress, to_the_top
from pages.frame.menu import addresses, menu_for
from pages.frame.notice import PAGE, RUN
from pages.frame.opening import require_database
from pages.frame.password_form import first_password
from pages.frame.standing_words import standing_words
from pages.frame.who import person_at_the_door

if __name__ == "__main__":
    dress()
    require_database()
    person = person_at_the_door(before_leaving=set_aside)
    where: Literal["hidden", "top"] = "hidden" if person.must_change_password else "top"
    page = st.navigation(menu_for(person), position=where, expanded=True)
    st.set_page_config(page_title=f"{page.title} · 销号台")
    st.session_state[PAGE], st.session_state[RUN] = page.url_path, st.session_state.get(RUN, 0) + 1
    to_the_top("/".join((page.url_path, st.query_params.get("id", ""), st.query_params.get("village", ""))))
    standing_words(person, page.url_path)
    if person.must_change_password:
        first_password(person)
    else:
        page.run()
else:
    from starlette.middleware import Middleware
    from streamlit.runtime.pages_manager import PagesManager

    from pages.frame.incident import show_incident
    from pages.frame.worker import working
    from routes.gate import Gate
    from routes.headers import SecurityHeaders
    from routes.installation import opened_installation
    from routes.opening import Opening
    from routes.table import ROUTES

    # Otherwise the first deep link of a process opens an English "Page not found".
    PagesManager.uses_pages_directory = False
    app = st.App(
        __file__,
        routes=ROUTES,
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(Gate, pages=addresses()),
            Middleware(Opening, pages=addresses()),
        ],
        lifespan=working(opened_installation),
        on_script_error=show_incident,
    )
