from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from files import payment_store
from files.payment_columns import RETURNED, SCHEMA, SUCCESS
from files.payment_store import (
    PersonItemTotal,
    StoredBatch,
    batch_is_intact,
    erase_batch,
    page_of_rows,
    person_item_totals,
    read_rows,
    recipients,
    write_batch,
)
from models.id_number import make_demo_id

ZHANG = make_demo_id(date(1956, 3, 4), 17)
LI = make_demo_id(date(1958, 5, 6), 18)


def pay(row: int, id_number: str = ZHANG, **changed: Any) -> dict[str, Any]:
    sound = {
        "row": row,
        "item_code": "S01",
        "period": "2021",
        "period_start": date(2021, 1, 1),
        "year": 2021,
        "batch": "",
        "town_code": "000000101000",
        "village_code": "000000101201",
        "name": "张三",
        "id_number": id_number,
        "account_no": "6228480400000000018",
        "pay_kind": "",
        "amount_cents": 10_000,
        "paid_date": date(2021, 6, 30),
        "status": SUCCESS,
    }
    return sound | changed


def table(*rows: dict[str, Any]) -> Any:
    return pa.Table.from_pylist(list(rows), schema=SCHEMA)


def batch(folder: Path, *rows: dict[str, Any]) -> str:
    return write_batch(folder, table(*rows)).file_name


def test_a_batch_lies_sorted_by_person_item_and_period(tmp_path: Path) -> None:
    stored = write_batch(tmp_path, table(pay(2, LI), pay(3, period="2022"), pay(4, item_code="S00"), pay(5)))
    assert stored == replace(stored, rows=4, total_cents=40_000, file_name=f"{stored.sha256}.parquet")
    path = tmp_path / stored.file_name
    assert pq.read_table(path).column("row").to_pylist() == [4, 5, 3, 2]
    assert pq.ParquetFile(path).metadata.row_group(0).column(0).compression == "ZSTD"
    assert pq.read_schema(path) == SCHEMA


def test_the_same_rows_give_the_same_file(tmp_path: Path) -> None:
    rows = [pay(2, LI), pay(3)]
    assert batch(tmp_path, *rows) == batch(tmp_path, *reversed(rows))
    assert len(list(tmp_path.iterdir())) == 1


def test_more_rows_than_a_group_holds_stay_sorted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payment_store, "GROUP_ROWS", 10)
    name = batch(tmp_path, *(pay(n, make_demo_id(date(1956, 3, 4), 99 - n % 50)) for n in range(95)))
    file = pq.ParquetFile(tmp_path / name)
    people = file.read(["id_number"])["id_number"].to_pylist()
    assert (file.metadata.num_row_groups, people) == (10, sorted(people))


def test_an_empty_batch_is_a_batch(tmp_path: Path) -> None:
    stored = write_batch(tmp_path, table())
    assert (stored.rows, stored.total_cents) == (0, 0)
    assert recipients(tmp_path, [stored.file_name]) == set()


def test_a_batch_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="field names"):
        write_batch(tmp_path, pa.table({"id_number": [ZHANG], "item_code": ["S01"], "period": ["2021"], "row": [1]}))
    assert list(tmp_path.iterdir()) == []


def test_an_altered_or_absent_batch_is_not_intact(tmp_path: Path) -> None:
    stored = write_batch(tmp_path, table(pay(2)))
    assert batch_is_intact(tmp_path, stored.file_name, stored.sha256)
    path = tmp_path / stored.file_name
    path.write_bytes(path.read_bytes() + b"x")
    assert not batch_is_intact(tmp_path, stored.file_name, stored.sha256)
    erase_batch(tmp_path, stored.file_name)
    erase_batch(tmp_path, stored.file_name)
    assert not batch_is_intact(tmp_path, stored.file_name, stored.sha256)


@pytest.mark.parametrize(
    "ask",
    [
        lambda folder, name: batch_is_intact(folder, name, ""),
        erase_batch,
        lambda folder, name: recipients(folder, [name]),
        lambda folder, name: person_item_totals(folder, [name], [ZHANG], [2021]),
        lambda folder, name: list(read_rows(folder, [name])),
        lambda folder, name: page_of_rows(folder, [name], limit=1),
    ],
)
@pytest.mark.parametrize("name", ["../secret.parquet", "*.parquet", "a.csv", "/etc/passwd", f"{'0' * 64}.parquet\n"])
def test_only_names_of_batches_are_opened(tmp_path: Path, ask: Callable[[Path, str], object], name: str) -> None:
    with pytest.raises(ValueError, match="not the name"):
        ask(tmp_path, name)


def test_a_persons_totals_are_by_item_and_year_over_all_batches(tmp_path: Path) -> None:
    files = [
        batch(tmp_path, pay(2, due_cents=12_000), pay(3, item_code="S02", amount_cents=5_000)),
        batch(tmp_path, pay(2, paid_date=date(2021, 12, 1), account_no="62990000000000007777"), pay(3, LI)),
        batch(tmp_path, pay(2, year=2020, period="2020")),
    ]
    assert person_item_totals(tmp_path, files, [ZHANG], [2021]) == [
        PersonItemTotal(ZHANG, "S01", 2021, 22_000, 20_000, 2, date(2021, 12, 1), "7777"),
        PersonItemTotal(ZHANG, "S02", 2021, 5_000, 5_000, 1, date(2021, 6, 30), "0018"),
    ]
    both = person_item_totals(tmp_path, files, [LI, ZHANG], [2020, 2021])
    assert [(total.id_number, total.year) for total in both] == [
        (ZHANG, 2020),
        (ZHANG, 2021),
        (ZHANG, 2021),
        (LI, 2021),
    ]


def test_a_returned_payment_was_due_and_not_received(tmp_path: Path) -> None:
    (total,) = person_item_totals(tmp_path, [batch(tmp_path, pay(2, status=RETURNED))], [ZHANG], [2021])
    assert (total.listed_cents, total.received_cents, total.payments, total.last_paid) == (10_000, 0, 1, None)


def test_a_reissue_is_received_and_not_due_once_more(tmp_path: Path) -> None:
    file = batch(tmp_path, pay(2, status=RETURNED), pay(3, pay_kind="重发", paid_date=date(2021, 7, 9)))
    (total,) = person_item_totals(tmp_path, [file], [ZHANG], [2021])
    assert (total.listed_cents, total.received_cents, total.last_paid) == (10_000, 10_000, date(2021, 7, 9))


def test_many_people_are_answered_as_few_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [make_demo_id(date(1956, 3, 4), n) for n in range(30)]
    file = batch(tmp_path, *(pay(n, number) for n, number in enumerate(people)))
    few = person_item_totals(tmp_path, [file], people[:20], [2021])
    monkeypatch.setattr(payment_store, "FEW_PEOPLE", 5)
    assert person_item_totals(tmp_path, [file], people[:20], [2021]) == few
    assert len(few) == 20


def test_a_number_that_looks_like_sql_is_only_a_number(tmp_path: Path) -> None:
    file = batch(tmp_path, pay(2), pay(3, "' or 1=1 --"))
    assert [t.id_number for t in person_item_totals(tmp_path, [file], ["' or 1=1 --"], [2021])] == ["' or 1=1 --"]


def test_nothing_asked_is_nothing_answered(tmp_path: Path) -> None:
    file = batch(tmp_path, pay(2))
    assert person_item_totals(tmp_path, [], [ZHANG], [2021]) == []
    assert person_item_totals(tmp_path, [file], [], [2021]) == []
    assert recipients(tmp_path, []) == set()
    assert page_of_rows(tmp_path, [], limit=5) == []


def test_recipients_are_those_who_really_received(tmp_path: Path) -> None:
    wang, zhao = (make_demo_id(date(1960, 1, 1), n) for n in (1, 2))
    files = [
        batch(tmp_path, pay(2), pay(3, LI, item_code="S02"), pay(4, wang, status=RETURNED)),
        batch(tmp_path, pay(2, amount_cents=5_000), pay(3, zhao, year=2020)),
    ]
    assert recipients(tmp_path, files) == {ZHANG, LI, zhao}
    assert recipients(tmp_path, files, items=["S02"]) == {LI}
    assert recipients(tmp_path, files, items=[]) == set()
    assert recipients(tmp_path, files, min_total_cents=15_000) == {ZHANG}
    assert recipients(tmp_path, files, min_total_cents=15_001) == set()
    assert recipients(tmp_path, files, years=[2020]) == {zhao}


def test_rows_come_back_in_pages_as_they_were_written(tmp_path: Path) -> None:
    rows = [pay(n) for n in range(2, 27)]
    pages = list(read_rows(tmp_path, [batch(tmp_path, *rows)], page_rows=10))
    assert [len(page) for page in pages] == [10, 10, 5]
    everything = [row for page in pages for row in page]
    assert everything == table(*rows).to_pylist()
    assert next(read_rows(tmp_path, [batch(tmp_path, *rows)], columns=["row"]))[0] == {"row": 2}


def test_a_page_of_rows_is_cut_from_all_batches(tmp_path: Path) -> None:
    files = [batch(tmp_path, pay(2), pay(3, LI)), batch(tmp_path, pay(2, village_code="000000101202"), pay(5))]

    def rows(**asked: Any) -> list[tuple[str, int]]:
        return [(row["id_number"], row["row"]) for row in page_of_rows(tmp_path, files, **{"limit": 9, **asked})]

    assert len(rows()) == 4
    assert rows(limit=2) + rows(limit=2, offset=2) == rows()
    assert rows(id_number=LI) == [(LI, 3)]
    assert rows(village_codes=["000000101202"]) == [(ZHANG, 2)]
    assert rows(items=["S09"]) == []
    assert rows(years=[2020]) == []
    assert page_of_rows(tmp_path, files, limit=1)[0]["file"] in files


def test_the_manifest_names_no_person(tmp_path: Path) -> None:
    stored = write_batch(tmp_path, table(pay(2)))
    assert isinstance(stored, StoredBatch)
    assert ZHANG not in stored.file_name
