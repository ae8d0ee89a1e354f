"""Every question by everybody who must not: refused, or answered without a word of what is not theirs.

A new query that takes a viewer fails `test_every_query_is_in_the_table` until it has its line in QUERIES.
"""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from models.refusal import Refused
from models.role import Permission as P
from queries.reading import reading
from queries.viewer import Viewer
from tests.access.scene import HOLDERS, Scene, public_functions, told, who_must_not

Leak = Callable[[Scene, object], bool]


def marked(scene: Scene, answer: object) -> bool:
    """Texts, numbers and identity of 甲县's problems and households."""
    said = told(answer)
    return any(mark in said for mark in scene.marks)


def anything(scene: Scene, answer: object) -> bool:
    """Any row at all."""
    return bool(answer) and told(answer).strip() != ""


def villages(scene: Scene, answer: object) -> bool:
    """A place in 甲县."""
    return re.search("甲县|甲[一二三四]村|乙[一二]村|示例[一二]镇|421381", told(answer)) is not None


def households(scene: Scene, answer: object) -> bool:
    """A household by its number."""
    return re.search("'000[123]'", told(answer)) is not None


def a_value(scene: Scene, answer: object) -> bool:
    """A figure that is not 0: its value follows its definition."""
    return re.search("。' [1-9]", told(answer)) is not None


def a_count(scene: Scene, answer: object) -> bool:
    """A figure that is not 0."""
    return re.search(r"\b[1-9]\d*\b", told(answer)) is not None


def left_to_take(scene: Scene, answer: object) -> bool:
    """A campaign that ended, with problems that may be taken over."""
    return re.search("前一次专项治理' [1-9]", told(answer)) is not None


@dataclass(frozen=True)
class Asked:
    """How a question is tried: as `Tried` of the actions; `leak` says whether an answer tells too much."""

    by: tuple[P, ...]
    leak: Leak
    placed: bool
    with_: dict[str, Any] = field(default_factory=dict)
    besides: tuple[str, ...] = ()

    @property
    def must_not(self) -> list[str]:
        return [*who_must_not(self.by, self.placed), *self.besides]


def by(*permissions: P, leak: Leak = marked, placed: bool = True, besides: tuple[str, ...] = (), **with_: Any) -> Asked:
    return Asked(permissions, leak, placed, with_, besides)


UNITS = ("other_unit", "far_unit")
CHECKS = (P.SEE_CHECKS, P.FILL_CHECK)
PLACES = (P.SEE_LEDGER, P.SEE_CHECKS, P.SEE_SAMPLE, P.IMPORT_REGIONS, P.MANAGE_REGIONS, P.IMPORT_ROSTER)
REGIONS = (P.MANAGE_REGIONS, P.IMPORT_REGIONS)
PEOPLE = (P.MANAGE_PEOPLE, P.CONFIRM_GRANT, P.END_SESSIONS)
QUERIES: dict[str, Asked] = {
    "account_state.account_state": by(*PEOPLE, leak=a_count, placed=False),
    "account_state.signed_in": by(*PEOPLE, leak=anything, placed=False),
    "audit_log.recent_entries": by(P.SEE_AUDIT),
    "audit_signs.audit_signs": by(P.SEE_AUDIT, P.VERIFY_AUDIT, leak=a_count, placed=False),
    "backup.backups": by(P.BACKUP, leak=a_count, placed=False),
    "bulk.picks_of": by(P.SEE_LEDGER, leak=anything, besides=(*UNITS, "villager"), most=5),
    "common_problem.common_page": by(P.SEE_LEDGER, besides=(*UNITS, "villager"), number="common"),
    "common_problem.common_problems": by(P.SEE_LEDGER, besides=(*UNITS, "villager")),
    "common_problem.groupable": by(P.MANAGE_COMMON),
    "coverage.drawn_villages": by(P.SEE_SAMPLE, leak=villages),
    "coverage.household_coverage": by(P.SEE_SAMPLE, leak=villages),
    "coverage.village_coverage": by(P.SEE_SAMPLE, leak=villages),
    "coverage.villages_in": by(P.SEE_SAMPLE, leak=villages, place="everywhere"),
    "dashboard.dashboard": by(P.SEE_DASHBOARD, leak=a_value, region="421381000000"),
    "dashboard.place_choices": by(P.SEE_DASHBOARD, leak=villages),
    "draft.draft_fields": by(),
    "error_rate.error_rates": by(P.SEE_SAMPLE, leak=a_count, placed=False),
    "evidence.check_evidence": by(*CHECKS, leak=anything, besides=("villager",)),
    "evidence.check_open_to": by(P.FILL_CHECK, leak=anything, besides=("villager",), check_id="open_check_id"),
    "evidence.stored_evidence": by(P.SEE_LEDGER, leak=anything, besides=(*UNITS, "villager")),
    "evidence.used_elsewhere": by(P.SEE_LEDGER, issue_id=None),
    "figures.figure_rows": by(P.SEE_LEDGER, name="issues_total"),
    "figures.figures": by(P.SEE_LEDGER, leak=a_value, region="421381000000"),
    "finding.places_for": by(P.RAISE, leak=villages),
    "handed_on.handed_on": by(P.SEE_LEDGER, leak=a_count, besides=UNITS),
    "household.households_to_visit": by(*CHECKS, leak=households, besides=("villager",)),
    "household.next_household": by(P.FILL_CHECK, leak=anything, besides=("villager",), number="0000"),
    "household.open_forms": by(*CHECKS, leak=households, besides=("villager",)),
    "household_check.check_form": by(*CHECKS, besides=("villager",)),
    "household_search.find_by_identity": by(
        P.SEE_UNMASKED, leak=a_count, besides=("villager",), text="its_id_number", most=5
    ),
    "household_search.find_by_number": by(
        *CHECKS, P.REVEAL, leak=a_count, besides=("villager",), most=5, words=("甲一村", "0001")
    ),
    "identity.masked_identity": by(*CHECKS, P.REVEAL, leak=anything, besides=("villager",)),
    "issue.issue_id_of": by(P.SEE_LEDGER, leak=anything, besides=(*UNITS, "villager")),
    "carry_over.left_open": by(P.SEE_LEDGER, leak=a_count),
    "listing.leaders_to_name": by(P.SEE_LEDGER, leak=anything),
    "issue.issue_page": by(P.SEE_LEDGER, besides=(*UNITS, "villager")),
    "issue_sheet.issue_sheet": by(P.SEE_LEDGER, besides=(*UNITS, "villager")),
    "issue_values.correctable_values": by(P.SEE_LEDGER, besides=(*UNITS, "villager")),
    "issue_link.merge_target": by(
        P.SEE_LEDGER, leak=anything, besides=(*UNITS, "villager"), typed="number", issue_id="draft_id"
    ),
    "ledger.ledger_ids": by(P.SEE_LEDGER, leak=anything, besides=(*UNITS, "villager")),
    "ledger.ledger_page": by(P.SEE_LEDGER, besides=(*UNITS, "villager")),
    "ledger.ledger_spot": by(P.SEE_LEDGER, leak=a_count, besides=(*UNITS, "villager")),
    "ledger.ledger_top": by(P.SEE_LEDGER, besides=(*UNITS, "villager")),
    "ledger_return.problems_now": by(P.SEE_LEDGER, besides=(*UNITS, "villager")),
    "ledger_sheet.ledger_rows_of": by(P.SEE_LEDGER, besides=(*UNITS, "villager")),
    "ledger_sheet.ledger_sheet_rows": by(P.SEE_LEDGER, besides=(*UNITS, "villager")),
    "line_finding.finding_of_line": by(*CHECKS, leak=anything, besides=("villager",)),
    "money_owed.money_by_place": by(P.SEE_DASHBOARD, leak=anything, placed=False),
    "look_back.look_back_item": by(P.SEE_LEDGER, besides=(*UNITS, "villager")),
    "look_back.look_back_items": by(P.SEE_LEDGER, besides=(*UNITS, "villager"), state="look_back_state"),
    "look_back_draw.closed_draws": by(P.SEE_SAMPLE, leak=anything, placed=False),
    "look_back_draw.frame_sources": by(P.FREEZE_FRAME, leak=anything),
    "look_back.takeable": by(P.TAKE_BACK, source_id="ended", wanted="take_filter"),
    "look_back.takeable_ids": by(P.TAKE_BACK, leak=anything, source_id="ended", wanted="take_filter"),
    "look_back.sources": by(P.TAKE_BACK, leak=left_to_take, placed=False),
    "referral.problem_numbered": by(P.SANCTION),
    "referral.referred_case": by(P.SANCTION),
    "referral.referred_cases": by(P.SANCTION),
    "referral.sanctions_before": by(P.SANCTION),
    "overview.overview": by(P.SEE_DASHBOARD, leak=a_value, placed=False),
    "payment.payment_rows": by(P.IMPORT_PAYMENTS),
    "people.account_choices": by(*PEOPLE, leak=anything, placed=False),
    "people.accounts": by(*PEOPLE, leak=a_count, placed=False),
    "people.teams": by(*PEOPLE, leak=anything, placed=False),
    "people.waiting_grants": by(*PEOPLE, leak=anything, placed=False),
    "place_search.find_villages": by(*PLACES, leak=a_count, words=("甲一村",), most=5),
    "place_search.matching_villages": by(*PLACES, leak=anything, words=("甲一村",)),
    "region_history.changes": by(*REGIONS, placed=False, leak=anything, region_id="renamed"),
    "region_merge.merge_outlook": by(P.MANAGE_REGIONS, leak=villages, placed=False, code="region_code"),
    "place_choice.place_choices": by(P.MANAGE_PEOPLE, placed=False, leak=anything),
    "region_tree.place_detail": by(*REGIONS, placed=False, leak=anything, code="region_code"),
    "region_tree.region_page": by(*REGIONS, placed=False, leak=villages),
    "region_tree.reporting_unit_places": by(*REGIONS, placed=False, leak=anything),
    "region_tree.villages_beside": by(*REGIONS, placed=False, leak=anything, code="region_code"),
    "region.villages_for": by(P.IMPORT_ROSTER, leak=villages),
    "register_import.payment_imports": by(P.IMPORT_PAYMENTS, leak=anything, placed=False),
    "register_import.roster_imports": by(P.IMPORT_ROSTER, leak=anything, placed=False),
    "repeat.repeats_of_finding": by(
        P.RAISE,
        leak=a_count,
        region_id="village_id",
        type_code="P102",
        item_code=None,
        line_id=None,
        today=date(2023, 1, 1),
    ),
    "roster.roster_rows": by(P.IMPORT_ROSTER),
    "sample.frame_of": by(P.SEE_SAMPLE, leak=anything, placed=False),
    "sample.frame_outlook": by(P.SEE_SAMPLE, leak=anything, placed=False),
    "sample.sampling": by(P.SEE_SAMPLE, leak=anything, placed=False),
    "sample_list.households_in_rank": by(P.SEE_SAMPLE, leak=anything, besides=("villager",)),
    "sample_list.towns_of_draw": by(P.SEE_SAMPLE, leak=villages),
    "sample_list.villages_in_rank": by(P.SEE_SAMPLE, leak=villages),
    "sample_rows.household_lines": by(P.SEE_SAMPLE, leak=villages),
    "sample_rows.village_lines": by(P.SEE_SAMPLE, leak=villages),
    "session_list.session_page": by(P.END_SESSIONS, leak=a_count, placed=False),
    "search.search": by(P.SEE_LEDGER, besides=(*UNITS, "villager"), text="12户补贴少发"),
    "today.waiting_for": by(P.SEE_LEDGER),
    "unit.towns_in_ledger": by(P.SEE_LEDGER, leak=villages),
    "unit.units_in_ledger": by(P.SEE_LEDGER, leak=villages),
    "unit_list.dissolution": by(P.MANAGE_PEOPLE, leak=a_count),
    "unit_list.unit_changes": by(P.MANAGE_PEOPLE, leak=anything),
    "unit_list.unit_page": by(P.MANAGE_PEOPLE, leak=villages),
    "unit_list.unit_with": by(P.MANAGE_PEOPLE, leak=anything, code="its_code"),
    "unit_state.unit_state": by(P.SEE_LEDGER, leak=a_count, besides=UNITS),
    "unit.units_to_hold": by(P.SEE_LEDGER, leak=anything, besides=UNITS),
    "village_names.named_villages": by(P.IMPORT_ROSTER, leak=villages),
    "village_visits.village_progress": by(*CHECKS, leak=anything, besides=("villager",)),
    "village_visits.towns_to_visit": by(*CHECKS, leak=villages),
    "village_visits.villages_to_visit": by(*CHECKS, leak=villages),
}

NO_ANSWERS = {
    "audit_log.entries_visible": "a condition",
    "bulk.last_bulk": "one's own",
    "digest.digest_of": "a condition",
    "digest.own_digest": "what one was reminded of oneself, of problems one may see",
    "issue_waiting.waits_for_decision_on_dismissal_by": "a condition",
    "issue_waiting.waits_for_more_time_from": "a condition",
    "issue_waiting.waits_for_review_by": "a condition",
    "job.job_ahead": "what kind of work is under way, and nothing of it",
    "job.last_job": "one's own",
    "ledger_marks.mark_condition": "a condition",
    "look_back.checks_of": "a part of issue_page, which asks",
    "look_back.look_back_visible": "a condition",
    "look_back.not_hidden_from": "a condition",
    "ledger_views.view_condition": "a condition",
    "ledger_views.view_counts": "a part of ledger_page, which asks",
    "notice.read_by": "a condition",
    "notice.read_notices": "what one was told oneself",
    "notice.unread_news": "what one was told oneself",
    "notice.unread_notices": "what one was told oneself",
    "last_act.last_acts": "what one did oneself",
    "last_act.last_by": "what one did oneself",
    "own_acts.own_acts": "what one did oneself",
    "today.waits_for": "a condition",
    "common_problem.candidates": "counts of what groupable lists, and their ids",
    "coverage.checked_households": "a select, for figures",
    "coverage.checked_people": "a select, for figures",
    "coverage.checked_villages": "a select, for figures",
    "coverage.required_households": "a select, for figures",
    "coverage.required_villages": "a select, for figures",
    "coverage.verified_lines": "a select, for figures",
    "dashboard.scope_of": "the viewer's own places",
    "draft.draft_subject": "a name",
    "issue_link.link_rows": "a part of issue_page, which asks",
    "carry_over.carried_from": "a part of issue_page, which asks",
    "carry_over.carry_part": "a part of issue_page, which asks",
    "evidence.evidence_of_issue": "a part of issue_page, which asks",
    "finding.sources_for": "words to choose from",
    "first_steps.first_steps": "counts of what there is, for whoever sets up",
    "header_mapping.mapping_subject": "a name",
    "header_mapping.remembered_mapping": "one's own",
    "household_check.fillable": "a condition",
    "household_check.teams_of": "the viewer's own teams",
    "household_check.unmasked": "a condition",
    "referral.before_discipline": "a condition",
    "referral.referred_papers": "a select, for evidence",
    "issue_money.movements": "a part of issue_page, which asks",
    "issue_money.voucher_used_elsewhere": "a part of record_money, which asks",
    "issue_case.doers_for": "the viewer's own roles",
    "household_search.may_find_households": "a yes or no",
    "issue_waiting.acted_on_by": "a condition",
    "issue_waiting.not_responsible": "a condition",
    "issue_waiting.waits_for_acceptance_by": "a condition",
    "issue_waiting.waits_for_approval_by": "a condition",
    "payment.holds_same_rows": "a part of the import, which asks",
    "place_search.find_units": "names of units, as in every list to choose from",
    "people.colleagues": "names of units",
    "people.delegations": "one's own; all of them for admin",
    "people.own_grants": "one's own",
    "repeat.is_repeated": "a condition",
    "repeat.repeats_of": "a part of issue_page, which asks",
    "sample_rows.visible_villages": "a part of the export, which asks",
    "saved_view.saved_views": "one's own, and what colleagues share",
    "session_list.own_sessions": "one's own",
    "schedule.tasks": "the time table is everybody's",
    "scope.check_visible": "a condition",
    "scope.household_visible": "a condition",
    "scope.in_campaign": "a condition",
    "scope.issue_visible": "a condition",
    "scope.issue_visible_to": "a condition",
    "scope.sees_few": "a yes or no",
    "scope.within": "a condition",
    "standing.ask_for": "what figures are asked with",
    "today.teams_for": "one's own teams",
    "viewer.doers": "the viewer's own roles",
    "village_visits.drawn_villages": "a condition",
    "visit.drawn_here": "a condition",
    "visit.keeps_off_home": "the viewer's own village",
    "visit.sees": "a condition",
}
"""Functions that take a viewer and need no line above, each with the reason."""
EVERY = public_functions("queries", Viewer)


def test_every_query_is_in_the_table() -> None:
    unsaid = sorted(set(EVERY) - set(QUERIES) - set(NO_ANSWERS))
    assert unsaid == [], "say in QUERIES who may ask each"
    assert sorted((set(QUERIES) | set(NO_ANSWERS)) - set(EVERY)) == []


def leaks(scene: Scene, name: str, who: str) -> bool:
    """Whether the person is told what they must not know."""
    asked, function = QUERIES[name], EVERY[name]
    given: dict[str, Any] = {}
    with reading() as session:
        for parameter in inspect.signature(function).parameters.values():
            word = asked.with_.get(parameter.name, parameter.name)
            if parameter.name == "viewer":
                given["viewer"] = scene.viewer(who)
            elif parameter.name == "session":
                given["session"] = session
            elif parameter.name in asked.with_ or parameter.default is parameter.empty:
                given[parameter.name] = scene.args.get(word, word) if isinstance(word, str) else word
        try:
            answer = function(**given)
            return asked.leak(scene, list(answer) if inspect.isgenerator(answer) else answer)
        except Refused:
            return False


@pytest.mark.parametrize("name", QUERIES)
def test_whoever_must_not_is_told_nothing(scene: Scene, name: str) -> None:
    people = QUERIES[name].must_not
    assert [who for who in people if leaks(scene, name, who)] == []


def test_somebody_is_told_or_the_silence_above_would_say_nothing(scene: Scene) -> None:
    silent = [
        name
        for name, asked in QUERIES.items()
        if asked.by and not any(leaks(scene, name, who) for who in HOLDERS if who not in asked.must_not)
    ]
    assert silent == []
