"""The demonstration says what the newspaper page says: the figures of each reporting unit come out of `figures`, from
rows, and everything below the units is invented."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from manage import cli
from models.database import Database
from models.id_number import IdVerdict, check

pytestmark = pytest.mark.xdist_group("demonstration")

SUIXIAN, GUANGSHUI, ZENGDU, WHOLE = "421321000000", "421381000000", "421303000000", ""
SOURCE: dict[str, dict[str, int]] = {
    SUIXIAN: {  # 384个村、12个县直单位; 1.13万户、1.69万人; 19.36万人; 3万余元, 4名; 70余人次; 两万余份, 1250余人
        "villages_self_checked": 384, "departments_self_checked": 12, "households_self_checked": 11_300,
        "people_self_checked": 16_900, "cards_confirmed": 193_600, "money_recovered_cents": 3_150_000,
        "people_disciplined": 4, "person_trips": 72, "leaflets": 20_600, "door_to_door": 1_256, "towns_total": 20,
    },
    GUANGSHUI: {  # 18个镇办103个村11669户
        "towns_total": 18, "villages_required": 103, "villages_checked": 103, "households_required": 11_669,
        "households_checked": 11_669, "towns_meeting_floor": 18,
    },
    ZENGDU: {  # 158个村, 8218户24438人, 24个问题; 党组会2次、专题会1次; 12000张, 65人次
        "villages_self_checked": 158, "households_self_checked": 8_218, "people_self_checked": 24_438,
        "issues_by_self_check": 24, "meetings": 3, "leaflets": 12_000, "door_to_door": 65,
    },
    "ZGX": {"departments_self_checked": 4, "money_recovered_cents": 0, "people_disciplined": 0},
    "ZDHS": {  # 9个村4266户17000人, 8个部门3166万元; 督导9次, 暗访1次, 问卷10份; 座谈8次; 专项审计1次
        "villages_self_checked": 9, "households_self_checked": 4_266, "people_self_checked": 17_000,
        "departments_self_checked": 8, "money_self_checked_cents": 3_166_000_000, "trips": 9, "covert_visits": 1,
        "questionnaires": 10, "meetings": 8, "special_audits": 1,
    },
}  # fmt: skip
"""By the code of the reporting unit; what 余 and 万 became stands in docs/demonstration.md."""
ADDED = (
    "villages_self_checked", "departments_self_checked", "households_self_checked", "people_self_checked",
    "cards_confirmed", "issues_by_self_check", "people_disciplined", "person_trips", "leaflets", "covert_visits",
    "questionnaires", "meetings", "villages_required", "villages_checked", "households_required", "households_checked",
    "people_checked", "issues_total", "issues_open", "issues_closed", "issues_overdue", "money_recovered_cents",
)  # fmt: skip
"""Figures whose sum over the five units is the city's."""


@pytest.fixture(scope="module")
def folder(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One copy of the demonstration for this module; nothing here writes."""
    copy = tmp_path_factory.mktemp("told") / "data"
    shutil.copytree(demonstration, copy)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATA_DIR", str(copy))
        patch.delenv("DATABASE_URL", raising=False)
        patch.setenv("TODAY", "2022-09-16")
        yield copy
    Database.close()


@pytest.fixture(scope="module")
def told(folder: Path) -> dict[str, dict[str, Any]]:
    """What `manage.py figures` says of each unit and of the whole."""
    return {code: figures(*(("--region", code) if code else ())) for code in (*SOURCE, WHOLE)}


def figures(*words: str) -> dict[str, Any]:
    result = CliRunner().invoke(cli, ["figures", "--campaign", "SZ2022", "--json", *words])
    assert result.exit_code == 0, result.output
    return {name: figure["value"] for name, figure in json.loads(result.stdout).items()}


def rows(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(folder / "xiaohaotai.db") as database:
        return database.execute(sql).fetchall()


@pytest.mark.parametrize("code", SOURCE)
def test_the_figures_of_the_source_come_out_for_each_reporting_unit(told: dict[str, dict[str, Any]], code: str) -> None:
    assert {name: told[code][name] for name in SOURCE[code]} == SOURCE[code]


def test_the_citys_figures_are_the_sums_of_its_units(told: dict[str, dict[str, Any]]) -> None:
    assert {n: told[WHOLE][n] for n in ADDED} == {n: sum(told[code][n] for code in SOURCE) for n in ADDED}


def test_the_demonstration_is_the_same_on_every_machine(told: dict[str, dict[str, Any]]) -> None:
    names = ("issues_total", "issues_closed", "households_checked", "people_checked", "money_paid_cents")
    assert [told[WHOLE][name] for name in names] == [117, 63, 14_039, 14_085, 5_790_000]


def test_what_suixian_had_done_by_24_july_is_the_record_as_of_that_day(folder: Path) -> None:
    then = figures("--region", SUIXIAN, "--as-of", "2022-07-24")
    wanted = {n: v for n, v in SOURCE[SUIXIAN].items() if n != "towns_total"}
    assert {name: then[name] for name in wanted} == wanted


def test_the_teams_of_the_source_with_their_people(folder: Path) -> None:
    found = rows(
        folder,
        "select r.name, t.kind, count(distinct t.id), count(*), count(distinct p.unit_id) from team t "
        "join reporting_unit r on r.id = t.reporting_unit_id join team_member m on m.team_id = t.id "
        "join person p on p.id = m.person_id group by r.position, t.kind order by r.position, t.kind",
    )
    teams = {(unit, kind): (count, people, bodies) for unit, kind, count, people, bodies in found}
    assert teams[("随县", "SUPERVISION")][0] == 7
    assert teams[("广水市", "INSPECTION")][0] == 6
    assert teams[("高新区", "INSPECTION")][0] == 2
    assert teams[("大洪山", "WORKING")] == (17, 72, 8)
    assert teams[("大洪山", "SUPERVISION")][0] == 3


def test_offences_are_suixians_twelve_in_three_towns_and_nobody_elses(folder: Path) -> None:
    found = rows(
        folder,
        "select r.name, count(*), count(distinct i.town_id) from issue i "
        "join reporting_unit r on r.id = i.reporting_unit_id where i.type_code like 'P3%' group by r.name",
    )
    assert found == [("随县", 12, 3)]


def test_the_high_tech_zone_signed_that_it_found_nothing(folder: Path) -> None:
    found = rows(
        folder,
        "select min(s.is_zero_report), count(s.evidence), count(*) from self_check_return s "
        "join reporting_unit r on r.id = s.reporting_unit_id where r.code = 'ZGX'",
    )
    assert found == [(1, 4, 4)]


def test_everything_below_the_units_is_invented(folder: Path) -> None:
    towns = [name for (name,) in rows(folder, "select name from region where level = 'town'")]
    villages = [name for (name,) in rows(folder, "select name from region where level = 'village'")]
    numbers = [number for (number,) in rows(folder, "select id_number from identity")]
    bodies = [n for (n,) in rows(folder, "select name from unit where reporting_unit_id is not null")]
    assert all(name.startswith("示例") for name in towns) and len(set(towns)) == len(towns) == 50
    assert len(villages) - len(set(villages)) == 3  # the planted pairs
    assert all("示例" in name for name in bodies)
    assert {number[:6] for number in numbers} == {"000000"}
    assert len(set(numbers)) == len(numbers)
    assert {check(number, date(2022, 9, 16)) for number in numbers[::97]} == {IdVerdict.OK}
