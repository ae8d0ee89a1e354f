"""What is being typed stays on the server, is one's own, and goes when it became a record."""

import pytest

from actions.draft import LONGEST_VALUE, clear_draft, save_field
from models.refusal import Refused, SignedOut
from queries.audit import audit_head, verify
from queries.draft import draft_fields, draft_subject
from queries.reading import reading
from queries.viewer import Viewer, viewer_of_user
from tests.factories import World


def viewer(world: World, name: str) -> Viewer:
    with reading() as session:
        found = viewer_of_user(session, world.users[name], world.caller(name).today)
    assert found is not None
    return found


def subject(world: World, name: str = "unit") -> str:
    return draft_subject(viewer(world, name), "issue", 12, "request")


def test_a_field_is_kept_changed_and_emptied(both_worlds: World) -> None:
    form, caller = subject(both_worlds), both_worlds.caller("unit")
    save_field(caller, form, "result", "已补发")
    save_field(caller, form, "result", "已全部补发")
    save_field(caller, form, "kinds", ["BANK_SLIP"])
    assert draft_fields(viewer(both_worlds, "unit"), form) == {"result": "已全部补发", "kinds": ["BANK_SLIP"]}
    save_field(caller, form, "result", "")
    assert draft_fields(viewer(both_worlds, "unit"), form) == {"kinds": ["BANK_SLIP"]}


def test_nobody_writes_or_reads_another_persons_form(both_worlds: World) -> None:
    form = subject(both_worlds)
    save_field(both_worlds.caller("unit"), form, "result", "已补发")
    with pytest.raises(Refused, match="不是您的"):
        save_field(both_worlds.caller("unit2"), form, "result", "别的话")
    with pytest.raises(Refused, match="不是您的"):
        clear_draft(both_worlds.caller("unit2"), form)
    with pytest.raises(Refused, match="不是您的"):
        save_field(both_worlds.terminal(), form, "result", "别的话")
    assert draft_fields(viewer(both_worlds, "unit2"), form) == {}
    assert draft_fields(viewer(both_worlds, "unit"), form) == {"result": "已补发"}


def test_a_cleared_form_is_empty_and_others_stay(both_worlds: World) -> None:
    form, caller = subject(both_worlds), both_worlds.caller("unit")
    other = draft_subject(viewer(both_worlds, "unit"), "issue", 13, "request")
    save_field(caller, form, "result", "已补发")
    save_field(caller, other, "result", "另一件")
    clear_draft(caller, form)
    assert draft_fields(viewer(both_worlds, "unit"), form) == {}
    assert draft_fields(viewer(both_worlds, "unit"), other) == {"result": "另一件"}


def test_a_draft_is_no_record_and_the_chain_does_not_move(both_worlds: World) -> None:
    before = audit_head()
    save_field(both_worlds.caller("unit"), subject(both_worlds), "result", "已补发")
    assert audit_head() == before
    assert verify(files=False).ok


def test_a_text_too_long_to_be_one_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="太长"):
        save_field(world.caller("unit"), subject(world), "result", "字" * (LONGEST_VALUE + 1))


def test_a_session_that_is_over_saves_nothing(world: World) -> None:
    gone = world.caller("unit")
    with pytest.raises(SignedOut):
        save_field(type(gone)(gone.now, gone.today, gone.wall), subject(world), "result", "已补发")
