"""Region trees and functional zones from CSV: the columns of the domain files, English or Chinese headers."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

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
LONGEST = {"name_zh": 60, "short_name": 60, "short_zh": 60, "kind": 20, "abbreviation": 8, "zone_id": 8}
"""Characters the record has room for; a zone's code is also the letters inside a problem's number."""
LEVEL_WORDS = {
    "市": "city",
    "县": "county",
    "区": "county",
    "镇": "town",
    "乡": "town",
    "街道": "town",
    "村": "village",
}
ABOVE = {
    RegionLevel.COUNTY: RegionLevel.CITY,
    RegionLevel.TOWN: RegionLevel.COUNTY,
    RegionLevel.VILLAGE: RegionLevel.TOWN,
}


class KnownRegion(NamedTuple):
    """A place already in the tree."""

    level: RegionLevel
    parent_code: str


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

    sheet: str
    columns: Mapping[str, int]
    regions: tuple[RegionRow, ...]
    zones: tuple[ZoneRow, ...]
    faults: tuple[RowFault, ...]

    def fault(self, row: int, column: str, value: str, message: str) -> RowFault:
        """A fault found beside the record; `column` is the English header."""
        return _fault(
            self.sheet, self.columns, ZONE_HEADERS if self.zones else REGION_HEADERS, row, column, value, message
        )


def read_regions(path: Path, name: str, known: Mapping[str, KnownRegion], max_bytes: int) -> RegionFile:
    """Read a tree or a list of zones. `known` are the places already in the tree, by code.

    Raises Refused for a file that is no CSV text or misses a header.
    """
    sheet = Path(name).name
    rows = _rows(_text(path, max_bytes))
    if not rows or not any(rows[0]):
        raise Refused(f"{sheet} 是空文件，没有可导入的内容。")
    header = [h.strip() for h in rows[0]]
    zones = "zone_id" in header or "区代号" in header
    headers = ZONE_HEADERS if zones else REGION_HEADERS
    columns = _columns(header, headers, sheet)
    body = [(n, {k: _cell(row, i) for k, i in columns.items()}) for n, row in enumerate(rows[1:], 2) if any(row)]
    if not body:
        raise Refused(f"{sheet} 的表头下面没有数据行，请检查是否选错了文件。")
    faults = {
        number: [(column, f"“{headers[column]}”超过 {LONGEST[column]} 个字，请缩短。") for column in _too_long(v)]
        for number, v in body
    }
    good_regions, good_zones = ((), _zones(body, faults, known)) if zones else (_regions(body, faults, known), ())
    values = dict(body)
    listed = tuple(
        _fault(sheet, columns, headers, number, column, values[number].get(column, ""), message)
        for number, problems in faults.items()
        for column, message in problems
    )
    return RegionFile(sheet, columns, good_regions, good_zones, listed)


Body = list[tuple[int, dict[str, str]]]
Faults = dict[int, list[tuple[str, str]]]
"""Row number → column and sentence."""


def _text(path: Path, max_bytes: int) -> str:
    size = path.stat().st_size
    if size == 0:
        raise Refused("文件是空的（0 字节），请重新导出或重新上传。")
    if size > max_bytes:
        raise Refused(
            f"文件有 {size / 1_048_576:.1f} MB，超过上限 {max_bytes / 1_048_576:.0f} MB，请拆成几个文件导入。"
        )
    data = path.read_bytes()
    if data[:2] == b"PK" or data[:4] == b"\xd0\xcf\x11\xe0" or b"\x00" in data[:4096]:
        raise Refused("区划须用 CSV 文件导入，请在 Excel 里另存为“CSV UTF-8”。")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("读不出文件的文字，请另存为“CSV UTF-8”后再导入。")


def _rows(text: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise Refused("这不是 CSV 表格，或者已损坏，请在 Excel 里另存为“CSV UTF-8”后再导入。") from error


def _columns(header: list[str], wanted: dict[str, str], sheet: str) -> dict[str, int]:
    found = {k: header.index(h) for k, words in wanted.items() for h in (k, words) if h in header}
    needed = ("zone_id", "member_town_code") if "zone_id" in wanted else ("code", "parent_code", "level", "name_zh")
    missing = [f"{wanted[k]}（{k}）" for k in needed if k not in found]
    if missing:
        raise Refused(f"{sheet} 缺少列：{'、'.join(missing)}。请补上这些列再导入。")
    return found


def _cell(row: list[str], index: int) -> str:
    return row[index].strip() if index < len(row) else ""


def _too_long(v: dict[str, str]) -> Iterator[str]:
    return (column for column, longest in LONGEST.items() if len(v.get(column, "")) > longest)


def _regions(body: Body, faults: Faults, known: Mapping[str, KnownRegion]) -> tuple[RegionRow, ...]:
    levels = {code: place.level for code, place in known.items()}
    levels |= {v["code"]: level for _, v in body if (level := _level(v["level"])) is not None}
    seen: dict[str, int] = {}
    for number, v in body:
        faults[number] += _region_problems(v, seen, levels, known)
        seen.setdefault(v["code"], number)
    _orphans(body, faults, known)
    return tuple(_region(number, v) for number, v in body if not faults[number])


def _region_problems(
    v: dict[str, str], seen: dict[str, int], levels: dict[str, RegionLevel], known: Mapping[str, KnownRegion]
) -> Iterator[tuple[str, str]]:
    if len(v["code"]) != 12 or not v["code"].isascii() or not v["code"].isdigit():
        yield "code", "区划代码须是 12 位数字，请改正；被 Excel 变成科学计数的，请把该列设为文本后重填。"
    elif v["code"] in seen:
        yield "code", f"与第 {seen[v['code']]} 行的代码重复，请删去一行或改正代码。"
    level = _level(v["level"])
    if level is None:
        yield "level", "级别须是 city、county、town、village 之一（市、县、镇、村），请改正。"
    elif level in ABOVE and levels.get(v["parent_code"]) is not ABOVE[level]:
        yield "parent_code", f"上级代码没有对应的{ABOVE[level].label}，请核对上级代码，或把上级也列入文件。"
    before = known.get(v["code"])
    if before is not None and level is not None and before.level is not level:
        yield "level", f"这个代码在区划里是{before.level.label}，级别不能随导入更改，请核对代码。"
    elif before is not None and level in ABOVE and before.parent_code != v["parent_code"]:
        yield "parent_code", "这个代码在区划里属于另一个上级，归属不能随导入更改，请核对代码。"
    if not v["name_zh"]:
        yield "name_zh", "请填写名称。"


def _orphans(body: Body, faults: Faults, known: Mapping[str, KnownRegion]) -> None:
    """A place below a faulty one is left out with it: the tree has no branch in the air."""
    below: dict[str, list[tuple[int, str]]] = {}
    for number, v in body:
        below.setdefault(v["parent_code"], []).append((number, v["code"]))
    left_out = [v["code"] for number, v in body if faults[number]]
    good = {v["code"] for number, v in body if not faults[number]} | set(known)
    while left_out:
        code = left_out.pop()
        if code in good:
            continue
        for number, child in below.get(code, ()):
            if not faults[number]:
                faults[number].append(("parent_code", "上级所在的行有误，改正那一行后再导入。"))
                good.discard(child)
                left_out.append(child)


def _region(number: int, v: dict[str, str]) -> RegionRow:
    level = _level(v["level"])
    assert level is not None
    return RegionRow(
        number, v["code"], v["parent_code"], level, v["name_zh"], v.get("short_name") or v["name_zh"],
        v.get("kind", ""), v.get("reporting_unit_guess", ""), v.get("abbreviation", ""),
    )  # fmt: skip


def _zones(body: Body, faults: Faults, known: Mapping[str, KnownRegion]) -> tuple[ZoneRow, ...]:
    good, held = [], dict[str, int]()
    for number, v in body:
        town = known.get(v["member_town_code"])
        if town is None or town.level is not RegionLevel.TOWN:
            faults[number].append(("member_town_code", "区划里没有这个镇，请先导入区划，或核对代码。"))
        elif v["member_town_code"] in held:
            message = f"第 {held[v['member_town_code']]} 行已写了这个镇，一个镇只归一个填报单位，请删去一行。"
            faults[number].append(("member_town_code", message))
        if not v["zone_id"]:
            faults[number].append(("zone_id", "请填写功能区的代号，例如 ZGX。"))
        held.setdefault(v["member_town_code"], number)
        if not faults[number]:
            name = v.get("name_zh") or v["zone_id"]
            good.append(ZoneRow(number, v["zone_id"], name, v.get("short_zh") or name, v["member_town_code"]))
    return tuple(good)


def _fault(
    sheet: str, columns: Mapping[str, int], headers: Mapping[str, str], row: int, column: str, value: str, message: str
) -> RowFault:
    letter = chr(ord("A") + columns[column]) if column in columns and columns[column] < 26 else ""
    return RowFault(sheet, row, headers[column], value[:60], message, letter)


def _level(text: str) -> RegionLevel | None:
    word = LEVEL_WORDS.get(text, text.lower())
    return RegionLevel(word) if word in set(RegionLevel) else None
