"""Files chosen before there is a problem: kept with one's own draft, evidence once it is raised."""

import hashlib

import pytest

from actions.held_file import MOST_FILES, attach_held_files, drop_file, hold_file
from files.evidence import evidence_path
from models.evidence import EvidenceKind, EvidencePurpose
from models.issue_record import Issue
from models.refusal import Refused
from queries.draft import draft_fields, draft_subject
from queries.evidence import evidence_of_issue
from queries.reading import reading
from queries.viewer import Viewer, viewer_of_user
from tests.actions.test_evidence import photo
from tests.factories import World


def viewer(world: World, name: str) -> Viewer:
    with reading() as session:
        found = viewer_of_user(session, world.users[name], world.caller(name).today)
    assert found is not None
    return found


def subject(world: World, name: str = "inspector") -> str:
    return draft_subject(viewer(world, name), "issue", "new")


def test_files_of_a_draft_become_evidence_of_the_finding(both_worlds: World) -> None:
    caller, form = both_worlds.caller("inspector"), subject(both_worlds)
    assert hold_file(caller, form, photo("red")) == 1
    assert hold_file(caller, form, photo("red")) == 1
    assert hold_file(caller, form, photo("blue")) == 2
    issue_id = both_worlds.draft("inspector")
    assert len(attach_held_files(caller, form, issue_id)) == 2
    with reading() as session:
        rows = evidence_of_issue(session, viewer(both_worlds, "inspector"), issue_id)
        assert {(r.kind, r.purpose) for r in rows} == {(EvidenceKind.PHOTO, EvidencePurpose.FINDING)}
        assert session.get_one(Issue, issue_id).evidence_count == 2


def test_a_file_taken_out_again_is_not_attached(both_worlds: World) -> None:
    caller, form = both_worlds.caller("inspector"), subject(both_worlds)
    hold_file(caller, form, photo())
    drop_file(caller, form, hashlib.sha256(photo()).hexdigest())
    assert draft_fields(viewer(both_worlds, "inspector"), form) == {}
    assert attach_held_files(caller, form, both_worlds.draft("inspector")) == ()


def test_nobody_puts_files_into_or_takes_them_out_of_another_persons_draft(both_worlds: World) -> None:
    form = subject(both_worlds)
    hold_file(both_worlds.caller("inspector"), form, photo())
    for attempt in (
        lambda: hold_file(both_worlds.caller("inspector2"), form, photo("blue")),
        lambda: drop_file(both_worlds.caller("inspector2"), form, hashlib.sha256(photo()).hexdigest()),
        lambda: hold_file(both_worlds.caller("auditor"), subject(both_worlds, "auditor"), photo("blue")),
    ):
        with pytest.raises(Refused, match="不是您的"):
            attempt()
    assert attach_held_files(both_worlds.caller("inspector2"), form, both_worlds.draft("inspector2")) == ()
    assert len(draft_fields(viewer(both_worlds, "inspector"), form)["files"]) == 1


def test_what_is_no_evidence_is_not_even_held(world: World) -> None:
    with pytest.raises(Refused, match="程序"):
        hold_file(world.caller("inspector"), subject(world), b"MZ renamed to jpg")
    assert draft_fields(viewer(world, "inspector"), subject(world)) == {}


def test_a_draft_carries_only_so_many(world: World) -> None:
    caller, form = world.caller("inspector"), subject(world)
    for number in range(MOST_FILES):
        hold_file(caller, form, photo(f"rgb({number * 12},0,0)"))
    extra = photo("rgb(0,250,0)")
    with pytest.raises(Refused, match=str(MOST_FILES)):
        hold_file(caller, form, extra)
    assert not evidence_path(hashlib.sha256(extra).hexdigest()).exists()
