"""The dialog of a verb: the consequence first, its fields, and a confirmation that stays closed until all is given."""

from collections.abc import Sequence

import streamlit as st

from models.issue import Verb
from pages.frame.notice import attempt, show_notices
from pages.frame.who import caller
from pages.ledger.evidence_fields import GENERATION
from pages.ledger.typed import Typed
from pages.ledger.verb_forms import FORMS
from pages.ledger.verb_words import consequence, subject
from queries.issue import IssuePage
from queries.viewer import Viewer

VERB, OF, VERSION, ANEW, SEEN = "_verb", "_verb_of", "_verb_version", "_verb_anew", "_verb_evidence"
"""Keys in session_state: the verb being asked, of which problem, the version on screen then, whether to look anew."""
_CONFIRM = {
    Verb.RETURN: "确认退回",
    Verb.APPROVE: "确认批准",
    Verb.ACCEPT: "确认通过",
    Verb.REQUEST: "提出申请",
    Verb.FIX: "确认已改好",
    Verb.MERGE: "提出并案",
}


def ask(verb: Verb, issue_id: int, version: int | None = None) -> None:
    """Callback of a verb's button: open its dialog for what is on screen now; without a version, for what will be."""
    _leave()
    st.session_state[VERB], st.session_state[OF] = verb.value, issue_id
    if version is not None:
        st.session_state[VERSION] = version
    st.session_state[SEEN] = st.session_state.get(GENERATION, 0)


def is_asking(issue_id: int) -> bool:
    """Whether a verb's dialog is open; then the dialog says what the last click was answered.

    One left open on another problem, whose page was left by the browser's own Back, is closed.
    """
    if VERB in st.session_state and st.session_state.get(OF) != issue_id:
        _leave()
    return VERB in st.session_state


def verb_dialog(viewer: Viewer, issue: IssuePage) -> None:
    """The open dialog, if one is."""
    if not is_asking(issue.id):
        return
    verb = Verb(st.session_state[VERB])
    st.session_state.setdefault(VERSION, issue.version)
    open_dialog = st.dialog(
        f"{verb.label} · {issue.number}", width="medium", icon=f":material/{verb.icon}:", on_dismiss=_leave
    )
    open_dialog(_body)(viewer, issue, verb)


def _body(viewer: Viewer, issue: IssuePage, verb: Verb) -> None:
    if st.session_state.get(VERB) != verb.value or _must_look_anew():
        st.rerun()
    form = FORMS[verb]
    show_notices()
    if about := subject(verb, issue):
        st.markdown(about)
    st.markdown(consequence(verb, issue))
    typed = Typed.form(viewer, "issue", issue.id, verb.value)
    missing = form.fields(typed, issue, viewer)
    if verb not in issue.verbs:
        st.markdown(f":red[:material/block: {_why_not(issue, verb)}]")
    else:
        still_missing(missing)
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button("取消", on_click=_leave, key="verb_cancel")
        st.button(
            _CONFIRM.get(verb, f"确认{verb.label}"), type="primary", icon=f":material/{verb.icon}:", key="verb_confirm",
            disabled=bool(missing) or verb not in issue.verbs, on_click=_confirm, args=(typed, issue, verb),
        )  # fmt: skip


def still_missing(missing: Sequence[str]) -> None:
    """One line whatever is missing, so that the button below stays where it is."""
    if missing:
        st.markdown(f":gray[:material/pending: 还要填：{'、'.join(missing)}]")
    else:
        st.markdown(":gray[:material/check: 都填好了]")


def _confirm(typed: Typed, issue: IssuePage, verb: Verb) -> None:
    """Act once: the second of two clicks finds the dialog gone, a second tab finds another version."""
    if st.session_state.get(VERB) != verb.value:
        return
    version = st.session_state.get(VERSION)
    done = attempt(lambda: FORMS[verb].act(caller(), typed, issue, version), lambda sentence: sentence)
    if done is None:
        st.session_state[ANEW] = True
        return
    typed.clear()
    _leave()


def _must_look_anew() -> bool:
    """After a refusal, and after a file was given: what the dialog says of the problem may be outdated."""
    given = st.session_state.get(GENERATION, 0)
    anew = st.session_state.pop(ANEW, False) or st.session_state.get(SEEN, 0) != given
    if anew:
        st.session_state[SEEN] = given
        st.session_state.pop(VERSION, None)
    return bool(anew)


def _leave() -> None:
    for key in (VERB, OF, VERSION, ANEW, SEEN):
        st.session_state.pop(key, None)


def _why_not(issue: IssuePage, verb: Verb) -> str:
    said = next((blocked.sentence for blocked in issue.blocked if blocked.verb is verb), "")
    return said or f"现在是“{issue.status.label}”，不能{verb.label}。您填写的内容仍在上方。"
