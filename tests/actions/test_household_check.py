"""The form of a household: opened once, kept field by field, handed in whole, given back."""

import pytest
import sqlalchemy as sa

from actions.household_check import match_rest, open_check, return_check, save_field, submit_check
from actions.transaction import Caller, transaction
from models.audit import AuditEntry
from models.draft import Draft
from models.household_check import CheckLine, CheckStatus, HouseholdCheck, HouseholdCheckEvent, Verdict
from models.refusal import NotFoundOrNotYours, Refused, SignedOut, Stale
from models.role import Role
from models.unit import Team, TeamMember, TeamRegion
from queries.household_check import CheckView, check_form
from queries.reading import reading
from queries.viewer import viewer_of_user
from tests.factories import LONG_AGO, World
from tests.visits import RETURNED, Visits


@pytest.fixture
def visits(world: World) -> Visits:
    return Visits.build(world).usual_payments()


@pytest.fixture
def both_visits(both_worlds: World) -> Visits:
    return Visits.build(both_worlds).usual_payments()


def form(visits: Visits, check_id: int, by: str = "inspector") -> CheckView:
    world = visits.world
    with reading() as session:
        viewer = viewer_of_user(session, world.users[by], world._today())
    assert viewer is not None
    return check_form(viewer, check_id, world._today())


def lines(check_id: int) -> list[CheckLine]:
    with reading() as session:
        return list(session.scalars(sa.select(CheckLine).where(CheckLine.check_id == check_id).order_by(CheckLine.id)))


def another_team(world: World, town: str = "示例一镇") -> str:
    """An inspector of a second team that works in the same town."""
    with transaction(world.terminal()) as tx:
        world.person(tx, "stranger", "县检查专班抽调组", Role.INSPECTOR)
        team = Team(campaign_id=world.campaign_id, name="检查二组")
        tx.session.add(team)
        tx.session.flush()
        tx.session.add(
            TeamRegion(team_id=team.id, reporting_unit_id=world.reporting_units["甲县"], town_id=world.regions[town])
        )
        tx.session.add(TeamMember(team_id=team.id, person_id=world.people["stranger"], valid_from=LONG_AGO))
        tx.record("test.team", "team:2")
    return "stranger"


# --- opening --------------------------------------------------------------------------------------------------------


def test_opening_twice_finds_the_same_form(both_visits: Visits) -> None:
    assert both_visits.opened("inspector") == both_visits.opened("inspector2")


def test_a_household_of_another_county_is_not_found(both_visits: Visits) -> None:
    with pytest.raises(NotFoundOrNotYours, match="没有找到"):
        both_visits.opened(village="丙一村")


def test_nobody_visits_the_own_village(both_visits: Visits) -> None:
    both_visits.lives_in("inspector", "甲一村")
    with pytest.raises(Refused, match="回避"):
        both_visits.opened()


def test_only_drawn_households_are_visited(visits: Visits) -> None:
    from tests.rosters import add_roster

    later = add_roster(visits.world, {"甲一村": 1})
    with pytest.raises(Refused, match="不在已采用的抽样名单里"):
        open_check(visits.world.caller("inspector"), next(iter(later.households.values())))


def test_a_replaced_household_is_not_opened(world: World) -> None:
    from models.sample import SampledHousehold

    visits = Visits.build(world)
    with transaction(world.terminal()) as tx:
        first, second = (
            tx.session.scalars(
                sa.select(SampledHousehold).where(SampledHousehold.household_id == visits.home(at))
            ).one()
            for at in (0, 1)
        )
        first.replaced_by_id, first.reason, first.replaced_at = second.id, "全家外出务工", tx.now
        tx.record("test.replace", "sample:1")
    with pytest.raises(Refused, match="已被替换"):
        visits.opened()


def test_the_office_does_not_fill_forms(visits: Visits) -> None:
    with pytest.raises(Refused, match="填写一户一表"):
        visits.opened("office")


# --- what stands in it beforehand -----------------------------------------------------------------------------------


def test_every_item_of_every_person_stands_in_the_form(both_visits: Visits) -> None:
    head, spouse = form(both_visits, both_visits.opened()).people
    assert [(line.key.item_code, line.listed_cents, line.received_cents) for line in head.lines] == [
        ("S11", 432_000, 396_000), ("S17", 120_000, 120_000),
    ]  # fmt: skip
    assert spouse.lines == ()


def test_what_was_returned_by_the_bank_was_not_received(world: World) -> None:
    visits = Visits.build(world).pay(status=RETURNED).register()
    (line,) = form(visits, visits.opened()).people[0].lines
    assert (line.listed_cents, line.received_cents) == (120_000, 0)


def test_years_out_of_scope_are_left_out(world: World) -> None:
    visits = Visits.build(world).pay(year=2019).pay(year=2020).register()
    assert [line.key.year for line in form(visits, visits.opened()).people[0].lines] == [2020]


def test_payments_under_the_old_number_of_15_digits_are_the_same_persons(world: World) -> None:
    visits = Visits.build(world)
    number = visits.roster.id_numbers[visits.code()][0]
    visits.pay().pay(due=80_000, id_number=number[:6] + number[8:17]).register()
    (line,) = form(visits, visits.opened()).people[0].lines
    assert line.listed_cents == 200_000


# --- filling --------------------------------------------------------------------------------------------------------


def test_what_one_inspector_types_the_other_sees(both_visits: Visits) -> None:
    check_id = both_visits.opened("inspector")
    both_visits.save(check_id, "inspector", {both_visits.line("S11", "said"): 396_000})
    both_visits.save(check_id, "inspector2", {both_visits.line("S11", "verdict"): "WRONG_AMOUNT"})
    line = form(both_visits, check_id, "inspector").people[0].lines[0]
    assert (line.said_cents, line.verdict) == (396_000, Verdict.WRONG_AMOUNT)


def test_nothing_is_not_the_same_as_zero(both_visits: Visits) -> None:
    check_id = both_visits.opened()
    both_visits.save(check_id, "inspector", {both_visits.line("S11", "said"): 0})
    head = form(both_visits, check_id).people[0]
    assert [line.said_cents for line in head.lines] == [0, None]


def test_a_field_can_be_emptied_again(both_visits: Visits) -> None:
    check_id = both_visits.opened()
    both_visits.save(check_id, "inspector", {"outcome": "ABSENT"})
    both_visits.save(check_id, "inspector", {"outcome": None})
    assert form(both_visits, check_id).head.outcome is None


def test_an_expired_session_loses_nothing_that_was_saved(visits: Visits) -> None:
    check_id = visits.opened()
    visits.save(check_id, "inspector", {visits.line("S11", "said"): 396_000})
    world = visits.world
    gone = Caller(world.now, world._today(), world.now, token_hash="0" * 64)
    with pytest.raises(SignedOut):
        save_field(gone, check_id, "outcome", "VISITED")
    assert form(visits, check_id).people[0].lines[0].said_cents == 396_000


def test_another_team_in_the_same_place_can_neither_fill_nor_hand_in(both_visits: Visits) -> None:
    check_id = both_visits.filled()
    stranger = both_visits.world.caller(another_team(both_visits.world))
    with pytest.raises(NotFoundOrNotYours, match="没有找到"):
        save_field(stranger, check_id, "outcome", "ABSENT")
    with pytest.raises(NotFoundOrNotYours, match="没有找到"):
        match_rest(stranger, check_id, both_visits.member())
    with pytest.raises(NotFoundOrNotYours, match="没有找到"):
        submit_check(stranger, check_id)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("outcome", "PERHAPS"), ("line:1:S01:2021:said", -1), ("line:1:S01:2021:said", "千元"), ("status", "SUBMITTED"),
        ("line:1:S01:1999:verdict", "MATCHES"), ("line:999:S01:2021:verdict", "MATCHES"), ("visited_on", "昨天"),
        ("line:1:S99:2021:verdict", "MATCHES"), ("interviewee", "本" * 31),
    ],
)  # fmt: skip
def test_what_cannot_stand_in_a_field_is_refused(visits: Visits, field: str, value: object) -> None:
    with pytest.raises(Refused):
        save_field(visits.world.caller("inspector"), visits.opened(), field, value)


def test_a_person_of_another_household_has_no_place_in_the_form(visits: Visits) -> None:
    with pytest.raises(Refused, match="不属于本户"):
        save_field(
            visits.world.caller("inspector"), visits.opened(), f"line:{visits.member(at=1)}:S01:2021:verdict", "MATCHES"
        )


def test_the_rest_matches_only_where_register_and_bank_agree(both_visits: Visits) -> None:
    check_id = both_visits.opened()
    both_visits.save(check_id, "inspector", {both_visits.line("S17", "said"): 100_000})
    assert match_rest(both_visits.world.caller("inspector"), check_id, both_visits.member()) == 1
    low, old_age = form(both_visits, check_id).people[0].lines
    assert (low.verdict, old_age.verdict, old_age.said_cents) == (None, Verdict.MATCHES, 100_000)


def test_the_rest_leaves_verdicts_already_given(visits: Visits) -> None:
    check_id = visits.opened()
    visits.save(check_id, "inspector", {visits.line("S17", "verdict"): "UNAWARE"})
    assert match_rest(visits.world.caller("inspector"), check_id, visits.member()) == 0


# --- handing in -----------------------------------------------------------------------------------------------------


def test_a_complete_form_becomes_lines_of_the_record(both_visits: Visits) -> None:
    check_id = both_visits.filled()
    assert submit_check(both_visits.world.caller("inspector"), check_id) == 2
    short, old_age = lines(check_id)
    assert (short.listed_cents, short.received_cents, short.said_cents, short.verdict) == (
        432_000, 396_000, 396_000, Verdict.WRONG_AMOUNT,
    )  # fmt: skip
    assert (old_age.submission, old_age.verdict) == (1, Verdict.MATCHES)
    with reading() as session:
        event = session.scalars(sa.select(HouseholdCheckEvent).where(HouseholdCheckEvent.verb == "submit")).one()
        assert (event.persons, event.outcome.is_finished if event.outcome else None) == (1, True)
        assert session.scalars(sa.select(Draft)).all() == []


def test_nobody_and_nothing_is_left_out(both_visits: Visits) -> None:
    check_id = both_visits.filled()
    both_visits.save(check_id, "inspector", {both_visits.line("S17", "verdict"): None})
    with pytest.raises(Refused, match=r"缺 1 处：.*（户主） 2021年高龄津贴：结论"):
        submit_check(both_visits.world.caller("inspector"), check_id)
    assert lines(check_id) == []


def test_the_refusal_names_people_masked(visits: Visits) -> None:
    check_id = visits.filled()
    visits.save(check_id, "inspector", {visits.line("S17", "verdict"): None})
    with pytest.raises(Refused) as refused:
        submit_check(visits.world.caller("inspector"), check_id)
    assert visits.name_of() not in str(refused.value)


def test_without_an_outcome_nothing_is_handed_in(visits: Visits) -> None:
    with pytest.raises(Refused, match="入户结果"):
        submit_check(visits.world.caller("inspector"), visits.opened())


def test_not_verified_needs_a_reason(visits: Visits) -> None:
    check_id = visits.filled()
    visits.save(check_id, "inspector", {visits.line("S11", "verdict"): "UNREACHED"})
    with pytest.raises(Refused, match="未核实的原因"):
        submit_check(visits.world.caller("inspector"), check_id)
    visits.save(check_id, "inspector", {visits.line("S11", "note"): "存折在外地子女手里"})
    assert submit_check(visits.world.caller("inspector"), check_id) == 2


@pytest.mark.parametrize("second", ["inspector", "office", None])
def test_two_people_of_the_team_visit(visits: Visits, second: str | None) -> None:
    check_id = visits.filled()
    visits.save(check_id, "inspector", {"second": visits.world.people[second] if second else None})
    with pytest.raises(Refused, match="同行检查人员"):
        submit_check(visits.world.caller("inspector"), check_id)


def test_the_second_inspector_is_not_from_the_village(visits: Visits) -> None:
    check_id = visits.filled()
    visits.lives_in("inspector2", "甲一村")
    with pytest.raises(Refused, match="同行检查人员"):
        submit_check(visits.world.caller("inspector"), check_id)


def test_whoever_was_named_second_may_hand_in_then_the_opener_is_the_second(both_visits: Visits) -> None:
    check_id = both_visits.filled("inspector")
    submit_check(both_visits.world.caller("inspector2"), check_id)
    with reading() as session:
        assert session.get_one(HouseholdCheck, check_id).second_inspector_id == both_visits.world.people["inspector"]


def test_a_visit_that_met_nobody_has_no_lines(both_visits: Visits) -> None:
    check_id = both_visits.filled()
    both_visits.save(check_id, "inspector", {"outcome": "ABSENT"})
    assert submit_check(both_visits.world.caller("inspector"), check_id) == 0
    assert lines(check_id) == []
    assert form(both_visits, check_id).status is CheckStatus.SUBMITTED


def test_a_visit_is_not_of_tomorrow(visits: Visits) -> None:
    check_id = visits.filled()
    visits.save(check_id, "inspector", {"visited_on": "2022-12-31"})
    with pytest.raises(Refused, match="不能晚于今天"):
        submit_check(visits.world.caller("inspector"), check_id)


def test_entitled_but_missing_is_recorded_for_somebody_without_payments(both_visits: Visits) -> None:
    check_id = both_visits.filled()
    both_visits.save(check_id, "inspector", {
        both_visits.line("S17", "verdict", place=1): "ENTITLED_BUT_MISSING",
        both_visits.line("S17", "note", place=1): "已满80周岁，未申请",
    })  # fmt: skip
    assert submit_check(both_visits.world.caller("inspector"), check_id) == 3
    missing = lines(check_id)[-1]
    assert (missing.member_id, missing.listed_cents, missing.verdict) == (
        both_visits.member(1), 0, Verdict.ENTITLED_BUT_MISSING,
    )  # fmt: skip


def test_where_nothing_was_paid_nothing_can_match(visits: Visits) -> None:
    check_id = visits.filled()
    visits.save(check_id, "inspector", {visits.line("S01", "verdict", place=1): "MATCHES"})
    with pytest.raises(Refused, match="只能填“应享未享”"):
        submit_check(visits.world.caller("inspector"), check_id)


def test_handing_in_twice_acts_once(both_visits: Visits) -> None:
    check_id = both_visits.filled()
    version = form(both_visits, check_id).version
    submit_check(both_visits.world.caller("inspector"), check_id, version)
    with pytest.raises(Stale, match="已提交"):
        submit_check(both_visits.world.caller("inspector2"), check_id, version)
    assert len(lines(check_id)) == 2


def test_a_form_seen_before_it_was_returned_is_stale(both_visits: Visits) -> None:
    check_id = both_visits.filled()
    version = form(both_visits, check_id).version
    submit_check(both_visits.world.caller("inspector"), check_id, version)
    return_check(both_visits.world.caller("office"), check_id, "高龄津贴期数不对，请重核")
    with pytest.raises(Stale):
        submit_check(both_visits.world.caller("inspector"), check_id, version)


def test_after_handing_in_fields_stand_still(visits: Visits) -> None:
    check_id = visits.filled()
    submit_check(visits.world.caller("inspector"), check_id)
    with pytest.raises(Stale, match="请办公室退回"):
        save_field(visits.world.caller("inspector"), check_id, "outcome", "ABSENT")


def test_the_chain_names_the_submission_and_no_person(both_visits: Visits) -> None:
    check_id = both_visits.filled()
    submit_check(both_visits.world.caller("inspector"), check_id)
    with reading() as session:
        entry = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert (entry.action, entry.subject, entry.detail["lines"]) == ("check.submit", f"check:{check_id}", 2)
    assert both_visits.name_of() not in str(entry.detail)
    assert {write[1] for write in entry.writes} == {"household_check", "household_check_event", "check_line"}


# --- giving back ----------------------------------------------------------------------------------------------------


def test_a_returned_form_holds_what_was_handed_in(both_visits: Visits) -> None:
    check_id = both_visits.filled()
    submit_check(both_visits.world.caller("inspector"), check_id)
    return_check(both_visits.world.caller("office"), check_id, "高龄津贴期数不对，请重核")
    shown = form(both_visits, check_id)
    assert (shown.status, shown.return_reason, shown.may_edit) == (
        CheckStatus.RETURNED,
        "高龄津贴期数不对，请重核",
        True,
    )
    assert [line.verdict for line in shown.people[0].lines] == [Verdict.WRONG_AMOUNT, Verdict.MATCHES]
    assert shown.missing == ()


def test_handing_in_again_leaves_the_first_submission_in_the_record(both_visits: Visits) -> None:
    check_id = both_visits.filled()
    submit_check(both_visits.world.caller("inspector"), check_id)
    return_check(both_visits.world.caller("office"), check_id, "高龄津贴期数不对，请重核")
    both_visits.save(check_id, "inspector", {both_visits.line("S17", "verdict"): "UNAWARE"})
    submit_check(both_visits.world.caller("inspector"), check_id)
    assert [(line.submission, line.verdict) for line in lines(check_id) if line.item_code == "S17"] == [
        (1, Verdict.MATCHES), (2, Verdict.UNAWARE),
    ]  # fmt: skip


def test_only_what_was_handed_in_can_be_returned(visits: Visits) -> None:
    with pytest.raises(Stale, match="不能退回"):
        return_check(visits.world.caller("office"), visits.opened(), "高龄津贴期数不对，请重核")


def test_a_return_says_why(visits: Visits) -> None:
    check_id = visits.filled()
    submit_check(visits.world.caller("inspector"), check_id)
    with pytest.raises(Refused, match="退回原因"):
        return_check(visits.world.caller("office"), check_id, "不对")


def test_the_office_of_another_county_finds_nothing_to_return(both_visits: Visits) -> None:
    check_id = both_visits.filled()
    submit_check(both_visits.world.caller("inspector"), check_id)
    with pytest.raises(NotFoundOrNotYours):
        return_check(both_visits.world.caller("far_office"), check_id, "高龄津贴期数不对，请重核")


def test_inspectors_do_not_return_forms(visits: Visits) -> None:
    check_id = visits.filled()
    submit_check(visits.world.caller("inspector"), check_id)
    with pytest.raises(Refused, match="退回一户一表"):
        return_check(visits.world.caller("inspector2"), check_id, "高龄津贴期数不对，请重核")
