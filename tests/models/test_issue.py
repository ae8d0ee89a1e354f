"""The rules of a problem's life, without a database: design section 3."""

import re
from dataclasses import replace
from itertools import product

import pytest

from models.issue import BY_VERB, TRANSITIONS, Relation, Verb
from models.issue_rule import Case, Doer, allowed_verbs, next_holder, next_verb, refusal, target_status
from models.issue_word import DismissalGround, Handling, IssueSource, IssueStatus, Nature, Severity, VerifiedHow
from models.problem_type import problem_types
from models.role import Role

S = IssueStatus
AUTHOR, CLERK, INSPECTOR, FIRST, SECOND, LEADER, DEPUTY = range(1, 8)
FINANCE, TEAM, OFFICE = 11, 12, 13
OFFENCE = "P302"


def doer(person: int, role: Role, unit: int = OFFICE, stands_in_for: int | None = None) -> Doer:
    """A person in a role, maybe for somebody on leave."""
    return Doer(frozenset({person} | ({stands_in_for} if stands_in_for else set())), role, unit, frozenset({unit}))


CLERK_OF_UNIT = doer(CLERK, Role.UNIT, FINANCE)
AN_INSPECTOR = doer(INSPECTOR, Role.INSPECTOR, TEAM)
OFFICE_ONE, OFFICE_TWO = doer(FIRST, Role.OFFICE), doer(SECOND, Role.OFFICE)
THE_LEADER = doer(LEADER, Role.LEADER)

RECTIFYING = Case(S.RECTIFYING, "P102", AUTHOR, Handling.STANDARD, FINANCE)
ACCEPTANCE = replace(
    RECTIFYING,
    status=S.ACCEPTANCE,
    requested_from=S.RECTIFYING,
    requesters=frozenset({CLERK}),
    writers=frozenset({CLERK}),
)
APPROVAL = replace(ACCEPTANCE, status=S.APPROVAL, acceptors=frozenset({INSPECTOR}))


def may(verb: Verb, case: Case, who: Doer) -> bool:
    return refusal(verb, case, who) is None


# --- two pairs of eyes ----------------------------------------------------------------------------------------------


def test_whoever_rectified_cannot_accept() -> None:
    wrote = replace(ACCEPTANCE, writers=frozenset({CLERK, FIRST}))
    assert refusal(Verb.ACCEPT, wrote, OFFICE_ONE) == "不能验收：本轮整改材料是您写的，须由另一人验收。"
    assert may(Verb.ACCEPT, wrote, OFFICE_TWO)


def test_whoever_rectified_cannot_approve() -> None:
    wrote = replace(APPROVAL, writers=frozenset({CLERK, FIRST}))
    assert refusal(Verb.APPROVE, wrote, OFFICE_ONE) == "不能批准：本轮整改材料是您写的，须由另一人审批。"
    assert may(Verb.APPROVE, wrote, OFFICE_TWO)


def test_whoever_accepted_cannot_approve() -> None:
    accepted = replace(APPROVAL, acceptors=frozenset({FIRST}))
    assert refusal(Verb.APPROVE, accepted, OFFICE_ONE) == "不能批准：您是本件的验收人，须由另一人审批。"
    assert may(Verb.APPROVE, accepted, OFFICE_TWO)


def test_a_delegate_counts_as_both_people() -> None:
    accepted = replace(APPROVAL, acceptors=frozenset({FIRST}))
    assert not may(Verb.APPROVE, accepted, doer(DEPUTY, Role.OFFICE, stands_in_for=FIRST))
    assert not may(Verb.APPROVE, accepted, doer(FIRST, Role.OFFICE, stands_in_for=SECOND))
    assert may(Verb.APPROVE, accepted, doer(DEPUTY, Role.OFFICE, stands_in_for=SECOND))
    wrote = replace(ACCEPTANCE, writers=frozenset({CLERK}))
    assert not may(Verb.ACCEPT, wrote, doer(DEPUTY, Role.OFFICE, stands_in_for=CLERK))


def test_whoever_wrote_may_still_give_it_back() -> None:
    assert may(Verb.RETURN, replace(ACCEPTANCE, writers=frozenset({FIRST})), OFFICE_ONE)


def test_whoever_put_it_right_on_the_spot_withdraws_and_does_not_give_it_back() -> None:
    fixed = replace(
        ACCEPTANCE, handling=Handling.ON_SPOT, responsible_unit_id=None, requested_from=S.REGISTERED,
        requesters=frozenset({FIRST}), writers=frozenset({FIRST}),
    )  # fmt: skip
    own, another = doer(FIRST, Role.INSPECTOR), doer(SECOND, Role.INSPECTOR)
    assert refusal(Verb.RETURN, fixed, own) == "不能退回：当场已改是您报的，须由另一人退回；要收回请撤回申请。"
    assert may(Verb.WITHDRAW, fixed, own)
    assert not may(Verb.RETURN, fixed, doer(SECOND, Role.INSPECTOR, stands_in_for=FIRST))
    assert not may(Verb.RETURN, replace(fixed, status=S.APPROVAL), OFFICE_ONE), "nor under another role, later"
    assert may(Verb.RETURN, fixed, another)


def test_nobody_of_the_responsible_unit_judges_it_whatever_role_they_act_in() -> None:
    for verb, case in ((Verb.ACCEPT, ACCEPTANCE), (Verb.RETURN, ACCEPTANCE), (Verb.APPROVE, APPROVAL),
                       (Verb.RETURN, APPROVAL), (Verb.BACK, APPROVAL)):  # fmt: skip
        own = doer(DEPUTY, Role.OFFICE, FINANCE)
        for_another = Doer(frozenset({DEPUTY, SECOND}), Role.OFFICE, OFFICE, frozenset({FINANCE}))
        for person in (own, for_another):
            assert refusal(verb, case, person) == f"责任单位的人不能{verb.label}本单位的问题。"
        assert may(verb, case, OFFICE_TWO)


def test_whoever_proposed_a_dismissal_cannot_decide_on_it() -> None:
    proposed = replace(RECTIFYING, dismissal_proposers=frozenset({FIRST}))
    for verb in (Verb.CONFIRM_DISMISSAL, Verb.DECLINE_DISMISSAL):
        assert refusal(verb, proposed, OFFICE_ONE) == f"不能{verb.label}：查否意见是您提出的，须由另一人决定。"
        assert not may(verb, proposed, doer(DEPUTY, Role.OFFICE, stands_in_for=FIRST))
        assert may(verb, proposed, OFFICE_TWO)


# --- who for which problem --------------------------------------------------------------------------------------------


def test_group_c_is_approved_by_the_leader_and_the_others_by_the_office() -> None:
    offence = replace(APPROVAL, type_code=OFFENCE, is_released=True)
    for verb in (Verb.APPROVE, Verb.BACK, Verb.RETURN):
        assert not may(verb, offence, OFFICE_TWO) and may(verb, offence, THE_LEADER)
        assert may(verb, APPROVAL, OFFICE_TWO) and not may(verb, APPROVAL, THE_LEADER)


@pytest.mark.parametrize("track", [Handling.LISTED, Handling.DIRECT])
def test_listed_and_direct_problems_are_the_leaders_to_approve_and_to_give_back(track: Handling) -> None:
    listed = replace(APPROVAL, handling=track)
    for verb in (Verb.APPROVE, Verb.BACK, Verb.RETURN):
        assert may(verb, listed, THE_LEADER)
        assert refusal(verb, listed, OFFICE_TWO) == f"{track.label}问题须由领导{verb.label}。"
    assert next_holder(listed) == "领导"


def test_a_listed_problem_is_dismissed_like_any_other_of_its_type() -> None:
    proposed = replace(RECTIFYING, handling=Handling.LISTED, dismissal_proposers=frozenset({FIRST}))
    assert may(Verb.CONFIRM_DISMISSAL, proposed, OFFICE_TWO) and not may(Verb.CONFIRM_DISMISSAL, proposed, THE_LEADER)


def test_group_c_is_dismissed_by_the_leader_and_the_others_by_the_office() -> None:
    proposed = replace(RECTIFYING, dismissal_proposers=frozenset({FIRST}))
    offence = replace(proposed, type_code=OFFENCE)
    for verb in (Verb.CONFIRM_DISMISSAL, Verb.DECLINE_DISMISSAL):
        assert not may(verb, offence, OFFICE_TWO) and may(verb, offence, THE_LEADER)
        assert may(verb, proposed, OFFICE_TWO) and not may(verb, proposed, THE_LEADER)


def test_an_inspector_gives_back_what_waits_for_acceptance_only() -> None:
    assert may(Verb.RETURN, ACCEPTANCE, AN_INSPECTOR)
    assert refusal(Verb.RETURN, APPROVAL, AN_INSPECTOR) == "待审批的问题由审批人退回整改。"


def test_the_leader_gives_back_group_c_waiting_for_approval_and_nothing_else() -> None:
    offence = replace(APPROVAL, type_code=OFFENCE)
    assert may(Verb.RETURN, offence, THE_LEADER)
    assert not may(Verb.RETURN, replace(offence, status=S.ACCEPTANCE), THE_LEADER)


def test_an_unreleased_group_c_problem_is_not_there_for_the_accused_unit() -> None:
    hidden = replace(RECTIFYING, type_code=OFFENCE)
    for verb in (Verb.SIGN, Verb.REPORT, Verb.REQUEST):
        assert refusal(verb, hidden, CLERK_OF_UNIT) == "没有找到这条问题，或者它不在您的权限范围内。"
        assert may(verb, replace(hidden, is_released=True), CLERK_OF_UNIT)


def test_only_group_c_is_released_and_only_once() -> None:
    hidden = replace(RECTIFYING, type_code=OFFENCE)
    assert may(Verb.RELEASE, hidden, THE_LEADER)
    assert refusal(Verb.RELEASE, replace(hidden, is_released=True), THE_LEADER) == "已经告知责任单位。"
    assert not may(Verb.RELEASE, RECTIFYING, THE_LEADER)


def test_only_the_author_submits() -> None:
    draft = Case(S.DRAFT, "P102", INSPECTOR)
    assert may(Verb.SUBMIT, draft, AN_INSPECTOR)
    assert refusal(Verb.SUBMIT, draft, doer(DEPUTY, Role.INSPECTOR, TEAM)) == "只有登记人本人可以提交。"


def test_only_the_responsible_unit_rectifies() -> None:
    for verb in (Verb.SIGN, Verb.REPORT, Verb.REQUEST):
        assert may(verb, RECTIFYING, CLERK_OF_UNIT)
        assert refusal(verb, RECTIFYING, doer(CLERK, Role.UNIT, TEAM)) == f"只有责任单位可以{verb.label}。"


def test_only_whoever_asked_withdraws() -> None:
    assert may(Verb.WITHDRAW, ACCEPTANCE, CLERK_OF_UNIT)
    assert may(Verb.WITHDRAW, ACCEPTANCE, doer(DEPUTY, Role.UNIT, FINANCE, stands_in_for=CLERK))
    assert not may(Verb.WITHDRAW, ACCEPTANCE, doer(DEPUTY, Role.UNIT, FINANCE))


def test_the_author_corrects_before_assignment_and_the_office_after() -> None:
    registered = Case(S.REGISTERED, "P102", INSPECTOR)
    assert may(Verb.CORRECT, registered, AN_INSPECTOR) and not may(Verb.CORRECT, registered, OFFICE_ONE)
    for case in (RECTIFYING, ACCEPTANCE, APPROVAL):
        assert may(Verb.CORRECT, case, OFFICE_ONE)
        assert not may(Verb.CORRECT, replace(case, author_id=INSPECTOR), AN_INSPECTOR)


def test_a_problem_is_signed_for_once() -> None:
    assert refusal(Verb.SIGN, replace(RECTIFYING, is_signed=True), CLERK_OF_UNIT) == "已经签收。"


# --- a pending dismissal ----------------------------------------------------------------------------------------------


def test_a_pending_dismissal_is_decided_before_the_problem_moves_on() -> None:
    proposed = replace(RECTIFYING, dismissal_proposers=frozenset({FIRST}))
    assert not may(Verb.REQUEST, proposed, CLERK_OF_UNIT)
    assert not may(Verb.REASSIGN, proposed, OFFICE_TWO)
    assert not may(Verb.PROPOSE_DISMISSAL, proposed, OFFICE_TWO)
    assert not may(Verb.ASSIGN, replace(proposed, status=S.REGISTERED), OFFICE_TWO)
    assert may(Verb.REPORT, proposed, CLERK_OF_UNIT), "what is done meanwhile is not lost"


def test_without_a_proposal_there_is_nothing_to_confirm() -> None:
    assert refusal(Verb.CONFIRM_DISMISSAL, RECTIFYING, OFFICE_TWO) == "没有待定的查否意见，不能确认查否。"


# --- where it goes ----------------------------------------------------------------------------------------------------


def test_a_return_goes_back_to_where_the_request_came_from() -> None:
    for verb in (Verb.RETURN, Verb.WITHDRAW):
        assert target_status(BY_VERB[verb], ACCEPTANCE) is S.RECTIFYING
        assert target_status(BY_VERB[verb], replace(ACCEPTANCE, requested_from=S.REGISTERED)) is S.REGISTERED


def test_a_verb_without_a_target_leaves_the_status() -> None:
    assert target_status(BY_VERB[Verb.REPORT], RECTIFYING) is S.RECTIFYING
    assert target_status(BY_VERB[Verb.CORRECT], APPROVAL) is S.APPROVAL


def test_closed_is_reached_through_approval_only_and_left_by_looking_back_only() -> None:
    assert [t.verb for t in TRANSITIONS if t.target is S.CLOSED] == [Verb.APPROVE]
    assert BY_VERB[Verb.APPROVE].sources == (S.APPROVAL,)
    assert [t.verb for t in TRANSITIONS if S.CLOSED in t.sources and t.target] == [Verb.REOPEN]
    assert [t.verb for t in TRANSITIONS if S.DISMISSED in t.sources and t.target] == [Verb.REINSTATE]


def test_every_status_but_the_first_can_be_reached_and_left() -> None:
    reached = {t.target for t in TRANSITIONS if t.target} | {S.DRAFT}
    left = {s for t in TRANSITIONS if t.target or t.returns for s in t.sources}
    assert reached == left == set(S)


def test_more_time_is_asked_for_before_the_deadline_and_given_by_another_person() -> None:
    assert may(Verb.EXTEND, RECTIFYING, CLERK_OF_UNIT)
    assert not may(Verb.EXTEND, replace(RECTIFYING, is_late=True), CLERK_OF_UNIT)
    assert not may(Verb.EXTEND, replace(RECTIFYING, has_deadline=False), CLERK_OF_UNIT)
    asked = replace(RECTIFYING, extension_askers=frozenset({CLERK}))
    assert not may(Verb.EXTEND, asked, CLERK_OF_UNIT) and not may(Verb.DECIDE_EXTENSION, RECTIFYING, OFFICE_ONE)
    assert may(Verb.DECIDE_EXTENSION, replace(asked, is_late=True), OFFICE_ONE), "however late it is decided"
    assert not may(Verb.DECIDE_EXTENSION, asked, doer(CLERK, Role.OFFICE))
    assert not may(Verb.DECIDE_EXTENSION, asked, doer(SECOND, Role.OFFICE, FINANCE))


def test_of_a_listed_problem_the_leader_gives_more_time_of_all_others_the_office() -> None:
    asked = replace(RECTIFYING, extension_askers=frozenset({CLERK}))
    listed = replace(asked, handling=Handling.LISTED)
    assert may(Verb.DECIDE_EXTENSION, asked, OFFICE_ONE) and not may(Verb.DECIDE_EXTENSION, asked, THE_LEADER)
    assert may(Verb.DECIDE_EXTENSION, listed, THE_LEADER) and not may(Verb.DECIDE_EXTENSION, listed, OFFICE_ONE)


def test_each_verb_stands_once_in_the_table() -> None:
    assert [t.verb for t in TRANSITIONS] == list(dict.fromkeys(t.verb for t in TRANSITIONS))
    assert set(BY_VERB) == set(Verb)


def test_groups_of_statuses() -> None:
    assert S.open() == (S.REGISTERED, S.RECTIFYING, S.ACCEPTANCE, S.APPROVAL)
    assert S.held() == (S.ACCEPTANCE, S.APPROVAL)
    assert set(S.counted()) == set(S) - {S.DRAFT, S.DISMISSED}


# --- what the page shows --------------------------------------------------------------------------------------------


def test_buttons_are_what_the_rules_allow_under_any_of_ones_roles() -> None:
    own = (Verb.SIGN, Verb.REPORT, Verb.REQUEST)
    assert allowed_verbs(RECTIFYING, [CLERK_OF_UNIT]) == (*own, Verb.EXTEND, Verb.CONTEST, Verb.MEASURE)
    assert allowed_verbs(APPROVAL, [AN_INSPECTOR]) == ()
    both = allowed_verbs(RECTIFYING, [CLERK_OF_UNIT, OFFICE_ONE])
    assert both == (
        *own, Verb.PROPOSE_DISMISSAL, Verb.REASSIGN, Verb.CORRECT, Verb.REMIND, Verb.SUPERVISE, Verb.EXTEND,
        Verb.CONTEST, Verb.MEASURE, Verb.SPLIT, Verb.MERGE, Verb.REFER,
    )  # fmt: skip


def test_the_next_verb_and_who_has_it() -> None:
    assert (next_verb(RECTIFYING), next_holder(RECTIFYING)) == (Verb.SIGN, "责任单位")
    assert next_verb(replace(RECTIFYING, is_signed=True)) is Verb.REQUEST
    assert next_verb(replace(RECTIFYING, is_signed=True, unfinished=2)) is Verb.MEASURE
    assert next_holder(APPROVAL) == "办公室（验收人以外）"
    assert next_holder(replace(APPROVAL, type_code=OFFENCE)) == "领导"
    assert (next_verb(replace(RECTIFYING, status=S.CLOSED)), next_holder(replace(RECTIFYING, status=S.CLOSED))) == (
        None,
        "—",
    )


@pytest.mark.parametrize("verb", list(Verb))
def test_every_refusal_is_a_chinese_sentence(verb: Verb) -> None:
    doers = [CLERK_OF_UNIT, AN_INSPECTOR, OFFICE_ONE, THE_LEADER, doer(DEPUTY, Role.AUDITOR)]
    cases = [
        replace(APPROVAL, status=status, type_code=type_code, dismissal_proposers=proposers, is_released=released)
        for status, type_code, proposers, released in product(
            S, ("P102", OFFENCE), (frozenset[int](), frozenset({FIRST})), (False, True)
        )
    ]
    said = {refusal(verb, case, who) for case in cases for who in doers} - {None}
    assert said
    assert [s for s in said if not re.fullmatch(r"[\u4e00-\u9fff“”，：；、]+。", str(s))] == []


@pytest.mark.parametrize(
    "words", [S, Verb, Handling, Nature, Severity, IssueSource, VerifiedHow, DismissalGround, Relation]
)
def test_every_value_has_its_own_chinese_word(words: type) -> None:
    labels = [member.label for member in words]  # type: ignore[attr-defined]
    assert len(set(labels)) == len(labels)
    assert [word for word in labels if not re.fullmatch(r"[\u4e00-\u9fff，；、（）]+", word)] == []


def test_group_c_is_the_four_types_of_the_third_group() -> None:
    assert [code for code, kind in problem_types().items() if kind.is_suspected_offence] == [
        "P301",
        "P302",
        "P303",
        "P304",
    ]
    assert len(problem_types()) == 14 and all(kind.evidence for kind in problem_types().values())
