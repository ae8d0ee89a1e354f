"""Whether there is a database to work with. Until there is, one plain page; work resumes by itself."""

import streamlit as st

from queries.schema_state import SchemaState, schema_state


def require_database() -> None:
    """First line of every run. Stops with a sentence while the database is away or has not been migrated."""
    state = schema_state()
    if state is SchemaState.READY:
        return
    st.title("暂时打不开", anchor=False)
    st.write(state.sentence)
    _look_again()
    st.stop()


@st.fragment(run_every="3s")
def _look_again() -> None:
    if schema_state() is SchemaState.READY:
        st.rerun()
