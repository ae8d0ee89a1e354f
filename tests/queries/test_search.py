"""One search over problems, households, villages and units: what is found, and by whom."""

import pytest
import sqlalchemy as sa

from actions.household_check import submit_check
from models.audit import AuditEntry
from models.identity import Identity
from queries.ledger_search import LONGEST_SEARCH
from queries.reading import reading
from queries.search import Found, Remark, search
from queries.viewer import Viewer, viewer_of_user
from tests.factories import World
from tests.visits import Visits


@pytest.fixture
def visits(both_worlds: World) -> Visits:
    return Visits.build(both_worlds)


def viewer(world: World, by: str) -> Viewer:
    with reading() as session:
        found = viewer_of_user(session, world.users[by], world._today())
    assert found is not None
    return found


def found(world: World, by: str, text: str) -> Found:
    return search(viewer(world, by), world.campaign_id, text, world._today())


def homes(world: World, by: str, text: str) -> list[int]:
    hits = found(world, by, text).households
    return [] if hits is None else [row.household_id for row in hits.rows]


def test_a_household_is_found_by_village_and_number_however_written(visits: Visits) -> None:
    for typed in ("甲一村 0001", "甲一 1", "甲一村0001", "甲一村委会 ０００１号", "示例一镇 甲一村 0001户"):
        assert homes(visits.world, "office", typed) == [visits.home()], typed
    by_number = homes(visits.world, "office", "0001")
    assert visits.home() in by_number and len(by_number) == 4
    assert homes(visits.world, "office", "甲一村 0009") == homes(visits.world, "office", "无此村 0001") == []


def test_a_found_household_is_masked_but_for_the_team_that_has_its_form_open(visits: Visits) -> None:
    visits.opened()
    for by, whole in (("inspector", True), ("office", False), ("auditor", False)):
        hits = found(visits.world, by, "甲一村 0001").households
        assert hits is not None
        assert (hits.rows[0].head == visits.name_of()) is whole, by


def test_a_full_name_finds_open_households_of_the_own_team_and_nothing_for_anybody_else(visits: Visits) -> None:
    name = visits.name_of()
    assert homes(visits.world, "inspector", name) == []
    visits.opened()
    assert homes(visits.world, "inspector", name) == [visits.home()]
    assert homes(visits.world, "inspector", name[:-1] or name[0]) == []
    for by in ("office", "leader", "auditor", "far_office", "unit"):
        assert homes(visits.world, by, name) == [], by


def test_once_the_form_is_handed_in_a_name_finds_it_no_more(world: World) -> None:
    visits = Visits.build(world).usual_payments()
    check_id = visits.filled()
    assert homes(world, "inspector", visits.name_of()) == [visits.home()]
    submit_check(world.caller("inspector"), check_id)
    assert homes(world, "inspector", visits.name_of()) == []


def test_a_full_identity_number_is_searched_in_open_forms_only_and_refused_to_others(visits: Visits) -> None:
    visits.opened()
    number = visits.roster.id_numbers[visits.code()][0]
    other = visits.roster.id_numbers[visits.code(1)][0]
    assert homes(visits.world, "inspector", number) == [visits.home()]
    assert found(visits.world, "inspector", other) == Found(
        (Remark.NOT_IN_OPEN_FORMS,), households=found(visits.world, "inspector", other).households
    )
    assert found(visits.world, "office", number) == Found((Remark.NUMBER_OF_A_PERSON,))


def test_what_is_searched_leaves_no_trace(visits: Visits) -> None:
    visits.opened()
    with reading() as session:
        before = session.scalar(sa.select(sa.func.max(AuditEntry.seq)))
        number = session.scalar(sa.select(Identity.id_number).limit(1))
    found(visits.world, "inspector", str(number))
    with reading() as session:
        assert session.scalar(sa.select(sa.func.max(AuditEntry.seq))) == before


def test_each_finds_what_is_theirs(both_worlds: World) -> None:
    issue_id = both_worlds.rectifying()
    seen = {}
    for by in ("office", "inspector", "unit", "other_unit", "far_office", "admin", "discipline"):
        answer = found(both_worlds, by, "甲一村")
        seen[by] = (
            None if answer.issues is None else [row.id for row in answer.issues.rows],
            None if answer.villages is None else [row.name for row in answer.villages.rows],
        )
    assert seen == {
        "office": ([issue_id], ["甲一村"]), "inspector": ([issue_id], ["甲一村"]), "unit": ([issue_id], ["甲一村"]),
        "other_unit": ([], []), "far_office": ([], []), "admin": (None, ["甲一村"]), "discipline": (None, None),
    }  # fmt: skip


def test_a_unit_is_found_with_the_problems_it_holds_as_the_viewer_sees_them(both_worlds: World) -> None:
    both_worlds.rectifying()
    counts = {}
    for by in ("office", "admin", "unit", "far_unit"):
        units = found(both_worlds, by, "示例一镇财政").units
        assert units is not None
        counts[by] = [(row.name, row.issues, row.open) for row in units.rows]
    one = ("示例一镇财政所", 1, 1)
    assert counts == {"office": [one], "admin": [("示例一镇财政所", 0, 0)], "unit": [one], "far_unit": []}


def test_the_problem_of_exactly_that_number_comes_first(both_worlds: World) -> None:
    first = both_worlds.registered(facts="甲一村一组2户2021年度到账少。")
    second = both_worlds.registered()
    both_worlds.registered(facts="甲一村二组2户2021年度到账少。")
    issues = found(both_worlds, "office", "2").issues
    assert issues is not None and issues.rows[0].id == second and first in [row.id for row in issues.rows]


@pytest.mark.parametrize("typed", ["", "　", "_", "（）", "-", "\x00"])
def test_nothing_to_look_for_is_said(world: World, typed: str) -> None:
    assert found(world, "office", typed) == Found((Remark.NOTHING_TYPED,))


def test_whatever_is_typed_is_answered(both_worlds: World) -> None:
    both_worlds.registered()
    signs = (
        "%",
        "\\",
        "100%_",
        "😀",
        "𠮷䶮",
        "a" * LONGEST_SEARCH,
        "'; drop table issue; --",
        "\ud842低",
        "0000",
        "-9",
    )
    for typed in signs:
        answer = found(both_worlds, "office", typed)
        assert answer.issues is not None and answer.issues.total == 0, typed
    assert found(both_worlds, "office", "低保" * 2500).remarks == (Remark.CUT,)
