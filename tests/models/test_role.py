"""Who may do what at all, as design section 4 says. The whole table is compared with docs/roles.md in test_docs.py."""

import re

import pytest

from models.issue import Verb
from models.issue_rule import refusal
from models.role import ROLE_PERMISSIONS, TERMINAL_PERMISSIONS, Permission, Role, may, roles_that_may
from tests.models.test_issue import OFFICE_ONE, RECTIFYING

VERBS = {verb.permission for verb in Verb}
CASE_CONTENT = {
    Permission.SEE_LEDGER, Permission.SEE_DASHBOARD, Permission.SEE_SAMPLE, Permission.SEE_CHECKS,
    Permission.FILL_CHECK, Permission.SEE_UNMASKED, Permission.REVEAL, Permission.EXPORT, Permission.EXPORT_INTERNAL,
}  # fmt: skip


@pytest.mark.parametrize("role", [Role.ADMIN, Role.SECURITY])
def test_whoever_manages_people_sees_no_case(role: Role) -> None:
    assert not ROLE_PERMISSIONS[role] & (CASE_CONTENT | VERBS)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMIN, Role.SECURITY])
def test_whoever_only_looks_on_does_nothing_to_a_problem(role: Role) -> None:
    assert not ROLE_PERMISSIONS[role] & VERBS


def test_discipline_replies_and_records_sanctions_and_sees_no_ledger() -> None:
    assert ROLE_PERMISSIONS[Role.DISCIPLINE] & (VERBS | CASE_CONTENT) == {Permission.REPLY, Permission.SANCTION}


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        (Permission.RELEASE, (Role.LEADER,)),
        (Permission.ASSIGN, (Role.OFFICE,)),
        (Permission.REASSIGN, (Role.OFFICE,)),
        (Permission.PROPOSE_DISMISSAL, (Role.OFFICE,)),
        (Permission.REQUEST, (Role.UNIT, Role.OFFICE)),
        (Permission.REPORT, (Role.UNIT, Role.OFFICE)),
        (Permission.ACCEPT, (Role.INSPECTOR, Role.OFFICE)),
        (Permission.APPROVE, (Role.OFFICE, Role.LEADER)),
        (Permission.REOPEN, (Role.OFFICE, Role.LEADER)),
        (Permission.SEE_UNMASKED, (Role.INSPECTOR,)),
        (Permission.VERIFY_AUDIT, (Role.AUDITOR,)),
        (Permission.MANAGE_PEOPLE, (Role.ADMIN,)),
        (Permission.CONFIRM_GRANT, (Role.SECURITY,)),
    ],
)
def test_a_permission_is_held_by_exactly_these_roles(permission: Permission, roles: tuple[Role, ...]) -> None:
    assert roles_that_may(permission) == roles


def test_only_the_office_both_rectifies_and_judges_and_rectifies_only_what_it_handles_directly() -> None:
    """There, people are told apart: tests/actions/test_direct.py."""
    judging = {Permission.ACCEPT, Permission.APPROVE, Permission.RETURN}
    assert [role for role in Role if may(role, Permission.REPORT) and ROLE_PERMISSIONS[role] & judging] == [Role.OFFICE]
    assert not any(refusal(verb, RECTIFYING, OFFICE_ONE) is None for verb in (Verb.REPORT, Verb.REQUEST))


def test_nobody_both_proposes_and_confirms_a_grant() -> None:
    assert not set(roles_that_may(Permission.MANAGE_PEOPLE)) & set(roles_that_may(Permission.CONFIRM_GRANT))


def test_grants_of_power_over_cases_need_a_second_person() -> None:
    assert {role for role in Role if role.needs_confirmation} == {Role.OFFICE, Role.LEADER, Role.DISCIPLINE}


def test_the_terminal_does_nothing_to_a_problem_and_sees_no_full_identity() -> None:
    assert not TERMINAL_PERMISSIONS & VERBS
    assert not TERMINAL_PERMISSIONS & {
        Permission.RAISE,
        Permission.REVEAL,
        Permission.SEE_UNMASKED,
        Permission.FILL_CHECK,
    }


def test_each_verb_has_the_permission_of_its_name_and_somebody_who_holds_it() -> None:
    assert {p for p in Permission if p.value.startswith("issue.")} == VERBS | {Permission.RAISE}
    assert [p for p in Permission if not roles_that_may(p)] == []


def test_roles_and_permissions_are_said_in_chinese() -> None:
    words = [thing.label for thing in (*Role, *Permission)]
    assert [word for word in words if not re.fullmatch(r"[\u4e00-\u9fff]+", word)] == []
    assert len(set(words)) == len(words)
