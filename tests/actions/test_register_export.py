"""Handing out rosters and payments: masked by level, in the log, and what comes back in changes nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from actions import register_export
from actions.payment import PaymentOptions, import_payments
from actions.register_export import (
    export_payments,
    export_roster,
    payments_to_fetch,
    roster_to_fetch,
)
from actions.roster import RosterOptions, import_roster
from files.export_level import ExportLevel
from files.outgoing import outgoing_file
from models.audit import AuditEntry
from models.database import Database
from models.refusal import NotFoundOrNotYours, Refused
from models.region import Region
from queries.audit import verify
from queries.reading import reading
from tests.factories import World
from tests.register_files import (
    EIGHT_PAYMENTS,
    EIGHT_PAYMENTS_CENTS,
    FOUR_HOUSEHOLDS,
    Somebody,
    payment_file,
    payment_row,
    roster_file,
)

Export = Callable[..., None]
PURPOSE = "移交审计"
BLANK = Somebody(60, relation="空", name="孙丙丙")


@pytest.fixture
def filled(both_worlds: World, tmp_path: Path) -> World:
    """The world with a roster of nine and two payment registers, one row without anything that may be left out."""
    sparse = [*BLANK.row[:7], *[""] * 6]
    taken(both_worlds, roster_file(tmp_path / "名册.xlsx", FOUR_HOUSEHOLDS, extra=[sparse]))
    bare = payment_row(BLANK, 批次="", 数量="", 应发金额="", 发放结果="")
    cents = EIGHT_PAYMENTS_CENTS
    for name, rows, total in (("a", EIGHT_PAYMENTS, cents), ("b", [bare, EIGHT_PAYMENTS[0]], 20_100)):
        path = payment_file(tmp_path / f"{name}.xlsx", rows)
        options = PaymentOptions(total)
        assert import_payments(both_worlds.caller("office"), both_worlds.campaign_id, path, path.name, options).taken
    return both_worlds


def taken(world: World, path: Path, by: str = "office") -> str:
    """Import a roster; the last line."""
    return import_roster(world.caller(by), world.campaign_id, path, path.name, RosterOptions()).last_line


def cells(path: Path) -> list[list[str]]:
    """All cells of the first sheet, as text."""
    sheet = load_workbook(path).worksheets[0]
    return [[str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


def entry(action: str) -> AuditEntry | None:
    """The last audit entry of an action."""
    with reading() as session:
        return session.scalar(
            sa.select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.seq.desc()).limit(1)
        )


def test_an_internal_roster_comes_back_and_changes_nothing(filled: World, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    export_roster(filled.caller("office"), filled.campaign_id, ExportLevel.INTERNAL, PURPOSE, out)
    assert len(cells(out)) == 10
    assert taken(filled, out) == "taken 0, unchanged 9, faulty 0"
    assert verify().ok


def test_internal_payments_come_back_and_change_nothing(filled: World, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    export_payments(filled.caller("office"), filled.campaign_id, ExportLevel.INTERNAL, PURPOSE, out)
    assert len(cells(out)) == 11
    options = PaymentOptions(EIGHT_PAYMENTS_CENTS + 20_100)
    result = import_payments(filled.caller("office"), filled.campaign_id, out, out.name, options)
    assert result.last_line == "taken 0, unchanged 10, faulty 0"


def test_what_one_county_exports_comes_back_to_it_unchanged(filled: World, tmp_path: Path) -> None:
    far = Somebody(80, town="示例三镇", village="丙一村")
    path = payment_file(tmp_path / "远.xlsx", [payment_row(far), payment_row(far, 期间="2020")])
    import_payments(filled.caller("office"), filled.campaign_id, path, path.name, PaymentOptions(20_100))
    one = payment_file(
        tmp_path / "近.xlsx", [payment_row(far, 期间="2019"), payment_row(FOUR_HOUSEHOLDS[0], 期间="2019")]
    )
    import_payments(filled.caller("office"), filled.campaign_id, one, one.name, PaymentOptions(20_100))
    out = tmp_path / "out.xlsx"
    export_payments(filled.caller("far_office"), filled.campaign_id, ExportLevel.INTERNAL, PURPOSE, out)
    assert len(cells(out)) == 4
    options = PaymentOptions(30_150)
    result = import_payments(filled.caller("far_office"), filled.campaign_id, out, out.name, options)
    assert result.last_line == "taken 0, unchanged 3, faulty 0"


def test_villages_with_one_name_leave_under_their_codes_and_come_back(both_worlds: World, tmp_path: Path) -> None:
    with Database.writers() as session:
        region = session.get_one(Region, both_worlds.regions["甲二村"])
        region.name = region.short_name = "甲一村"
        session.commit()
    people = [Somebody(1, village="421381901201"), Somebody(2, village="421381901202")]
    taken(both_worlds, roster_file(tmp_path / "名册.xlsx", people))
    out = tmp_path / "out.xlsx"
    export_roster(both_worlds.caller("office"), both_worlds.campaign_id, ExportLevel.INTERNAL, PURPOSE, out)
    assert taken(both_worlds, out) == "taken 0, unchanged 2, faulty 0"


def test_one_sees_only_the_own_county(filled: World, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    export_roster(filled.caller("far_office"), filled.campaign_id, ExportLevel.UNIT, "", out)
    assert len(cells(out)) == 1


@pytest.mark.parametrize("export", [export_roster, export_payments])
def test_a_unit_copy_is_masked(filled: World, tmp_path: Path, export: Export) -> None:
    out = tmp_path / "out.xlsx"
    export(filled.caller("office"), filled.campaign_id, ExportLevel.UNIT, "", out)
    text = str(cells(out))
    assert "赵**" in text
    assert all(
        p.number not in text and p.name not in text and f"6228{p.serial:015d}" not in text for p in FOUR_HOUSEHOLDS
    )


@pytest.mark.parametrize("export", [export_roster, export_payments])
def test_a_public_copy_names_nobody(filled: World, tmp_path: Path, export: Export) -> None:
    out = tmp_path / "out.xlsx"
    export(filled.caller("office"), filled.campaign_id, ExportLevel.PUBLIC, "", out)
    assert "赵" not in str(cells(out)) and "身份证号" not in cells(out)[0]


@pytest.mark.parametrize("export", [export_roster, export_payments])
def test_an_internal_copy_needs_a_purpose(filled: World, tmp_path: Path, export: Export) -> None:
    out = tmp_path / "out.xlsx"
    with pytest.raises(Refused, match="用途"):
        export(filled.caller("office"), filled.campaign_id, ExportLevel.INTERNAL, " ", out)
    assert not out.exists()


@pytest.mark.parametrize("export", [export_roster, export_payments])
@pytest.mark.parametrize("by", ["inspector", "unit", "leader", "auditor", "admin"])
def test_who_may_not_import_exports_nothing(both_worlds: World, tmp_path: Path, export: Export, by: str) -> None:
    out = tmp_path / "out.xlsx"
    with pytest.raises(Refused, match="权限"):
        export(both_worlds.caller(by), both_worlds.campaign_id, ExportLevel.UNIT, "", out)
    assert not out.exists()


def test_each_export_is_in_the_log_with_purpose_rows_and_hash(filled: World, tmp_path: Path) -> None:
    purpose = f"核对{FOUR_HOUSEHOLDS[0].number}"
    export_roster(filled.caller("office"), filled.campaign_id, ExportLevel.INTERNAL, purpose, tmp_path / "out.xlsx")
    found = entry("roster.export")
    assert found is not None and found.detail["rows"] == 9 and found.detail["level"] == "internal"
    assert found.detail["purpose"].startswith("核对000000") and FOUR_HOUSEHOLDS[0].number not in str(found.detail)
    assert verify().ok


def test_a_campaign_that_is_not_there_leaves_no_file(both_worlds: World, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    with pytest.raises(NotFoundOrNotYours):
        export_payments(both_worlds.caller("office"), 999, ExportLevel.UNIT, "", out)
    assert not out.exists()


def test_an_export_that_cannot_be_logged_leaves_no_file(
    filled: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def disk_is_full(_: Path) -> str:
        raise OSError("no space left on device")

    monkeypatch.setattr(register_export, "file_sha256", disk_is_full)
    out = tmp_path / "out.xlsx"
    with pytest.raises(OSError):
        export_roster(filled.caller("office"), filled.campaign_id, ExportLevel.INTERNAL, PURPOSE, out)
    assert not out.exists() and entry("roster.export") is None


@pytest.mark.parametrize("to_fetch", [roster_to_fetch, payments_to_fetch])
def test_a_browser_fetches_by_token_what_was_made_for_its_person(filled: World, to_fetch: Callable[..., str]) -> None:
    caller = filled.caller("office")
    token = to_fetch(caller, filled.campaign_id, ExportLevel.UNIT)
    path = outgoing_file(filled.users["office"], token, caller.wall)
    assert path is not None and path.name.endswith("(截至2022年7月4日)_责任单位版.xlsx")
    assert outgoing_file(filled.users["office2"], token, caller.wall) is None
