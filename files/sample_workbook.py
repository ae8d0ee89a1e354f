"""A sample as a workbook from which anyone can draw it again: what was drawn, both frames, and how to recompute.

The frame sheets begin with their header row, so that their first column can be copied out as it stands and hashed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from files.export_level import ExportLevel, ExportMark
from files.sheet import COUNT
from files.workbook import NO_VALUE, Column, SheetSpec, write_workbook

VILLAGES_SHEET, HOUSEHOLDS_SHEET = "抽样结果", "户"
VILLAGE_FRAME_SHEET, HOUSEHOLD_FRAME_SHEET, RECOMPUTE_SHEET = "抽样框", "户抽样框", "怎样复算"
_SIGNATURE = ("抽样人：", "监督人：", "单位负责人：", "抽样日期：")


@dataclass(frozen=True, slots=True)
class DrawnVillage:
    """A village drawn or put in. `rank` counts from 1 within its town; `kind` is 必查, 抽中 or 替补."""

    town: str
    code: str
    village: str
    rank: int
    hash: str
    kind: str
    state: str
    note: str


@dataclass(frozen=True, slots=True)
class DrawnHousehold:
    """A household drawn or put in, by its code `village code/household number`. `rank` counts within its village."""

    village_code: str
    code: str
    rank: int
    hash: str
    kind: str
    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class FrameUnit:
    """A code of the frame, in the order in which the frame was hashed; `stratum` is the town's or village's code."""

    code: str
    mandatory: bool
    stratum: str


@dataclass(frozen=True, slots=True)
class SampleSheets:
    """All that the workbook says. Hashes are lower-case hex SHA-256; the mandatory lists have hashes of their own.

    `rule` is the sampling rule in words: shares, rounding, the base. Households and frames may be generators.
    """

    sample_id: int
    campaign_name: str
    state: str
    seed: str
    seed_source: str
    rule: str
    village_frame_hash: str
    household_frame_hash: str
    mandatory_village_hash: str
    mandatory_household_hash: str
    frozen_on: date
    drawn_on: date
    villages: Iterable[DrawnVillage]
    households: Iterable[DrawnHousehold]
    village_frame: Iterable[FrameUnit]
    household_frame: Iterable[FrameUnit]
    level: ExportLevel
    as_of: date
    exported_by: str
    exported_at: datetime
    audit_head: str


def write_sample(path: Path | str | BinaryIO, sample: SampleSheets) -> None:
    """Write the five sheets. Refused when a frame has more units than an Excel sheet has rows."""
    mark = ExportMark(
        sample.level,
        sample.as_of,
        sample.campaign_name,
        f"第 {sample.sample_id} 号抽样（{sample.state}）",
        sample.exported_by,
        sample.exported_at,
        sample.audit_head,
    )
    villages, example = _with_example(sample.villages)
    sheets = [
        _villages(villages, mark),
        _households(sample.households, mark),
        _frame(VILLAGE_FRAME_SHEET, ("村代码", "必查", "乡镇代码"), sample.village_frame, mark),
        _frame(HOUSEHOLD_FRAME_SHEET, ("户代码", "必查", "村代码"), sample.household_frame, mark),
        _recompute(sample, example, mark),
    ]
    write_workbook(path, sheets, title=f"{sample.campaign_name}抽样结果", written_at=sample.exported_at)


def _with_example(villages: Iterable[DrawnVillage]) -> tuple[Iterable[DrawnVillage], DrawnVillage | None]:
    """The villages, and the first of them, with which the page on recomputing shows its steps."""
    rest = iter(villages)
    first = next(rest, None)
    return ((), None) if first is None else (chain((first,), rest), first)


def _villages(villages: Iterable[DrawnVillage], mark: ExportMark) -> SheetSpec:
    columns = [
        Column("乡镇", width=14),
        Column("村代码", width=16, align="center"),
        Column("村", width=16),
        Column("次序", "int", width=6),
        Column("散列值", width=68),
        Column("入选方式", width=10, align="center"),
        Column("情况", width=10, align="center"),
        Column("说明", width=26),
    ]
    rows = ((v.town, v.code, v.village, v.rank, v.hash, v.kind, v.state, mark.words(v.note)) for v in villages)
    return _printed(VILLAGES_SHEET, "抽样结果", columns, rows, mark, f"共 {COUNT} 个村（含替补）。", frozen=3)


def _households(households: Iterable[DrawnHousehold], mark: ExportMark) -> SheetSpec:
    columns = [
        Column("村代码", width=16, align="center"),
        Column("户代码", width=24, align="center"),
        Column("次序", "int", width=6),
        Column("散列值", width=68),
        Column("入选方式", width=10, align="center"),
        Column("情况", width=10, align="center"),
        Column("说明", width=26),
    ]
    rows = (
        (h.village_code, h.code, h.rank, h.hash, _household_kind(h, mark), h.state, mark.words(h.note))
        for h in households
    )
    return _printed(HOUSEHOLDS_SHEET, "入户名单（户代码）", columns, rows, mark, f"共 {COUNT} 户（含替补）。", frozen=2)


def _household_kind(household: DrawnHousehold, mark: ExportMark) -> str:
    """A mandatory household is a poor or a disabled one: the public copy tells nobody which they are."""
    public = mark.level is ExportLevel.PUBLIC and household.kind in ("必查", "抽中")
    return "入选" if public else household.kind


def _printed(
    name: str,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    mark: ExportMark,
    count: str,
    frozen: int,
) -> SheetSpec:
    return SheetSpec(
        name,
        columns,
        rows,
        title=title,
        subtitle=[(mark.proof, ""), (mark.scope, mark.maker)],
        footer=[count, _SIGNATURE],
        page_header=mark.page_header,
        frozen_columns=frozen,
    )


def _frame(name: str, headers: tuple[str, str, str], units: Iterable[FrameUnit], mark: ExportMark) -> SheetSpec:
    columns = [Column(header, width=width, align="center") for header, width in zip(headers, (26, 8, 18), strict=True)]
    rows: Iterable[Sequence[str]] = ((unit.code, "是" if unit.mandatory else "否", unit.stratum) for unit in units)
    if name == HOUSEHOLD_FRAME_SHEET and mark.level is ExportLevel.PUBLIC:
        columns, rows = [columns[0], columns[2]], ((code, stratum) for code, _, stratum in rows)
    return SheetSpec(name, columns, rows, page_header=mark.page_header, frozen_columns=1)


def _recompute(sample: SampleSheets, example: DrawnVillage | None, mark: ExportMark) -> SheetSpec:
    return SheetSpec(
        RECOMPUTE_SHEET,
        [Column("项目", width=26), Column("内容", width=112)],
        [*_facts(sample), *_steps(sample, example)],
        title="怎样复算这次抽样",
        subtitle=[(mark.proof, ""), (mark.scope, mark.maker)],
        page_header=mark.page_header,
        autofilter=False,
    )


def _facts(sample: SampleSheets) -> list[tuple[str, str]]:
    return [
        ("抽样编号", f"{sample.sample_id}（{sample.state}）"),
        ("种子", sample.seed),
        ("种子来源", sample.seed_source or "种子未事先登记"),
        ("抽样规则", sample.rule),
        ("抽样框冻结日期", sample.frozen_on.isoformat()),
        ("抽取日期", sample.drawn_on.isoformat()),
        ("村抽样框散列值", sample.village_frame_hash),
        ("必查村名单散列值", sample.mandatory_village_hash or NO_VALUE),
        ("户抽样框散列值", sample.household_frame_hash),
        ("必查户名单散列值", sample.mandatory_household_hash or NO_VALUE),
        ("校验头", sample.audit_head or NO_VALUE),
    ]


def _steps(sample: SampleSheets, example: DrawnVillage | None) -> list[tuple[str, str]]:
    steps = [
        (
            "第一步　核对抽样框",
            f"把“{VILLAGE_FRAME_SHEET}”的村代码按从小到大一行一个存成文本文件（UTF-8，每行末尾换行，最后一行也换行，"
            f"换行符为 LF，不要表头），计算 SHA-256，应等于上面的村抽样框散列值。"
            f"“{HOUSEHOLD_FRAME_SHEET}”的户代码、两张表中“必查”为“是”的代码同样核对。",
        ),
        (
            "第二步　算散列值",
            "对每个代码，把“种子|代码”（中间是半角竖线，没有空格和换行）按 UTF-8 计算 SHA-256，写成小写十六进制。",
        ),
        (
            "第三步　排次序",
            "村在本乡镇内、户在本村内分别排：必查的在前，其余在后；各自按散列值从小到大（按字符比较）排，次序从 1 起。",
        ),
        (
            "第四步　定数量",
            "设本乡镇有 N 个村（或本村有 N 户）、必查 M 个，按抽样规则的比例和取整方法得应抽数 n；"
            "比例 30%、向上取整时，n 是 (3×N+9) 除以 10 的整数部分。"
            "必查的全部入选，其余按次序取前 n−M 个；M 大于 n 时其余不取。",
        ),
        ("第五步　先村后户", "先抽村，再在每个抽中的村里抽户；没有抽中的村不抽户，其中的必查户也不入选。"),
        ("第六步　看替补", "替补取同一乡镇（同一村）里次序紧接着的下一个；被替换的仍列在表中，原因写在“说明”。"),
    ]
    if sample.level is ExportLevel.PUBLIC:
        steps.append(("公开版的限度", "为保护困难群众，公开版不列必查户，户的次序须用责任单位版或内部版复算。"))
    return [*steps, *_example(sample, example)]


def _example(sample: SampleSheets, example: DrawnVillage | None) -> list[tuple[str, str]]:
    if example is None:
        return []
    text = f"{sample.seed}|{example.code}"
    return [
        (
            "举例",
            f"{example.town}{example.village}：对文本 {text} 计算 SHA-256，得 {example.hash}，次序 {example.rank}。",
        ),
        ("在命令行核对（Linux）", f"printf '%s' '{_quoted(text)}' | sha256sum"),
        (
            "在命令行核对（Windows）",
            "powershell -c \"$b=[Text.Encoding]::UTF8.GetBytes('" + text.replace("'", "''") + "'); "
            "$h=[Security.Cryptography.SHA256]::Create().ComputeHash($b); "
            "[BitConverter]::ToString($h).Replace('-','').ToLower()\"",
        ),
    ]


def _quoted(text: str) -> str:
    return text.replace("'", "'\\''")
