"""Region trees and functional zones from CSV: the columns of the domain files, English or Chinese headers."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from models.refusal import Refused
from models.region import RegionLevel
from models.row_fault import RowFault

REGION_HEADERS = {
    "code": "代码", "parent_code": "上级代码", "level": "级别", "name_zh": "名称", "short_name": "简称", "kind": "类别",
    "reporting_unit_guess": "填报单位", "abbreviation": "编号字母",
}  # fmt: skip
ZONE_HEADERS = {
    "zone_id": "区代号", "name_zh": "名称", "short_zh": "简称", "host_county_code": "所在县代码",
    "member_town_code": "所辖镇代码", "member_name_zh": "所辖镇",
}  # fmt: skip
LEVEL_WORDS = {"市": "city", "县": "county", "区": "county", "镇": "town", "乡": "town", "村": "village"}
ABOVE = {
    RegionLevel.COUNTY: RegionLevel.CITY,
    RegionLevel.TOWN: RegionLevel.COUNTY,
    RegionLevel.VILLAGE: RegionLevel.TOWN,
}


@dataclass(frozen=True, slots=True)
class RegionRow:
    """One place as the file gives it."""

    row: int
    code: str
    parent_code: str
    level: RegionLevel
    name: str
    short_name: str
    kind: str
    reporting_unit: str
    abbreviation: str


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """One town of a functional zone that reports beside the counties."""

    row: int
    code: str
    name: str
    short_name: str
    town_code: str


@dataclass(frozen=True, slots=True)
class RegionFile:
    """What a file holds: regions or zones, and its faults. `good` rows only."""

    regions: tuple[RegionRow, ...]
    zones: tuple[ZoneRow, ...]
    faults: tuple[RowFault, ...]


def read_regions(path: Path, name: str, known: dict[str, RegionLevel], max_bytes: int) -> RegionFile:
    """Read a tree or a list of zones. `known` are the codes already in the tree, with their levels.

    Raises Refused for a file that is no CSV text or misses a header.
    """
    sheet = Path(name).name
    rows = list(csv.reader(io.StringIO(_text(path, max_bytes))))
    if not rows or not any(rows[0]):
        raise Refused(f"{sheet} 是空文件，没有可导入的内容。")
    header = [h.strip() for h in rows[0]]
    zones = "zone_id" in header or "区代号" in header
    columns = _columns(header, ZONE_HEADERS if zones else REGION_HEADERS, sheet)
    body = [(n, {k: _cell(row, i) for k, i in columns.items()}) for n, row in enumerate(rows[1:], 2) if any(row)]
    if zones:
        return _zones(sheet, body, columns, known)
    return _regions(sheet, body, columns, known)


def _text(path: Path, max_bytes: int) -> str:
    data = path.read_bytes() if path.stat().st_size <= max_bytes else b""
    if not data:
        raise Refused("文件是空的，或者超过了大小上限。")
    if data[:2] == b"PK" or b"\x00" in data[:4096]:
        raise Refused("区划须用 CSV 文件导入，请在 Excel 里另存为“CSV UTF-8”。")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("读不出文件的文字，请另存为“CSV UTF-8”后再导入。")


def _columns(header: list[str], wanted: dict[str, str], sheet: str) -> dict[str, int]:
    found = {k: header.index(h) for k, words in wanted.items() for h in (k, words) if h in header}
    needed = ("zone_id", "member_town_code") if "zone_id" in wanted else ("code", "level", "name_zh")
    missing = [f"{wanted[k]}（{k}）" for k in needed if k not in found]
    if missing:
        raise Refused(f"{sheet} 缺少列：{'、'.join(missing)}。")
    return found


def _cell(row: list[str], index: int) -> str:
    return row[index].strip() if index < len(row) else ""


def _regions(
    sheet: str, body: list[tuple[int, dict[str, str]]], columns: dict[str, int], known: dict[str, RegionLevel]
) -> RegionFile:
    faults: list[RowFault] = []
    levels = dict(known)
    for _, v in body:
        level = _level(v["level"])
        if level is not None:
            levels[v["code"]] = level
    seen: dict[str, int] = {}
    good: list[RegionRow] = []
    for number, v in body:
        problems = list(_region_problems(v, seen, levels))
        for column, message in problems:
            faults.append(
                RowFault(sheet, number, REGION_HEADERS[column], v.get(column, ""), message, _letter(columns, column))
            )
        seen.setdefault(v["code"], number)
        if not problems:
            good.append(
                RegionRow(
                    number,
                    v["code"],
                    v.get("parent_code", ""),
                    levels[v["code"]],
                    v["name_zh"],
                    v.get("short_name") or v["name_zh"],
                    v.get("kind", ""),
                    v.get("reporting_unit_guess", ""),
                    v.get("abbreviation", ""),
                )
            )
    return RegionFile(tuple(good), (), tuple(faults))


def _region_problems(
    v: dict[str, str], seen: dict[str, int], levels: dict[str, RegionLevel]
) -> Iterator[tuple[str, str]]:
    if len(v["code"]) != 12 or not v["code"].isdigit():
        yield "code", "区划代码须是12位数字。"
    elif v["code"] in seen:
        yield "code", f"与第 {seen[v['code']]} 行的代码重复。"
    level = _level(v["level"])
    if level is None:
        yield "level", "级别须是 city、county、town、village 之一（市、县、镇、村）。"
    elif level in ABOVE and levels.get(v.get("parent_code", "")) is not ABOVE[level]:
        yield "parent_code", f"上级代码没有对应的{ABOVE[level].label}。"
    if not v["name_zh"]:
        yield "name_zh", "请填写名称。"


def _zones(
    sheet: str, body: list[tuple[int, dict[str, str]]], columns: dict[str, int], known: dict[str, RegionLevel]
) -> RegionFile:
    faults, good = [], []
    for number, v in body:
        if known.get(v["member_town_code"]) is not RegionLevel.TOWN:
            message = "区划里没有这个镇，请先导入区划。"
            letter = _letter(columns, "member_town_code")
            faults.append(RowFault(sheet, number, "所辖镇代码", v["member_town_code"], message, letter))
        elif not v["zone_id"]:
            faults.append(
                RowFault(sheet, number, "区代号", "", "请填写功能区的代号，例如 ZGX。", _letter(columns, "zone_id"))
            )
        else:
            name = v.get("name_zh") or v["zone_id"]
            good.append(ZoneRow(number, v["zone_id"], name, v.get("short_zh") or name, v["member_town_code"]))
    return RegionFile((), tuple(good), tuple(faults))


def _level(text: str) -> RegionLevel | None:
    word = LEVEL_WORDS.get(text, text.lower())
    return RegionLevel(word) if word in set(RegionLevel) else None


def _letter(columns: dict[str, int], column: str) -> str:
    return chr(ord("A") + columns[column]) if column in columns else "A"
