from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from files import payments
from files.headers import PAYMENT_HEADERS
from files.payment_columns import RETURNED, SCHEMA, SUCCESS
from files.payments import PaymentFile, read_payments
from files.village_index import VillageIndex
from models.id_number import make_demo_id
from models.refusal import Refused
from tests.files import hostile

TODAY = date(2022, 9, 16)
MB = 1024**2
HEADER = list(PAYMENT_HEADERS)
ZHANG = make_demo_id(date(1956, 3, 4), 17)
TOWN = ("000000101000", "示例一镇", "示例一镇")
VILLAGES = VillageIndex(
    [(*TOWN, "000000101201", "甲一村", "甲一村"), (*TOWN, "000000101202", "甲二村村民委员会", "甲二村")]
)
ITEMS = [("S01", "耕地地力保护补贴"), ("S15", "孤儿基本生活费(含感染儿童)")]
SOUND = {
    "补贴项目": "耕地地力保护补贴",
    "期间": "2021",
    "乡镇": "示例一镇",
    "村": "甲一村",
    "姓名": "张三",
    "身份证号": ZHANG,
    "银行账号": "6228480400000000018",
    "金额": "1,234.50",
    "发放日期": "2021-06-30",
}


def pay(**changed: Any) -> list[Any]:
    """A sound row with nothing in the columns that are not needed."""
    return [(SOUND | changed).get(name, "") for name in HEADER]


def read(tmp_path: Path, rows: Sequence[Sequence[Any]], total: int | None = None, **how: Any) -> PaymentFile:
    table = rows if how.pop("whole", False) else [HEADER, *rows]
    path = hostile.workbook(tmp_path / "pay.xlsx", table, how.pop("merged", ()), title="发放")
    return open_register(path, total, **how)


def open_register(path: Path, total: int | None = None, **how: Any) -> PaymentFile:
    return read_payments(path, path.name, VILLAGES, ITEMS, total, TODAY, **{"max_bytes": 50 * MB, **how})


def only(file: PaymentFile) -> dict[str, Any]:
    assert file.faults == ()
    (row,) = file.clean.to_pylist()
    return row  # type: ignore[no-any-return]


def test_a_row_with_the_needed_columns_only_is_read(tmp_path: Path) -> None:
    file = read(tmp_path, [pay()], 123450)
    assert file.clean.schema == SCHEMA
    assert only(file) == {
        "row": 2,
        "item_code": "S01",
        "period": "2021",
        "period_start": date(2021, 1, 1),
        "year": 2021,
        "batch": "",
        "town_code": "000000101000",
        "village_code": "000000101201",
        "name": "张三",
        "id_number": ZHANG,
        "payee_name": None,
        "payee_id": None,
        "account_name": None,
        "bank_name": None,
        "account_no": "6228480400000000018",
        "channel": None,
        "pay_kind": "",
        "quantity": None,
        "due_cents": None,
        "amount_cents": 123450,
        "due_date": None,
        "paid_date": date(2021, 6, 30),
        "status": SUCCESS,
        "return_date": None,
        "approve_date": None,
    }


def test_every_column_is_read(tmp_path: Path) -> None:
    row = only(
        read(
            tmp_path,
            [
                pay(
                    补贴项目="S01",
                    期间="2021年6月",
                    批次="第2批",
                    收款人="李四",
                    收款人身份证号=f"'{ZHANG.lower()}",
                    户名="李四",
                    开户银行="示例农商行",
                    发放渠道="一卡通",
                    款项性质="补发",
                    数量=3.25,
                    应发金额=85.2,
                    金额=80,
                    应发日期=44377,
                    发放日期=datetime(2021, 7, 1),
                    发放结果="退票",
                    退票日期="2021.7.3",
                    审批日期="2021年6月1日",
                )
            ],
        )
    )
    assert (row["period"], row["period_start"], row["batch"]) == ("2021-06", date(2021, 6, 1), "第2批")
    assert (row["payee_name"], row["payee_id"], row["pay_kind"]) == ("李四", ZHANG, "补发")
    assert (row["quantity"], row["due_cents"], row["amount_cents"]) == (3.25, 8520, 8000)
    assert (row["due_date"], row["paid_date"], row["return_date"], row["approve_date"]) == (
        date(2021, 6, 30),
        date(2021, 7, 1),
        date(2021, 7, 3),
        date(2021, 6, 1),
    )
    assert row["status"] == RETURNED


def test_only_the_needed_columns_must_be_there(tmp_path: Path) -> None:
    table = [list(SOUND), list(SOUND.values())]
    assert read(tmp_path, table, whole=True).clean.num_rows == 1
    short = [name for name in SOUND if name not in ("金额", "期间")]
    file = read(tmp_path, [short, [SOUND[name] for name in short]], whole=True)
    assert [fault.column for fault in file.whole_file_faults] == ["期间", "金额"]
    assert file.clean.num_rows == 0


@pytest.mark.parametrize("column", list(SOUND))
def test_a_needed_cell_left_blank_is_a_fault(tmp_path: Path, column: str) -> None:
    (fault,) = read(tmp_path, [pay(**{column: ""}), pay()]).faults
    assert (fault.row, fault.column) == (2, column)
    assert "没有填写" in fault.message


def test_what_was_paid_in_cash_needs_no_account(tmp_path: Path) -> None:
    assert only(read(tmp_path, [pay(银行账号="", 发放渠道="现金")]))["account_no"] == ""


@pytest.mark.parametrize("control, off", [(246900, 0), (246901, -1), (246899, 1)])
def test_a_control_total_off_by_one_fen_stands_in_the_way_of_the_whole_file(
    tmp_path: Path, control: int, off: int
) -> None:
    file = read(tmp_path, [pay(), pay()], control)
    if not off:
        assert file.faults == ()
        return
    (fault,) = file.whole_file_faults
    assert "2,469.00" in fault.message and f"{control // 100:,}.{control % 100:02d}" in fault.message
    assert ("多 0.01 元" if off > 0 else "少 0.01 元") in fault.message


def test_the_control_total_counts_faulty_rows_too(tmp_path: Path) -> None:
    file = read(tmp_path, [pay(), pay(村="没有村")], 246900)
    assert [fault.row for fault in file.faults] == [3]
    assert (file.total_cents, file.clean_cents, file.total_rows, file.faulty_rows) == (246900, 123450, 2, 1)


def test_the_registers_own_total_is_compared_and_not_read_as_data(tmp_path: Path) -> None:
    def notices(total: Any) -> list[str]:
        bottom = dict.fromkeys(HEADER, "") | {"补贴项目": "合计", "金额": total}
        file = read(tmp_path, [pay(), pay(), list(bottom.values())])
        assert (file.faults, file.total_rows) == ((), 2)
        return [notice.message for notice in file.notices]

    assert notices(2469) == ["第 4 行是合计行，不作为数据读入。"]
    assert "相差 0.01 元" in notices(2469.01)[1]


def test_a_subtotal_in_between_is_not_taken_for_the_total(tmp_path: Path) -> None:
    between = dict.fromkeys(HEADER, "") | {"乡镇": "小计", "金额": 1234.5}
    file = read(tmp_path, [pay(), list(between.values()), pay()])
    assert (file.total_cents, len(file.notices)) == (246900, 1)


def test_identical_rows_are_taken_as_written(tmp_path: Path) -> None:
    file = read(tmp_path, [pay(), pay()])
    assert (file.faults, file.clean.num_rows) == ((), 2)


def test_an_impossible_identity_number_is_taken_as_written(tmp_path: Path) -> None:
    assert only(read(tmp_path, [pay(身份证号="12345x")]))["id_number"] == "12345X"


@pytest.mark.parametrize("column", ["身份证号", "银行账号", "收款人身份证号"])
@pytest.mark.parametrize("number", [420000198001011234, "4.2E+17"])
def test_digits_lost_to_excel_are_named_and_never_repaired(tmp_path: Path, column: str, number: Any) -> None:
    (fault,) = read(tmp_path, [pay(**{column: number})]).faults
    assert fault.message == f"{column}被 Excel 变成科学计数，末几位已丢失，请把该列设为文本后重新填写。"
    assert "E+17" in fault.value


def test_a_masked_copy_is_not_taken_for_the_original(tmp_path: Path) -> None:
    (fault,) = read(tmp_path, [pay(身份证号="000000********0017")]).faults
    assert "星号" in fault.message


def test_no_fault_shows_an_identity_or_account_number(tmp_path: Path) -> None:
    file = read(tmp_path, [pay(身份证号=f"{ZHANG}*", 银行账号="6228480400000000018*")])
    shown = " ".join(fault.value + fault.message for fault in file.faults)
    assert len(file.faults) == 2
    assert ZHANG not in shown and "6228480400000000018" not in shown


@pytest.mark.parametrize(
    ("column", "written", "word"),
    [
        ("补贴项目", "没有的项目", "清单里没有"),
        ("期间", "2021-06-30", "2021Q2"),
        ("期间", 2021.1, "2021Q2"),
        ("村", "没有村", "区划里没有村"),
        ("乡镇", "没有镇", "区划里没有乡镇"),
        ("金额", "12.345", "两位"),
        ("金额", "12元3角", "以元为单位"),
        ("金额", 1e14, "过大"),
        ("应发金额", "abc", "数字"),
        ("数量", "三亩", "数量"),
        ("发放日期", "2021-02-30", "日期"),
        ("退票日期", "昨天", "日期"),
        ("发放结果", "也许", "成功"),
    ],
)
def test_what_cannot_be_read_is_a_fault_of_its_cell(tmp_path: Path, column: str, written: Any, word: str) -> None:
    file = read(tmp_path, [pay(), pay(**{column: written})])
    (fault,) = file.faults
    assert (fault.sheet, fault.row, fault.column) == ("发放", 3, column)
    assert word in fault.message
    assert file.clean.num_rows == 1


def test_dates_in_five_styles_are_one_day(tmp_path: Path) -> None:
    styles = ["2021-06-30", "2021/6/30", "2021.6.30", "20210630", "２０２１年６月３０日", 44377, datetime(2021, 6, 30)]
    file = read(tmp_path, [pay(发放日期=style) for style in styles])
    assert file.faults == ()
    assert set(file.clean["paid_date"].to_pylist()) == {date(2021, 6, 30)}


def test_a_month_excel_turned_into_a_date_is_that_month_again(tmp_path: Path) -> None:
    assert only(read(tmp_path, [pay(期间=datetime(2021, 6, 1))]))["period"] == "2021-06"


@pytest.mark.parametrize("name", ["S15", "孤儿基本生活费（含感染儿童）", "孤儿基本生活费", " s15 "])
def test_an_item_is_found_by_code_name_or_name_without_its_bracket(tmp_path: Path, name: str) -> None:
    assert only(read(tmp_path, [pay(补贴项目=name)]))["item_code"] == "S15"


def test_a_reversal_is_negative_money(tmp_path: Path) -> None:
    assert only(read(tmp_path, [pay(金额=-30, 款项性质="冲正")], -3000))["amount_cents"] == -3000


def test_a_payment_dated_in_the_future_is_a_notice(tmp_path: Path) -> None:
    file = read(tmp_path, [pay(发放日期="2022-09-17"), pay(发放日期="2022-09-16")])
    assert file.clean.num_rows == 2
    assert "有 1 笔" in file.notices[0].message


def test_merged_cells_of_data_are_a_fault_on_the_row_they_blank(tmp_path: Path) -> None:
    file = read(tmp_path, [pay(), pay(补贴项目=None)], merged=["A2:A3"])
    assert [(fault.reference, "合并" in fault.message) for fault in file.faults] == [("发放!A3", True)]


def test_the_wrong_register_stays_wrong_across_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payments, "CHUNK_ROWS", 3)
    file = read(tmp_path, [pay(村="没有村") if n % 4 == 1 else pay() for n in range(10)])
    assert [fault.row for fault in file.faults] == [3, 7, 11]
    assert file.clean["row"].to_pylist() == [2, 4, 5, 6, 8, 9, 10]
    assert (file.total_rows, file.total_cents) == (10, 1234500)


def test_a_register_as_csv_in_gb18030_is_the_same_register(tmp_path: Path) -> None:
    path = tmp_path / "pay.csv"
    pd.DataFrame([pay()], columns=HEADER).to_csv(path, index=False, encoding="gb18030")
    assert open_register(path).clean.equals(read(tmp_path, [pay()]).clean)
    path.write_text(path.read_text("gb18030").replace("甲一村", "没有村"), "gb18030")
    assert open_register(path).faults[0].reference == "pay.csv!E2"


def test_a_register_as_parquet_is_the_same_register(tmp_path: Path) -> None:
    frame = pd.DataFrame([pay()], columns=HEADER).assign(
        金额=Decimal("1234.5000"), 发放日期=pd.Timestamp("2021-06-30"), 期间=2021, 数量=float("nan")
    )
    frame.to_parquet(tmp_path / "pay.parquet")
    assert open_register(tmp_path / "pay.parquet").clean.equals(read(tmp_path, [pay()]).clean)


def test_whole_numbers_of_parquet_are_exact_and_floats_are_lost(tmp_path: Path) -> None:
    frame = pd.DataFrame([pay()], columns=HEADER)
    frame.assign(身份证号=420000198001011234).to_parquet(tmp_path / "whole.parquet")
    assert only(open_register(tmp_path / "whole.parquet"))["id_number"] == "420000198001011234"
    frame.assign(身份证号=420000198001011234.0).to_parquet(tmp_path / "float.parquet")
    assert "科学计数" in open_register(tmp_path / "float.parquet").faults[0].message


def test_a_long_text_repeated_for_ever_is_refused(tmp_path: Path) -> None:
    bomb = pa.DictionaryArray.from_arrays(pa.array([0] * 100_000, pa.int32()), ["甲" * 1_000_000])
    pq.write_table(pa.table({"姓名": bomb.cast(pa.dictionary(pa.int32(), pa.string())), "村": ["x"] * 100_000}),
                   tmp_path / "bomb.parquet")  # fmt: skip
    with pytest.raises(Refused, match="4000"):
        open_register(tmp_path / "bomb.parquet")


def test_nested_columns_are_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"姓名": [["张三"]]}), tmp_path / "nested.parquet")
    with pytest.raises(Refused, match="嵌套"):
        open_register(tmp_path / "nested.parquet")


def test_the_faulty_rows_can_be_handed_back_as_written(tmp_path: Path) -> None:
    file = read(tmp_path, [pay(), pay(村="没有村", 身份证号=4.2e17)])
    originals = file.originals(tmp_path / "pay.xlsx", "pay.xlsx", MB)
    assert originals.header == tuple(HEADER)
    assert list(originals.rows) == [("发放", 3)]
    row = dict(zip(originals.header, originals.rows["发放", 3], strict=True))
    assert (row["村"], row["身份证号"]) == ("没有村", "4.20E+17")
