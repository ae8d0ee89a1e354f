"""Imports are withdrawn, not erased: only while nothing stands on them, and the record still proves itself."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from actions.import_withdrawal import withdraw_payments, withdraw_roster
from actions.payment import PaymentOptions, import_payments
from actions.roster import import_roster
from actions.sample import freeze
from actions.transaction import transaction
from models.audit import AuditEntry
from models.campaign import HouseholdBase, SamplingRule
from models.database import Database
from models.issue_record import IssuePerson
from models.payment import PaymentImport
from models.refusal import NotFoundOrNotYours, Refused
from models.roster import Household, HouseholdMember, RosterImport
from queries.audit import verify
from queries.payment import batch_files
from queries.reading import reading
from queries.register_import import payment_imports, roster_imports
from queries.roster import roster_rows
from queries.viewer import Viewer
from tests.factories import World
from tests.register_files import (
    EIGHT_PAYMENTS_CENTS,
    FOUR_HOUSEHOLDS,
    Somebody,
    changed,
    payment_file,
    roster_file,
)

WHY = "选错了文件"
Take = Callable[..., int]


@pytest.fixture
def take(request: pytest.FixtureRequest, tmp_path: Path) -> Take:
    """`take(people)` imports a roster as office, `take()` the eight payments; the import's id."""
    world: World = request.getfixturevalue("both_worlds" if "both_worlds" in request.fixturenames else "world")

    def taken(people: object = None, by: str = "office") -> int:
        if people is None:
            path = payment_file(tmp_path / "发放.xlsx")
            import_payments(world.caller(by), world.campaign_id, path, path.name, PaymentOptions(EIGHT_PAYMENTS_CENTS))
        else:
            path = roster_file(tmp_path / "名册.xlsx", people)  # type: ignore[arg-type]
            import_roster(world.caller(by), world.campaign_id, path, path.name)
        table = PaymentImport if people is None else RosterImport
        with reading() as session:
            return session.scalar(sa.select(sa.func.max(table.id))) or 0

    return taken


def viewer(world: World, name: str = "office") -> Viewer:
    with reading() as session:
        return world.caller(name).look_up(session)


def names(world: World) -> list[str]:
    return sorted(row.name for row in roster_rows(viewer(world), world.campaign_id))


def test_a_withdrawn_roster_counts_no_more_and_its_manifest_stays(world: World, take: Take) -> None:
    import_id = take(FOUR_HOUSEHOLDS)
    withdraw_roster(world.caller("office2"), import_id, WHY)
    assert names(world) == []
    (row,) = roster_imports(viewer(world), world.campaign_id)
    assert (row.withdrawn_reason, row.withdrawn_by) == (WHY, "O某某")
    with reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(HouseholdMember)) == 8
        said = session.scalar(sa.select(AuditEntry.detail).where(AuditEntry.action == "roster.withdraw"))
    assert said == {"rows": 8, "reason": WHY}
    assert verify().ok


def test_withdrawing_the_second_roster_brings_back_the_first_ones_rows(both_worlds: World, take: Take) -> None:
    world = both_worlds
    take(FOUR_HOUSEHOLDS)
    before = names(world)
    second = take([*changed(FOUR_HOUSEHOLDS, 3, name="改名了"), Somebody(70, name="新来的", household="0009")])
    assert "改名了" in names(world) and "新来的" in names(world)
    withdraw_roster(world.caller("office"), second, WHY)
    assert names(world) == before
    assert verify().ok


def test_the_same_roster_can_be_imported_again_with_another_group(world: World, take: Take) -> None:
    withdraw_roster(world.caller("office"), take(FOUR_HOUSEHOLDS), WHY)
    again = take(FOUR_HOUSEHOLDS)
    assert len(names(world)) == 8
    with reading() as session:
        assert session.get_one(RosterImport, again).taken == 8
        assert session.scalar(sa.select(sa.func.count()).select_from(Household)) == 4
    withdraw_roster(world.caller("office"), again, WHY)
    assert verify().ok and names(world) == []


def test_a_withdrawn_version_put_back_by_hand_is_found(world: World, take: Take) -> None:
    withdraw_roster(world.caller("office"), take(FOUR_HOUSEHOLDS), WHY)
    session = Database.writers()
    session.execute(sa.update(HouseholdMember).where(HouseholdMember.id == 3).values(superseded_by_id=None))
    session.commit()
    session.close()
    assert [str(f.kind) for f in verify().findings] == ["SET_ALTERED"]


def test_a_roster_on_which_a_later_one_builds_is_withdrawn_after_it(both_worlds: World, take: Take) -> None:
    first = take(FOUR_HOUSEHOLDS)
    second = take([*FOUR_HOUSEHOLDS, Somebody(70, household="0009")])
    with pytest.raises(Refused, match="请先撤回那一份"):
        withdraw_roster(both_worlds.caller("office"), first, WHY)
    withdraw_roster(both_worlds.caller("office"), second, WHY)
    withdraw_roster(both_worlds.caller("office"), first, WHY)
    assert verify().ok


def test_two_counties_rosters_do_not_stand_on_each_other(world: World, take: Take) -> None:
    first = take(FOUR_HOUSEHOLDS)
    take([Somebody(90, town="示例三镇", village="丙一村")], by="far_office")
    withdraw_roster(world.caller("office"), first, WHY)
    assert len(names(world)) == 1


def test_households_in_a_frozen_frame_keep_their_roster(world: World, take: Take) -> None:
    import_id = take(FOUR_HOUSEHOLDS)
    freeze(world.caller("office"), world.campaign_id, "摇号")
    with pytest.raises(Refused, match="4 户已在封存的抽样框里"):
        withdraw_roster(world.caller("office"), import_id, WHY)
    assert len(names(world)) == 8


def test_a_problem_that_names_a_person_keeps_their_roster(world: World, take: Take) -> None:
    import_id = take(FOUR_HOUSEHOLDS)
    issue_id = world.registered()
    with transaction(world.terminal()) as tx:
        member = tx.session.scalars(sa.select(HouseholdMember.id)).first()
        tx.session.add(IssuePerson(issue_id=issue_id, member_id=member))
        tx.record("test.person", f"issue:{issue_id}")
    with pytest.raises(Refused, match="登记在问题里"):
        withdraw_roster(world.caller("office"), import_id, WHY)


def test_withdrawn_payments_count_no_more_and_come_in_again(both_worlds: World, take: Take) -> None:
    world = both_worlds
    withdraw_payments(world.caller("office"), take(), WHY)
    with reading() as session:
        assert batch_files(session, world.campaign_id) == ()
    assert take() == 2
    with reading() as session:
        assert len(batch_files(session, world.campaign_id)) == 1
    assert [row.withdrawn_at is None for row in payment_imports(viewer(world), world.campaign_id)] == [True, False]
    assert verify().ok


def test_payments_a_frozen_frame_took_its_base_from_stay(world: World, take: Take) -> None:
    take(FOUR_HOUSEHOLDS)
    import_id = take()
    with transaction(world.terminal()) as tx:
        tx.session.add(SamplingRule(
            campaign_id=world.campaign_id, household_base=HouseholdBase.SUBSIDISED, mandatory_villages=[],
            mandatory_items=[], recorded_at=world.now + timedelta(seconds=1),
        ))  # fmt: skip
        tx.record("campaign.set_rule", "campaign:1")
    freeze(world.caller("office"), world.campaign_id, "摇号")
    with pytest.raises(Refused, match="抽样框按发放登记定了基数"):
        withdraw_payments(world.caller("office"), import_id, WHY)


@pytest.mark.parametrize("by", ["inspector", "unit", "leader", "auditor", "admin"])
def test_only_who_may_import_may_withdraw(world: World, tmp_path: Path, by: str) -> None:
    path = roster_file(tmp_path / "名册.xlsx")
    import_roster(world.caller("office"), world.campaign_id, path, path.name)
    with pytest.raises(Refused, match="没有“导入名册”的权限"):
        withdraw_roster(world.caller(by), 1, WHY)


def test_an_office_of_one_county_withdraws_only_its_own(world: World, take: Take) -> None:
    import_id = take(FOUR_HOUSEHOLDS)
    with pytest.raises(NotFoundOrNotYours):
        withdraw_roster(world.caller("far_office"), import_id, WHY)


def test_without_a_reason_and_a_second_time_it_is_refused(world: World, take: Take) -> None:
    import_id = take(FOUR_HOUSEHOLDS)
    with pytest.raises(Refused, match="理由"):
        withdraw_roster(world.caller("office"), import_id, "错")
    withdraw_roster(world.caller("office"), import_id, WHY)
    with pytest.raises(Refused, match="已经撤回过"):
        withdraw_roster(world.caller("office"), import_id, WHY)
