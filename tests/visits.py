"""Households ready to be visited: a roster, payments, one adopted draw in which everything is drawn."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from actions.household_check import open_check, save_field
from actions.sample import adopt, draw, freeze
from actions.transaction import transaction
from files.payment_columns import RETURNED, SCHEMA, SUCCESS
from files.payment_store import write_batch
from files.storage import Storage
from models.campaign import SamplingRule
from models.check_form import LineKey
from models.identity import Identity
from models.payment import PaymentImport
from models.region import Region
from models.roster import Household, HouseholdMember
from models.unit import Person
from queries.reading import reading
from tests.factories import World
from tests.rosters import Roster, add_roster

VILLAGES = {"甲一村": 3, "甲二村": 2, "乙一村": 1, "丙一村": 1}


@dataclass
class Visits:
    """A world with drawn households. `home(0)` is the first household of 甲一村: a head and a spouse."""

    world: World
    roster: Roster
    sample_id: int
    payments: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def build(cls, world: World, villages: dict[str, int] | None = None) -> "Visits":
        """Every village with a roster and every household of it is drawn."""
        sizes = villages or VILLAGES
        roster = add_roster(world, sizes)
        with transaction(world.terminal()) as tx:
            tx.session.add(
                SamplingRule(
                    campaign_id=world.campaign_id, share_percent=100, mandatory_villages=[], mandatory_items=[],
                    recorded_at=world.later(seconds=1).now,
                )
            )  # fmt: skip
            tx.record("test.rule", "campaign:1")
        freeze(world.caller("office"), world.campaign_id, "2022年7月10日福彩双色球开奖号码")
        sample_id = draw(world.caller("office"), world.campaign_id, "01 02 03 04 05 06 07")
        adopt(world.caller("office"), sample_id)
        return cls(world, roster, sample_id)

    def home(self, at: int = 0, village: str = "甲一村") -> int:
        """Id of a household."""
        return self.roster.households[self.code(at, village)]

    def code(self, at: int = 0, village: str = "甲一村") -> str:
        """`village code/0001`."""
        with reading() as session:
            code = session.get_one(Region, self.world.regions[village]).code
        return self.roster.in_village(code)[at]

    def member(self, place: int = 0, at: int = 0, village: str = "甲一村") -> int:
        """Id of a person: place 0 is the head, 1 the spouse."""
        return self.roster.members[self.code(at, village)][place]

    def pay(
        self, place: int = 0, item: str = "S01", year: int = 2021, due: int = 120_000, paid: int | None = None,
        at: int = 0, village: str = "甲一村", status: str = SUCCESS, id_number: str | None = None,
    ) -> "Visits":  # fmt: skip
        """One payment in 分 in the register taken in next; call `register` after the last one."""
        code = self.code(at, village)
        self.payments.append({
            "row": len(self.payments) + 2, "item_code": item, "period": str(year), "period_start": date(year, 1, 1),
            "year": year, "batch": "", "town_code": code[:9] + "000", "village_code": code[:12], "name": "某某",
            "id_number": id_number or self.roster.id_numbers[code][place], "account_no": "6228000000000000001",
            "pay_kind": "", "due_cents": due, "amount_cents": due if paid is None else paid,
            "paid_date": date(year, 6, 1), "status": status,
        })  # fmt: skip
        return self

    def register(self) -> "Visits":
        """Take the payments in as one batch."""
        batch = write_batch(Storage.payments(), pa.Table.from_pylist(self.payments, schema=SCHEMA))
        with transaction(self.world.terminal()) as tx:
            tx.session.add(
                PaymentImport(
                    campaign_id=self.world.campaign_id, file_name="发放.xlsx", sha256=batch.sha256,
                    batch_file=batch.file_name, batch_sha256=batch.sha256, row_count=batch.rows, faulty=0,
                    total_cents=batch.total_cents, control_total_cents=batch.total_cents, recorded_at=tx.now,
                    recorded_by="terminal:tests",
                )
            )  # fmt: skip
            tx.record("payment.import", "payment_import:1")
        self.payments = []
        return self

    def usual_payments(self) -> "Visits":
        """The head of the first household of 甲一村 has two items, one short of 360.00 元; the spouse has none."""
        return self.pay(item="S17").pay(item="S11", due=432_000, paid=396_000).register()

    def line(self, item: str, part: str, place: int = 0, year: int = 2021) -> str:
        """Name of a drafted field of the first household of 甲一村."""
        return LineKey(self.member(place), item, year).field(part)

    def opened(self, by: str = "inspector", at: int = 0, village: str = "甲一村") -> int:
        """A form just begun."""
        return open_check(self.world.caller(by), self.home(at, village))

    def filled(self, by: str = "inspector") -> int:
        """The form of the first household after `usual_payments`, complete: one item short."""
        check_id = self.opened(by)
        second = "inspector2" if by == "inspector" else "inspector"
        self.save(check_id, by, {
            "outcome": "VISITED", "interviewee": "本人", "second": self.world.people[second],
            self.line("S17", "verdict"): "MATCHES", self.line("S17", "said"): 120_000,
            self.line("S11", "verdict"): "WRONG_AMOUNT", self.line("S11", "said"): 396_000,
        })  # fmt: skip
        return check_id

    def save(self, check_id: int, by: str, fields: dict[str, Any]) -> None:
        """Several fields, one after the other, as a page saves them."""
        for name, value in fields.items():
            save_field(self.world.caller(by), check_id, name, value)

    def lives_in(self, person: str, village: str) -> None:
        """The person comes from that village (回避)."""
        with transaction(self.world.terminal()) as tx:
            tx.session.get_one(Person, self.world.people[person]).home_village_id = self.world.regions[village]
            tx.record("test.home", "person:1")

    def name_of(self, place: int = 0) -> str:
        """The whole name of a person of the first household."""
        with reading() as session:
            return str(
                session.scalar(
                    sa.select(Identity.name)
                    .join(HouseholdMember, HouseholdMember.identity_id == Identity.id)
                    .join(Household, Household.id == HouseholdMember.household_id)
                    .where(HouseholdMember.id == self.member(place))
                )
            )


__all__ = ["RETURNED", "SUCCESS", "VILLAGES", "Visits"]
