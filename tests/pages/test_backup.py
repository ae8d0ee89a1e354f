"""备份: whether there is one to fall back on, said in the first line."""

from datetime import timedelta
from pathlib import Path

import pytest

from actions.backup import Backup, make_backup
from tests.factories import World
from tests.pages.conftest import OpenPage

PAGE = "admin/backup.py"


@pytest.fixture
def made(world: World, tmp_path: Path) -> Backup:
    return make_backup(world.terminal(), tmp_path / "backups")


def test_the_page_is_for_admins_only(world: World, open_page: OpenPage) -> None:
    for name in ("office", "leader", "auditor", "security"):
        app = open_page(name, PAGE)
        assert [t.value for t in app.title] == ["这一页不对您开放"]
        assert not app.code and not app.dataframe


def test_without_any_backup_it_says_what_would_be_lost(open_page: OpenPage) -> None:
    app = open_page("admin", PAGE)
    assert app.error[0].value.startswith("还没有备份")


def test_a_fresh_backup_is_shown_with_its_head(open_page: OpenPage, made: Backup) -> None:
    app = open_page("admin", PAGE)
    assert not app.exception and not app.error
    assert app.success[0].value.endswith("（2022年7月4日 09:00），写完后已逐个文件核对散列值。")
    assert app.code[0].value == made.manifest.head
    assert list(app.dataframe[0].value["文件"]) == [made.path.name]


def test_an_old_backup_is_a_warning_and_a_very_old_one_an_error(
    world: World, open_page: OpenPage, made: Backup
) -> None:
    world.now += timedelta(days=2)
    assert "超过一天" in open_page("admin", PAGE).warning[0].value
    world.now += timedelta(days=6)
    assert "请立即备份" in open_page("admin", PAGE).error[0].value
