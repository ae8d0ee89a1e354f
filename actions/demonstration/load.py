"""Load the demonstration into an empty database: real actions, done on days of 2022 by the people who would do them."""

import random
import tempfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import sqlalchemy as sa

from actions.demonstration import SEED, SEED_SOURCE, SEEDED
from actions.demonstration.courses import plan_courses
from actions.demonstration.household_lists import plan_lists
from actions.demonstration.places import Places, build_places, demo_moment
from actions.demonstration.plan import plan_campaign
from actions.demonstration.problems import plan_problems
from actions.demonstration.records import plan_records
from actions.demonstration.registers import payments, people, write_payment_file, write_roster_file
from actions.demonstration.schedule import play
from actions.demonstration.sizes import set_sizes
from actions.demonstration.teams import build_teams
from actions.demonstration.visits import FULL, plan_visits
from actions.payment import PaymentOptions, import_payments
from actions.roster import import_roster
from actions.sample import adopt, draw, freeze
from actions.transaction import Caller, transaction
from models.campaign import Campaign
from models.refusal import Refused
from models.region import Region
from queries.sample_frame import rule_in_force


def load_demonstration(terminal: Caller) -> None:
    """Who: the terminal. Raises Refused unless the database is empty."""
    chance = random.Random(SEEDED)
    with transaction(_on(terminal, date(2022, 5, 10))) as tx:
        if tx.session.scalar(sa.select(sa.func.count()).select_from(Region)) or tx.session.scalar(
            sa.select(sa.func.count()).select_from(Campaign)
        ):
            raise Refused("数据库里已有内容，演示数据只能装入空库。")
        places = build_places(tx)
        build_teams(tx, places)
        set_sizes(places.villages, rule_in_force(tx.session, places.campaign_id), chance)
        tx.record("demonstration.load", f"campaign:{places.campaign_id}")
    plan_campaign(places, terminal.wall)
    _registers(terminal, places, chance)
    office = Caller(demo_moment(date(2022, 6, 15)), date(2022, 6, 15), terminal.wall, user_id=places.users["office"])
    freeze(office, places.campaign_id, SEED_SOURCE)
    office = _on(office, date(2022, 6, 20))
    adopt(office, draw(office, places.campaign_id, SEED))
    problems = plan_problems(places, chance)
    acts = plan_visits(places, chance) + plan_lists(places, chance) + plan_courses(places, problems)
    play(acts + plan_records(places, problems, chance), places, terminal)


def _registers(terminal: Caller, places: Places, chance: random.Random) -> None:
    everybody = people(places.villages, FULL, chance)
    with tempfile.TemporaryDirectory() as folder:
        roster, register = Path(folder) / "示例名册.csv", Path(folder) / "示例发放登记.csv"
        write_roster_file(roster, everybody)
        _must(import_roster(_on(terminal, date(2022, 6, 1)), places.campaign_id, roster, roster.name).is_refused)
        total = write_payment_file(register, payments(everybody, FULL, chance))
        taken = import_payments(
            _on(terminal, date(2022, 6, 10)), places.campaign_id, register, register.name, PaymentOptions(total)
        )
        _must(taken.is_refused)


def _must(refused: bool) -> None:
    if refused:
        raise RuntimeError("the demonstration's own files were refused")


def _on(caller: Caller, day: date, hour: int = 9) -> Caller:
    moment: datetime = demo_moment(day, hour)
    return replace(caller, now=moment, today=day)
