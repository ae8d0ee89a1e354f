"""Small rosters and payment registers as offices hand them in: files, for the imports. Nobody in them is real."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from models.id_number import make_demo_id
from tests.files.hostile import workbook

ROSTER_HEADER = (
    "乡镇", "村", "组", "户编号", "与户主关系", "姓名", "身份证号", "性别", "开户银行", "银行账号", "卡折类型",
    "联系电话", "住址",
)  # fmt: skip
PAYMENT_HEADER = (
    "补贴项目", "期间", "批次", "乡镇", "村", "姓名", "身份证号", "银行账号", "数量", "应发金额", "金额", "发放日期",
    "发放结果",
)  # fmt: skip
Row = Sequence[Any]


@dataclass(frozen=True)
class Somebody:
    """A person of the roster; `serial` makes number, account and phone of their own."""

    serial: int
    town: str = "示例一镇"
    village: str = "甲一村"
    household: str = "0001"
    relation: str = "户主"
    name: str = "赵甲甲"
    id_number: str = ""
    phone: str = ""

    @property
    def number(self) -> str:
        """The identity number; area 000000, true check character."""
        return self.id_number or make_demo_id(date(1960, 1, 1 + self.serial % 28), 2 * self.serial)

    @property
    def row(self) -> Row:
        """As a row of the file; women all, as their numbers say."""
        return (
            self.town, self.village, "一组", self.household, self.relation, self.name, self.number, "女", "示例农商行",
            f"6228{self.serial:015d}", "卡", self.phone or f"1390000{self.serial:04d}", f"{self.village}一组",
        )  # fmt: skip


FOUR_HOUSEHOLDS = tuple(
    Somebody(2 * home + place, household=f"{home + 1:04d}", relation=relation, name=name, village=village)
    for home, village in enumerate(("甲一村", "甲一村", "甲二村", "甲三村"))
    for place, (relation, name) in enumerate((("户主", "赵甲甲"), ("配偶", "钱乙乙")))
)
"""Eight persons in four households of three villages."""


def roster_file(path: Path, people: Sequence[Somebody] = FOUR_HOUSEHOLDS, extra: Sequence[Row] = ()) -> Path:
    """A roster as a workbook; `extra` rows follow as they are."""
    return workbook(path, [ROSTER_HEADER, *(p.row for p in people), *extra])


def changed(people: Sequence[Somebody], at: int, **changes: Any) -> list[Somebody]:
    """The same people with one of them changed."""
    return [replace(p, **changes) if n == at else p for n, p in enumerate(people)]


def payment_row(somebody: Somebody, amount: str = "100.50", item: str = "耕地地力保护补贴", **cells: Any) -> Row:
    """One payment to somebody, 100.50 元 for 2021; `cells` by header replace others."""
    row = {
        "补贴项目": item, "期间": "2021", "批次": "1", "乡镇": somebody.town, "村": somebody.village,
        "姓名": somebody.name,
        "身份证号": somebody.number, "银行账号": f"6228{somebody.serial:015d}", "数量": 3.25, "应发金额": amount,
        "金额": amount, "发放日期": "2021-06-30", "发放结果": "成功", **cells,
    }  # fmt: skip
    return [row[header] for header in PAYMENT_HEADER]


EIGHT_PAYMENTS = tuple(payment_row(p) for p in FOUR_HOUSEHOLDS)
"""804.00 元 together."""
EIGHT_PAYMENTS_CENTS = 8 * 10_050


def payment_file(path: Path, rows: Sequence[Row] = EIGHT_PAYMENTS) -> Path:
    """A payment register as a workbook."""
    return workbook(path, [PAYMENT_HEADER, *rows], title="发放登记")
