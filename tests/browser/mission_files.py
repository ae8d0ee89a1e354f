"""The files people bring to the mission: a roster, a payment register, a photographed bank slip. Nobody real."""

import csv
from dataclasses import dataclass
from datetime import date
from io import BytesIO, StringIO

from PIL import Image, ImageDraw

from models.id_number import make_demo_id

TOWN, VILLAGES = "示例一镇", ("甲一村", "甲二村")
HOUSEHOLDS = 4
"""In each village, of two persons each."""
SEED = "20220916-4-1-7-3-2"
"""Draws 甲一村 and 甲二村 of the four villages of the town, and of 甲一村 the households 0001 and 0003."""
WRONG_VILLAGE, WRONG_HOUSEHOLD = "甲一村", "0003"
"""Whose head was due 4,320.00 元 of S11 and was paid 3,960.00 元."""
CARD = "6228480000000000"
_SURNAMES = "赵钱孙李周吴郑王"


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a household: who is on the roster and in the register alike."""

    village: str
    household: str
    name: str
    id_number: str
    account: str


def heads() -> list[Head]:
    """One a household, in the order of both files."""
    places = [(village, f"{number:04d}") for village in VILLAGES for number in range(1, HOUSEHOLDS + 1)]
    return [
        Head(village, number, f"{surname}一", make_demo_id(date(1951, 3, 1 + at), 101 + 2 * at), f"{CARD}{at:03d}")
        for at, (surname, (village, number)) in enumerate(zip(_SURNAMES, places, strict=True))
    ]


def region_file() -> bytes:
    """City, county, town and its four villages, as a county would write them down."""
    county, town = "421381000000", "421381901000"
    rows: list[tuple[str, ...]] = [
        ("421300000000", "420000000000", "市", "示例市", "示例市", "", "", ""),
        (county, "421300000000", "县", "甲县", "甲县", "", "甲县", "JX"),
        (town, county, "镇", TOWN, TOWN, "", "", ""),
    ]
    for at, village in enumerate(("甲一村", "甲二村", "甲三村", "甲四村"), start=201):
        rows.append((f"{town[:9]}{at}", town, "村", village, village, "村委会", "", ""))
    return _csv("代码 上级代码 级别 名称 简称 类别 填报单位 编号字母", rows).encode("utf-8-sig")


def roster_file() -> bytes:
    """Head and spouse of each household, as Excel saves a Chinese CSV: GB18030."""
    rows: list[tuple[str, ...]] = []
    for at, head in enumerate(heads()):
        home = (TOWN, head.village, "一组", head.household)
        spouse = make_demo_id(date(1953, 5, 1 + at), 200 + 2 * at)
        rows.append((*home, "户主", head.name, head.id_number, "男", "示例农商行", head.account, "卡"))
        rows.append((*home, "配偶", f"{_SURNAMES[-1 - at]}二", spouse, "女", "", "", ""))
    names = "乡镇 村 组 户编号 与户主关系 姓名 身份证号 性别 开户银行 银行账号 卡折类型"
    return _csv(names, rows).encode("gb18030")


def payment_file() -> tuple[bytes, str]:
    """Two payments to each head, one of them short of what was due; and the control total in 元."""
    rows: list[tuple[str, ...]] = []
    total = 0
    for head in heads():
        is_short = (head.village, head.household) == (WRONG_VILLAGE, WRONG_HOUSEHOLD)
        allowance = 3960 if is_short else 4320
        for item, due, paid in (("耕地地力保护补贴", 300, 300), ("农村最低生活保障金", 4320, allowance)):
            rows.append((item, "2021", TOWN, head.village, head.name, head.id_number, "示例农商行", head.account,
                         f"{due}.00", f"{paid}.00", "2021-12-20", "成功"))  # fmt: skip
            total += paid
    names = "补贴项目 期间 乡镇 村 姓名 身份证号 开户银行 银行账号 应发金额 金额 发放日期 发放结果"
    return _csv(names, rows).encode("utf-8-sig"), f"{total}.00"


def bank_slip() -> bytes:
    """A small photograph of a paper, a true JPEG."""
    picture = Image.new("RGB", (320, 200), "#f5f1e6")
    paper = ImageDraw.Draw(picture)
    paper.rectangle((20, 20, 300, 180), outline="#9d2a20", width=3)
    for line in range(5):
        paper.line((40, 50 + 25 * line, 280, 50 + 25 * line), fill="#5c6878", width=2)
    kept = BytesIO()
    picture.save(kept, "JPEG")
    return kept.getvalue()


def _csv(names: str, rows: list[tuple[str, ...]]) -> str:
    text = StringIO()
    csv.writer(text).writerows([names.split(), *rows])
    return text.getvalue()
