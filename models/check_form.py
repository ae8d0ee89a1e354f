"""What a household form must hold before it can be handed in: every person × item has a verdict (每人不漏项)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.household_check import Verdict, VisitOutcome
from models.money import LARGEST_CENTS

LONGEST_NOTE = 500
LONGEST_INTERVIEWEE = 30
PARTS = ("verdict", "said", "note")
HEAD_FIELDS = ("outcome", "visited_on", "interviewee", "second")
COMPANION_MISSING = "同行检查人员（两人入户，须是同一专班的另一人，本村人回避）"
_LINE_FIELD = re.compile(r"line:(\d+):([A-Za-z0-9]+):(\d{4}):(verdict|said|note)", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class LineKey:
    """One person × item × year of a form."""

    member_id: int
    item_code: str
    year: int

    def field(self, part: str) -> str:
        """The name under which a part of the line is drafted: `line:7:S01:2021:verdict`."""
        return f"line:{self.member_id}:{self.item_code}:{self.year}:{part}"


def line_field(name: str) -> tuple[LineKey, str] | None:
    """The line and the part (verdict, said, note) a drafted field is about; None for a field of the head."""
    found = _LINE_FIELD.fullmatch(name)
    return None if found is None else (LineKey(int(found[1]), found[2], int(found[3])), found[4])


@dataclass(frozen=True, slots=True)
class FormLine:
    """A line as it is being filled. Amounts in 分; `is_extra`: nothing was due or paid, an inspector added the line."""

    key: LineKey
    item_name: str
    listed_cents: int = 0
    received_cents: int = 0
    payments: int = 0
    said_cents: int | None = None
    verdict: Verdict | None = None
    note: str | None = None
    is_extra: bool = False
    line_id: int | None = None

    @property
    def agrees(self) -> bool:
        """The register and the bank say the same: what 其余相符 may fill."""
        return not self.is_extra and self.listed_cents == self.received_cents

    @property
    def is_flagged(self) -> bool:
        """A verdict that something is wrong, hence perhaps a problem to be raised."""
        return self.verdict is not None and self.verdict.suggested_type is not None


@dataclass(frozen=True, slots=True)
class FormHead:
    """What became of the visit, and who was there."""

    outcome: VisitOutcome | None = None
    visited_on: date | None = None
    interviewee: str | None = None
    second_inspector_id: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a form is. A person nothing was due or paid to has nothing to be verified."""

    people_done: int
    people: int
    items_done: int
    items: int

    @property
    def text(self) -> str:
        """人 2/4 · 项 5/9"""
        return f"人 {self.people_done}/{self.people} · 项 {self.items_done}/{self.items}"


def progress(people: Sequence[int], lines: Sequence[FormLine]) -> Progress:
    """How many of the persons have all their verdicts, how many of the lines have one."""
    unfinished = {line.key.member_id for line in lines if line.verdict is None}
    done = sum(1 for line in lines if line.verdict is not None)
    return Progress(sum(1 for p in people if p not in unfinished), len(people), done, len(lines))


def head_of(fields: Mapping[str, Any]) -> FormHead:
    """The head as drafted."""
    visited = fields.get("visited_on")
    return FormHead(
        outcome=VisitOutcome(fields["outcome"]) if fields.get("outcome") else None,
        visited_on=date.fromisoformat(visited) if visited else None,
        interviewee=fields.get("interviewee") or None,
        second_inspector_id=fields.get("second"),
    )


def companion(drafted: int | None, doer: int | None, opener: int) -> int | None:
    """Who visited with the doer: when the opener had chosen the doer, it was the opener."""
    return opener if drafted is not None and drafted == doer and opener != doer else drafted


def fault_of_field(name: str, value: Any, year_from: int, year_to: int) -> str | None:
    """Why a value cannot stand in a drafted field, as a sentence; None if it can. What is empty can always stand."""
    line = line_field(name)
    if line is None and name not in HEAD_FIELDS:
        return "没有这一栏，请刷新页面。"
    if line is not None and not year_from <= line[0].year <= year_to:
        return f"年度应在 {year_from} 至 {year_to} 之间。"
    if value is None:
        return None
    return _VALUE_FAULTS[line[1] if line is not None else name](value)


def _verdict_fault(value: Any) -> str | None:
    return None if value in set(Verdict) else "请从七种结论中选择。"


def _said_fault(value: Any) -> str | None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        return "群众自述金额应是不小于 0 的数，单位元。"
    return None if value <= LARGEST_CENTS else "金额过大，请核对单位是不是元。"


def _text_fault(what: str, longest: int) -> Callable[[Any], str | None]:
    def fault(value: Any) -> str | None:
        if not isinstance(value, str):
            return f"{what}应是文字。"
        return None if len(value) <= longest else f"{what}太长：{len(value)} 个字，最多 {longest} 个字。"

    return fault


def _outcome_fault(value: Any) -> str | None:
    return None if value in set(VisitOutcome) else "请选择入户结果。"


def _day_fault(value: Any) -> str | None:
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        return "入户日期应是一个日期。"
    return None


def _person_fault(value: Any) -> str | None:
    return None if isinstance(value, int) else "请从名单中选择同行检查人员。"


_VALUE_FAULTS: dict[str, Callable[[Any], str | None]] = {
    "verdict": _verdict_fault,
    "said": _said_fault,
    "note": _text_fault("说明", LONGEST_NOTE),
    "outcome": _outcome_fault,
    "visited_on": _day_fault,
    "interviewee": _text_fault("受访人", LONGEST_INTERVIEWEE),
    "second": _person_fault,
}


def missing(
    head: FormHead, lines: Sequence[FormLine], names: Mapping[int, str], companions: Sequence[int], today: date
) -> tuple[str, ...]:
    """What is still missing before the form can be handed in, a phrase each, in the order of the form.

    `names` by member as they may be shown to the reader; `companions`: persons who may have visited as the second one.
    Source: 每人不漏项, and two inspectors visit together (design section 5).
    """
    if head.outcome is None:
        return ("入户结果",)
    found = _missing_day(head, today)
    return found + _missing_verdicts(head, lines, names, companions) if head.outcome.is_finished else found


def _missing_day(head: FormHead, today: date) -> tuple[str, ...]:
    if head.visited_on is None:
        return ("入户日期",)
    return ("入户日期（不能晚于今天）",) if head.visited_on > today else ()


def _missing_verdicts(
    head: FormHead, lines: Sequence[FormLine], names: Mapping[int, str], companions: Sequence[int]
) -> tuple[str, ...]:
    found = [] if head.second_inspector_id in companions else [COMPANION_MISSING]
    for line in lines:
        what = f"{names[line.key.member_id]} {line.key.year}年{line.item_name}"
        if line.verdict is None:
            found.append(f"{what}：结论")
        elif line.verdict is Verdict.UNREACHED and not (line.note or "").strip():
            found.append(f"{what}：未核实的原因")
        elif line.is_extra and line.verdict is not Verdict.ENTITLED_BUT_MISSING:
            found.append(f"{what}：没有发放记录，只能填“{Verdict.ENTITLED_BUT_MISSING.label}”")
    return tuple(found)


def missing_sentence(what: Sequence[str], most: int = 8) -> str:
    """`还不能提交，缺：…` with the first few named."""
    shown = "；".join(what[:most])
    return f"还不能提交，缺 {len(what)} 处：{shown}" + (f"；等 {len(what)} 处。" if len(what) > most else "。")
