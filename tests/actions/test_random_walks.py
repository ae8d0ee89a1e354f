"""Problems walked about at random by everybody: what must hold after each step, in whichever order they come."""

import shutil
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy.orm import Session

from actions import closure, issue, issue_money, rectification
from actions.issue_place import hand_places
from models.database import Database
from models.evidence import Evidence, EvidencePurpose
from models.issue import BY_VERB, Verb
from models.issue_money import Direction, IssueMoney
from models.issue_record import Issue, IssueEvent, IssueRound
from models.issue_word import Handling, IssueStatus
from models.refusal import Refused, Stale
from queries.audit import verify
from queries.issue_place import places_of
from queries.reading import reading
from tests.actions.attempts import REASON, assign_direct, attempt
from tests.actions.crowd import EVERYBODY, crowded_world
from tests.factories import World

WALKS, STEPS = 50, 40
PROBLEMS = 2
DUE = 320_000
OFFENCE = "P302"
PEOPLE = sorted(name for names in EVERYBODY.values() for name in names)
KINDS = {
    "onwards": 6, "aside": 5, "anything": 1, "on_spot": 1, "direct": 1, "some_money": 1, "movement": 1, "put_right": 1,
    "measures": 1, "evidence": 1, "stale": 1, "second_writer": 1, "days": 1,
    "places": 2, "given_back": 2,
}  # fmt: skip
"""Kind of step → how often."""
DOERS = ("office", "office2", "office_deputy", "leader", "inspector", "inspector2", "unit", "unit_deputy")
ONWARDS = {
    IssueStatus.REGISTERED: (Verb.ASSIGN, "office inside_office office_deputy"),
    IssueStatus.RECTIFYING: (Verb.REQUEST, "unit unit_deputy unit2 other_unit"),
    IssueStatus.ACCEPTANCE: (Verb.ACCEPT, "inspector office office_deputy inspector2 inside_deputy"),
    IssueStatus.APPROVAL: (Verb.APPROVE, "office office_again office2 office_deputy inside_office leader"),
    IssueStatus.CLOSED: (Verb.REOPEN, "leader office"),
    IssueStatus.DISMISSED: (Verb.REINSTATE, "leader office"),
}
"""The verb tried more often, so that walks get somewhere; it decides nothing."""


class Walk(RuleBasedStateMachine):
    """Two problems, one of them of group C, one clock, everybody at them."""

    template: Path
    folder: Path
    built: World
    walks = 0
    seen: set[str]

    @initialize()
    def two_problems(self) -> None:
        type(self).walks += 1
        path = self.folder / f"walk{self.walks}.db"
        shutil.copy(self.template, path)
        Database.open(f"sqlite:///{path}")
        assert Database.engine is not None
        sa.event.listen(Database.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
        self.world = World(**vars(self.built))
        self.numbers: dict[int, str] = {}
        self.first_deadlines: dict[tuple[int, int], date | None] = {}
        offence = {"type_code": OFFENCE, "title": "涉嫌以卡代折扣发补贴", "facts": "涉嫌保管12户卡折。"}
        several = {"also_in": (self.world.regions["甲二村"], self.world.regions["甲三村"])}
        self.ids = [
            self.world.registered(to_recover_cents=DUE, **(offence if n == 0 else several)) for n in range(PROBLEMS)
        ]
        for issue_id in self.ids:
            self._check(issue_id)

    def teardown(self) -> None:
        if getattr(self, "world", None) is None:
            return
        findings = verify(files=False).findings
        Database.close()
        assert findings == ()

    # One rule with many kinds of steps: of several rules Hypothesis leaves some out of each walk. The dice are thrown
    # from one number, for what Hypothesis draws one by one clusters at the ends.
    @rule(chance=st.integers(0, 2**32 - 1))
    def step(self, chance: int) -> None:
        dice = Random(chance)
        kind = dice.choices(tuple(KINDS), tuple(KINDS.values()))[0]
        getattr(self, f"_{kind}")(dice.choice(self.ids), dice)

    # --- steps --------------------------------------------------------------------------------------------------------

    def _onwards(self, issue_id: int, dice: Random) -> None:
        found = self._issue(issue_id)
        verb, people = ONWARDS[found.status]
        if found.status is IssueStatus.RECTIFYING and found.type_code == OFFENCE and not found.is_released:
            verb, people = Verb.RELEASE, "leader"
        who = dice.choice(people.split())
        if verb is Verb.REQUEST:
            self.world.evidence(issue_id, by="unit")
            self._places(issue_id, dice)
        if verb is Verb.APPROVE:
            self._approve(issue_id, who)
        else:
            self._try(issue_id, lambda: attempt(self.world, verb, who, issue_id))

    def _approve(self, issue_id: int, who: str) -> None:
        self._try(issue_id, lambda: closure.approve(self.world.caller(who), issue_id, "余款分期追缴，已签协议。"))

    def _aside(self, issue_id: int, dice: Random) -> None:
        status = self._issue(issue_id).status
        verb = dice.choice([verb for verb, row in BY_VERB.items() if status in row.sources])
        who = dice.choice(DOERS)
        self._try(issue_id, lambda: attempt(self.world, verb, who, issue_id))

    def _given_back(self, issue_id: int, dice: Random) -> None:
        """A request that waits goes back to the unit."""
        if self._issue(issue_id).status in IssueStatus.held():
            who = dice.choice(("inspector2", "office2", "leader"))
            self._try(issue_id, lambda: attempt(self.world, Verb.RETURN, who, issue_id))

    def _anything(self, issue_id: int, dice: Random) -> None:
        verb, who = dice.choice(tuple(Verb)), dice.choice(PEOPLE)
        self._try(issue_id, lambda: attempt(self.world, verb, who, issue_id))

    def _on_spot(self, issue_id: int, dice: Random) -> None:
        """As often as the office assigns: the inspector who found it puts it right there and then."""
        if self._issue(issue_id).status is IssueStatus.REGISTERED:
            self.world.evidence(issue_id, by=dice.choice(("inspector", "inspector2")))
        fix = rectification.SpotFix(
            "当场改好，在场人签字。", dice.choice((0, 0, DUE)), dice.choice((0, 0, DUE)), "回单1"
        )
        self._try(issue_id, lambda: rectification.fix_on_spot(self.world.caller("inspector"), issue_id, fix))

    def _direct(self, issue_id: int, dice: Random) -> None:
        """The office rectifies it itself, and then asks: nobody of them accepts or approves it."""
        found, who = self._issue(issue_id), dice.choice(("office", "office2", "office_deputy"))
        if found.status is IssueStatus.REGISTERED:
            self._try(issue_id, lambda: assign_direct(self.world, who, issue_id))
        elif found.status is IssueStatus.RECTIFYING and found.handling is Handling.DIRECT:
            self.world.evidence(issue_id, by=who)
            self._try(issue_id, lambda: attempt(self.world, Verb.REQUEST, who, issue_id))

    def _some_money(self, issue_id: int, dice: Random) -> None:
        asked = self.world.closure_request(
            paid_cents=dice.randint(0, DUE + 1), recovered_cents=dice.choice((-1, 0, 0, 1, DUE // 2, DUE))
        )
        self._try(issue_id, lambda: rectification.request(self.world.caller("unit"), issue_id, asked))

    def _movement(self, issue_id: int, dice: Random) -> None:
        """More than is due, nothing, before it was found, to the treasury: whatever people type."""
        today = self.world.caller("unit").today
        entry = issue_money.MoneyEntry(
            dice.choice(tuple(Direction)), dice.choice((-1, 0, 1, DUE // 3, DUE, DUE + 1)),
            today - timedelta(days=dice.choice((-1, 0, 0, 0, 999))), "回单2", dice.random() < 0.3,
        )  # fmt: skip
        who = dice.choice(("unit", "unit_deputy", "office", "office2", "leader"))
        self._try(issue_id, lambda: issue_money.record_money(self.world.caller(who), issue_id, entry))

    def _put_right(self, issue_id: int, dice: Random) -> None:
        with reading() as session:
            ids = list(session.scalars(sa.select(IssueMoney.id).order_by(IssueMoney.id)))
        right, who = dice.choice((-1, 0, 1, DUE // 2, DUE)), dice.choice(("unit", "office", "office2"))
        self._try(
            issue_id,
            lambda: issue_money.correct_money(self.world.caller(who), issue_id, dice.choice(ids or [0]), right, REASON),
        )

    def _measures(self, issue_id: int, dice: Random) -> None:
        caller = self.world.caller(dice.choice(("office", "office2", "office_deputy")))
        text = f"办公室改写的措施，第{dice.randint(1, 999)}稿。"
        self._try(issue_id, lambda: issue.correct(caller, issue_id, "measures", text, REASON))

    def _evidence(self, issue_id: int, dice: Random) -> None:
        if self._issue(issue_id).status is IssueStatus.RECTIFYING:
            self.world.evidence(issue_id, by=dice.choice(("unit2", "inspector", "office_again")))
            self.world.evidence(issue_id, by="unit", purpose=EvidencePurpose.CONTEST)

    def _places(self, issue_id: int, dice: Random) -> None:
        """One crosses places off, or the office hands one to another unit."""
        with reading() as session:
            left = [place.id for place in places_of(session, issue_id) if place.done_on is None]
        if not left or self._issue(issue_id).status is not IssueStatus.RECTIFYING:
            return
        some = dice.sample(left, dice.randint(1, len(left)))
        if dice.random() < 0.3:
            unit = self.world.units[dice.choice(("示例一镇财政所", "示例二镇财政所", "领导小组办公室"))]
            by = self.world.caller(dice.choice(("office", "office2")))
            self._try(issue_id, lambda: hand_places(by, issue_id, some[:1], unit, None, REASON))
            return
        who = self.world.caller(dice.choice(("unit", "unit2", "unit_deputy", "other_unit")))
        self._try(issue_id, lambda: rectification.report(who, issue_id, "已补发到户。", place_ids=some))

    def _stale(self, issue_id: int, dice: Random) -> None:
        before = _growth(issue_id)
        with pytest.raises(Refused):
            old = self._issue(issue_id).version - dice.randint(1, 3)
            attempt(self.world, dice.choice(tuple(Verb)), dice.choice(PEOPLE), issue_id, old)
        assert _growth(issue_id) == before

    def _second_writer(self, issue_id: int, dice: Random) -> None:
        with pytest.raises(Stale, match="刚才有人已对本件"):
            attempt(self.world, Verb.CORRECT, "office", issue_id, self._issue(issue_id).version - 1)

    def _days(self, issue_id: int, dice: Random) -> None:
        self.world.later(days=dice.randint(1, 25))

    # --- what holds ---------------------------------------------------------------------------------------------------

    def _try(self, issue_id: int, do: Callable[[], object]) -> None:
        """Success adds one entry, one event, one version; a refusal nothing."""
        before, version = _growth(issue_id), self._issue(issue_id).version
        try:
            do()
        except Refused:
            assert (_growth(issue_id), self._issue(issue_id).version) == (before, version)
            return
        assert _growth(issue_id) == (before[0] + 1, before[1] + 1)
        assert self._issue(issue_id).version == version + 1
        self._check(issue_id)

    def _check(self, issue_id: int) -> None:
        with reading() as session:
            found = session.get_one(Issue, issue_id)
            by_position = sa.select(IssueEvent).where(IssueEvent.issue_id == issue_id).order_by(IssueEvent.position)
            events = list(session.scalars(by_position))
            self.seen.add(events[-1].verb)
            _the_last_event_says_where_it_stands(found, events)
            self._numbers_are_gapless_and_never_change(found)
            self._first_deadlines_stay(session, found, events[-1].verb)
            _money_done_is_the_sum_of_its_movements(session, found)
            if found.status in (*IssueStatus.held(), IssueStatus.CLOSED):
                assert all(place.done_on for place in places_of(session, issue_id))
            if found.status is IssueStatus.CLOSED:
                _hands_do_not_touch(session, found, [e for e in events if e.round == found.round])

    def _numbers_are_gapless_and_never_change(self, found: Issue) -> None:
        assert self.numbers.setdefault(found.id, found.number or "") == found.number
        assert sorted(self.numbers.values()) == [f"SL2022-JX-{n:04d}" for n in range(1, len(self.numbers) + 1)]

    def _first_deadlines_stay(self, session: Session, found: Issue, last_verb: str) -> None:
        """Of each round, unless the problem was assigned anew."""
        if last_verb in (Verb.ASSIGN, Verb.REINSTATE):
            self.first_deadlines[found.id, found.round] = found.first_deadline
        rounds = session.execute(
            sa.select(IssueRound.round, IssueRound.first_deadline)
            .where(IssueRound.issue_id == found.id)
            .order_by(IssueRound.round)
        ).all()
        assert [number for number, _ in rounds] == list(range(1, found.round + 1))
        for number, first in rounds:
            assert self.first_deadlines.setdefault((found.id, number), first) == first
        assert found.first_deadline == rounds[-1][1]

    def _issue(self, issue_id: int) -> Issue:
        with reading() as session:
            return session.get_one(Issue, issue_id)


def _the_last_event_says_where_it_stands(found: Issue, events: list[IssueEvent]) -> None:
    assert [e.position for e in events] == list(range(1, len(events) + 1))
    assert (events[-1].status, events[-1].round, events[-1].deadline) == (found.status, found.round, found.deadline)
    assert [e.from_status for e in events[1:]] == [e.status for e in events[:-1]]


def _money_done_is_the_sum_of_its_movements(session: Session, found: Issue) -> None:
    rows = session.execute(
        sa.select(IssueMoney.direction, sa.func.sum(IssueMoney.amount_cents))
        .where(IssueMoney.issue_id == found.id)
        .group_by(IssueMoney.direction)
    )
    moved = {direction: cents for direction, cents in rows}
    reissued = session.scalar(
        sa.select(sa.func.sum(IssueMoney.amount_cents)).where(
            IssueMoney.issue_id == found.id, IssueMoney.is_reissued.is_(True)
        )
    )
    assert 0 <= moved.get("REMIT", 0) <= moved.get("RECOVER", 0) - (reissued or 0)
    assert (found.recovered_cents, found.paid_cents) == (moved.get("RECOVER", 0), moved.get("PAY", 0))
    assert 0 <= found.recovered_cents <= found.to_recover_cents and 0 <= found.paid_cents <= found.to_pay_cents


def _hands_do_not_touch(session: Session, found: Issue, events: list[IssueEvent]) -> None:
    """Writers, the last acceptor and the approver of a closed round are different people, deputies seen through."""
    given = session.scalars(
        sa.select(Evidence).where(
            Evidence.issue_id == found.id, Evidence.round == found.round,
            Evidence.purpose == EvidencePurpose.RECTIFICATION,
        )
    )  # fmt: skip
    closing = next(e.position for e in events if e.verb == "approve")  # money may still move afterwards
    wrote = _hands([e for e in events if _wrote(e) and e.position < closing]) | _hands(given)
    accepted = _hands([e for e in events if e.verb == "accept"][-1:])
    approved = _hands([e for e in events if e.verb == "approve"])
    assert wrote and accepted and approved
    assert not wrote & accepted and not wrote & approved and not accepted & approved


def _wrote(event: IssueEvent) -> bool:
    verbs = ("report", "request", "fix", "extend", "record_money", "correct_money", "measure")
    return event.verb in verbs or event.detail.get("field") == "measures"


def _hands(events: Iterable[IssueEvent | Evidence]) -> set[int]:
    """The people who did it and those they stood in for."""
    return {p for e in events for p in (e.person_id, e.stood_in_for_id) if p is not None}


def _growth(issue_id: int) -> tuple[int, int]:
    with reading() as session:
        entries = session.scalar(sa.text("select max(seq) from audit_entry")) or 0
        events = sa.select(sa.func.count()).where(IssueEvent.issue_id == issue_id)
        return entries, session.scalar(events) or 0


def test_whatever_happens_the_laws_hold(empty_sqlite: Path, tmp_path: Path) -> None:
    template = tmp_path / "template.db"
    shutil.copy(empty_sqlite, template)
    Database.open(f"sqlite:///{template}")
    Walk.built = crowded_world()
    assert Database.engine is not None
    with Database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    Database.close()
    Walk.template, Walk.folder, Walk.seen = template, tmp_path, set()
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=WALKS, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )  # fmt: skip
    assert {"fix", "accept", "return", "approve", "reopen"} <= Walk.seen, "the walks got nowhere"
