"""Every action by everybody who must not: refused, and nothing written.

A new action fails `test_every_action_is_in_the_table` until it has its line in ACTIONS: which permission it asks for,
and whether it is done to something that lies somewhere (`placed`, the usual case), so that nobody of another county
may. What its parameters are given stands in `tests/access/scene.py`, by their names.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from actions.importing import ImportResult
from actions.transaction import Caller
from files.export_level import ExportLevel
from models.evidence import EvidencePurpose
from models.refusal import NotFoundOrNotYours, Refused
from models.role import Permission as P
from queries.audit import audit_head
from tests.access.scene import HOLDERS, Scene, public_functions, who_must_not


@dataclass(frozen=True)
class Tried:
    """How an action is tried. `by`: any of these permissions; `placed`: done to something in 甲县; `with_`: parameters
    that are not those of the scene, by what the scene calls them or as they are; `besides`: accounts who hold the
    permission and must not all the same; `own`: accounts who may without it, for it is their own."""

    by: tuple[P, ...]
    placed: bool = True
    with_: dict[str, Any] = field(default_factory=dict)
    besides: tuple[str, ...] = ()
    own: tuple[str, ...] = ()

    @property
    def must_not(self) -> list[str]:
        return [n for n in (*who_must_not(self.by, self.placed), *self.besides) if n not in self.own]


def by(
    *permissions: P, placed: bool = True, besides: tuple[str, ...] = (), own: tuple[str, ...] = (), **with_: Any
) -> Tried:  # fmt: skip
    return Tried(permissions, placed, with_, besides, own)


STRANGERS = ("office2", "far_office")
"""Of the same role as the one whose own thing it is."""
UNITS = ("other_unit",)
"""The same county, another unit."""

ACTIONS: dict[str, tuple[Tried, ...]] = {
    "activity.load_activities": (by(P.IMPORT_FIELD_RECORDS, placed=False),),
    "assignment.assign": (by(P.ASSIGN),),
    "assignment.reassign": (by(P.REASSIGN),),
    "assignment.release": (by(P.RELEASE),),
    "assignment.sign": (by(P.SIGN, besides=UNITS),),
    "backup.make_backup": (by(P.BACKUP),),
    "bulk.assign_many": (by(P.ASSIGN, placed=False),),
    "bulk.put_away": (by(besides=STRANGERS, own=("office",)),),
    "bulk.remind_many": (by(P.REMIND, placed=False),),
    "calendar.follow_published": (by(P.SET_CALENDAR),),
    "calendar.set_days": (by(P.SET_CALENDAR, notice="local_days"),),
    "campaign.create_campaign": (by(P.CREATE_CAMPAIGN),),
    "campaign.edit_campaign": (by(P.CREATE_CAMPAIGN),),
    "campaign.set_state": (by(P.CREATE_CAMPAIGN),),
    "bulk.carry_many": (by(P.CARRY_OVER, placed=False, decision="carry"),),
    "carry_over.carry_over": (by(P.CARRY_OVER, decision="carry"),),
    "closure.accept": (by(P.ACCEPT),),
    "closure.approve": (by(P.APPROVE),),
    "closure.back_to_acceptance": (by(P.BACK),),
    "closure.reopen": (by(P.REOPEN),),
    "closure.return_to_unit": (by(P.RETURN),),
    "contest.answer": (by(P.ANSWER),),
    "contest.contest": (by(P.CONTEST, besides=UNITS),),
    "common_problem.add_problems": (by(P.MANAGE_COMMON, number="common"),),
    "common_problem.edit_common_problem": (by(P.MANAGE_COMMON, number="common", plan="common_plan"),),
    "common_problem.finish_common_problem": (by(P.MANAGE_COMMON, number="common"),),
    "common_problem.make_common_problem": (by(P.MANAGE_COMMON, plan="common_plan"),),
    "common_problem.remove_problem": (by(P.MANAGE_COMMON, number="common", issue_id="member"),),
    "common_problem.take_back_finish": (by(P.MANAGE_COMMON, number="common"),),
    "covert_visit.load_covert_visits": (by(P.IMPORT_FIELD_RECORDS, placed=False),),
    "delegation.add_delegation": (by(P.MANAGE_PEOPLE, from_user="unit", to_user="inspector"),),
    "delegation.end_delegation": (by(P.MANAGE_PEOPLE, besides=("far_unit", "unit2"), own=("unit",), delegation_id=1),),
    "dismissal.confirm_dismissal": (by(P.CONFIRM_DISMISSAL),),
    "dismissal.decline_dismissal": (by(P.DECLINE_DISMISSAL),),
    "dismissal.propose_dismissal": (by(P.PROPOSE_DISMISSAL),),
    "dismissal.reinstate": (by(P.REINSTATE),),
    "draft.clear_draft": (by(besides=STRANGERS, own=("office",)),),
    "draft.save_field": (by(besides=STRANGERS, own=("office",)),),
    "evidence.add_evidence": (
        by(P.REPORT, besides=UNITS, purpose=EvidencePurpose.RECTIFICATION, issue_id="issue_id"),
        by(P.RAISE, besides=("inspector2", "office", "unit"), purpose=EvidencePurpose.FINDING, issue_id="draft_id"),
        by(P.FILL_CHECK, besides=("villager",), purpose=EvidencePurpose.FINDING, check_id="open_check_id"),
    ),
    "extension.decide_extension": (by(P.DECIDE_EXTENSION),),
    "extension.extend": (by(P.EXTEND, besides=UNITS),),
    "grant.confirm_grant": (by(P.CONFIRM_GRANT, membership_id="waiting_id"),),
    "grant.decline_grant": (by(P.CONFIRM_GRANT, membership_id="waiting_id"),),
    "grant.end_grant": (by(P.MANAGE_PEOPLE),),
    "grant.propose_grant": (by(P.MANAGE_PEOPLE),),
    "header_mapping.remember_mapping": (by(P.IMPORT_ROSTER, placed=False),),
    "held_file.attach_held_files": (),
    "held_file.drop_file": (by(besides=STRANGERS, own=("office",)),),
    "held_file.hold_file": (by(besides=STRANGERS, own=("office",)),),
    "household_check.match_rest": (
        by(P.FILL_CHECK, besides=("villager",), check_id="open_check_id", member_id="its_member_id"),
    ),
    "household_check.open_check": (by(P.FILL_CHECK, besides=("villager",)),),
    "household_check.return_check": (by(P.RETURN_CHECK),),
    "household_check.save_field": (by(P.FILL_CHECK, besides=("villager",), check_id="open_check_id"),),
    "household_check.submit_check": (by(P.FILL_CHECK, besides=("villager",), check_id="open_check_id"),),
    "identity.reveal": (by(P.REVEAL),),
    "import_withdrawal.withdraw_payments": (by(P.IMPORT_PAYMENTS, import_id="payments_id"),),
    "import_withdrawal.withdraw_roster": (by(P.IMPORT_ROSTER, import_id="roster_id"),),
    "discarded_draft.discard_draft": (
        by(P.RAISE, besides=("inspector2", "office", "unit", "terminal"), issue_id="draft_id"),
    ),
    "referral.refer": (by(P.REFER, order="referral_order"),),
    "referral.record_reply": (by(P.REPLY, issue_id="referred"),),
    "referral.treat_separately": (by(P.SEPARATE, issue_id="referred"),),
    "sanction.record_sanction": (by(P.SANCTION),),
    "sanction.correct_sanction": (by(P.SANCTION, issue_id="referred"),),
    "issue_money.correct_money": (by(P.CORRECT_MONEY),),
    "issue_money.record_money": (by(P.RECORD_MONEY, besides=UNITS),),
    "issue.correct": (by(P.CORRECT, besides=UNITS),),
    "issue.raise_issue": (by(P.RAISE, besides=("villager",)),),
    "issue_merge.propose_merge": (by(P.MERGE, order="merge_order"),),
    "issue_split.split": (by(P.SPLIT, order="split_order"),),
    "issue_place.add_places": (by(P.CORRECT, besides=UNITS, region_ids=[], unit_ids=[]),),
    "issue_place.drop_places": (by(P.CORRECT, besides=UNITS, place_ids=[1]),),
    "issue_place.hand_places": (by(P.CORRECT, besides=UNITS, place_ids=[1], unit_id=None, due_on=None),),
    "issue_print.print_issue": (by(P.EXPORT, besides=UNITS),),
    "issue_print.print_to_fetch": (by(P.EXPORT, besides=(*UNITS, "terminal")),),
    "issue.submit": (by(P.SUBMIT, besides=("inspector2", "office"), issue_id="draft_id"),),
    "job.check_again": (by(besides=STRANGERS, own=("office",), options="job_options"),),
    "job.check_file": (
        by(P.IMPORT_ROSTER, placed=False, besides=("terminal",), kind="job_kind", options="job_options"),
    ),
    "job.do_again": (by(besides=STRANGERS, own=("office",)),),
    "job.faulty_rows_to_fetch": (by(besides=STRANGERS, own=("office",)),),
    "job.put_away": (by(besides=STRANGERS, own=("office",)),),
    "job.take_file": (by(besides=STRANGERS, own=("office",), skip_faulty=False),),
    "ledger_export.export_ledger": (
        by(P.EXPORT, placed=False),
        by(P.EXPORT_INTERNAL, placed=False, level=ExportLevel.INTERNAL),
    ),
    "ledger_export.export_to_fetch": (by(P.EXPORT, placed=False, besides=("terminal",)),),
    "ledger_return.read_and_take": (by(P.RETURN_LEDGER, placed=False),),
    "ledger_return.take_ledger": (by(P.RETURN_LEDGER, placed=False),),
    "light_setting.set_thresholds": (by(P.SET_LIGHTS),),
    "digest.write_digests": (by(P.WRITE_DIGESTS),),
    "escalation.set_steps": (by(P.SET_LIGHTS, steps=[]),),
    "measure.add_measure": (by(P.MEASURE, besides=UNITS, plan="measure"),),
    "measure.finish_measure": (by(P.MEASURE, besides=UNITS, done="measure_done", line=1),),
    "listing.list_issue": (by(P.LIST),),
    "listing.unlist": (by(P.UNLIST),),
    "look_back.record_check": (by(P.CHECK_BACK, besides=("villager",)),),
    "look_back_draw.draw_closed": (by(P.DRAW, frame_id="closed_frame"),),
    "look_back_draw.freeze_closed": (by(P.FREEZE_FRAME, source_id="ended", share_percent=10),),
    "look_back_draw.release_drawn": (by(P.ADOPT, draw_id="closed_draw"),),
    "look_back.take_over": (by(P.TAKE_BACK, source_id="ended", issue_ids="left_issues"),),
    "outcome.record_outcome": (by(P.RECORD_OUTCOME, kind="outcome"),),
    "payment.import_payments": (by(P.IMPORT_PAYMENTS, options="payment_options"),),
    "payment.read_and_take": (by(P.IMPORT_PAYMENTS, options="payment_options"),),
    "people.create_user": (by(P.MANAGE_PEOPLE, name="newcomer"),),
    "people.disable_user": (by(P.MANAGE_PEOPLE),),
    "people.enable_user": (by(P.MANAGE_PEOPLE),),
    "people.end_session": (by(P.END_SESSIONS),),
    "people.end_sessions": (by(P.END_SESSIONS),),
    "people.reset_password": (by(P.MANAGE_PEOPLE),),
    "rectification.fill_in": (by(P.REPORT, besides=UNITS),),
    "rectification.fix_on_spot": (by(P.FIX),),
    "rectification.report": (by(P.REPORT, besides=UNITS),),
    "rectification.request": (by(P.REQUEST, besides=UNITS),),
    "rectification.withdraw": (by(P.WITHDRAW, besides=UNITS),),
    "region.import_regions": (by(P.IMPORT_REGIONS),),
    "region_change.add_region": (by(P.MANAGE_REGIONS, code="421381901299"),),
    "region_change.merge_village": (by(P.MANAGE_REGIONS, code="region_code"),),
    "region_change.rename_region": (by(P.MANAGE_REGIONS, code="region_code"),),
    "register_export.export_payments": (
        by(P.IMPORT_PAYMENTS, placed=False),
        by(P.EXPORT_INTERNAL, placed=False, level=ExportLevel.INTERNAL),
    ),
    "register_export.export_roster": (
        by(P.IMPORT_ROSTER, placed=False),
        by(P.EXPORT_INTERNAL, placed=False, level=ExportLevel.INTERNAL),
    ),
    "register_export.payments_to_fetch": (by(P.IMPORT_PAYMENTS, placed=False, besides=("terminal",)),),
    "register_export.roster_to_fetch": (by(P.IMPORT_ROSTER, placed=False, besides=("terminal",)),),
    "reminder.remind": (by(P.REMIND),),
    "reminder.supervise": (by(P.SUPERVISE),),
    "reporting_unit.count_for": (by(P.MANAGE_REGIONS),),
    "reporting_unit.create_reporting_unit": (by(P.MANAGE_REGIONS, code="ZXX", letters="ZXX"),),
    "review.review": (by(P.REVIEW, done="review_done"),),
    "roster.import_roster": (by(P.IMPORT_ROSTER),),
    "roster.read_and_take": (by(P.IMPORT_ROSTER),),
    "sample.abandon": (by(P.ADOPT),),
    "sample.adopt": (by(P.ADOPT),),
    "sample.draw": (by(P.DRAW),),
    "sample.freeze": (by(P.FREEZE_FRAME),),
    "sample.release": (by(P.ADOPT),),
    "sample_export.export_frame_list": (by(P.SEE_SAMPLE),),
    "sample_export.export_sample": (by(P.SEE_SAMPLE, placed=False),),
    "sample_replacement.replace_household": (by(P.REPLACE),),
    "sample_replacement.replace_village": (by(P.REPLACE),),
    "sampling_rule.set_rule": (by(P.SET_RULE),),
    "saved_view.delete_view": (by(besides=STRANGERS, own=("office",)),),
    "saved_view.rename_view": (by(besides=STRANGERS, own=("office",)),),
    "saved_view.save_view": (by(P.SEE_LEDGER, placed=False),),
    "saved_view.share_view": (by(besides=STRANGERS, own=("office",), shared=True),),
    "schedule.finish_task": (by(P.FINISH_TASK, besides=UNITS, number="task"),),
    "schedule.remove_stage": (by(P.SET_SCHEDULE, number="stage"),),
    "schedule.remove_task": (by(P.SET_SCHEDULE, number="task"),),
    "schedule.set_stage": (by(P.SET_SCHEDULE),),
    "schedule.set_task": (by(P.SET_SCHEDULE, plan="task_plan"),),
    "schedule.unfinish_task": (by(P.SET_SCHEDULE, number="task"),),
    "self_check.load_returns": (by(P.IMPORT_FIELD_RECORDS, placed=False),),
    "team.add_team_member": (by(P.MANAGE_PEOPLE),),
    "team.create_team": (by(P.MANAGE_PEOPLE),),
    "team.remove_team_member": (by(P.MANAGE_PEOPLE),),
    "trip.load_trips": (by(P.IMPORT_FIELD_RECORDS, placed=False),),
    "unit.attach_unit": (by(P.MANAGE_PEOPLE, code="its_code"),),
    "unit.create_unit": (by(P.MANAGE_PEOPLE, kind="unit_kind"),),
    "unit.dissolve_unit": (by(P.MANAGE_PEOPLE, code="its_code", successor_code=None),),
    "unit.rename_unit": (by(P.MANAGE_PEOPLE, code="its_code"),),
    "verification.verify_record": (by(P.VERIFY_AUDIT, placed=False),),
}

NO_VERBS = {
    "bulk.run_next": "the worker's: each problem as the person who gave the order",
    "bulk.settle": "the worker's",
    "demonstration.load.load_demonstration": "the terminal's, into an empty database only",
    "first_admin.create_first_admin": "the code is the right; tests/actions/test_first_admin.py",
    "handout.to_fetch": "part of the exports, which ask",
    "demonstration.schedule.play": "the demonstration's",
    "importing.permitted": "is the question itself",
    "issue_step.step": "is the question itself, for the verbs of a problem",
    "job.run_next": "the worker's: each job as the person who asked",
    "job.settle": "the worker's",
    "job_work.do_work": "the imports, which ask",
    "digest.mark_digests_read": "one's own",
    "notice.mark_all_read": "one's own",
    "notice.mark_read": "one's own; others' are left as they are",
    "people.change_password": "one's own, with the old one",
    "reference.load_reference": "published working days and items, by `upgrade`",
    "restore.restore_backup": "there is no record yet; tests/actions/test_backup.py asks who",
    "signin.begin_session": "a part of the door",
    "signin.count_attempt": "a part of the door",
    "signin.prove_own_password": "one's own",
    "signin.sign_in": "the door",
    "signin.sign_out": "one's own session",
    "signin.sign_out_everywhere": "one's own sessions",
    "signin.touch": "one's own session",
    "signin.uncount": "a part of the door",
    "transaction.transaction": "asks in each action",
    "transaction.who": "is the question itself",
}
"""Functions that take a caller and need no line above, each with the reason."""
EVERY = public_functions("actions", Caller)
CASES = [(name, number) for name, tries in ACTIONS.items() for number in range(len(tries))]


def test_every_action_is_in_the_table() -> None:
    unsaid = sorted(set(EVERY) - set(ACTIONS) - set(NO_VERBS))
    assert unsaid == [], "say in ACTIONS which permission each asks for"
    assert sorted((set(ACTIONS) | set(NO_VERBS)) - set(EVERY)) == []


def attempt(scene: Scene, name: str, tried: Tried, who: str) -> object:
    """The action with what the scene has for its parameters."""
    function = EVERY[name]
    given: dict[str, Any] = {}
    for parameter in inspect.signature(function).parameters.values():
        word = tried.with_.get(parameter.name, parameter.name)
        known = word in scene.args if isinstance(word, str) else False
        if parameter.name == "caller":
            given["caller"] = scene.caller(who)
        elif parameter.name in tried.with_:
            given[parameter.name] = scene.args[word] if known else word
        elif parameter.default is parameter.empty:
            given[parameter.name] = scene.args[parameter.name]
    return function(**given)


def refusal(run: Callable[[], object]) -> Refused | str | None:
    """How it was refused: an exception, or an import that takes nothing; None when it was done."""
    try:
        done = run()
    except Refused as refused:
        return refused
    first = done[0] if isinstance(done, tuple) and done else done
    return "nothing taken" if isinstance(first, ImportResult) and first.is_refused else None


@pytest.mark.parametrize(("name", "number"), CASES)
def test_whoever_must_not_is_refused_and_nothing_is_written(scene: Scene, name: str, number: int) -> None:
    tried, head = ACTIONS[name][number], audit_head()
    people = tried.must_not
    assert len(people) > 3, "too many may: what is tried?"
    done = [who for who in people if refusal(lambda who=who: attempt(scene, name, tried, who)) is None]
    assert done == []
    assert audit_head() == head


@pytest.mark.parametrize(("name", "number"), [case for case in CASES if ACTIONS[case[0]][case[1]].by])
def test_whoever_may_is_refused_for_another_reason_if_at_all(scene: Scene, name: str, number: int) -> None:
    """Or the refusals above would say nothing: the thing tried is there, and somebody may."""
    tried = ACTIONS[name][number]
    may = [name for name in HOLDERS if name not in tried.must_not]

    def try_all() -> list[object]:
        answers: list[object] = []
        for who in may:
            answers.append(refusal(lambda who=who: attempt(scene, name, tried, who)))
            if not isinstance(answers[-1], NotFoundOrNotYours) and "的权限" not in str(answers[-1]):
                return []
        return answers

    assert scene.on_a_copy(try_all) == []
