"""Who may give evidence for what and when; a file is kept once, and the same file for two problems is said."""

from io import BytesIO

import pytest
import sqlalchemy as sa
from PIL import Image

from actions import closure, rectification
from actions.delegation import add_delegation
from actions.evidence import EvidenceGiven, add_evidence
from actions.transaction import transaction
from files.evidence import evidence_path
from files.storage import Storage
from models.evidence import Evidence, EvidenceKind, EvidencePurpose
from models.issue_record import Issue
from models.issue_word import VerifiedHow
from models.refusal import NotFoundOrNotYours, Refused
from models.role import Role
from queries.audit import verify
from queries.evidence import stored_evidence
from queries.issue_case import case_of
from queries.reading import reading
from queries.viewer import Viewer, viewer_of_user
from tests.factories import World


def photo(colour: str = "red") -> bytes:
    target = BytesIO()
    Image.new("RGB", (80, 60), colour).save(target, "JPEG")
    return target.getvalue()


def give(
    world: World, issue_id: int, by: str = "unit", purpose: EvidencePurpose = EvidencePurpose.RECTIFICATION,
    data: bytes | None = None, kind: EvidenceKind = EvidenceKind.BANK_SLIP,
) -> EvidenceGiven:  # fmt: skip
    return add_evidence(
        world.caller(by), issue_id=issue_id, kind=kind, purpose=purpose, data=photo() if data is None else data,
        caption="银行回单 12 笔",
    )  # fmt: skip


def viewer(world: World, name: str) -> Viewer:
    with reading() as session:
        found = viewer_of_user(session, world.users[name], world.caller(name).today)
    assert found is not None
    return found


def test_the_responsible_unit_proves_what_it_did_and_can_then_ask(both_worlds: World) -> None:
    issue_id = both_worlds.rectifying()
    given = give(both_worlds, issue_id)
    with reading() as session:
        row, count = session.get_one(Evidence, given.id), session.get_one(Issue, issue_id).evidence_count
    assert (row.media_type, row.caption, count) == ("image/jpeg", "银行回单 12 笔", 1)
    assert evidence_path(row.sha256).read_bytes() == photo()
    rectification.request(both_worlds.caller("unit"), issue_id, both_worlds.closure_request())


@pytest.mark.parametrize("by", ["office", "inspector", "leader"])
def test_nobody_else_proves_the_rectification(both_worlds: World, by: str) -> None:
    issue_id = both_worlds.rectifying()
    with pytest.raises(Refused, match="责任单位"):
        give(both_worlds, issue_id, by)
    with reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Evidence)) == 0


def test_another_unit_does_not_even_find_the_problem(both_worlds: World) -> None:
    with pytest.raises(NotFoundOrNotYours):
        give(both_worlds, both_worlds.rectifying(), "other_unit")


def test_no_evidence_is_slipped_in_while_the_request_waits(both_worlds: World) -> None:
    issue_id = both_worlds.in_acceptance()
    with pytest.raises(Refused, match="整改中"):
        give(both_worlds, issue_id)


def test_the_finding_is_proved_by_its_author_until_it_is_assigned(both_worlds: World) -> None:
    issue_id = both_worlds.draft("inspector")
    give(both_worlds, issue_id, "inspector", EvidencePurpose.FINDING)
    with pytest.raises(NotFoundOrNotYours):
        give(both_worlds, issue_id, "inspector2", EvidencePurpose.FINDING, photo("blue"))
    assigned = both_worlds.rectifying()
    with pytest.raises(Refused, match="交办之前"):
        give(both_worlds, assigned, "inspector", EvidencePurpose.FINDING)


def test_whoever_gave_evidence_cannot_accept(both_worlds: World) -> None:
    """Two pairs of eyes: evidence makes a writer, in whatever role it was given."""
    issue_id = both_worlds.rectifying()
    give(both_worlds, issue_id)
    both_worlds.evidence(issue_id, by="office")  # as if the office had filed a slip for the unit
    rectification.request(both_worlds.caller("unit"), issue_id, both_worlds.closure_request())
    with pytest.raises(Refused, match="您写的"):
        closure.accept(both_worlds.caller("office"), issue_id, VerifiedHow.DOCUMENTS, "回单齐全。")


def test_a_double_click_keeps_one_file(both_worlds: World) -> None:
    issue_id = both_worlds.rectifying()
    give(both_worlds, issue_id)
    with pytest.raises(Refused, match="已经在本件"):
        give(both_worlds, issue_id)
    with reading() as session:
        assert session.get_one(Issue, issue_id).evidence_count == 1


def test_the_same_photo_for_another_problem_is_said_and_not_refused(both_worlds: World) -> None:
    first, second = both_worlds.rectifying(), both_worlds.rectifying()
    assert give(both_worlds, first).also_in == ()
    again = give(both_worlds, second)
    assert again.also_in == ("SL2022-JX-0001",)
    assert "SL2022-JX-0001" in again.sentence


def test_a_file_that_is_refused_leaves_no_row(both_worlds: World) -> None:
    issue_id = both_worlds.rectifying()
    with pytest.raises(Refused, match="程序"):
        give(both_worlds, issue_id, data=b"MZ renamed to jpg")
    with reading() as session:
        assert session.get_one(Issue, issue_id).evidence_count == 0
    assert [p for p in Storage.evidence().rglob("*") if p.is_file()] == []


def test_evidence_is_added_and_never_changed(both_worlds: World) -> None:
    given = give(both_worlds, both_worlds.rectifying())
    with pytest.raises((Refused, sa.exc.DBAPIError)), transaction(both_worlds.terminal()) as tx:
        tx.session.get_one(Evidence, given.id).caption = "换了说明"
        tx.record("test.write", "evidence:1")
    with reading() as session:
        assert session.get_one(Evidence, given.id).caption == "银行回单 12 笔"


def test_a_file_opens_to_those_who_see_its_problem(both_worlds: World) -> None:
    given = give(both_worlds, both_worlds.rectifying())
    for name in ("unit", "unit2", "office", "inspector", "leader", "auditor"):
        assert stored_evidence(viewer(both_worlds, name), given.id).media_type == "image/jpeg"
    for name in ("other_unit", "far_office", "admin", "security"):
        with pytest.raises(NotFoundOrNotYours):
            stored_evidence(viewer(both_worlds, name), given.id)


def test_the_photo_of_a_hidden_offence_is_hidden_with_it(both_worlds: World) -> None:
    issue_id = both_worlds.draft(type_code="P302", title="涉嫌虚报冒领", facts="甲一村涉嫌虚报冒领补贴。")
    given = give(both_worlds, issue_id, "inspector", EvidencePurpose.FINDING)
    with pytest.raises(NotFoundOrNotYours):
        stored_evidence(viewer(both_worlds, "unit"), given.id)
    with pytest.raises(NotFoundOrNotYours):
        stored_evidence(viewer(both_worlds, "office"), given.id)  # still a draft: its author's alone


def test_a_moved_file_name_tells_nothing_of_people(both_worlds: World) -> None:
    given = give(both_worlds, both_worlds.rectifying())
    assert stored_evidence(viewer(both_worlds, "office"), given.id).file_name == f"佐证{given.id}.jpg"


def test_whoever_gives_evidence_for_another_makes_writers_of_both(both_worlds: World) -> None:
    world, issue_id = both_worlds, both_worlds.rectifying()
    today = world.caller("unit").today
    add_delegation(world.caller("unit"), "auditor", Role.UNIT, today, today)
    given = give(world, issue_id, by="auditor")
    with reading() as session:
        row = session.get_one(Evidence, given.id)
        writers = case_of(session, session.get_one(Issue, issue_id)).writers
    assert (row.person_id, row.stood_in_for_id) == (world.people["auditor"], world.people["unit"])
    assert {world.people["auditor"], world.people["unit"]} <= writers
    assert verify().ok
