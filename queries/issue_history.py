"""What was done to a problem, as sentences: who, for which unit, standing in for whom, bringing what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models.carry_over import CarryGround
from models.contest import ContestVerdict
from models.deadline import DeadlineRule
from models.issue import INSIDE_VERBS, Verb
from models.issue_money import Direction
from models.issue_record import Issue, IssueEvent, IssueRound
from models.issue_word import DismissalGround, IssueStatus, VerifiedHow, listed
from models.local_time import day_text
from models.masking import mask_text
from models.measure import list_text
from models.money import yuan
from models.outcome import OutcomeKind
from models.role import Role
from models.unit import Person, Team, Unit
from queries.measure import measures_of
from queries.merged import unit_name_at

CREATED = "create"
TAKEN_IN = "take_in"
"""Of the problem into which another one was merged, or which gave it back."""
_MONEY_FIELDS = frozenset({"amount_cents", "to_recover_cents", "to_pay_cents"})
_LONG_FIELDS = frozenset({"facts", "measures", "title", "rule_mended", "remark"})
FIELD_LABELS: Mapping[str, str] = {
    "title": "标题", "facts": "问题事实", "type_code": "问题类别", "found_on": "发现日期", "severity": "问题性质",
    "households": "涉及户数", "persons": "涉及人数", "amount_cents": "涉及金额", "to_recover_cents": "应追缴",
    "to_pay_cents": "应补发", "item_code": "补贴项目", "period": "期间", "responsible_leader": "责任领导",
    "person_in_charge": "责任人", "measures": "整改措施", "rule_mended": "建章立制", "remark": "备注",
    "document_from": "来文单位", "document_number": "文号", "document_on": "来文日期", "places": "地点",
}  # fmt: skip
"""The words for the fields 更正 may change."""
ROUND_LABELS: Mapping[str, str] = {
    "requirements": "整改要求", "measures": "整改措施", "progress": "最新进展", "rule_mended": "建章立制",
}  # fmt: skip
"""The words for the texts of a round that ended."""


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One thing done. `done` is the verb with what it brought, `note` what was written; texts masked."""

    at: datetime
    verb: str
    who: str
    unit: str
    stood_in_for: str
    done: str
    note: str

    @property
    def by(self) -> str:
        """周某（检查一组，代王某）: with whom they stood in for, where they did."""
        return f"{self.unit}，代{self.stood_in_for}" if self.stood_in_for else self.unit


@dataclass(frozen=True, slots=True)
class PastRound:
    """A round that ended, readable whole. `reason`: why it had been opened, empty for the first.

    `texts`: what was asked for and done in it, label → text, as it stood when the next round was opened.
    """

    round: int
    opened_on: date
    closed_on: date | None
    on_time: bool | None
    reason: str
    first_deadline: date | None
    texts: Mapping[str, str]
    rows: tuple[HistoryRow, ...]


def history(
    session: Session, issue: Issue, names: Sequence[str], inside: bool = True
) -> tuple[tuple[HistoryRow, ...], tuple[PastRound, ...]]:
    """The running round, latest first, and the earlier ones; without `inside`, referrals and sanctions left out."""
    stand_in, team = aliased(Person), aliased(Team)
    rows = session.execute(
        sa.select(IssueEvent, Person.name, unit_name_at(IssueEvent.recorded_at), stand_in.name, team.name)
        .join(Person, Person.id == IssueEvent.person_id)
        .join(Unit, Unit.id == IssueEvent.unit_id)
        .outerjoin(stand_in, stand_in.id == IssueEvent.stood_in_for_id)
        .outerjoin(team, sa.and_(team.id == issue.team_id, IssueEvent.role == Role.INSPECTOR.value))
        .where(IssueEvent.issue_id == issue.id)
        .where(sa.true() if inside else IssueEvent.verb.not_in(sorted(INSIDE_VERBS)))
        .order_by(IssueEvent.position.desc())
    ).all()
    told: dict[int, list[HistoryRow]] = {}
    ended = {event.round - 1: event.detail.get("ended", {}) for event, *_ in rows if event.verb == Verb.REOPEN}
    for event, who, unit, stood_in_for, team_name in rows:
        told.setdefault(event.round, []).append(
            HistoryRow(
                event.recorded_at, event.verb, who, team_name or unit, stood_in_for or "",
                mask_text(_done(event, issue.number), names), mask_text(_note(event), names),
            )
        )  # fmt: skip
    return tuple(told.pop(issue.round, ())), _past(session, issue, told, ended, names)


def _past(
    session: Session, issue: Issue, told: Mapping[int, Sequence[HistoryRow]],
    ended: Mapping[int, Mapping[str, str]], names: Sequence[str],
) -> tuple[PastRound, ...]:  # fmt: skip
    rounds = session.scalars(
        sa.select(IssueRound)
        .where(IssueRound.issue_id == issue.id, IssueRound.round < issue.round)
        .order_by(IssueRound.round.desc())
    )
    return tuple(
        PastRound(
            r.round,
            r.opened_on,
            r.closed_on,
            r.closed_on_time,
            mask_text(r.reason or "", names),
            r.first_deadline,
            _texts(ended.get(r.round, {}), names) | _measures(session, issue, r.round, names),
            tuple(told.get(r.round, ())),
        )
        for r in rounds
    )


def _texts(ended: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    return {label: mask_text(ended[name], names) for name, label in ROUND_LABELS.items() if ended.get(name)}


def _measures(session: Session, issue: Issue, number: int, names: Sequence[str]) -> dict[str, str]:
    told = mask_text(list_text(measures_of(session, issue, number)), names)
    return {"措施清单": told} if told else {}


def _note(event: IssueEvent) -> str:
    """What was written, in one breath: a row has one colon."""
    note = event.note or ""
    if event.verb == Verb.REQUEST and event.detail.get("measures"):
        return f"{note.rstrip('。')}；采取的措施为{event.detail['measures']}"
    if event.verb == Verb.EXTEND and event.detail.get("progress"):
        return f"{note.rstrip('。')}；目前进展为{event.detail['progress']}"
    if event.verb == Verb.REOPEN and event.detail.get("finding"):
        return f"{event.detail['finding'].rstrip('。')}；{note}"
    return note


def _done(event: IssueEvent, number: str | None) -> str:
    """The verb in words, with what it brought."""
    detail: Mapping[str, Any] = event.detail
    match event.verb:
        case "create":
            return "起草"
        case Verb.SUBMIT:
            split = f"，自 {detail['split_from']} 拆分" if detail.get("split_from") else ""
            origin = f"由 {detail['carried_from']} 结转" if detail.get("carried_from") else "登记问题"
            return f"{origin}，编号 {number}{split}"
        case "take_in":
            return _taken_in(detail)
        case Verb.SPLIT:
            return f"拆分出 {detail.get('to')}" + _divided(detail.get("moved", {}))
        case Verb.MERGE:
            return f"拟并入 {detail.get('into')}" + _divided(detail.get("carried", {}))
        case Verb.ASSIGN:
            return _assigned(detail)
        case Verb.REQUEST:
            return _asked(detail)
        case Verb.REPORT if detail.get("places"):
            return f"填报进展，{listed(detail['places'])}已完成"
        case Verb.REMIND | Verb.SUPERVISE:
            return _chased(Verb(event.verb), detail)
        case Verb.LIST:
            former = f"，原由{detail['former']}挂牌" if detail.get("former") else ""
            return f"挂牌督办，由{detail.get('leader')}负责{former}"
        case Verb.CARRY_OVER:
            to = f"结转，在新的专项治理里编号 {detail['to']}" if detail.get("to") else "列入遗留清单"
            return to if detail.get("to") else f"{to}（{CarryGround(detail['ground']).label}）"
        case Verb.UNLIST:
            return f"摘牌，原由{detail.get('leader')}挂牌督办"
        case Verb.CONTEST:
            return f"申辩，附材料 {detail.get('papers', 0)} 份"
        case Verb.ANSWER:
            return f"答复申辩（{ContestVerdict(detail['verdict']).label}）"
        case Verb.REFER:
            return f"移送{detail['to']}，{detail['document']}，随附材料 {detail.get('papers', 0)} 份"
        case Verb.REPLY:
            return f"登记{detail['to']}的回复，{detail['document']}"
        case Verb.SEPARATE:
            return f"另案处理，不再等{detail['to']}回复"
        case Verb.SANCTION:
            return _sanctioned(detail)
        case Verb.RECORD_MONEY:
            return _money_moved(detail)
        case Verb.CORRECT_MONEY:
            return _money_corrected(detail)
        case Verb.FIX:
            return "立查立改，当场已改" + _moved(detail)
        case Verb.ACCEPT:
            return _accepted(detail)
        case Verb.RETURN:
            return _returned(event) + _undone(detail)
        case Verb.APPROVE:
            return _approved(detail)
        case Verb.PROPOSE_DISMISSAL:
            return f"拟查否（{DismissalGround(detail['ground']).label}）" if "ground" in detail else "拟查否"
        case Verb.REOPEN:
            deadline = _day(detail.get("deadline"))
            return f"回头看重开第 {detail.get('round')} 轮，时限 {deadline}" + _undone(detail)
        case Verb.REASSIGN:
            return f"由{detail.get('from')}改派{detail.get('to')}{_void(detail)}"
        case Verb.CONFIRM_DISMISSAL:
            return f"确认查否{_void(detail)}"
        case Verb.EXTEND:
            return f"申请延期至 {_day(detail.get('until'))}（时限 {_day(detail.get('deadline'))}）"
        case Verb.REVIEW:
            return _reviewed(detail)
        case Verb.MEASURE:
            return _measure(detail)
        case Verb.DECIDE_EXTENSION:
            return _time_decided(detail)
        case Verb.CORRECT:
            return _corrected(detail)
        case Verb.REPORT if "fields" in detail:
            return "填报进展，台账回填" + "、".join(FIELD_LABELS.get(name, "整改进展") for name in detail["fields"])
        case "recompute":
            return _recomputed(detail)
        case verb:
            return Verb(verb).label if verb in set(Verb) else "其他"


def _assigned(detail: Mapping[str, Any]) -> str:
    rule = DeadlineRule.parse(detail["rule"]).text() if detail.get("rule") else "无时限"
    until = f"，至 {_day(detail['deadline'])}" if detail.get("deadline") else ""
    until += f"，阶段复核{detail['reviews']}" if detail.get("reviews") else ""
    until += f"，措施 {len(detail['measures'])} 项" if detail.get("measures") else ""
    listed = f"，由{detail['leader']}挂牌督办" if detail.get("leader") else ""
    return f"交办{detail.get('unit', '')}，{rule}{until}{listed}"


def _asked(detail: Mapping[str, Any]) -> str:
    head = f"，单位负责人{detail['head']}" if detail.get("head") else ""
    return f"第 {detail.get('request', 1)} 次申请销号{_moved(detail)}{head}{_void(detail)}"


def _void(detail: Mapping[str, Any]) -> str:
    """That a request for more time became pointless by it."""
    return "，未决定的延期申请作废" if detail.get("extension_void") else ""


def _reviewed(detail: Mapping[str, Any]) -> str:
    result = f"保持（{detail.get('count')}/{detail.get('times')} 次）" if detail.get("held") else "没有保持"
    then = f"，下次 {_day(detail['next_on'])}" if detail.get("next_on") else "，复核期满，可以申请销号"
    return f"阶段复核，{result}{then}"


def _measure(detail: Mapping[str, Any]) -> str:
    if not detail.get("done_on"):
        due = f"，应于 {_day(detail['due'])} 前完成" if detail.get("due") else ""
        return f"新增措施{due}"
    return f"措施“{detail.get('text', '')}”于 {_day(detail['done_on'])} 完成"


def _time_decided(detail: Mapping[str, Any]) -> str:
    if not detail.get("until"):
        return "不同意延期"
    days = f"时限由 {_day(detail.get('deadline'))} 改为 {_day(detail['until'])}"
    return f"同意延期，{days}，首次时限不变{_steps_moved(detail)}"


def _steps_moved(detail: Mapping[str, Any]) -> str:
    return f"，未完成的 {detail['steps_moved']} 步随之顺延" if detail.get("steps_moved") else ""


def _sanctioned(detail: Mapping[str, Any]) -> str:
    kind = OutcomeKind(detail["kind"]).label
    if "old" in detail:
        return f"更正问责，{kind} {detail['document']} 由 {detail['old']} 人改为 {detail['new']} 人"
    return f"登记问责，{kind} {detail['people']} 人，{detail['document']}"


def _money_moved(detail: Mapping[str, Any]) -> str:
    """登记资金，7月20日补发到户 1,000.00 元，凭证 回单2022-091."""
    way = Direction(detail["direction"]).label
    source = "（出自追回的钱）" if detail.get("reissued") else ""
    money = f"{way} {yuan(int(detail['cents']))} 元{source}"
    return f"登记资金，{_day(detail.get('moved_on'))}{money}，凭证 {detail.get('voucher', '')}"


def _money_corrected(detail: Mapping[str, Any]) -> str:
    word, old, new = Direction(detail["direction"]).word, yuan(int(detail["old"])), yuan(int(detail["new"]))
    return f"更正资金，{word}凭证 {detail.get('voucher', '')} 由 {old} 元改为 {new} 元"


def _moved(detail: Mapping[str, Any]) -> str:
    """，追缴 1,000.00 元，补发 …: nothing where no money moved."""
    words = (("recovered", "追缴"), ("paid", "补发"))
    return "".join(f"，{word} {yuan(int(detail[key]))} 元" for key, word in words if detail.get(key))


def _chased(verb: Verb, detail: Mapping[str, Any]) -> str:
    answer = f"，要求 {_day(detail['reply_by'])}前回复" if detail.get("reply_by") else ""
    step = f"（{detail['step']}）" if detail.get("step") else ""
    return f"{verb.label}{step}，通知{'、'.join(detail.get('units', ()))} {len(detail.get('people', ()))} 人{answer}"


def _accepted(detail: Mapping[str, Any]) -> str:
    """How it was verified; once a single way was written down, now a list of them."""
    how = detail.get("how", [])
    ways = [how] if isinstance(how, str) else how
    return "验收通过" + (f"（{'、'.join(VerifiedHow(way).label for way in ways)}）" if ways else "")


def _returned(event: IssueEvent) -> str:
    held = event.detail.get("held")
    pause = f"，审核 {held} 个工作日不计入时限" if held else ""
    origin = "审批退回整改" if event.from_status is IssueStatus.APPROVAL else "退回整改"
    return f"{origin}（第 {event.detail.get('return', 1)} 次退回{pause}）"


def _approved(detail: Mapping[str, Any]) -> str:
    on_time = {True: "，按期", False: "，逾期"}.get(detail.get("on_time"), "")  # type: ignore[arg-type]
    open_cents = int(detail.get("open_cents") or 0)
    return f"批准销号{on_time}" + (f"，部分整改，尚有 {yuan(open_cents)} 元未办清" if open_cents else "")


def _corrected(detail: Mapping[str, Any]) -> str:
    field = str(detail.get("field", ""))
    if field == "places":
        return _placed(detail)
    label = FIELD_LABELS.get(field, "一项")
    if field in _LONG_FIELDS:
        return f"更正{label}"
    return f"更正{label}，由“{_value(field, detail.get('old'))}”改为“{_value(field, detail.get('new'))}”"


def _taken_in(detail: Mapping[str, Any]) -> str:
    amounts = _divided(detail.get("carried", {}))
    if detail.get("gave_back"):
        return f"{detail['gave_back']} 恢复，不再并入本件{amounts}"
    places = f"，增加地点{listed(detail['places'])}" if detail.get("places") else ""
    return f"{detail.get('took_in')} 并入本件{amounts}{places}"


def _divided(shares: Mapping[str, int]) -> str:
    """，涉及金额 1,000.00 元，应补发 …: nothing where there is no money."""
    return "".join(f"，{FIELD_LABELS[name]} {yuan(cents)} 元" for name, cents in shares.items() if cents)


def _undone(detail: Mapping[str, Any]) -> str:
    return f"，{listed(detail['places'])}重新整改" if detail.get("places") else ""


def _placed(detail: Mapping[str, Any]) -> str:
    """地点增加甲二村、甲三村; 地点甲二村指定乙镇财政所，时限 …."""
    names = listed(detail.get("places", []))
    if detail.get("what") != "指定":
        return f"更正地点，{detail.get('what')}{names}"
    due = f"，时限 {_day(detail['due'])}" if detail.get("due") else "，时限按本件"
    again = "，重新整改" if detail.get("undone") else ""
    return f"指定{names}由{detail.get('unit') or '本件责任单位'}整改{due}{again}"


def _recomputed(detail: Mapping[str, Any]) -> str:
    old, new = _day(detail.get("old")), _day(detail.get("new"))
    if old == new:
        return f"截止日期 {new} 由预估转为确定"
    return f"截止日期随工作日历由 {old} 调整为 {new}"


def _value(field: str, value: Any) -> str:
    if value is None or value == "":
        return "无"
    return f"{yuan(int(value))} 元" if field in _MONEY_FIELDS else str(value)


def _day(iso: str | None) -> str:
    return day_text(date.fromisoformat(iso)) if iso else "无时限"
