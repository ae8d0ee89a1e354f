"""A county's roster and payment register as files: 200,000 invented people, a million payments, in the small world."""

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from files.sheet import Column, SheetSpec
from files.workbook import write_workbook
from models.id_number import make_demo_id
from tests.register_files import PAYMENT_HEADER, ROSTER_HEADER

VILLAGES = (
    *(("示例一镇", f"甲{n}村") for n in "一二三四"),
    *(("示例二镇", f"乙{n}村") for n in "一二三"),
    *(("示例三镇", f"丙{n}村") for n in "一二"),
)
FAMILY = ("户主", "配偶", "子", "女", "母亲")
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈", "甲乙丙丁"
CENTS = 10_050


def person(serial: int) -> tuple[str, ...]:
    """One row of the roster; no number repeats below a million or so."""
    home, place = divmod(serial, len(FAMILY))
    town, village = VILLAGES[home % len(VILLAGES)]
    woman = place in (1, 3, 4)
    born = date(1925, 1, 1) + timedelta(days=serial // 400)
    number = make_demo_id(born, 2 * (serial % 400) + 2 + (0 if woman else 1))
    name = SURNAMES[serial % 10] + GIVEN[place % 4] + GIVEN[serial // 10 % 4]
    return (
        town, village, f"{'一二三四'[home % 4]}组", f"{home:06d}", FAMILY[place], name, number, "女" if woman else "男",
        "示例农商行", f"6228{serial:015d}", "卡", f"139{serial % 10**8:08d}", f"{village}{home % 300}号",
    )  # fmt: skip


def write_roster(path: Path, people: int) -> None:
    """The roster as a workbook."""
    sheet = SheetSpec("名册", [Column(name, empty="—") for name in ROSTER_HEADER], map(person, range(people)))
    write_workbook(path, [sheet], title="名册", written_at=datetime(2022, 6, 1, tzinfo=UTC))


def write_payments(path: Path, rows: int, people: int) -> int:
    """The register as a workbook or CSV by its extension; its sum in 分."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([PAYMENT_HEADER, *payments(rows, people)])
    else:
        sheet = SheetSpec("发放登记", [Column(name, empty="—") for name in PAYMENT_HEADER], payments(rows, people))
        write_workbook(path, [sheet], title="发放登记", written_at=datetime(2022, 6, 1, tzinfo=UTC))
    return rows * CENTS


def payments(rows: int, people: int) -> Iterator[tuple[str, ...]]:
    """So many payments, each person's in turn, month after month."""
    for number in range(rows):
        turn, serial = divmod(number, people)
        town, village, _, _, _, name, id_number, _, _, account, *_ = person(serial)
        month = f"{2020 + turn // 12}-{turn % 12 + 1:02d}"
        yield (
            "高龄津贴", month, "1", town, village, name, id_number, account, "1", "100.50", "100.50", f"{month}-15",
            "成功",
        )  # fmt: skip
