"""One verb for many problems: what it brings is typed once, kept as it is typed, and confirmed as a whole sentence."""

from collections.abc import Callable

import streamlit as st

import clock
from actions import assignment, bulk, reminder
from models.issue import Verb
from models.refusal import Refused
from pages.frame.campaign import current_campaign
from pages.frame.look import escape, light_badge, status_badge
from pages.frame.notice import attempt, show_notices
from pages.frame.who import caller, viewer
from pages.frame.worker import bulk_worker
from pages.ledger.asking_forms import Missing
from pages.ledger.carry_forms import carry_fields, decision_of
from pages.ledger.typed import Typed, keep_typing
from pages.ledger.verb_dialog import still_missing
from pages.ledger.verb_fields import limit_fields, required_limit, unit_fields
from queries.bulk import BulkResult, last_bulk
from queries.calendar import working_calendar
from queries.ledger import LedgerFilter, ledger_top
from queries.unit import units_to_hold
from queries.viewer import Viewer

ASKING = "_bulk_asking"
"""Key in session_state: the verb being asked, with the problems and their versions."""
PATIENCE_SECONDS = 2.0
"""So long the click waits: a few problems are done before anybody would watch them."""
LISTED = 5
"""So many of the problems are listed at once."""
_ANY_TYPE = ""
Picks = tuple[tuple[int, int], ...]


def ask_many(verb: Verb, picks: Picks) -> None:
    """Callback of a button of the bar."""
    st.session_state[ASKING] = (verb.value, picks)


def bulk_dialog(person: Viewer, campaign_id: int, untick: Callable[[], None]) -> None:
    """The open dialog, if one is."""
    asked = st.session_state.get(ASKING)
    if asked is not None:
        verb = Verb(asked[0])
        title = f"{verb.label} · {len(asked[1])} 件"
        st.dialog(title, width="medium", icon=f":material/{verb.icon}:", on_dismiss=_leave)(_body)(
            person, campaign_id, verb, asked[1], untick
        )


def _body(person: Viewer, campaign_id: int, verb: Verb, picks: Picks, untick: Callable[[], None]) -> None:
    if ASKING not in st.session_state:
        st.rerun()
    show_notices()
    _which(person, campaign_id, picks)
    typed = Typed.form(person, "bulk", verb.value)
    missing, sentence = _FIELDS[verb](typed, person, picks)
    if missing:
        still_missing(missing)
    else:
        st.markdown(f"**{sentence}**")
    st.caption("每件单独办理、单独留痕；不能办的会逐件说明原因，不影响其余。")
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button("取消", on_click=_leave, key="bulk_cancel")
        st.button(
            f"确认{verb.label} {len(picks)} 件", type="primary", icon=f":material/{verb.icon}:", key="bulk_confirm",
            disabled=bool(missing), on_click=_confirm, args=(typed, campaign_id, verb, picks, untick),
        )  # fmt: skip
    keep_typing()


def _which(person: Viewer, campaign_id: int, picks: Picks) -> None:
    """The problems it is about: the first of them, the rest behind a fold."""
    found = ledger_top(
        person, campaign_id, LedgerFilter(ids=tuple(issue_id for issue_id, _ in picks)), clock.today(), size=len(picks)
    )
    lines = [
        f"{escape(row.number)}　{status_badge(row.status)} {light_badge(row.light)} {escape(row.title)}"
        + (f" :gray[{escape(row.responsible_unit)}]" if row.responsible_unit != "—" else "")
        for row in found.rows
    ]
    st.markdown("\n".join(f"- {line}" for line in lines[:LISTED]))
    if len(lines) > LISTED:
        with st.expander(f"其余 {len(lines) - LISTED} 件"):
            st.markdown("\n".join(f"- {line}" for line in lines[LISTED:]))


def _remind_fields(typed: Typed, person: Viewer, picks: Picks) -> tuple[Missing, str]:
    typed.text("reason", "催办意见（可不填）", height=80, max_chars=reminder.LONGEST, placeholder="催什么、何时前办到")
    return [], f"催办 {len(picks)} 件，通知轮到办理的人？同一件一天只催一次。"


def _assign_fields(typed: Typed, person: Viewer, picks: Picks) -> tuple[Missing, str]:
    ids = tuple(issue_id for issue_id, _ in picks)
    units = {unit.id: unit.name for unit in units_to_hold(person, ids, clock.today())}
    missing = unit_fields(typed, ids, person)
    st.caption("只列能承办全部所选问题的单位；分属几个县区的，只能选市直单位，或按区域筛选后分批交办。")
    hint = "要补什么、追什么、公示几天、什么制度要修"
    asked = typed.text("requirements", "整改要求", height=90, max_chars=5000, placeholder=hint)
    st.caption("成批交办的都按“立行立改”；分阶段整改、长期坚持的，请逐件交办。")
    missing += ([] if len(asked) >= 2 else ["整改要求"]) + limit_fields(typed, _ANY_TYPE)
    if missing:
        return missing, ""
    due = required_limit(typed, _ANY_TYPE).due(clock.today(), working_calendar()).on
    return [], f"将 {len(picks)} 件交办给{units.get(typed.now('unit', 0), '')}，时限 {due}？"


def _carry_fields(typed: Typed, person: Viewer, picks: Picks) -> tuple[Missing, str]:
    missing = carry_fields(typed, current_campaign().id)
    if missing:
        return missing, ""
    decision = decision_of(typed)
    return [], f"{decision.ground.label}，共 {len(picks)} 件？"


_FIELDS: dict[Verb, Callable[[Typed, Viewer, Picks], tuple[Missing, str]]] = {
    Verb.REMIND: _remind_fields,
    Verb.ASSIGN: _assign_fields,
    Verb.CARRY_OVER: _carry_fields,
}


def _confirm(typed: Typed, campaign_id: int, verb: Verb, picks: Picks, untick: Callable[[], None]) -> None:
    """Act once: the second of two clicks finds the dialog gone; a second tab finds the first one's order under way."""
    if ASKING not in st.session_state:
        return
    if attempt(lambda: _order(typed, campaign_id, verb, picks)) is None:
        return
    typed.clear()
    _leave()
    untick()
    person = viewer()
    bulk_worker().wake()
    bulk_worker().wait(lambda: _ended(last_bulk(person, campaign_id)), PATIENCE_SECONDS)


def _order(typed: Typed, campaign_id: int, verb: Verb, picks: Picks) -> int:
    if verb is Verb.REMIND:
        return bulk.remind_many(caller(), campaign_id, picks, typed.now_text("reason"))
    if verb is Verb.CARRY_OVER:
        return bulk.carry_many(caller(), campaign_id, picks, decision_of(typed))
    if not typed.now("unit"):
        raise Refused("请选择责任单位。")
    order = assignment.AssignmentOrder(
        responsible_unit_id=int(typed.now("unit")),
        responsible_leader=typed.now_text("leader"),
        person_in_charge=typed.now_text("person"),
        requirements=typed.now_text("requirements"),
        deadline_rule=required_limit(typed, _ANY_TYPE),
    )
    return bulk.assign_many(caller(), campaign_id, picks, order)


def _ended(result: BulkResult | None) -> bool:
    return result is None or result.has_ended


def _leave() -> None:
    st.session_state.pop(ASKING, None)
