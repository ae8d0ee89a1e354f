"""An invented roster and payment register, written as the files an office would hand in, and taken in as such."""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from actions.demonstration.places import Village
from models.id_number import make_demo_id
from models.money import yuan

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高"
GIVEN = (
    "建国",
    "秀英",
    "桂兰",
    "志强",
    "玉梅",
    "德明",
    "春花",
    "家旺",
    "小军",
    "翠云",
    "大勇",
    "淑珍",
    "永福",
    "丽华",
    "文斌",
    "雪梅",
)
BANKS = ("示例农村商业银行", "示例邮政储蓄银行")
ROSTER_HEADER = (
    "乡镇",
    "村",
    "组",
    "户编号",
    "与户主关系",
    "姓名",
    "身份证号",
    "性别",
    "开户银行",
    "银行账号",
    "卡折类型",
    "联系电话",
    "住址",
)
PAYMENT_HEADER = (
    "补贴项目",
    "期间",
    "批次",
    "乡镇",
    "村",
    "姓名",
    "身份证号",
    "收款人",
    "收款人身份证号",
    "户名",
    "开户银行",
    "银行账号",
    "发放渠道",
    "数量",
    "应发金额",
    "金额",
    "发放日期",
    "发放结果",
    "退票日期",
)


@dataclass(frozen=True, slots=True)
class Somebody:
    """One invented person of the roster."""

    town: str
    village: str
    group: str
    household: str
    relation: str
    name: str
    id_number: str
    sex: str
    age: int
    bank: str
    account: str


SMALL, LARGE = (1,) * 9 + (2,), (1, 2, 2, 3, 3, 4, 5)
"""Persons in a household: where lists of forms came in, and where forms are filled in at the screen."""


def people(villages: list[Village], full: frozenset[str], chance: random.Random) -> list[Somebody]:
    """The households of every village; in the towns of `full` whole families, elsewhere the head and few others."""
    found: list[Somebody] = []
    used: dict[date, int] = {}
    for village in villages:
        sizes, oldest = (LARGE, 88) if village.town in full else (SMALL, 79)
        for number in range(1, village.households + 1):
            found += _family(village, f"{number:04d}", chance.choice(sizes), chance.randint(38, oldest), chance, used)
    return found


def _family(
    village: Village, household: str, size: int, head_age: int, chance: random.Random, used: dict[date, int]
) -> list[Somebody]:
    group = f"{'一二三四'[int(household) % 4]}组"
    surname = chance.choice(SURNAMES)
    family = []
    for relation in ("户主", "配偶", "子", "女", "母亲")[:size]:
        age = {"户主": head_age, "配偶": head_age - 2, "母亲": min(head_age + 24, 98)}.get(
            relation, max(head_age - 27, 3)
        )
        woman = relation in ("配偶", "女", "母亲")
        name = (surname if relation in ("户主", "子", "女") else chance.choice(SURNAMES)) + chance.choice(GIVEN)
        family.append(
            Somebody(
                village.town, village.name, group, household, relation, name, _id_number(age, woman, chance, used),
                "女" if woman else "男", age, BANKS[village.bank], f"62{chance.randrange(10**16):016d}9",
            )
        )  # fmt: skip
    return family


def _id_number(age: int, woman: bool, chance: random.Random, used: dict[date, int]) -> str:
    """Valid checksum, impossible region code 000000: it can be nobody's. The parity of the sequence says the sex."""
    while True:
        born = date(2021 - age, chance.randint(1, 12), chance.randint(1, 28))
        sequence = used.get(born, 0) + 2
        if sequence < 900:
            used[born] = sequence
            return make_demo_id(born, sequence if woman else sequence + 1)


def write_roster_file(path: Path, everybody: list[Somebody]) -> None:
    """The roster as UTF-8 CSV."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(ROSTER_HEADER)
        for p in everybody:
            writer.writerow(
                (
                    p.town,
                    p.village,
                    p.group,
                    p.household,
                    p.relation,
                    p.name,
                    p.id_number,
                    p.sex,
                    p.bank,
                    p.account,
                    "卡",
                    "",
                    f"{p.town}{p.village}{p.group}",
                )
            )


@dataclass(frozen=True, slots=True)
class Payment:
    """One invented payment, amounts in 分."""

    item: str
    period: str
    to: Somebody
    due: int
    paid: int
    on: date
    returned: bool = False


def payments(everybody: list[Somebody], full: frozenset[str], chance: random.Random) -> list[Payment]:
    """Payments in scope; a few short, a few returned by the bank and never sent again. Two years of them in `full`."""
    found: list[Payment] = []
    for p in everybody:
        if p.town not in full:
            found += _plain_payments(p, chance) if p.relation == "户主" else ()
            continue
        if p.relation == "户主":
            found += _household_payments(p, chance)
        if p.age >= 80:
            found += _quarters("高龄津贴", p, 15_000 if p.age < 90 else 30_000, chance)
        if chance.random() < 0.03:
            found += _months("重度残疾人护理补贴", p, 10_000, chance)
    return found


def _plain_payments(p: Somebody, chance: random.Random) -> Iterator[Payment]:
    """One or two payments of the last year in scope; a few households live on 低保."""
    acres = chance.randint(20, 120)
    yield _spoiled(Payment("耕地地力保护补贴", "2021", p, acres * 850, acres * 850, date(2021, 6, 18)), chance, 0.01)
    if chance.random() < 0.15:
        yield Payment("稻谷补贴", "2021", p, acres * 300, acres * 300, date(2021, 10, 20))
    if chance.random() < 0.003:
        yield from _months("农村最低生活保障金", p, chance.randrange(20_000, 60_000, 1_000), chance)


def _household_payments(p: Somebody, chance: random.Random) -> Iterator[Payment]:
    acres = chance.randint(20, 120)
    for year in (2020, 2021):
        if chance.random() < 0.75:
            yield _spoiled(
                Payment("耕地地力保护补贴", str(year), p, acres * 850, acres * 850, date(year, 6, 18)), chance
            )
        if chance.random() < 0.5:
            yield _spoiled(Payment("稻谷补贴", str(year), p, acres * 300, acres * 300, date(year, 10, 20)), chance)
    if chance.random() < 0.08:
        yield from _months("农村最低生活保障金", p, chance.randrange(20_000, 60_000, 1_000), chance)


def _months(item: str, p: Somebody, cents: int, chance: random.Random) -> Iterator[Payment]:
    short = chance.random() < 0.12
    for year in (2020, 2021):
        for month in range(1, 13):
            paid = 0 if short and (year, month) == (2021, 11) else cents
            yield Payment(
                item, f"{year}-{month:02d}", p, cents, paid or cents, date(year, month, 15), returned=paid == 0
            )


def _quarters(item: str, p: Somebody, cents: int, chance: random.Random) -> Iterator[Payment]:
    for year in (2020, 2021):
        for quarter in range(1, 5):
            on = date(year, quarter * 3, 20)
            yield _spoiled(Payment(item, f"{year}Q{quarter}", p, cents, cents, on), chance, 0.01)


def _spoiled(payment: Payment, chance: random.Random, share: float = 0.05) -> Payment:
    """Now and then an amount is short, or the bank returned it."""
    luck = chance.random()
    if luck > share:
        return payment
    if luck > share / 2:
        short = payment.due - payment.due // 5
        return Payment(payment.item, payment.period, payment.to, payment.due, short, payment.on)
    return Payment(payment.item, payment.period, payment.to, payment.due, payment.paid, payment.on, returned=True)


def write_payment_file(path: Path, rows: list[Payment]) -> int:
    """The register as UTF-8 CSV; returns its sum in 分, the control total."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(PAYMENT_HEADER)
        for row in rows:
            p = row.to
            writer.writerow(
                (
                    row.item,
                    row.period,
                    "第一批",
                    p.town,
                    p.village,
                    p.name,
                    p.id_number,
                    p.name,
                    p.id_number,
                    p.name,
                    p.bank,
                    p.account,
                    "一卡通",
                    "1",
                    yuan(row.due),
                    yuan(row.paid),
                    row.on.isoformat(),
                    "退票" if row.returned else "成功",
                    row.on.replace(day=28).isoformat() if row.returned else "",
                )
            )
    return sum(row.paid for row in rows)
