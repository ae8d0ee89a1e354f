"""Problems of the demonstration: found, assigned, rectified, returned, crossed off, by the people who would do it."""

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from PIL import Image, ImageDraw

from actions import assignment, closure, dismissal, issue, rectification
from actions.demonstration.places import SURNAMES, Places, Village, demo_moment
from actions.demonstration.schedule import Act
from actions.demonstration.source import FRAUDS, SELF_FOUND, WITHHELD_CARDS
from actions.demonstration.templates import BY_UNIT, FRAUD, SELF_CHECK, WITHHELD, Template
from actions.demonstration.visits import drawn_households
from actions.evidence import add_evidence
from actions.issue_fields import DOCUMENT
from actions.issue_money import MoneyEntry, record_money
from actions.transaction import Caller
from models.deadline import DeadlineRule
from models.evidence import EvidenceKind, EvidencePurpose
from models.issue_money import Direction
from models.issue_word import DismissalGround, IssueSource, VerifiedHow
from models.problem_type import problem_types
from queries.issue_place import places_of
from queries.reading import reading


class Fate(StrEnum):
    """How a problem goes on, where it is not left to chance."""

    CHANCE = "CHANCE"
    CLOSED = "CLOSED"
    STALLED = "STALLED"
    WAITING = "WAITING"
    """Accepted, waits for the approval."""
    ASSIGNED = "ASSIGNED"
    """Not signed for yet."""
    ASKED = "ASKED"
    """Asked for 销号, waits for the acceptance."""
    RETURNED = "RETURNED"
    """Sent back for more evidence."""


FIRST_DAY = date(2022, 7, 4)
INSPECTED = {"随县": 21, "广水市": 48, "曾都区": 9, "高新区": 3, "大洪山": 5}
"""Problems found by inspection, by unit: 86 in all, of the kinds the source names there."""
AT_THE_UNIT = 10
"""Of 随县's, those in 示例一镇, whose finance office is the account `unit`."""
FRAUD_TOWNS = ("示例三镇", "示例九镇", "示例十四镇")
FURTHER = 6
"""So many villages more has the stalled one of those."""
AT_WORK = (
    (Fate.ASSIGNED, date(2022, 9, 14)),
    (Fate.RETURNED, date(2022, 9, 5)),
    (Fate.ASKED, date(2022, 9, 6)),
    (Fate.STALLED, date(2022, 8, 8)),
)
"""The first of those: whoever signs in there finds one of each on the table."""
YESTERDAY = date(2022, 9, 15)
FRESH = 4
"""Problems of the last day, which the office has yet to assign."""
LETTERS = {
    1: (IssueSource.SPECIAL_AUDIT, "随州市审计局", "示审〔2022〕3号", date(2022, 9, 13)),
    2: (IssueSource.PETITION, "随州市信访局", "示信访〔2022〕118号", date(2022, 9, 14)),
}
"""The last and the last but one of those came by letter, and were entered by the office."""


RULES = (
    DeadlineRule.workdays(10),
    DeadlineRule.workdays(15),
    DeadlineRule.workdays(15),
    DeadlineRule.calendar_days(30),
)


@dataclass
class Planned:
    """All problems: their steps, and the ones later steps refer to. What lies after today is left undone."""

    acts: list[Act]
    everything: list["Problem"]
    self_found_in: list[Village]
    frauds: list["Problem"]


def plan_problems(places: Places, chance: random.Random) -> Planned:
    """The problems of the source and 86 of inspections."""
    self_found = _self_found(places, chance)
    frauds = _frauds(places, chance)
    everything = [*_inspected(places, chance), *self_found, *frauds]
    for number, problem in enumerate(everything):
        problem.number = number
    acts = [act for problem in everything for act in problem.steps()]
    return Planned(acts, everything, [problem.village for problem in self_found], frauds)


def _inspected(places: Places, chance: random.Random) -> list["Problem"]:
    """Found where inspectors went; the last few yesterday, so that the office has something to assign."""
    sampled = {drawn.village_id for drawn in drawn_households(places.campaign_id)}
    units = [unit for unit, count in INSPECTED.items() for _ in range(count)]
    chance.shuffle(units)
    at_the_unit, found = 0, []
    for number, unit in enumerate(units):
        here = [v for v in places.villages if v.unit == unit and v.id in sampled]
        template = chance.choices(*zip(*BY_UNIT[unit], strict=True))[0]
        day = FIRST_DAY + timedelta(days=int(chance.triangular(0, 73, 62)))
        fate, day = Fate.CHANCE, YESTERDAY if number >= len(units) - FRESH else day
        if unit == "随县" and at_the_unit < AT_THE_UNIT:
            here = [v for v in here if v.town == "示例一镇"]
            fate, day = AT_WORK[at_the_unit] if at_the_unit < len(AT_WORK) else (fate, day)
            at_the_unit += 1
        village = chance.choice(here)
        problem = Problem(places, template, day, chance, village, chance.randint(2, 18), fate=fate)
        if unit == "随县" and at_the_unit == len(AT_WORK) and fate is Fate.STALLED:
            problem.further = [v for v in places.villages if v.town == village.town and v is not village][:FURTHER]
        if len(units) - number in LETTERS:
            problem.letter = LETTERS[len(units) - number]
            problem.source = problem.letter[0]
        found.append(problem)
    return found


NOT_HANDED_IN = 4
"""Heads of the offences whose recovered money still lies with the office."""
PARTLY = 3
"""Which of 曾都's own was crossed off with one household still to be paid."""


def _self_found(places: Places, chance: random.Random) -> list["Problem"]:
    """曾都's own: each in another village, found by its town in July; all but two are crossed off by now."""
    here = chance.sample([v for v in places.villages if v.unit == "曾都区"], SELF_FOUND)
    return [
        Problem(
            places, chance.choice(SELF_CHECK), date(2022, 7, 5) + timedelta(days=number // 2), chance, village,
            chance.randint(2, 12) + (number == PARTLY), IssueSource.SELF_CHECK,
            Fate.STALLED if number >= SELF_FOUND - 2 else Fate.CLOSED,
            unpaid=int(number == PARTLY),
        )
        for number, village in enumerate(here)
    ]  # fmt: skip


def _frauds(places: Places, chance: random.Random) -> list["Problem"]:
    """随县's offences in three towns, found by its supervision in the first days of July; the money came back."""
    found = []
    for number, heads in enumerate((*FRAUDS, *WITHHELD_CARDS)):
        town = FRAUD_TOWNS[number % len(FRAUD_TOWNS)]
        village = chance.choice([v for v in places.villages if v.town == town])
        fate = {7: Fate.WAITING, 11: Fate.STALLED}.get(number, Fate.CLOSED)
        day = date(2022, 7, 4) + timedelta(days=number // 4)
        template = FRAUD if number < len(FRAUDS) else WITHHELD
        found.append(Problem(places, template, day, chance, village, heads, IssueSource.SUPERVISION, fate))
    return found


@dataclass
class Problem:
    """One problem's life, planned ahead; its id is known once the first step was done."""

    places: Places
    template: Template
    found: date
    chance: random.Random
    village: Village
    heads: int
    source: IssueSource = IssueSource.INSPECTION
    fate: Fate = Fate.CHANCE
    unpaid: int = 0
    """Households away from home when it was crossed off: what is owed them stays open."""
    letter: tuple[IssueSource, str, str, date] | None = None
    further: Sequence[Village] = ()
    """More villages of the same problem: some were put right, the rest were not."""
    number: int = 0
    acts: list[Act] = field(default_factory=list)
    order: dict[str, Any] = field(default_factory=dict)
    """What its assignment brings beyond the usual: a track, a nature, measures, reviews."""
    issue_id: int = 0

    def steps(self) -> Sequence[Act]:
        """Found and submitted, assigned, signed for, reported, asked, accepted or returned, approved; or dismissed."""
        self.unit_id = self._responsible()
        self.by_unit = self.places.unit_users[self.unit_id]
        self_found = self.source is IssueSource.SELF_CHECK
        author = self.by_unit if self_found else self.chance.choice(("inspector", "inspector2"))
        author = "office" if self.letter else author
        day = self._step(self.found, 0, author, self._raise, hour=10)
        if self._happens(0.04):
            day = self._step(day, 1, "office", self._propose)
            self._step(day, 2, "leader" if self._is_offence() else "office2", self._confirm)
            return self.acts
        quick = self.fate is not Fate.CHANCE
        day = self._step(day, 1 if quick else self.chance.choice((1, 1, 2, 3)), "office", self._assign)
        if self.fate is Fate.ASSIGNED:
            return self.acts
        if self._is_offence():
            day = self._step(day, 1, "leader", self._release)
        day = self._step(day, 1 if quick else self.chance.choice((1, 2)), self.by_unit, self._sign)
        day = self._step(day, 2 if quick else self.chance.randint(2, 6), self.by_unit, self._report)
        if self.fate is Fate.STALLED or self._happens(0.16):
            return self.acts  # will be overdue
        self._close(day, quick)
        return self.acts

    def is_at_work(self, today: date) -> bool:
        """Assigned and signed for, and 销号 not asked for by then."""
        done = [act.do for act in self.acts if act.at.date() < today]
        return self._sign in done and self._request not in done

    def _happens(self, likely: float) -> bool:
        """Chance, where nothing is fated."""
        return self.fate is Fate.CHANCE and self.chance.random() < likely

    def _close(self, day: date, quick: bool) -> None:
        day = self._step(day, 3 if quick else self.chance.randint(3, 12), self.by_unit, self._request)
        if self.fate in (Fate.ASKED, Fate.RETURNED):
            if self.fate is Fate.RETURNED:
                self._step(day, 2, "inspector", self._return)
            return
        if self._happens(0.25):
            day = self._step(day, self.chance.choice((1, 2, 3)), "inspector", self._return)
            day = self._step(day, self.chance.randint(2, 5), self.by_unit, self._request)
        day = self._step(day, self.chance.choice((1, 2, 3, 4)), "inspector2", self._accept)
        if self.fate is Fate.WAITING:
            return
        day = self._step(
            day, self.chance.choice((1, 2, 3)), "leader" if self._is_offence() else "office2", self._approve
        )
        if self.template is FRAUD and self.heads != NOT_HANDED_IN:
            self._step(day, 2, "office", self._hand_in, hour=15)
        if self._happens(0.06):
            self._step(day, 14, "office", self._reopen)

    def _step(self, day: date, after: int, by: str, do: object, hour: int | None = None) -> date:
        on = day + timedelta(days=after)
        while after and on.weekday() > 4:
            on += timedelta(days=1)
        moment: datetime = demo_moment(on, hour or self.chance.randint(9, 16), self.number % 60)
        self.acts.append(Act(moment, do, by))  # type: ignore[arg-type]
        return on

    def _responsible(self) -> int:
        department = self.template.type_code in ("P103", "P105") and self.chance.random() < 0.4
        if department and self.source is IssueSource.INSPECTION and self.fate is Fate.CHANCE:
            return self.places.departments[self.village.unit]
        return self.places.town_offices[self.village.town]

    def _in_charge(self) -> str:
        return f"{SURNAMES[self.unit_id % len(SURNAMES)]}某某"

    def _is_offence(self) -> bool:
        return problem_types()[self.template.type_code].is_suspected_offence

    def _raise(self, caller: Caller) -> None:
        several = f"等{len(self.further) + 1}村" if self.further else ""
        t, words = self.template, {"v": self.village.name + several, "n": self.heads}
        owed, recover = t.owed * self.heads, t.recover * self.heads
        self.issue_id = issue.raise_issue(
            caller,
            issue.Finding(
                campaign_id=self.places.campaign_id, type_code=t.type_code, title=t.title.format(**words),
                facts=t.facts.format(**words), region_id=self.village.id, source=self.source, found_on=caller.today,
                item_code=t.item, period="2021" if t.item else None, households=self.heads, persons=self.heads * 2,
                amount_cents=owed + recover, to_pay_cents=owed, to_recover_cents=recover,
                also_in=tuple(village.id for village in self.further), **self._document(),
            ),
        )  # fmt: skip
        issue.submit(caller, self.issue_id)

    def _document(self) -> dict[str, Any]:
        return dict(zip(DOCUMENT, self.letter[1:], strict=True)) if self.letter else {}

    def _assign(self, caller: Caller) -> None:
        usual: dict[str, Any] = {
            "responsible_unit_id": self.unit_id, "responsible_leader": "李某某", "person_in_charge": self._in_charge(),
            "requirements": "逐户核实，办清资金，公示7天，举一反三。", "deadline_rule": self.chance.choice(RULES),
        }  # fmt: skip
        order = assignment.AssignmentOrder(**usual | self.order)
        assignment.assign(caller, self.issue_id, order)

    def _release(self, caller: Caller) -> None:
        assignment.release(caller, self.issue_id)

    def _sign(self, caller: Caller) -> None:
        assignment.sign(caller, self.issue_id)

    def _report(self, caller: Caller) -> None:
        if self.further:
            self._cross_off(caller)
            return
        rectification.report(caller, self.issue_id, "已逐户核对账号和清册，正在办理。")

    def _cross_off(self, caller: Caller) -> None:
        """Half of the places are done, with a slip each."""
        with reading() as session:
            done = [place.id for place in places_of(session, self.issue_id)][: len(self.further) // 2 + 1]
        for place_id in done:
            add_evidence(
                caller, issue_id=self.issue_id, kind=EvidenceKind.BANK_SLIP, purpose=EvidencePurpose.RECTIFICATION,
                caption=EvidenceKind.BANK_SLIP.label, data=picture(self.number * 1_000_000 + place_id),
                place_id=place_id,
            )  # fmt: skip
        rectification.report(caller, self.issue_id, "逐户核对账号，差额已补发到户并签字。", place_ids=done)

    def _request(self, caller: Caller) -> None:
        kind = min(problem_types()[self.template.type_code].evidence)
        add_evidence(
            caller, issue_id=self.issue_id, kind=EvidenceKind(kind), purpose=EvidencePurpose.RECTIFICATION,
            caption=EvidenceKind(kind).label, data=picture(self.number * 1_000_000 + caller.today.toordinal()),
        )  # fmt: skip
        recovered = self.template.recover * self.heads
        if recovered and self.fate is Fate.CHANCE and self.number % 3 == 0:
            recovered -= self.template.recover  # one household has not paid back yet
        asked = rectification.ClosureRequest(
            result="已整改到位，逐户签字确认。",
            measures="重新核对账号后办理，组织学习政策并公示7天。",
            unit_head="周某某",
            recovered_cents=recovered,
            paid_cents=self.template.owed * (self.heads - self.unpaid),
            voucher=f"示例回单2022-{self.number:03d}",
        )
        rectification.request(caller, self.issue_id, asked)

    def _hand_in(self, caller: Caller) -> None:
        """What came back goes to the treasury."""
        cents = self.template.recover * self.heads
        entry = MoneyEntry(Direction.REMIT, cents, caller.today, f"示例缴款书2022-{self.number:03d}")
        record_money(caller, self.issue_id, entry)

    def _return(self, caller: Caller) -> None:
        closure.return_to_unit(caller, self.issue_id, "只有书面说明，没有逐户凭证，请补充后再申请。")

    def _accept(self, caller: Caller) -> None:
        closure.accept(caller, self.issue_id, VerifiedHow.ON_SITE, "入户核实，情况属实。")

    def _approve(self, caller: Caller) -> None:
        closure.approve(caller, self.issue_id, "个别农户外出，余款已列入欠款清单继续追缴。")

    def _propose(self, caller: Caller) -> None:
        dismissal.propose_dismissal(
            caller, self.issue_id, DismissalGround.REGISTER_ERROR, "清册录入有误，实际已按标准发放。"
        )

    def _confirm(self, caller: Caller) -> None:
        dismissal.confirm_dismissal(caller, self.issue_id)

    def _reopen(self, caller: Caller) -> None:
        back = closure.Reopening("回访发现部分农户仍未收到。", "回头看发现反弹。", DeadlineRule.workdays(10))
        closure.reopen(caller, self.issue_id, back)


def picture(number: int) -> bytes:
    """A drawn stand-in for a bank slip, different for each number; no writing, so no font is needed."""
    image = Image.new("RGB", (640, 480), (232, 228, 221))
    draw = ImageDraw.Draw(image)
    draw.rectangle((120, 40, 520, 440), fill="white", outline=(180, 180, 180))
    draw.rectangle((150, 70, 490, 78), fill=(157, 42, 32))
    chance = random.Random(number)
    for line in range(10):
        length = chance.randint(60, 320)
        draw.rectangle((150, 110 + line * 30, 150 + length, 114 + line * 30), fill=(90, 104, 120))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=70)
    return buffer.getvalue()
