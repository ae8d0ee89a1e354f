"""台账回填 without a browser: looked at cell by cell, taken in on a click, conflicts and refused cells left out."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from actions import rectification
from files.job_folder import JobFolder
from files.storage import Storage
from tests.factories import World
from tests.ledger_edits import Sheet, exported, record, taken
from tests.pages.conftest import OpenPage

PAGE = "ledger/ledger_return.py"


def words(app: AppTest) -> str:
    """All that is said."""
    return " ".join(m.value for m in (*app.markdown, *app.caption, *app.success, *app.error))


def checked(app: AppTest, path: Path) -> AppTest:
    """The page after this file was chosen and checked."""
    app.file_uploader[0].set_value((path.name, path.read_bytes(), "application/octet-stream")).run()
    return app.button(key="register_check_ledger_0").click().run()


def test_edits_are_listed_first_and_taken_on_one_click_without_conflicts_and_refused_cells(
    open_page: OpenPage, world: World, tmp_path: Path
) -> None:
    one, other = world.rectifying(), world.rectifying()
    sheet = Sheet(exported(world, "unit", tmp_path))
    sheet.put(one, "整改进展", "已补发8户。").put(one, "状态", "已销号").put(other, "整改进展", "我这样写。")
    path = sheet.save()
    rectification.report(world.caller("unit2"), other, "同事那样写。")
    app = checked(open_page("unit", PAGE), path)
    assert not app.exception
    said = words(app)
    assert "可收 **1** 件（**1** 处）" in said and "→　已补发8户。" in said
    assert "同事那样写。" in said and "我这样写。" in said
    assert record(one).progress is None
    assert app.button(key="take_ledger_0").disabled
    app.checkbox(key="skip_ledger_0").check().run()
    app.button(key="take_ledger_0").click().run()
    assert "已收进 1 件（1 处），未变 0 件；没有收：冲突 1 件、不能收 1 件。" in words(app)
    assert (record(one).progress, record(other).progress) == ("已补发8户。", "同事那样写。")
    (folder,) = (Storage.data_dir / "jobs").iterdir()
    again = Sheet(JobFolder(folder.name).faults)
    mended = taken(world, "unit", again.put(one, "状态", "整改中").save(), dry_run=True)
    assert mended.last_line == "taken 0, unchanged 1, faulty 0, conflicts 1"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04rubbish", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600])
def test_what_is_no_ledger_is_refused_in_a_sentence(
    open_page: OpenPage, world: World, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(content)
    app = checked(open_page("office", PAGE), path)
    assert not app.exception
    assert any("。" in error.value for error in app.error)


def test_the_export_menu_leads_to_it_for_whoever_may(open_page: OpenPage, world: World) -> None:
    world.rectifying()
    assert "台账回填" in str(open_page("unit", "ledger/ledger.py").main)
    assert "台账回填" not in str(open_page("auditor", "ledger/ledger.py").main)
