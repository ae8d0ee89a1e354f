"""Column headers are matched by name: standard names, the names offices really use, and a user's own mapping."""

import difflib
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from files.cell import Cell, cell_text

HEADER_ROWS = 10
"""A header stands within the first ten rows; above it are titles, units and dates."""


def _any_of(*names: str) -> tuple[str, ...]:
    return tuple(name for line in names for name in line.split())


ROSTER_HEADERS: Mapping[str, tuple[str, ...]] = {
    "乡镇": _any_of("乡镇名称 所属乡镇 所在乡镇 镇 镇办 乡镇街道 乡镇办 镇名称 镇街 街道"),
    "村": _any_of("村名 村名称 村居 村社区 行政村 所属村 所在村 村委会 行政村名称 村居名称 社区"),
    "组": _any_of("村民小组 小组 组别 组名 村组 湾 组湾 所在组"),
    "户编号": _any_of("户号 户编码 家庭编号 农户编号 户籍编号 家庭编码 户代码"),
    "与户主关系": _any_of("关系 与户主的关系 户主关系 家庭关系 成员关系"),
    "姓名": _any_of("成员姓名 家庭成员姓名 人员姓名 名字 户主姓名"),
    "身份证号": _any_of("身份证号码 公民身份号码 公民身份证号码 身份证 证件号码 证件号 成员身份证号 户主身份证号"),
    "性别": (),
    "开户银行": _any_of("开户行 开户行名称 银行名称 代发银行 银行"),
    "银行账号": _any_of("账号 帐号 卡号 银行卡号 一卡通账号 一卡通卡号 一卡通号 银行帐号 社保卡账号 卡折号 一卡通"),
    "卡折类型": _any_of("账户类型 卡折 卡折类别 账号类型"),
    "联系电话": _any_of("电话 手机 手机号 手机号码 联系方式 电话号码"),
    "住址": _any_of("地址 家庭住址 家庭地址 居住地址 详细地址"),
}
ROSTER_NEEDED = ("乡镇", "村", "户编号", "与户主关系", "姓名", "身份证号")

PAYMENT_HEADERS: Mapping[str, tuple[str, ...]] = {
    "补贴项目": _any_of("项目 项目名称 补贴项目名称 补贴名称 补贴种类 补贴类型 资金项目 项目编码 项目代码"),
    "期间": _any_of("期别 所属期 补贴年度 年度 补贴期间 发放期间 发放期别 所属年度 年份"),
    "批次": _any_of("批次号 发放批次 清册编号"),
    "乡镇": ROSTER_HEADERS["乡镇"],
    "村": ROSTER_HEADERS["村"],
    "姓名": _any_of("受益人 受益人姓名 补贴对象 补贴对象姓名 对象姓名 享受人 享受人姓名 户主姓名 农户姓名"),
    "身份证号": _any_of(
        "身份证号码 公民身份号码 公民身份证号码 身份证 证件号码 证件号 受益人身份证号 受益人身份证号码",
        "补贴对象身份证号 户主身份证号 户主身份证号码",
    ),
    "收款人": _any_of("收款人姓名 领款人 领取人"),
    "收款人身份证号": _any_of("收款人身份证号码 收款人身份证 收款人证件号 收款人证件号码 领款人身份证号"),
    "户名": _any_of("账户名 账户名称 开户名 开户人 持卡人 银行户名"),
    "开户银行": ROSTER_HEADERS["开户银行"],
    "银行账号": (*ROSTER_HEADERS["银行账号"], "收款账号", "发放账号"),
    "发放渠道": _any_of("渠道 发放方式 支付方式 支付渠道"),
    "款项性质": _any_of("性质 发放类型 款项类型 资金性质"),
    "数量": _any_of("补贴数量 面积 补贴面积 计补面积 人数 补贴人数 核定数量"),
    "应发金额": _any_of("应发 应补金额 应发放金额 应补贴金额"),
    "金额": _any_of("实发金额 发放金额 补贴金额 实发 实发放金额 实补金额 补助金额 实付金额"),
    "应发日期": _any_of("应发放日期 应发时间 规定发放日期"),
    "发放日期": _any_of("发放时间 实发日期 支付日期 到账日期 入账日期"),
    "发放结果": _any_of("发放状态 支付状态 结果 到账情况 到账状态 状态"),
    "退票日期": _any_of("退票时间 退款日期 退回日期"),
    "审批日期": _any_of("审批时间 审核日期 批准日期"),
}
PAYMENT_NEEDED = ("补贴项目", "期间", "乡镇", "村", "姓名", "身份证号", "银行账号", "金额", "发放日期")

_BRACKETED = re.compile(r"[(\[{【〔〈《「].*?[)\]}】〕〉》」]")
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class HeaderMatch:
    """Which column is which. `mapping` is standard → header as written, the thing to remember for the next file.

    `missing` are needed standard headers that no column answers; `offered` names for each the unknown columns that look
    most like it. `repeated` are columns left aside since an earlier one already answers the same standard.
    """

    columns: Mapping[str, int]
    mapping: Mapping[str, str]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    offered: Mapping[str, tuple[str, ...]]
    repeated: tuple[str, ...] = ()


@dataclass(frozen=True)
class FoundHeader:
    """The header of a sheet: its rows (1-based, two where a group header stands above), the names by column."""

    first_row: int
    last_row: int
    names: tuple[str, ...]
    match: HeaderMatch


@lru_cache(4096)
def bare(header: str) -> str:
    """A header without blanks, line breaks, stars and brackets, half-width: `村（居）` is `村居`."""
    return _NO_WORD.sub("", unicodedata.normalize("NFKC", header)).upper()


@lru_cache(4096)
def _short(header: str) -> str:
    """Also without what is said in brackets: `金额（元）` is `金额`."""
    return bare(_BRACKETED.sub("", unicodedata.normalize("NFKC", header)))


def match_headers(
    names: Sequence[str | tuple[str, ...]],
    standard: Mapping[str, tuple[str, ...]],
    needed: Sequence[str],
    mapping: Mapping[str, str] | None = None,
) -> HeaderMatch:
    """Matches column names, each a name or several by which the column may be called, to the standard ones.

    `mapping` (standard → header as written) goes before everything; where it names a header that this file does not
    have, it is passed over.
    """
    called = [(name,) if isinstance(name, str) else name for name in names]
    columns: dict[str, int] = {}
    _take_mapped(columns, called, standard, mapping or {})
    # The standard name first, then the synonyms in their order, each as written and then without brackets.
    for rank in range(1 + max(map(len, standard.values()), default=0)):
        for form in (bare, _short):
            _take_named(columns, called, standard, rank, form)
    shown = [next(filter(None, name), "") for name in called]
    taken = set(columns.values())
    left = [at for at in range(len(called)) if at not in taken and shown[at]]
    repeated = tuple(shown[at] for at in left if any(_is_any(name, standard) for name in called[at]))
    unknown = tuple(shown[at] for at in left)
    missing = tuple(name for name in needed if name not in columns)
    return HeaderMatch(
        columns,
        {name: shown[at] for name, at in columns.items()},
        missing,
        unknown,
        {name: _alike(name, standard[name], unknown) for name in missing},
        repeated,
    )


def find_header(
    rows: Sequence[Sequence[Cell]],
    standard: Mapping[str, tuple[str, ...]],
    needed: Sequence[str],
    mapping: Mapping[str, str] | None = None,
    merged_to: Mapping[int, int] | None = None,
) -> FoundHeader | None:
    """The header among the first rows of a sheet: the row, or two rows together, that answer most standard headers.

    `merged_to` is row → last row of the ranges merged downwards from it: a header reaches as far as these do.

    None where no row answers at least two, so that it is no table of this sort.
    """
    texts = [[cell_text(cell) for cell in row] for row in rows[:HEADER_ROWS]]
    best: FoundHeader | None = None
    for height in (1, 2):
        for top in range(len(texts) - height + 1):
            called = _called(texts[top : top + height])
            match = match_headers(called, standard, needed, mapping)
            if best is None or len(match.columns) > len(best.match.columns):
                names = tuple(next(filter(None, name), "") for name in called)
                best = FoundHeader(top + 1, top + height, names, match)
    if best is None or len(best.match.columns) < 2:
        return None
    reach = max((merged_to or {}).get(row, 0) for row in range(best.first_row, best.last_row + 1))
    return replace(best, last_row=max(best.last_row, reach))


def _called(rows: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """By which names each column may be called: alone, or a group header and the header under it."""
    if len(rows) == 1:
        return [(name,) for name in rows[0]]
    upper, lower = rows
    called: list[tuple[str, ...]] = []
    group = ""
    for at in range(max(len(upper), len(lower))):
        above = upper[at] if at < len(upper) else ""
        below = lower[at] if at < len(lower) else ""
        group = above or group
        called.append((below, group + below) if below else (above,))
    return called


def _take_mapped(
    columns: dict[str, int],
    called: Sequence[tuple[str, ...]],
    standard: Mapping[str, tuple[str, ...]],
    mapping: Mapping[str, str],
) -> None:
    for name, header in mapping.items():
        for at, names in enumerate(called):
            if name in standard and at not in columns.values() and any(n and bare(n) == bare(header) for n in names):
                columns[name] = at
                break


def _take_named(
    columns: dict[str, int],
    called: Sequence[tuple[str, ...]],
    standard: Mapping[str, tuple[str, ...]],
    rank: int,
    form: Callable[[str], str],
) -> None:
    wanted = {
        bare(([name, *synonyms])[rank]): name
        for name, synonyms in standard.items()
        if name not in columns and rank <= len(synonyms)
    }
    taken = set(columns.values())
    for at, names in enumerate(called):
        for name in names:
            found = wanted.get(form(name)) if name and at not in taken else None
            if found is not None and found not in columns:
                columns[found] = at
                taken.add(at)


def _is_any(name: str, standard: Mapping[str, tuple[str, ...]]) -> bool:
    known = {bare(each) for key, synonyms in standard.items() for each in (key, *synonyms)}
    return bool(name) and (bare(name) in known or _short(name) in known)


def _alike(name: str, synonyms: Sequence[str], unknown: Sequence[str]) -> tuple[str, ...]:
    """The unknown columns that look like a standard one, best first, at most three."""

    def likeness(header: str) -> float:
        return max(difflib.SequenceMatcher(None, bare(header), bare(each)).ratio() for each in (name, *synonyms))

    ranked = sorted(((likeness(header), header) for header in unknown), reverse=True)
    return tuple(header for score, header in ranked[:3] if score >= 0.5)
