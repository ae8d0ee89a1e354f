"""The log in words: who sees which entries, and that every action has a Chinese name."""

import ast
import re
import shutil
from pathlib import Path

import pytest

import actions
from actions.transaction import transaction
from models.database import Database
from models.issue import Verb
from models.local_time import local_day
from models.role import Permission, Role
from queries.audit_log import ACTION_LABELS, PAGE_SIZE, action_label, recent_entries
from queries.reading import reading
from queries.viewer import Viewer, terminal_viewer, viewer_named
from tests.factories import World


def seen_by(world: World, name: str) -> Viewer:
    with reading() as session:
        viewer = viewer_named(session, name, local_day(world.now))
    assert viewer is not None
    return viewer


def test_the_newest_entry_stands_first_in_words(both_worlds: World) -> None:
    both_worlds.registered()
    newest, before, *_ = recent_entries(seen_by(both_worlds, "auditor")).rows
    assert (newest.action, newest.subject, newest.actor) == ("提交问题", "问题 1", "I某某（inspector）")
    assert newest.detail == "编号 SL2022-JX-0001；轮次 1"
    assert (before.action, before.detail) == ("登记问题", "—")


def test_whoever_may_not_see_the_log_sees_nothing(both_worlds: World) -> None:
    both_worlds.registered()
    for name in ("office", "leader", "inspector", "unit", "admin", "security", "discipline"):
        assert recent_entries(seen_by(both_worlds, name)).total == 0
    assert recent_entries(terminal_viewer("tests")).total == 3


def test_an_auditor_of_one_county_sees_what_was_done_there_only(both_worlds: World) -> None:
    with transaction(both_worlds.terminal()) as tx:
        both_worlds.person(tx, "far_auditor", "审计局", Role.AUDITOR, reporting_unit="乙市")
        both_worlds.person(tx, "near_auditor", "审计局", Role.AUDITOR, reporting_unit="甲县")
        tx.record("test.auditors", "campaign:1")
    both_worlds.registered()
    assert recent_entries(seen_by(both_worlds, "far_auditor")).total == 0
    assert [r.action for r in recent_entries(seen_by(both_worlds, "near_auditor")).rows] == ["提交问题", "登记问题"]


def test_the_log_is_searched_by_account_and_by_number(both_worlds: World) -> None:
    both_worlds.in_approval()
    both_worlds.registered()
    auditor = seen_by(both_worlds, "auditor")
    assert {r.actor for r in recent_entries(auditor, words="Office").rows} == {"O某某（office）"}
    assert {r.subject for r in recent_entries(auditor, words="sl2022-jx-0002").rows} == {"问题 2"}
    assert recent_entries(auditor, words="nobody").rows == ()


def test_a_page_holds_fifty_and_the_last_page_the_rest(world: World) -> None:
    for _ in range(PAGE_SIZE + 3):
        world.draft()
    auditor = seen_by(world, "auditor")
    first, second = recent_entries(auditor), recent_entries(auditor, page=2)
    assert (first.total, first.pages, len(first.rows), len(second.rows)) == (PAGE_SIZE + 4, 2, PAGE_SIZE, 4)
    assert first.rows[-1].seq == second.rows[0].seq + 1


def test_every_action_has_a_chinese_name() -> None:
    names = recorded_names() | {verb.permission.value for verb in Verb}
    assert [name for name in sorted(names) if not re.fullmatch(r"[^A-Za-z.]+", action_label(name))] == []
    assert [name for name in ACTION_LABELS if name in set(Permission)] == [], "the permission's own word is enough"


def recorded_names() -> set[str]:
    """The literal names that actions record."""
    found = set()
    for file in Path(actions.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "record":
                found |= {arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant)}
    return found


def test_a_purpose_is_said_in_words(world: World) -> None:
    issue_id = world.rectifying()
    with transaction(world.caller("unit")) as tx:
        tx.record("evidence.add", f"issue:{issue_id}", kind="BANK_SLIP", purpose="RECTIFICATION", sha256="0" * 64)
    (row, *_) = recent_entries(seen_by(world, "auditor")).rows
    assert row.detail == f"用途 整改佐证；散列值 {'0' * 64}；种类 银行回单"


@pytest.mark.xdist_group("demonstration")
def test_no_entry_of_the_demonstration_has_an_english_word(demonstration: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(demonstration, tmp_path / "data")
    Database.open(f"sqlite:///{copy / 'xiaohaotai.db'}")
    number, page, english = re.compile(r"[0-9a-f]{64}|[A-Z]{2}\d{4}-[A-Z]+-\d+"), 1, set()
    while rows := recent_entries(terminal_viewer("tests"), page).rows:
        said = {text for row in rows for text in (row.action, row.subject, number.sub("", row.detail))}
        english |= {text for text in said if re.search("[A-Za-z]{3}", text)}
        page += 1
    Database.close()
    assert english == set()
