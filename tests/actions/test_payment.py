"""Taking in a payment register: reconciled to the 分, immutable, the same payments never twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from actions import payment
from actions.importing import ImportResult
from actions.payment import PaymentOptions, import_payments
from actions.transaction import Caller
from files.payment_store import read_rows, write_batch
from files.storage import Storage
from models.audit import AuditEntry
from models.database import Database
from models.payment import PaymentImport
from models.refusal import NotFoundOrNotYours, Refused
from models.region import Region
from queries.audit import verify
from queries.payment import batch_files
from queries.reading import reading
from tests.factories import World
from tests.files import hostile
from tests.register_files import (
    EIGHT_PAYMENTS,
    EIGHT_PAYMENTS_CENTS,
    FOUR_HOUSEHOLDS,
    PAYMENT_HEADER,
    Somebody,
    payment_file,
    payment_row,
)

Take = Callable[..., ImportResult]


@pytest.fixture
def take(both_worlds: World, tmp_path: Path) -> Take:
    """`take(rows, total=80_400, by="office", skip_faulty=True)`: the import of these rows, or of a file."""

    def import_it(
        rows: Any = EIGHT_PAYMENTS, total: int = EIGHT_PAYMENTS_CENTS, by: str = "office", **options: Any
    ) -> ImportResult:
        path = rows if isinstance(rows, Path) else payment_file(tmp_path / "发放.xlsx", rows)
        caller = both_worlds.caller(by)
        return import_payments(caller, both_worlds.campaign_id, path, path.name, PaymentOptions(total, **options))

    return import_it


def imports() -> list[PaymentImport]:
    """All manifests."""
    with reading() as session:
        return list(session.scalars(sa.select(PaymentImport).order_by(PaymentImport.id)))


def on_record(world: World) -> list[dict[str, Any]]:
    """All payments a question would see."""
    with reading() as session:
        files = batch_files(session, world.campaign_id)
    return [row for page in read_rows(Storage.payments(), files) for row in page]


def entries() -> int:
    """How many audit entries there are."""
    with reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) or 0


def batches() -> list[Path]:
    """Batch files on disk."""
    return sorted(Storage.payments().iterdir())


def said(result: ImportResult) -> str:
    """All sentences of the faults."""
    return " ".join(fault.message for fault in result.faults)


def test_a_register_is_taken_with_its_total(take: Take, both_worlds: World) -> None:
    result = take()
    assert result.last_line == "taken 8, unchanged 0, faulty 0"
    assert (result.total_cents, result.good_cents) == (80_400, 80_400)
    manifest = imports()[0]
    assert (manifest.row_count, manifest.total_cents, manifest.control_total_cents) == (8, 80_400, 80_400)
    assert sum(row["amount_cents"] for row in on_record(both_worlds)) == 80_400
    assert verify().ok


def test_the_same_file_twice_changes_nothing(take: Take) -> None:
    take()
    before = (entries(), batches())
    assert take().last_line == "taken 0, unchanged 8, faulty 0"
    assert (entries(), batches()) == before


def test_the_same_rows_saved_anew_change_nothing(take: Take, tmp_path: Path) -> None:
    take()
    other = hostile.workbook(tmp_path / "另存.xlsx", [PAYMENT_HEADER, *EIGHT_PAYMENTS], title="另一张表")
    assert take(other).last_line == "taken 0, unchanged 8, faulty 0"
    assert len(imports()) == 1


def test_the_same_rows_in_another_order_change_nothing(take: Take) -> None:
    take()
    assert take(EIGHT_PAYMENTS[::-1], dry_run=True).last_line == "taken 0, unchanged 8, faulty 0"
    assert take(EIGHT_PAYMENTS[::-1]).last_line == "taken 0, unchanged 8, faulty 0"
    assert len(imports()) == 1


def test_two_imports_together_in_one_file_change_nothing(take: Take) -> None:
    take(EIGHT_PAYMENTS[:3], 3 * 10_050)
    take(EIGHT_PAYMENTS[3:], 5 * 10_050)
    assert take().last_line == "taken 0, unchanged 8, faulty 0"


@pytest.mark.parametrize("cells", [{"期间": "2020"}, {"银行账号": "6228999999999999999"}, {"批次": ""}, {"数量": ""}])
def test_another_register_of_the_same_size_and_total_is_taken(take: Take, cells: dict[str, Any]) -> None:
    take()
    assert take([payment_row(p, **cells) for p in FOUR_HOUSEHOLDS]).last_line == "taken 8, unchanged 0, faulty 0"
    assert len(imports()) == 2


def test_identical_rows_within_a_register_are_taken_as_written(take: Take, both_worlds: World) -> None:
    assert take([*EIGHT_PAYMENTS, EIGHT_PAYMENTS[0]], 9 * 10_050).taken == 9
    assert len(on_record(both_worlds)) == 9


def test_a_register_with_one_row_more_is_another_one_and_the_preview_warns(take: Take) -> None:
    take()
    rows = [*EIGHT_PAYMENTS, payment_row(Somebody(70))]
    preview = take(rows, 9 * 10_050, dry_run=True)
    assert preview.taken == 9
    assert any("有 8 笔与已导入的发放登记是同一人" in notice.message for notice in preview.notices)
    assert take(rows, 9 * 10_050).taken == 9


def test_one_fen_off_refuses_the_whole(take: Take) -> None:
    before = (entries(), batches())
    for total in (EIGHT_PAYMENTS_CENTS - 1, EIGHT_PAYMENTS_CENTS + 1):
        result = take(total=total, skip_faulty=True)
        assert result.is_refused
        assert "0.01 元" in said(result)
        assert result.taken == 0
    assert (entries(), batches()) == before


def test_a_preview_writes_nothing(take: Take) -> None:
    before = (entries(), batches())
    assert take(dry_run=True).last_line == "taken 8, unchanged 0, faulty 0"
    assert (entries(), batches()) == before
    assert list((Storage.data_dir / "incoming").iterdir()) == []


def test_faulty_rows_keep_everything_out(take: Take) -> None:
    result = take([*EIGHT_PAYMENTS, payment_row(Somebody(70, village="没有村"))], 9 * 10_050)
    assert result.is_refused
    assert result.last_line == "taken 0, unchanged 0, faulty 1"
    assert (result.good, result.good_cents, result.total_cents) == (8, 80_400, 90_450)
    assert imports() == [] and batches() == []


def test_the_others_are_taken_when_the_user_says_so(take: Take) -> None:
    result = take([*EIGHT_PAYMENTS, payment_row(Somebody(70, village="没有村"))], 9 * 10_050, skip_faulty=True)
    assert result.last_line == "taken 8, unchanged 0, faulty 1"
    manifest = imports()[0]
    assert (manifest.total_cents, manifest.control_total_cents, manifest.faulty) == (80_400, 90_450, 1)


def test_rows_left_out_are_taken_once_they_can_be_read(take: Take, both_worlds: World, tmp_path: Path) -> None:
    row = payment_row(Somebody(70, town="示例三镇", village="丙三村"))
    rows = payment_file(tmp_path / "九笔.xlsx", [*EIGHT_PAYMENTS, row])
    take(rows, 9 * 10_050, skip_faulty=True)
    rename(both_worlds, "丙二村", "丙三村")
    assert take(rows, 9 * 10_050).last_line == "taken 1, unchanged 8, faulty 0"
    assert len(on_record(both_worlds)) == 9
    assert take(rows, 9 * 10_050).last_line == "taken 0, unchanged 9, faulty 0"


@pytest.mark.parametrize("by", ["leader", "inspector", "unit", "auditor", "admin", "discipline"])
def test_who_may_not_import_is_refused_before_the_file_is_read(both_worlds: World, by: str) -> None:
    missing = Path("/there/is/no/such/file")
    with pytest.raises(Refused, match="导入发放登记"):
        import_payments(both_worlds.caller(by), both_worlds.campaign_id, missing, "发放.xlsx", PaymentOptions(0))


def test_an_office_cannot_write_payments_of_another_county(take: Take) -> None:
    result = take(by="far_office", skip_faulty=True)
    assert result.last_line == "taken 0, unchanged 0, faulty 8"
    assert imports() == [] and batches() == []


def test_an_unknown_campaign_is_refused_before_anything_is_written(both_worlds: World, tmp_path: Path) -> None:
    path = payment_file(tmp_path / "发放.xlsx")
    with pytest.raises(NotFoundOrNotYours):
        import_payments(both_worlds.caller("office"), 999, path, path.name, PaymentOptions(EIGHT_PAYMENTS_CENTS))
    assert batches() == []


class Killed(BaseException):
    """The power is gone: no handler of ours runs for this."""


def test_a_batch_without_its_row_harms_nothing(take: Take, both_worlds: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(payment, "_write", die)
        take()
    assert len(batches()) == 1
    assert on_record(both_worlds) == [] and imports() == []
    assert verify().ok
    assert take().taken == 8
    assert len(batches()) == 1
    assert verify().ok


def test_two_people_import_at_once_and_one_batch_comes_of_it(take: Take, tmp_path: Path) -> None:
    register = payment_file(tmp_path / "发放.xlsx", EIGHT_PAYMENTS)
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda by: take(register, by=by), ("office", "office2")))
    assert sorted(r.last_line for r in results) == ["taken 0, unchanged 8, faulty 0", "taken 8, unchanged 0, faulty 0"]
    assert (len(imports()), len(batches())) == (1, 1)
    assert verify().ok


def test_a_terminal_may_import(both_worlds: World, tmp_path: Path) -> None:
    path = payment_file(tmp_path / "发放.xlsx")
    caller: Caller = both_worlds.terminal()
    result = import_payments(caller, both_worlds.campaign_id, path, path.name, PaymentOptions(EIGHT_PAYMENTS_CENTS))
    assert result.taken == 8
    assert imports()[0].recorded_by == "terminal:tests"


@pytest.mark.parametrize(
    "written", ["2021-06-30", "2021/6/30", "2021.06.30", "20210630", "2021年6月30日", "44377", "２０２１－０６－３０"]
)
def test_a_date_may_be_text_in_many_styles(take: Take, both_worlds: World, written: str) -> None:
    take([payment_row(FOUR_HOUSEHOLDS[0], 发放日期=written)], 10_050)
    assert on_record(both_worlds)[0]["paid_date"].isoformat() == "2021-06-30"


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"身份证号": 4.2e17}, "科学计数"),
        ({"银行账号": 6.2e18}, "科学计数"),
        ({"发放日期": "去年夏天"}, "日期"),
        ({"金额": "一百"}, "金额"),
        ({"补贴项目": "没有的补贴"}, "没有这个项目"),
        ({"发放结果": "也许"}, "成功"),
        ({"期间": "前年"}, "期间"),
    ],
)
def test_what_cannot_be_read_is_said(take: Take, cells: dict[str, Any], sentence: str) -> None:
    result = take([*EIGHT_PAYMENTS, payment_row(Somebody(70), **cells)], 9 * 10_050)
    assert result.is_refused
    assert sentence in said(result)
    assert imports() == []


@pytest.mark.parametrize(
    "make",
    [hostile.word_document, hostile.encrypted_workbook, hostile.bomb, hostile.entity_workbook, hostile.macro_xls],
)
def test_what_is_no_table_is_refused_in_a_sentence(take: Take, tmp_path: Path, make: Callable[[Path], Path]) -> None:
    with pytest.raises(Refused):
        take(make(tmp_path / "坏.xlsx"))
    assert imports() == [] and batches() == []


def test_a_total_row_at_the_end_is_no_payment(take: Take) -> None:
    total = ["合计", *[""] * 9, "804.00", "", ""]
    result = take([*EIGHT_PAYMENTS, total])
    assert result.last_line == "taken 8, unchanged 0, faulty 0"


def test_a_batch_altered_on_disk_is_found(take: Take) -> None:
    take()
    batches()[0].write_bytes(b"PAR1")
    assert not verify().ok


def test_writing_the_same_batch_again_keeps_one_file(take: Take) -> None:
    take()
    table = pq.read_table(batches()[0])
    write_batch(Storage.payments(), table)
    assert len(batches()) == 1


def rename(world: World, village: str, name: str) -> None:
    """Give a village another name, as an import of regions would."""
    with Database.writers() as session:
        region = session.get_one(Region, world.regions[village])
        region.name = region.short_name = name
        session.commit()
