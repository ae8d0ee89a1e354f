"""The ledger: its lights in SQL, its order, whose rows, what a search finds, what really waits for somebody."""

import random
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from actions import assignment, closure, dismissal, issue
from actions.transaction import transaction
from models.deadline import DeadlineRule, Light, LightThresholds
from models.issue import Verb
from models.issue_record import Issue
from models.issue_rule import allowed_verbs
from models.issue_word import DismissalGround, IssueStatus, VerifiedHow
from models.role import Role
from models.workday import Calendar
from queries.figures import figures
from queries.issue_case import case_of, doers_for
from queries.ledger import LedgerFilter, LedgerPage, LedgerView, ledger_page, ledger_spot
from queries.ledger_light import LightRule, band_number, bands
from queries.reading import reading
from queries.unit import towns_in_ledger, units_in_ledger
from queries.viewer import Viewer, viewer_of_user
from tests.factories import World

TODAY = date(2022, 9, 16)


def viewer(world: World, name: str) -> Viewer:
    with reading() as session:
        found = viewer_of_user(session, world.users[name], world.caller(name).today)
    assert found is not None
    return found


def page(world: World, name: str, wanted: LedgerFilter = LedgerFilter(), **how: int) -> LedgerPage:  # noqa: B008
    return ledger_page(viewer(world, name), world.campaign_id, wanted, world.caller(name).today, **how)


def write(world: World, issue_id: int, **columns: object) -> None:
    """Put a problem into a state no verb leads to quickly: lights only look at these columns."""
    with transaction(world.terminal()) as tx:
        found = tx.session.get_one(Issue, issue_id)
        for name, value in columns.items():
            setattr(found, name, value)
        tx.record("test.write", f"issue:{issue_id}")


def scatter(world: World, count: int, seed: int = 7) -> list[int]:
    """Problems with random statuses, deadlines and rules round `TODAY`."""
    rnd, steps = random.Random(seed), random.Random(seed)
    ids = [world.registered(title=f"甲一村第{n}个问题") for n in range(count)]
    for issue_id in ids:
        assigned = TODAY - timedelta(days=rnd.randint(0, 40))
        due = assigned + timedelta(days=rnd.randint(0, 60))
        rule = rnd.choice(["W15", "W16", "C10", "C30", f"D{due.isoformat()}", "N"])
        status = rnd.choice([s for s in IssueStatus if s is not IssueStatus.DRAFT] + [IssueStatus.RECTIFYING] * 6)
        deadline = None if rule == "N" else TODAY + timedelta(days=rnd.randint(-6, 12))
        step = steps.choice([None, None, TODAY + timedelta(days=steps.randint(-4, 9))])
        write(
            world, issue_id, status=status, assigned_on=assigned, deadline_rule=rule, deadline=deadline,
            next_step_on=step,
        )  # fmt: skip
    return ids


@pytest.mark.parametrize("thresholds", [LightThresholds(), LightThresholds(6, 2, 20)], ids=["usual", "set"])
def test_the_lights_of_the_table_are_those_of_the_rule_on_random_rows(
    both_worlds: World, thresholds: LightThresholds
) -> None:
    scatter(both_worlds, 60)
    rule = LightRule(TODAY, Calendar(), thresholds)
    kept = bands(rule.dates)
    with reading() as session:
        rows = session.execute(sa.select(Issue, band_number(kept))).all()
        for found, number in rows:
            by_rule = rule.of(found).light
            assert kept[number].light is by_rule, (found.status, found.deadline, found.deadline_rule, found.assigned_on)
    assert {kept[number].light for _, number in rows} >= {Light.OVERDUE, Light.SOON, Light.NORMAL, Light.REVIEW}


@pytest.mark.parametrize("rule", ["W15", "C30", "D2022-09-23", "D2022-09-26"])
def test_a_week_before_its_end_only_a_long_limit_warns(both_worlds: World, rule: str) -> None:
    issue_id = both_worlds.rectifying()
    assigned = date(2022, 9, 8) if rule == "D2022-09-23" else date(2022, 9, 1)
    write(both_worlds, issue_id, assigned_on=assigned, deadline_rule=rule, deadline=date(2022, 9, 23))
    both_worlds.on(TODAY)
    soon = page(both_worlds, "office", LedgerFilter(lights=(Light.SOON,)))
    expected = rule in ("C30", "D2022-09-26")
    assert [row.light.light for row in soon.rows] == ([Light.SOON] if expected else [])
    assert soon.total == int(expected)


def test_what_burns_first_stands_first_and_the_counts_are_of_the_rows(both_worlds: World) -> None:
    scatter(both_worlds, 45)
    both_worlds.on(TODAY)
    pages = [page(both_worlds, "office", page=n, size=20) for n in (1, 2, 3)]
    rows = [row for one in pages for row in one.rows]
    lights = list(Light)
    keys = [(lights.index(r.light.light), r.deadline or date.max, r.number) for r in rows]
    assert keys == sorted(keys)
    assert len({r.id for r in rows}) == pages[0].total == 45
    assert pages[0].open == sum(r.status in IssueStatus.open() for r in rows)
    assert pages[0].overdue == sum(r.light.light is Light.OVERDUE for r in rows)
    assert pages[0].amount_cents == sum(r.amount_cents for r in rows)


def test_the_number_on_a_view_is_that_of_its_list(both_worlds: World) -> None:
    scatter(both_worlds, 15)
    returned = both_worlds.in_acceptance()
    closure.return_to_unit(both_worlds.caller("office"), returned, "凭证不清，请补银行回单。")
    both_worlds.in_acceptance()
    both_worlds.on(TODAY)
    for name in ("office", "unit", "inspector"):
        seen = {view: page(both_worlds, name, LedgerFilter(view)) for view in LedgerView}
        assert {view: seen[view].counts[view] for view in seen} == {view: seen[view].total for view in seen}
        assert page(both_worlds, name, LedgerFilter(search="第3个")).counts == seen[LedgerView.ALL].counts


def test_a_ledger_names_the_towns_and_units_of_its_own_problems_once(both_worlds: World) -> None:
    both_worlds.rectifying()
    both_worlds.rectifying()
    far = both_worlds.registered("office", region_id=both_worlds.regions["丙一村"])
    order = both_worlds.order(responsible_unit_id=both_worlds.units["示例三镇财政所"])
    assignment.assign(both_worlds.caller("office"), far, order)
    near, beyond = ["示例一镇", "示例一镇财政所"], ["示例三镇", "示例三镇财政所"]
    theirs = {"office": [*near, *beyond], "inspector": near, "unit": near, "far_office": beyond}
    for name, names in theirs.items():
        who, campaign_id = viewer(both_worlds, name), both_worlds.campaign_id
        listed = [*towns_in_ledger(who, campaign_id), *units_in_ledger(who, campaign_id)]
        assert sorted(place.name for place in listed) == sorted(names)


def test_a_page_beyond_the_last_is_the_last(world: World) -> None:
    world.registered()
    assert page(world, "office", page=99).page == 1
    assert len(page(world, "office", page=99).rows) == 1


def test_every_problem_knows_its_place_and_its_neighbours(both_worlds: World) -> None:
    scatter(both_worlds, 25)
    both_worlds.on(TODAY)
    office = viewer(both_worlds, "office")
    order = [r.id for r in page(both_worlds, "office", size=100).rows]
    for place, issue_id in enumerate(order):
        spot = ledger_spot(office, both_worlds.campaign_id, LedgerFilter(), TODAY, issue_id)
        around = (order[place - 1] if place else None, order[place + 1] if place + 1 < len(order) else None)
        assert (spot.position, spot.previous_id, spot.next_id) == (place + 1, *around)


def test_a_problem_that_left_the_list_has_no_place_in_it(world: World) -> None:
    issue_id = world.registered()
    spot = ledger_spot(
        viewer(world, "office"),
        world.campaign_id,
        LedgerFilter(LedgerView.TO_ACCEPT),
        world.caller("office").today,
        issue_id,
    )
    assert (spot.position, spot.total) == (0, 0)


def test_only_what_is_in_ones_rights_is_listed_and_counted(both_worlds: World) -> None:
    near = both_worlds.rectifying()
    far = both_worlds.draft("office", region_id=both_worlds.regions["丙一村"])
    issue.submit(both_worlds.caller("office"), far)
    hidden = both_worlds.registered(type_code="P301", title="涉嫌优亲厚友", facts="甲一村低保评议涉嫌优亲厚友。")
    assert {r.id for r in page(both_worlds, "office").rows} == {near, far, hidden}
    assert [r.id for r in page(both_worlds, "unit").rows] == [near]
    assert page(both_worlds, "unit").total == page(both_worlds, "unit").counts[LedgerView.ALL] == 1
    assert [r.id for r in page(both_worlds, "far_office").rows] == [far]
    assert page(both_worlds, "other_unit").total == 0
    assert page(both_worlds, "admin").total == 0


def test_a_draft_is_listed_only_when_asked_for_and_only_to_its_author(both_worlds: World) -> None:
    draft = both_worlds.draft("inspector")
    asked = LedgerFilter(statuses=(IssueStatus.DRAFT,))
    assert page(both_worlds, "inspector").total == 0
    assert [r.id for r in page(both_worlds, "inspector", asked).rows] == [draft]
    assert page(both_worlds, "office", asked).total == 0


def test_what_waits_for_me_is_what_the_rules_would_let_me_do(both_worlds: World) -> None:
    world = both_worlds
    in_acceptance = world.in_acceptance()
    by_inspector = world.in_approval()
    by_office = world.in_acceptance()
    closure.accept(world.caller("office"), by_office, VerifiedHow.DOCUMENTS, "回单齐全。")
    offence = world.in_approval(type_code="P302", title="涉嫌虚报冒领", facts="甲一村涉嫌虚报冒领补贴。")
    corrected = world.in_acceptance()
    issue.correct(world.caller("office"), corrected, "measures", "已由办公室代为补写整改措施。", "补写措施")
    for name in ("office", "office2", "leader", "inspector", "inspector2", "unit", "auditor", "far_office"):
        person = viewer(world, name)
        for view, verb in ((LedgerView.TO_ACCEPT, Verb.ACCEPT), (LedgerView.TO_APPROVE, Verb.APPROVE)):
            listed = {r.id for r in page(world, name, LedgerFilter(view)).rows}
            assert listed == may_do(world, person, verb), (name, view)
    assert {r.id for r in page(world, "office2", LedgerFilter(LedgerView.TO_APPROVE)).rows} == {by_inspector, by_office}
    assert {r.id for r in page(world, "leader", LedgerFilter(LedgerView.TO_APPROVE)).rows} == {offence}
    assert {r.id for r in page(world, "office", LedgerFilter(LedgerView.TO_ACCEPT)).rows} == {in_acceptance}


def may_do(world: World, person: Viewer, verb: Verb) -> set[int]:
    with reading() as session:
        return {
            found.id
            for found in session.scalars(sa.select(Issue))
            if verb in allowed_verbs(case_of(session, found), doers_for(session, person, found, person.grants))
        }


def test_my_own_are_those_i_did_something_to(both_worlds: World) -> None:
    mine = both_worlds.rectifying()
    both_worlds.registered(by="inspector2")
    assert [r.id for r in page(both_worlds, "office", LedgerFilter(LedgerView.MINE)).rows] == [mine]
    assert page(both_worlds, "office").counts[LedgerView.MINE] == 1


def test_what_one_did_comes_in_the_order_and_with_the_time_of_ones_own_last_act(both_worlds: World) -> None:
    world = both_worlds.on(date(2022, 7, 4), 9)
    first, second, other = world.registered(), world.registered(), world.registered()
    world.on(date(2022, 7, 5), 9)
    assignment.assign(world.caller("office"), second, world.order())
    world.on(date(2022, 7, 6), 16)
    assignment.assign(world.caller("office"), first, world.order())
    world.on(date(2022, 7, 8), 9)
    assignment.sign(world.caller("unit"), second)
    mine = LedgerFilter(LedgerView.MINE)
    rows = page(world, "office", mine).rows
    assert [(r.id, r.last_act) for r in rows] == [(first, "7月6日 16:00 交办"), (second, "7月5日 09:00 交办")]
    assert [r.id for r in page(world, "office", mine, size=1, page=2).rows] == [second]
    today = world.caller("office").today
    spot = ledger_spot(viewer(world, "office"), world.campaign_id, mine, today, second)
    assert (spot.position, spot.total, spot.previous_id, spot.next_id) == (2, 2, first, None)
    assert ledger_spot(viewer(world, "office"), world.campaign_id, mine, today, other).position == 0
    late = LedgerFilter(LedgerView.MINE, lights=(Light.OVERDUE,))
    assert page(world, "office", late).rows == ()


def test_this_week_ends_on_sunday_and_leaves_out_what_is_overdue(both_worlds: World) -> None:
    both_worlds.on(date(2022, 9, 1))
    for day in (date(2022, 9, 15), date(2022, 9, 16), date(2022, 9, 18), date(2022, 9, 19)):
        issue_id = both_worlds.registered()
        assignment.assign(both_worlds.caller("office"), issue_id, both_worlds.order(deadline_rule=DeadlineRule.by(day)))
    both_worlds.on(TODAY)
    due = page(both_worlds, "office", LedgerFilter(LedgerView.THIS_WEEK)).rows
    assert [row.deadline for row in due] == [date(2022, 9, 16), date(2022, 9, 18)]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("〔2022〕14", "按随财〔2022〕14号文件"),
        ("[2022]14", "按随财〔2022〕14号文件"),
        ("（2022）14", "按随财〔2022〕14号文件"),
        ("〔2022〕14", "按随财（2022）14号文件"),
        ("2021年", "甲一村２０２１年度"),
        ("２０２１年", "甲一村2021年度"),
        ("甲一 低保", "甲一村农村低保少发"),
        ("示例一镇", "到账比清册少"),
        ("甲一村", "到账比清册少"),
        ("JX-0001", "到账比清册少"),
        ("jx－0001", "到账比清册少"),
        ("jx1", "到账比清册少"),
        ("SL2022-JX-1", "到账比清册少"),
        ("1", "到账比清册少"),
        ("甲一村委会", "到账比清册少"),
        ("甲一村村民委员会", "到账比清册少"),
        ("随财〔2022〕14号", "按 随财 [2022]　14 号文件"),
        ("𠮷䶮", "群众𠮷䶮反映"),
    ],
)
def test_a_search_finds_whatever_the_keyboard_gave(both_worlds: World, typed: str, written: str) -> None:
    found = both_worlds.registered(title="补贴少发问题", facts=f"{written}，共12户。")
    both_worlds.registered(region_id=both_worlds.regions["乙一村"], title="另一个问题", facts="与之无关的事实。")
    assert [r.id for r in page(both_worlds, "office", LedgerFilter(search=typed)).rows] == [found]


@pytest.mark.parametrize("typed", ["%", "100%", "\\", "'; drop table issue; --", "不存在的词"])
def test_signs_of_the_database_mean_themselves(both_worlds: World, typed: str) -> None:
    both_worlds.registered(title="到账10户", facts="甲一村共有12户。")
    assert page(both_worlds, "office", LedgerFilter(search=typed)).total == 0


def test_a_percent_sign_is_found_where_it_stands(both_worlds: World) -> None:
    found = both_worlds.registered(title="入户率只有5%", facts="甲一村入户率只有5%，低于底线。")
    both_worlds.registered(title="5户未入户", facts="甲一村5户未入户，原因不明。")
    assert [r.id for r in page(both_worlds, "office", LedgerFilter(search="5％")).rows] == [found]


def test_places_are_alternatives_and_the_other_conditions_add_up(both_worlds: World) -> None:
    one = both_worlds.registered()
    two = both_worlds.registered(region_id=both_worlds.regions["乙一村"], type_code="P105")
    towns = LedgerFilter(town_ids=(both_worlds.regions["示例一镇"], both_worlds.regions["示例二镇"]))
    assert {r.id for r in page(both_worlds, "office", towns).rows} == {one, two}
    narrowed = LedgerFilter(town_ids=towns.town_ids, types=("P105",), statuses=(IssueStatus.REGISTERED,))
    assert [r.id for r in page(both_worlds, "office", narrowed).rows] == [two]
    nowhere = LedgerFilter(reporting_unit_ids=(both_worlds.reporting_units["乙市"],))
    assert page(both_worlds, "office", nowhere).total == 0


def test_somebody_who_stands_in_finds_what_waits_for_the_other(both_worlds: World) -> None:
    from models.user import Delegation

    waiting = both_worlds.in_approval(type_code="P302", title="涉嫌虚报冒领", facts="甲一村涉嫌虚报冒领补贴。")
    with transaction(both_worlds.terminal()) as tx:
        tx.session.add(
            Delegation(
                from_person_id=both_worlds.people["leader"], to_person_id=both_worlds.people["auditor"],
                role=Role.LEADER,
                since=date(2022, 7, 1), until=date(2022, 12, 31), recorded_at=tx.now,
            )
        )  # fmt: skip
        tx.record("test.delegation", "person:1")
    listed = page(both_worlds, "auditor", LedgerFilter(LedgerView.TO_APPROVE)).rows
    assert [r.id for r in listed] == [waiting]


def test_the_list_less_the_dismissed_is_the_figure_of_all_problems(world: World) -> None:
    dismissed = world.registered()
    dismissal.propose_dismissal(world.caller("office"), dismissed, DismissalGround.NOT_A_PROBLEM, "核实后不构成问题。")
    dismissal.confirm_dismissal(world.caller("office2"), dismissed)
    world.registered()
    seen, asked = page(world, "office"), ["issues_total"]
    total = figures(viewer(world, "office"), world.campaign_id, world.caller("office").today, names=asked)
    assert (seen.total, seen.dismissed) == (2, 1)
    assert seen.total - seen.dismissed == total["issues_total"].value
