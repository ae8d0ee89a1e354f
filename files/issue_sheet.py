"""One problem's whole life as a page to print: HTML of its own, A4 upright, no script or picture from elsewhere.

A long history is set smaller and goes on, in order, on a second sheet with the heads repeated. Simple symbols only, and
nothing that a black-and-white copier would lose.
"""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

from files.export_level import ExportMark
from models.local_time import day_text, local

TITLE = "问题整改全程记录"
LONGEST_NOTE = 160
"""Characters of what was written with one step; the whole text stays in the system and is said to be longer."""
CLOSE_FROM, TIGHT_FROM = 9, 24
"""From how many steps on the sheet is set closer, and closest."""
_SCRIPT = 'document.getElementById("print").addEventListener("click",()=>window.print())'


@dataclass(frozen=True, slots=True)
class SheetStep:
    """One thing done: when, by whom of where, what."""

    at: str
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class SheetRound:
    """One round of rectification: what it was, its texts by label, its steps from the first to the last."""

    heading: str
    texts: tuple[tuple[str, str], ...]
    steps: tuple[SheetStep, ...]


@dataclass(frozen=True, slots=True)
class IssueSheet:
    """All that is printed, in words already masked. `money`: 方向, 应办, 已办, 未办, 状态, 凭证, a row a direction."""

    heading: str
    number: str
    title: str
    pairs: tuple[tuple[str, str], ...]
    texts: tuple[tuple[str, str], ...]
    money: tuple[tuple[str, str, str, str, str, str], ...]
    rounds: tuple[SheetRound, ...]
    evidence: tuple[str, ...]
    sanctions: tuple[str, ...]

    @property
    def steps(self) -> int:
        """How many things were done in all rounds."""
        return sum(len(r.steps) for r in self.rounds)


def write_issue_sheet(target: Path, sheet: IssueSheet, mark: ExportMark) -> None:
    """The page as one file, UTF-8."""
    target.write_text(_page(sheet, mark), encoding="utf-8")


def sheet_policy() -> str:
    """The Content-Security-Policy under which the page is shown: its own style, its own button, nothing else."""
    return (
        f"default-src 'none'; style-src 'sha256-{_digest(_style())}'; script-src 'sha256-{_digest(_SCRIPT)}'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _page(sheet: IssueSheet, mark: ExportMark) -> str:
    size = "tight" if sheet.steps >= TIGHT_FROM else "close" if sheet.steps >= CLOSE_FROM else "roomy"
    body = "".join(
        (
            f'<p class="mark"><span>{escape(mark.level.label)}（身份信息打码）</span>'
            f"<span>编号 {escape(sheet.number)}</span></p>",
            f"<h1>{escape(sheet.heading)}<br>{TITLE}</h1>",
            _facts(sheet),
            _money(sheet),
            *(_round(r, sheet.number) for r in sheet.rounds),
            _list("佐证材料", sheet.evidence, "没有佐证。"),
            _list("问责与处理", sheet.sanctions, ""),
            _foot(sheet.number, mark),
        )
    )
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(sheet.number)} {TITLE}</title><style>{_style()}</style></head>"
        f'<body><p class="bar"><button id="print" type="button">打印</button>'
        "<span>A4 纵向；一页放不下时接着印第二页。打印后由有关人员签字，随卷归档。</span></p>"
        f'<main class="{size}">{body}</main><script>{_SCRIPT}</script></body></html>'
    )


def _facts(sheet: IssueSheet) -> str:
    rows = [f'<tr><th>问题</th><td colspan="3" class="strong">{escape(sheet.title)}</td></tr>']
    pairs = list(sheet.pairs)
    if len(pairs) % 2:
        pairs.append(("", ""))
    for (label, value), (label2, value2) in zip(pairs[::2], pairs[1::2], strict=True):
        rows.append(f"<tr><th>{escape(label)}</th><td>{_said(value)}</td>")
        rows.append(f"<th>{escape(label2)}</th><td>{_said(value2) if label2 else ''}</td></tr>")
    rows += [f'<tr><th>{escape(k)}</th><td colspan="3">{_said(v)}</td></tr>' for k, v in sheet.texts]
    return f'<table class="facts">{"".join(rows)}</table>'


def _money(sheet: IssueSheet) -> str:
    heads = ("钱：两个方向", "应办（元）", "已办（元）", "未办（元）", "状态", "凭证")
    head = "".join(f"<th>{h}</th>" for h in heads)
    rows = "".join(f"<tr>{''.join(f'<td>{_said(cell)}</td>' for cell in row)}</tr>" for row in sheet.money)
    return f'<table class="money"><tr>{head}</tr>{rows}</table>'


def _round(one: SheetRound, number: str) -> str:
    """Its head stands again on the next sheet, with the problem's number: a loose sheet says what it belongs to."""
    texts = "".join(f'<tr><th>{escape(k)}</th><td colspan="2">{_said(v)}</td></tr>' for k, v in one.texts)
    steps = "".join(
        f"<tr><td>{escape(s.at)}</td><td>{escape(s.who)}</td><td>{_said(_short(s.what))}</td></tr>" for s in one.steps
    )
    head = f'<thead><tr><th colspan="3"><span>{escape(number)}</span>{escape(one.heading)}</th></tr></thead>'
    return f'<table class="round">{head}<tbody>{texts}{steps}</tbody></table>'


def _list(title: str, lines: Iterable[str], nothing: str) -> str:
    said = "".join(f"<li>{escape(line)}</li>" for line in lines)
    if not said and not nothing:
        return ""
    return f'<section class="list"><h2>{title}</h2>{f"<ol>{said}</ol>" if said else f"<p>{nothing}</p>"}</section>'


def _foot(number: str, mark: ExportMark) -> str:
    signs = "".join(f"<td>{who}</td>" for who in ("责任单位负责人：", "验收人：", "审批人：", "年　月　日"))
    sequence, _, digest = mark.audit_head.partition(" ")
    made = f"打印：{mark.exported_by} {local(mark.exported_at):%Y-%m-%d %H:%M}"
    said = (number, mark.level.label, f"截至 {day_text(mark.as_of)}", made, "各步时间、人员均取自只增不改的记录")
    return (
        f'<footer><table class="signs"><tr>{signs}</tr></table><p>{escape(" · ".join(said))}</p>'
        f"<p>校验头 {escape(sequence)} <code>{escape(digest)}</code></p></footer>"
    )


def _said(text: str) -> str:
    """Never an empty cell."""
    return escape(text).replace("\n", "<br>") if text else "—"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_NOTE else f"{text[:LONGEST_NOTE]}……（全文 {len(text)} 字，存于系统）"


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _style() -> str:
    return (Path(__file__).parent / "issue_sheet.css").read_text(encoding="utf-8")
