"""The payments' workbook: an internal copy is what the import asks for, the other levels are masked or of nobody."""

import dataclasses
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
from python_calamine import CalamineWorkbook

from files import headers
from files.export_level import ExportLevel
from files.payment_workbook import PAYMENT_HEADERS, PaymentRow, write_payments
from models.id_number import make_demo_id

SOMEONE, GUARDIAN = make_demo_id(date(2012, 2, 3), 124), make_demo_id(date(1961, 2, 3), 125)
CARD = "6228480402564890018"
ROW = PaymentRow(
    item="耕地地力保护补贴",
    period="2021",
    batch="第一批",
    town="示例一镇",
    village="甲一村",
    name="张三丰",
    id_number=SOMEONE,
    payee="李四一",
    payee_id_number=GUARDIAN,
    account_name="李四一",
    bank="示例农商行",
    account=CARD,
    channel="一卡通",
    nature="补贴",
    quantity=Decimal("4.50"),
    due_cents=38_250,
    amount_cents=38_251,
    due_on=date(2021, 6, 1),
    paid_on=date(2021, 6, 30),
    result="成功",
    returned_on=None,
    approved_on=None,
)
NAMES = [field.name for field in dataclasses.fields(PaymentRow)]


def exported(level: ExportLevel, rows: list[PaymentRow]) -> io.BytesIO:
    target = io.BytesIO()
    write_payments(
        target,
        rows,
        level=level,
        as_of=date(2022, 9, 16),
        campaign_name="随州市专项治理",
        conditions="",
        exported_by="周八一",
        exported_at=datetime(2022, 9, 16, 2, 5, tzinfo=UTC),
        audit_head="123 abcd",
    )
    target.seek(0)
    return target


def sheet(level: ExportLevel, rows: list[PaymentRow]) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(exported(level, rows)).get_sheet_by_index(0).to_python()


def test_the_internal_copy_has_the_standard_headers_and_nothing_but_rows() -> None:
    standard = (
        "补贴项目 期间 批次 乡镇 村 姓名 身份证号 收款人 收款人身份证号 户名 开户银行 银行账号 发放渠道 款项性质 数量 "
        "应发金额 金额 应发日期 发放日期 发放结果 退票日期 审批日期"
    )
    assert " ".join(PAYMENT_HEADERS) == standard
    assert tuple(headers.PAYMENT_HEADERS) == PAYMENT_HEADERS  # as the import knows them
    head, row = sheet(ExportLevel.INTERNAL, [ROW])
    assert tuple(head) == PAYMENT_HEADERS
    assert row[:14] == [getattr(ROW, name) for name in NAMES[:14]]
    assert row[14:] == [4.5, 382.5, 382.51, date(2021, 6, 1), date(2021, 6, 30), "成功", "—", "—"]


def test_the_units_copy_is_masked() -> None:
    values = dict(zip(*sheet(ExportLevel.UNIT, [ROW]), strict=True))
    assert (values["姓名"], values["收款人"], values["户名"]) == ("张**", "李**", "李**")
    assert (values["身份证号"], values["收款人身份证号"]) == (
        f"000000********{SOMEONE[-4:]}",
        f"000000********{GUARDIAN[-4:]}",
    )
    assert values["银行账号"] == "********0018"


def test_the_public_copy_is_of_nobody() -> None:
    head, _ = sheet(ExportLevel.PUBLIC, [ROW])
    assert not {"姓名", "身份证号", "收款人", "收款人身份证号", "户名", "开户银行", "银行账号"} & set(head)
    with zipfile.ZipFile(exported(ExportLevel.PUBLIC, [ROW])) as archive:
        content = "".join(archive.read(name).decode() for name in archive.namelist())
    assert not [value for value in ("张三丰", "李四一", SOMEONE, GUARDIAN, CARD, "周八一") if value in content]


def test_what_must_not_be_published_is_not_even_listed_without_names() -> None:
    orphan = dataclasses.replace(ROW, item="孤儿基本生活费(含感染儿童)")
    assert len(sheet(ExportLevel.PUBLIC, [orphan, ROW])) == 2
    assert len(sheet(ExportLevel.UNIT, [orphan, ROW])) == 3
    about = openpyxl.load_workbook(exported(ExportLevel.PUBLIC, [orphan]))["说明"]
    assert "未列入" in [row[0].value for row in about.iter_rows()]


def test_what_is_not_known_is_a_dash_and_the_range_is_everything() -> None:
    empty = dataclasses.replace(ROW, payee="", quantity=None, due_cents=None, amount_cents=0)
    values = dict(zip(*sheet(ExportLevel.UNIT, [empty]), strict=True))
    assert (values["收款人"], values["数量"], values["应发金额"], values["金额"]) == ("—", "—", "—", 0.0)
    about = openpyxl.load_workbook(exported(ExportLevel.UNIT, [empty]))["说明"]
    assert "随州市专项治理　范围：全部" in [row[1].value for row in about.iter_rows()]


def test_a_quantity_written_in_words_stays() -> None:
    words = dataclasses.replace(ROW, quantity="约三亩")
    assert dict(zip(*sheet(ExportLevel.INTERNAL, [words]), strict=True))["数量"] == "约三亩"
