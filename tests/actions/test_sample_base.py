"""Which households are in the base, and which must be in, when payment registers decide it."""

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from actions import sample
from actions.sampling_rule import set_rule
from actions.transaction import transaction
from files.payment_columns import RETURNED, SCHEMA, SUCCESS
from files.payment_store import erase_batch, write_batch
from files.storage import Storage
from models.campaign import HouseholdBase
from models.database import Database
from models.payment import PaymentImport
from models.refusal import Refused
from models.roster import HouseholdMember
from models.sample import DrawnKind, SampleFrame
from queries.campaign import sampling_rule
from queries.sample_check import verify_draw
from tests.factories import World
from tests.rosters import Roster, add_roster
from tests.samples import SEED, SOURCE, households, villages


def pay(roster: Roster, number: int, cents: int = 10_000, person: int = 0, **changed: Any) -> dict[str, Any]:
    """A payment to a person of 甲一村's household of that number."""
    sound = {
        "item_code": "S01", "period": "2021", "period_start": date(2021, 1, 1), "year": 2021, "batch": "",
        "town_code": "421381901000", "village_code": "421381901201", "name": "某某",
        "id_number": roster.id_numbers[f"421381901201/{number:04d}"][person], "account_no": "6228480400000000018",
        "pay_kind": "", "amount_cents": cents, "paid_date": date(2021, 6, 30), "status": SUCCESS,
    }  # fmt: skip
    return sound | changed


def add_payments(world: World, *payments: dict[str, Any]) -> str:
    """A batch on disk and its manifest; the file's name."""
    rows = [{"row": row, **payment} for row, payment in enumerate(payments, start=2)]
    batch = write_batch(Storage.payments(), pa.Table.from_pylist(rows, schema=SCHEMA))
    with transaction(world.terminal()) as tx:
        tx.session.add(
            PaymentImport(
                campaign_id=world.campaign_id, file_name="发放.xlsx", sha256="0" * 64, batch_file=batch.file_name,
                batch_sha256=batch.sha256, row_count=batch.rows, faulty=0, total_cents=batch.total_cents,
                control_total_cents=batch.total_cents, recorded_at=tx.now, recorded_by="terminal:tests",
            )
        )  # fmt: skip
        tx.record("payment.import", "payment_import:1")
    return batch.file_name


def frame_by(world: World, **rule: Any) -> SampleFrame:
    """The frame frozen by that rule."""
    world.later(minutes=1)
    set_rule(world.caller("office"), world.campaign_id, **rule)
    frame_id = sample.freeze(world.caller("office"), world.campaign_id, SOURCE)
    with Database.readers() as session:
        return session.get_one(SampleFrame, frame_id)


def test_the_rule_last_set_holds_even_if_the_clock_was_moved_back(both_worlds: World) -> None:
    both_worlds.later(hours=-2)
    set_rule(both_worlds.caller("office"), both_worlds.campaign_id, share_percent=40)
    rule = sampling_rule(both_worlds.campaign_id)
    assert rule is not None and rule.share_percent == 40


def numbers(codes: str) -> list[str]:
    return [code.partition("/")[2] for code in codes.split()]


def test_subsidised_households_are_those_somebody_of_whom_was_paid_in_scope(both_worlds: World) -> None:
    roster = add_roster(both_worlds, {"甲一村": 5})
    add_payments(
        both_worlds, pay(roster, 1), pay(roster, 2, person=1), pay(roster, 3, year=2019, period="2019"),
        pay(roster, 4, status=RETURNED), pay(roster, 5, year=2020, period="2020-05"),
    )  # fmt: skip
    frame = frame_by(both_worlds, household_base=HouseholdBase.SUBSIDISED)
    assert numbers(frame.household_codes) == ["0001", "0002", "0005"]
    assert frame.mandatory_households == ""


def test_recipients_of_a_named_item_must_be_in(both_worlds: World) -> None:
    roster = add_roster(both_worlds, {"甲一村": 10})
    add_payments(
        both_worlds, pay(roster, 3, item_code="S11"), pay(roster, 9, item_code="S17", person=1), pay(roster, 5)
    )
    frame = frame_by(both_worlds, mandatory_items=["S11", "S17"])
    assert numbers(frame.mandatory_households) == ["0003", "0009"]


def test_large_sums_are_those_of_the_whole_household(both_worlds: World) -> None:
    roster = add_roster(both_worlds, {"甲一村": 4})
    add_payments(
        both_worlds, pay(roster, 1, 60_000), pay(roster, 1, 40_000, person=1), pay(roster, 2, 99_999),
        pay(roster, 3, 200_000, status=RETURNED), pay(roster, 4, 200_000, year=2018, period="2018"),
    )  # fmt: skip
    frame = frame_by(both_worlds, mandatory_from_cents=100_000)
    assert numbers(frame.mandatory_households) == ["0001"]


def test_mandatory_households_are_drawn_first_and_verify(both_worlds: World) -> None:
    roster = add_roster(both_worlds, {"甲一村": 10})
    add_payments(both_worlds, *(pay(roster, number, item_code="S11") for number in (2, 4, 6, 8)))
    frame_by(both_worlds, mandatory_items=["S11"], mandatory_villages=["421381901201"])
    sample_id = sample.draw(both_worlds.caller("office"), both_worlds.campaign_id, SEED)
    kinds = [home.kind for home in households(sample_id)]
    assert kinds == [DrawnKind.MANDATORY] * 4
    assert any(village.kind is DrawnKind.MANDATORY for village in villages(sample_id))
    assert verify_draw(sample_id).ok


def test_a_register_that_was_erased_is_not_taken_for_an_empty_one(world: World) -> None:
    roster = add_roster(world, {"甲一村": 2})
    erase_batch(Storage.payments(), add_payments(world, pay(roster, 1)))
    with pytest.raises(Refused, match="原始数据已不在"):
        frame_by(world, household_base=HouseholdBase.SUBSIDISED)


def test_a_household_everybody_left_is_not_in_the_base(both_worlds: World) -> None:
    roster = add_roster(both_worlds, {"甲一村": 3})
    gone, stays = roster.members["421381901201/0002"], roster.members["421381901201/0003"]
    with transaction(both_worlds.terminal()) as tx:
        for member_id in gone:
            tx.session.get_one(HouseholdMember, member_id).superseded_by_id = stays[0]
        tx.record("roster.import", "roster_import:2")
    assert numbers(frame_by(both_worlds).household_codes) == ["0001", "0003"]
