"""The dialogs of a common problem: group, change, add, take out, done and not done; nothing typed is lost."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import streamlit as st

import clock
from actions import common_problem as common
from actions.common_problem import CommonPlan
from pages.frame.notice import attempt, show_notices
from pages.frame.who import caller
from pages.ledger.typed import Typed
from pages.ledger.verb_dialog import still_missing
from queries.common_problem import Candidate, CommonPage, groupable
from queries.unit import units_in_force
from queries.viewer import Viewer

ASKED = "_common_asked"
"""Key in session_state: what is being asked, with the types offered or the problem meant."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An open dialog: which verb, on which version; `issue_ids` chosen beforehand or the one that leaves."""

    verb: str
    number: int = 0
    version: int | None = None
    issue_ids: tuple[int, ...] = ()


WORDS = {"new": "归为共性问题", "edit": "修改", "add": "列入问题", "leave": "移出问题", "done": "登记措施完成",
         "undo": "取消完成"}  # fmt: skip


def ask_common(candidate: Candidate | None = None) -> None:
    """Callback: group, with the problems of a candidate chosen already."""
    st.session_state[ASKED] = Asked("new", issue_ids=candidate.issue_ids if candidate else ())


def ask_about(verb: str, page: CommonPage, issue_id: int = 0) -> None:
    """Callback: any other verb, on what is on screen."""
    ids = (issue_id,) if issue_id else ()
    st.session_state[ASKED] = Asked(verb, page.row.number, page.row.version, ids)


def common_dialog(viewer: Viewer, campaign_id: int, page: CommonPage | None = None) -> None:
    """The open dialog, if one is."""
    asked = st.session_state.get(ASKED)
    if isinstance(asked, Asked):
        st.dialog(WORDS[asked.verb], icon=":material/hub:", width="medium", on_dismiss=_close)(_body)(
            viewer, campaign_id, asked, page
        )


def _body(viewer: Viewer, campaign_id: int, asked: Asked, page: CommonPage | None) -> None:
    if st.session_state.get(ASKED) != asked:
        st.rerun()
    show_notices()
    typed = Typed.form(viewer, "common", campaign_id, asked.verb, asked.number, *asked.issue_ids[:1])
    missing: list[str] = []
    if asked.verb in ("new", "edit"):
        missing += _plan_fields(typed, page if asked.verb == "edit" else None)
    if asked.verb in ("new", "add"):
        missing += _problems(typed, viewer, campaign_id, asked)
    if asked.verb == "done":
        missing += _done_fields(typed)
    if asked.verb in ("edit", "leave", "undo", "add"):
        optional = asked.verb == "add"
        reason = typed.text("reason", "理由（可不填）" if optional else "理由（必填）", height=80, max_chars=500)
        missing += [] if optional or len(reason) >= (5 if asked.verb == "undo" else 2) else ["理由"]
    still_missing(missing)
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button("取消", key="common_cancel", on_click=_close)
        st.button("保存", key="common_save", type="primary", disabled=bool(missing), on_click=_save,
                  args=(typed, campaign_id, asked))  # fmt: skip


def _plan_fields(typed: Typed, page: CommonPage | None) -> list[str]:
    """Name, cause, remedy, who leads, until when; of an existing one, as it stands."""
    row = page.row if page else None
    name = typed.line("title", "名称（必填）", row.title if row else "", max_chars=80,
                      placeholder="如：机动地承包收入不入账")  # fmt: skip
    cause = typed.text("cause", "共同原因（必填）", row.cause if row else "", height=80, max_chars=2000)
    remedy = typed.text("remedy", "整治措施（必填）", row.remedy if row else "", height=80, max_chars=2000,
                        placeholder="修什么制度、改哪个环节、谁负责")  # fmt: skip
    units = {unit.id: unit.name for unit in units_in_force(clock.today())}
    left, right = st.columns(2)
    with left:
        owner = typed.choice("owner", "牵头单位（必填）", list(units), row.owner_unit_id if row else None,
                             format_func=lambda i: units[i])  # fmt: skip
    with right:
        due = typed.day("deadline", "完成时限（必填）", row.deadline if row else None)
    lengths = ((name, 4, "名称"), (cause, 5, "共同原因"), (remedy, 5, "整治措施"))
    missing = [word for text, least, word in lengths if len(text) < least]
    return missing + ([] if owner else ["牵头单位"]) + ([] if due else ["完成时限"])


def _problems(typed: Typed, viewer: Viewer, campaign_id: int, asked: Asked) -> list[str]:
    """Which problems, from those that stand under no common problem yet."""
    known = groupable(viewer, campaign_id, clock.today())
    chosen = typed.several(
        "issues", "哪些问题（必填）", list(known), [i for i in asked.issue_ids if i in known],
        format_func=lambda i: known[i], placeholder="输入编号或标题中的字查找",
    )  # fmt: skip
    least = 2 if asked.verb == "new" else 1
    return [] if len(chosen) >= least else [f"至少 {least} 件问题"]


def _done_fields(typed: Typed) -> list[str]:
    document = typed.line("document", "文号（必填）", max_chars=60, placeholder="如：县财发〔2022〕15号")
    done = typed.day("done_on", "完成日期（必填）", clock.today(), max_value=clock.today())
    note = typed.text("reason", "完成情况（必填）", height=80, max_chars=500)
    given = (("文号", len(document) >= 2), ("完成日期", done), ("完成情况", len(note) >= 2))
    return [word for word, there in given if not there]


def _save(typed: Typed, campaign_id: int, asked: Asked) -> None:
    if st.session_state.get(ASKED) != asked:
        return  # the second of two clicks
    if attempt(_act(typed, campaign_id, asked), lambda sentence: sentence) is not None:
        typed.clear()
        _close()


def _act(typed: Typed, campaign_id: int, asked: Asked) -> Callable[[], str]:
    """What the click does; returns the sentence of the toast."""
    number, version, reason = asked.number, asked.version, typed.now_text("reason")

    def act() -> str:
        match asked.verb:
            case "new":
                made = common.make_common_problem(caller(), campaign_id, _plan(typed), typed.now("issues", []))
                return f"已归为共性问题 {made}"
            case "edit":
                common.edit_common_problem(caller(), campaign_id, number, _plan(typed), reason, version)
            case "add":
                common.add_problems(caller(), campaign_id, number, typed.now("issues", []), reason)
            case "leave":
                common.remove_problem(caller(), campaign_id, number, asked.issue_ids[0], reason)
            case "done":
                day, document = _day(typed.now("done_on")), typed.now_text("document")
                common.finish_common_problem(caller(), campaign_id, number, day, document, reason, version)
            case "undo":
                common.take_back_finish(caller(), campaign_id, number, reason, version)
        return f"已{WORDS[asked.verb]}"

    return act


def _plan(typed: Typed) -> CommonPlan:
    return CommonPlan(
        typed.now_text("title"), typed.now_text("cause"), typed.now_text("remedy"), int(typed.now("owner", 0)),
        _day(typed.now("deadline")),
    )  # fmt: skip


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _close() -> None:
    st.session_state.pop(ASKED, None)
