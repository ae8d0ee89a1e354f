"""The terminal contract, to the letter: verbs, exit codes, last lines, and who is asked."""

import csv
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook

from manage import cli
from models.database import Database
from models.draw import rank_hash, required
from models.id_number import make_demo_id
from tests.conftest import ROOT
from tests.ledger_edits import Sheet

pytestmark = pytest.mark.xdist_group("demonstration")
EXAMPLE_REGIONS = "code,parent_code,level,name_zh,short_name,kind\n"


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator["Terminal"]:
    """An installation of its own, empty."""
    yield from _terminal(tmp_path, monkeypatch)


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, demonstration: Path) -> Iterator["Terminal"]:
    """A copy of the demonstration."""
    import shutil

    shutil.copytree(demonstration, tmp_path / "data")
    yield from _terminal(tmp_path, monkeypatch)


def _terminal(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator["Terminal"]:
    monkeypatch.setenv("DATA_DIR", str(folder / "data"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("TODAY", "2022-09-16")
    yield Terminal(folder)
    Database.close()


class Terminal:
    """`manage.py` with its output."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "data" / "xiaohaotai.db"

    def __call__(self, *words: str, expect: int = 0) -> Result:
        result = CliRunner().invoke(cli, list(words))
        assert result.exit_code == expect, f"{result.exit_code}: {result.stdout}\n{result.stderr}\n{result.exception!r}"
        return result

    def write(self, name: str, rows: list[tuple[str, ...]]) -> str:
        path = self.folder / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        return str(path)


ROSTER = ("乡镇", "村", "户编号", "与户主关系", "姓名", "身份证号")
PAYMENTS = ("补贴项目", "期间", "乡镇", "村", "姓名", "身份证号", "银行账号", "金额", "发放日期")


def person(n: int) -> str:
    from datetime import date

    return make_demo_id(date(1950 + n % 40, 1 + n % 12, 1 + n % 28), 500 + n)


def roster(n: int = 3) -> list[tuple[str, ...]]:
    return [ROSTER, *(("示例一镇", "甲一村", f"9{k:03d}", "户主", f"某{k}", person(k)) for k in range(n))]


def test_every_verb_needs_a_database_and_says_how_to_make_one(terminal: Terminal) -> None:
    assert "upgrade" in terminal("audit-head", expect=1).stderr


def test_the_demonstration_fills_only_an_empty_database(demo: Terminal) -> None:
    assert "只能装入空库" in demo("demo", expect=1).stderr


def test_the_demonstration_verifies_and_its_adopted_draw_can_be_recomputed(demo: Terminal) -> None:
    demo("verify-audit")
    demo("verify-draw", "1")


def test_the_adopted_draw_of_the_demonstration_is_what_a_stranger_computes(demo: Terminal) -> None:
    with sqlite3.connect(demo.database) as db:
        seed = db.execute("select seed from sample where state = 'ADOPTED'").fetchone()[0]
        rows = db.execute(
            "select t.code, v.code from region v join region t on t.id = v.parent_id where v.level = 'village'"
        ).fetchall()
        drawn = {
            code
            for (code,) in db.execute(
                "select r.code from sampled_village s join region r on r.id = s.region_id "
                "join sample on sample.id = s.sample_id where sample.state = 'ADOPTED'"
            )
        }
    towns: dict[str, list[str]] = {}
    for town, village in rows:
        towns.setdefault(town, []).append(village)
    expected: set[str] = set()
    for villages in towns.values():
        ranked = sorted(villages, key=lambda code: rank_hash(seed, code))
        expected |= set(ranked[: required(len(villages), 3, 10)])
    assert drawn == expected


def test_a_roster_is_taken_once_and_unchanged_the_second_time(demo: Terminal) -> None:
    path = demo.write("roster.csv", roster())
    first = demo("import", "roster", path, "--campaign", "SZ2022")
    assert first.stdout.splitlines()[-1] == "taken 3, unchanged 0, faulty 0"
    second = demo("import", "roster", path, "--campaign", "SZ2022")
    assert second.stdout.splitlines()[-1] == "taken 0, unchanged 3, faulty 0"


def test_a_dry_run_says_what_would_change_and_changes_nothing(demo: Terminal) -> None:
    path = demo.write("roster.csv", roster())
    before = demo("audit-head").stdout
    dry = demo("import", "roster", path, "--campaign", "SZ2022", "--dry-run")
    assert dry.stdout.splitlines()[-1] == "taken 3, unchanged 0, faulty 0"
    assert demo("audit-head").stdout == before


def test_a_faulty_row_refuses_the_file_names_its_cell_and_takes_nothing(demo: Terminal) -> None:
    rows = roster()
    rows[2] = (*rows[2][:5], "12345")
    path = demo.write("roster.csv", rows)
    refused = demo("import", "roster", path, "--campaign", "SZ2022", expect=1)
    assert refused.stdout.splitlines()[-1] == "taken 0, unchanged 0, faulty 1"
    assert refused.stdout.startswith("roster.csv!F3: ")
    assert refused.stderr.strip().count("\n") == 0
    taken = demo("import", "roster", path, "--campaign", "SZ2022", "--skip-faulty")
    assert taken.stdout.splitlines()[-1] == "taken 2, unchanged 0, faulty 1"


def test_payments_need_a_control_total_to_the_fen(demo: Terminal) -> None:
    row = (
        "高龄津贴",
        "2021-06",
        "示例一镇",
        "甲一村",
        "某甲",
        person(1),
        "6200000000000000001",
        "100.00",
        "2021-06-20",
    )
    path = demo.write("pay.csv", [PAYMENTS, row])
    demo("import", "payments", path, "--campaign", "SZ2022", expect=2)
    refused = demo("import", "payments", path, "--campaign", "SZ2022", "--total", "100.01", expect=1)
    assert refused.stdout.splitlines()[-1].startswith("taken 0")
    taken = demo("import", "payments", path, "--campaign", "SZ2022", "--total", "100.00")
    assert taken.stdout.splitlines()[-1] == "taken 1, unchanged 0, faulty 0"
    again = demo("import", "payments", path, "--campaign", "SZ2022", "--total", "100.00")
    assert again.stdout.splitlines()[-1] == "taken 0, unchanged 1, faulty 0"


def test_as_user_obeys_that_persons_permissions(demo: Terminal) -> None:
    path = demo.write("roster.csv", roster())
    refused = demo("import", "roster", path, "--campaign", "SZ2022", "--as", "inspector", expect=1)
    assert "权限" in refused.stderr
    demo("import", "roster", path, "--campaign", "SZ2022", "--as", "office")
    with sqlite3.connect(demo.database) as db:
        assert db.execute("select actor from audit_entry order by seq desc limit 1").fetchone()[0].startswith("user:")


def test_a_further_draw_needs_a_reason_is_listed_and_leaves_the_adopted_one(demo: Terminal) -> None:
    demo("draw", "--campaign", "SZ2022", "--seed", "another", expect=1)
    second = int(demo("draw", "--campaign", "SZ2022", "--seed", "another", "--reason", "演练").stdout.split()[-1])
    demo("verify-draw", str(second))
    with sqlite3.connect(demo.database) as db:
        states = [s for (s,) in db.execute("select state from sample order by number")]
    assert states[0] == "ADOPTED" and len(states) == 2


def test_a_changed_sampled_row_is_noticed_by_verify_draw(demo: Terminal) -> None:
    with sqlite3.connect(demo.database) as db:
        db.execute("delete from sampled_household where id = (select max(id) from sampled_household)")
    demo("verify-draw", "1", expect=1)


def test_figures_come_as_json_with_label_unit_value_and_definition(demo: Terminal) -> None:
    found = json.loads(demo("figures", "--campaign", "SZ2022", "--json").stdout)
    names = {"issues_total", "issues_open", "issues_closed", "issues_overdue", "closure_rate", "villages_required",
             "villages_checked", "households_required", "households_checked", "people_checked", "money_recovered_cents",
             "people_disciplined", "person_trips", "villages_self_checked", "departments_self_checked",
             "households_self_checked", "people_self_checked", "issues_by_self_check", "cards_confirmed", "leaflets",
             "covert_visits", "questionnaires", "meetings"}  # fmt: skip
    assert names <= set(found)
    assert all(set(figure) == {"label", "unit", "value", "definition"} for figure in found.values())
    assert found["issues_total"]["value"] == found["issues_open"]["value"] + found["issues_closed"]["value"]


def test_figures_of_the_reporting_units_add_up_and_a_past_day_differs(demo: Terminal) -> None:
    def total(*extra: str) -> int:
        return int(
            json.loads(demo("figures", "--campaign", "SZ2022", "--json", *extra).stdout)["issues_total"]["value"]
        )

    parts = [total("--region", code) for code in ("421321000000", "421381", "421303", "ZGX", "ZDHS")]
    assert sum(parts) == total()
    assert total("--as-of", "2022-07-31") < total()


def test_reminders_of_a_day_are_written_once_however_often_it_runs(demo: Terminal) -> None:
    last = [demo("remind").stdout.splitlines()[-1] for _ in range(2)]
    assert last[0] != "到期提醒 0 份。" and last[1] == "到期提醒 0 份。"


def test_the_ledger_leaves_masked_by_default_and_a_second_library_reads_it(demo: Terminal) -> None:
    out = demo.folder / "ledger.xlsx"
    demo("export", "ledger", "--campaign", "SZ2022", "--out", str(out))
    rows = CalamineWorkbook.from_path(str(out)).get_sheet_by_index(0).to_python()
    header = next(i for i, row in enumerate(rows[:7]) if "问题编号" in row)
    number = rows[header].index("问题编号")
    listed = [row[number] for row in rows[header + 1 :] if str(row[number]).startswith("SZ2022-")]
    total = json.loads(demo("figures", "--campaign", "SZ2022", "--json").stdout)
    assert len(listed) == total["issues_total"]["value"] + total["issues_dismissed"]["value"]


def test_the_internal_ledger_needs_a_purpose(demo: Terminal) -> None:
    out = str(demo.folder / "ledger.xlsx")
    assert (
        "用途" in demo("export", "ledger", "--campaign", "SZ2022", "--out", out, "--level", "内部版", expect=1).stderr
    )
    demo("export", "ledger", "--campaign", "SZ2022", "--out", out, "--level", "内部版", "--purpose", "核对")


def test_an_edited_ledger_comes_back_cell_by_cell_and_only_as_somebody(demo: Terminal, tmp_path: Path) -> None:
    out = tmp_path / "台账.xlsx"
    demo("export", "ledger", "--campaign", "SZ2022", "--out", str(out), "--as", "unit")
    sheet = Sheet(out)
    one, other = [i for i in sheet.rows if sheet.cell(i, "状态").value == "整改中"][:2]
    letter = sheet.cell(other, "状态").coordinate
    sheet.put(one, "整改进展", "已逐户补发。").put(other, "状态", "已销号").save()
    words = ("import", "ledger", str(out), "--campaign", "SZ2022")
    assert "--as" in demo(*words, expect=1).stderr
    refused = demo(*words, "--as", "unit", expect=1)
    assert f"整改台账!{letter}: “状态”不能在台账里改" in refused.stdout
    rest = f"unchanged {len(sheet.rows) - 2}, faulty 1, conflicts 0"
    assert refused.stdout.splitlines()[-1] == f"taken 0, {rest}"
    dry = demo(*words, "--as", "unit", "--skip-faulty", "--dry-run")
    assert dry.stdout.splitlines()[-1] == f"taken 1, {rest}"
    assert demo(*words, "--as", "unit", "--skip-faulty").stdout.splitlines()[-1] == f"taken 1, {rest}"


def test_sample_roster_and_payments_leave_as_workbooks(demo: Terminal) -> None:
    for words in (
        ("sample", "--sample", "1"),
        ("roster", "--campaign", "SZ2022"),
        ("payments", "--campaign", "SZ2022"),
    ):
        out = demo.folder / f"{words[0]}.xlsx"
        demo("export", *words, "--out", str(out))
        assert len(CalamineWorkbook.from_path(str(out)).get_sheet_by_index(0).to_python()) > 10


def test_a_user_of_office_waits_for_security_once_there_is_one(demo: Terminal) -> None:
    password = demo("create-user", "newoffice", "--role", "office").stdout.split()
    assert len(password[-1]) >= 8
    with sqlite3.connect(demo.database) as db:
        confirmed = db.execute(
            "select m.confirmed_at from membership m join user u on u.id = m.user_id where u.name = 'newoffice'"
        ).fetchone()[0]
    assert confirmed is None


def test_the_only_security_user_gets_a_new_password_from_the_terminal(terminal: Terminal) -> None:
    terminal("upgrade")
    first = terminal("create-user", "sun", "--role", "security").stdout.split()[-1]
    again = terminal("reset-password", "sun").stdout.split()
    assert len(again) == 1 and len(again[0]) >= 8 and again[0] != first
    assert "没有" in terminal("reset-password", "nobody", expect=1).stderr
    terminal("verify-audit")


def test_on_an_empty_database_regions_people_and_an_office_are_made_without_a_screen(terminal: Terminal) -> None:
    terminal("upgrade")
    regions = ROOT / "tests" / "files" / "regions_example.csv"
    first = terminal("import", "regions", str(regions))
    assert first.stdout.splitlines()[-1] == "taken 8, unchanged 0, faulty 0"
    assert terminal("import", "regions", str(regions)).stdout.splitlines()[-1] == "taken 0, unchanged 8, faulty 0"
    terminal("create-user", "first", "--role", "office")
    terminal("create-campaign", "T1", "--name", "试点", "--place", "试点县", "--years", "2020", "2021", "--rectify-by",
             "2022-11-30", "--as", "first", expect=1)  # fmt: skip
    terminal("create-campaign", "T1", "--name", "试点", "--place", "试点县", "--years", "2020", "2021", "--rectify-by",
             "2022-11-30")  # fmt: skip
    terminal("verify-audit")


def test_a_head_finds_a_cut_tail(terminal: Terminal) -> None:
    terminal("upgrade")
    terminal("create-campaign", "T1", "--name", "试点", "--place", "试点县", "--years", "2020", "2021", "--rectify-by",
             "2022-11-30")  # fmt: skip
    head = terminal("audit-head").stdout.strip()
    terminal("verify-audit", "--head", head)
    with sqlite3.connect(terminal.database) as db:
        for (name,) in db.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            db.execute(f"drop trigger {name}")
        seq, writes = db.execute("select seq, writes from audit_entry order by seq desc limit 1").fetchone()
        for kind, table, key, _ in json.loads(writes):
            assert kind == "row"
            db.execute(f"delete from {table} where id = ?", (key,))
        db.execute("delete from audit_entry where seq = ?", (seq,))
    terminal("verify-audit")
    terminal("verify-audit", "--head", head, expect=1)


def test_a_backup_restores_into_an_empty_place_and_the_old_head_still_verifies(
    demo: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = demo("audit-head").stdout.strip()
    made = demo("backup", str(tmp_path / "backups"))
    assert made.stdout.splitlines()[-1] == head
    file = made.stdout.splitlines()[0]
    demo("restore", file, expect=1)
    figures = demo("figures", "--campaign", "SZ2022", "--json").stdout
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "elsewhere"))
    assert head in demo("restore", file).stdout
    demo("verify-audit", "--head", head)
    assert demo("figures", "--campaign", "SZ2022", "--json").stdout == figures
    demo("backup", str(tmp_path / "again"), "--as", "office", expect=1)
    demo("backup", str(tmp_path / "again"), "--as", "admin")


def test_wrong_usage_is_2_and_an_unknown_campaign_1(demo: Terminal) -> None:
    demo("figures", expect=2)
    demo("verify-audit", "--head", "nonsense", expect=2)
    assert "没有代码" in demo("figures", "--campaign", "NOPE", "--json", expect=1).stderr


def test_the_real_program_answers_as_the_tests_do(demo: Terminal) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "audit-head"], cwd=ROOT, env=dict(os.environ), capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    seq, digest = done.stdout.split()
    assert int(seq) > 500 and len(digest) == 64
