"""Identity data is masked; whole it is shown to few, one by one, with a reason, and the log says so."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from actions.identity import reveal
from models.audit import AuditEntry
from models.database import Database
from models.identity import Identity
from models.refusal import NotFoundOrNotYours, Refused
from models.role import Permission
from models.unit import Person
from queries.audit import verify
from queries.identity import masked_identity
from queries.reading import reading
from queries.viewer import Viewer
from tests.factories import World
from tests.rosters import Roster, add_roster

REASON = "群众来电核对账号"


@pytest.fixture
def roster(both_worlds: World) -> Roster:
    """One household in 甲一村."""
    return add_roster(both_worlds, {"甲一村": 1})


def member_of(roster: Roster) -> int:
    """The head of the household."""
    return next(iter(roster.members.values()))[0]


def viewer_of(world: World, name: str) -> Viewer:
    """The person as the record sees them."""
    with reading() as session:
        return world.caller(name).look_up(session)


def stored(roster: Roster) -> Identity:
    """The head's identity."""
    with reading() as session:
        return session.scalars(sa.select(Identity).order_by(Identity.id)).first() or Identity()


def reveals() -> list[AuditEntry]:
    """The audit entries of reveals."""
    with reading() as session:
        return list(session.scalars(sa.select(AuditEntry).where(AuditEntry.action == Permission.REVEAL.value)))


@pytest.mark.parametrize("by", ["office", "auditor"])
def test_office_and_auditor_see_a_person_whole_with_a_reason(both_worlds: World, roster: Roster, by: str) -> None:
    shown = reveal(both_worlds.caller(by), member_of(roster), REASON)
    kept = stored(roster)
    assert (shown.name, shown.id_number, shown.account_no) == (kept.name, kept.id_number, kept.account_no)


@pytest.mark.parametrize("by", ["inspector", "unit", "leader", "discipline", "admin", "security"])
def test_others_do_not(both_worlds: World, roster: Roster, by: str) -> None:
    with pytest.raises(Refused, match="权限"):
        reveal(both_worlds.caller(by), member_of(roster), REASON)
    assert reveals() == []


def test_the_office_of_another_county_does_not_even_learn_that_the_person_exists(
    both_worlds: World, roster: Roster
) -> None:
    for member_id in (member_of(roster), 99_999):
        with pytest.raises(NotFoundOrNotYours, match="没有找到"):
            reveal(both_worlds.caller("far_office"), member_id, REASON)


def test_nobody_looks_into_the_own_village(both_worlds: World, roster: Roster) -> None:
    with Database.writers() as session:
        session.get_one(Person, both_worlds.people["office"]).home_village_id = both_worlds.regions["甲一村"]
        session.commit()
    with pytest.raises(NotFoundOrNotYours):
        reveal(both_worlds.caller("office"), member_of(roster), REASON)


@pytest.mark.parametrize("reason", ["", "   ", "看看 ", "查" * 201])
def test_without_a_proper_reason_nothing_is_shown(both_worlds: World, roster: Roster, reason: str) -> None:
    with pytest.raises(Refused, match="理由"):
        reveal(both_worlds.caller("office"), member_of(roster), reason)
    assert reveals() == []


def test_each_look_is_an_entry_that_names_nobody(both_worlds: World, roster: Roster) -> None:
    kept = stored(roster)
    reason = f"核对{kept.name}的号码{kept.id_number}"
    reveal(both_worlds.caller("office"), member_of(roster), reason)
    reveal(both_worlds.caller("office"), member_of(roster), REASON)
    first, second = reveals()
    assert first.subject == f"household_member:{member_of(roster)}"
    assert second.detail == {"reason": REASON}
    text = f"{first.detail}{first.writes}"
    assert all(str(value) not in text for value in (kept.name, kept.id_number, kept.account_no))
    assert verify().ok


def test_what_was_erased_is_not_shown(both_worlds: World, roster: Roster) -> None:
    with Database.writers() as session:
        for identity in session.scalars(sa.select(Identity)):
            identity.erased_at = both_worlds.now + timedelta(days=1)
        session.commit()
    with pytest.raises(Refused, match="清除"):
        reveal(both_worlds.caller("office"), member_of(roster), REASON)
    assert not masked_identity(viewer_of(both_worlds, "office"), member_of(roster)).may_reveal


@pytest.mark.parametrize(("by", "may"), [("office", True), ("auditor", True), ("leader", False), ("inspector", False)])
def test_the_card_is_masked_and_says_whether_it_may_be_opened(
    both_worlds: World, roster: Roster, by: str, may: bool
) -> None:
    card = masked_identity(viewer_of(both_worlds, by), member_of(roster))
    kept = stored(roster)
    assert card.may_reveal is may
    assert card.name == f"{(kept.name or '')[0]}**"
    assert card.id_number == f"000000********{(kept.id_number or '')[-4:]}"
    assert card.account_no == f"********{(kept.account_no or '')[-4:]}"


@pytest.mark.parametrize("by", ["far_office", "unit", "discipline", "security"])
def test_the_card_is_not_for_everybody(both_worlds: World, roster: Roster, by: str) -> None:
    with pytest.raises(NotFoundOrNotYours):
        masked_identity(viewer_of(both_worlds, by), member_of(roster))
