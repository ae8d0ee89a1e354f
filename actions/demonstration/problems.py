"""Problems of the demonstration: found, assigned, rectified, returned, crossed off, by the people who would do it."""

import io
import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from PIL import Image, ImageDraw

from actions import assignment, closure, dismissal, issue, rectification
from actions.demonstration.places import SURNAMES, Places, demo_moment
from actions.demonstration.schedule import Act
from actions.evidence import add_evidence
from actions.transaction import Caller
from models.deadline import DeadlineRule
from models.evidence import EvidenceKind, EvidencePurpose
from models.issue import DismissalGround, IssueSource, VerifiedHow
from models.problem_type import problem_types

FIRST_DAY = date(2022, 7, 4)
HOW_MANY = 86
YESTERDAY = date(2022, 9, 15)
FRESH = 4
"""Problems of the last day, which the office has yet to assign."""


@dataclass(frozen=True, slots=True)
class Template:
    """How problems of one type read. `{v}` the village, `{n}` a number; money per head in 分, owed or to recover."""

    type_code: str
    weight: int
    title: str
    facts: str
    item: str | None = None
    owed: int = 0
    recover: int = 0


TEMPLATES = (
    Template(
        "P102",
        25,
        "{v}2021年度耕地地力保护补贴少发{n}户",
        "入户核对清册与银行到账：{v}{n}户2021年度耕地地力保护补贴到账少于清册，财政所说明为账号变更退票后未重发。",
        "S01",
        owed=26_000,
    ),
    Template(
        "P103",
        18,
        "{v}{n}名死亡人员次月未停发高龄津贴",
        "比对民政死亡登记，{v}{n}名享受对象去世后次月仍发放高龄津贴，由家属支取。",
        "S17",
        recover=45_000,
    ),
    Template(
        "P105",
        12,
        "{v}2021年度低保分配结果无公示留存",
        "{v}2021年度农村低保分配结果未见公示照片和公示期记录，村干部称已张贴未留存。",
        "S11",
    ),
    Template(
        "P106",
        8,
        "{v}补贴清册无经办、审核签字，{n}户信息未更新",
        "{v}2020、2021年度清册无经办人和审核人签字，{n}户户主信息未更新。",
    ),
    Template(
        "P201",
        7,
        "{v}{n}人持两家银行的卡，补贴分散到账",
        "{v}{n}人因更换代发银行重复办卡，补贴分散到两张卡，群众使用不便。",
    ),
    Template(
        "P104",
        5,
        "{v}退耕还林补助先拨村集体再分配，涉及{n}户",
        "{v}2021年度退耕还林补助先拨入村集体账户，再由村按人头分给{n}户。",
        "S06",
        owed=30_000,
    ),
    Template(
        "P203",
        4,
        "{v}换卡收取工本费，涉及{n}户",
        "{v}{n}户反映换卡时被收取工本费每户10元，应予退还。",
        None,
        owed=1_000,
    ),
    Template(
        "P302",
        4,
        "{v}涉嫌以{n}名外出人员名义申领退耕还林补助",
        "涉嫌以{n}名长期外出人员名义申领退耕还林补助，资金去向待查。",
        "S06",
        recover=70_000,
    ),
    Template(
        "P304", 3, "{v}涉嫌代管{n}户社保卡", "入户时{n}户称社保卡及密码由村民小组长统一保管，涉嫌未经本人同意私自保管。"
    ),
)
RULES = (
    DeadlineRule.workdays(10),
    DeadlineRule.workdays(15),
    DeadlineRule.workdays(15),
    DeadlineRule.calendar_days(30),
)


def plan_problems(places: Places, chance: random.Random) -> list[Act]:
    """All steps of all problems; what lies after the demonstration's today is left undone."""
    weights = [t.weight for t in TEMPLATES]
    acts: list[Act] = []
    for number in range(HOW_MANY):
        template = chance.choices(TEMPLATES, weights)[0]
        found = FIRST_DAY + timedelta(days=int(chance.triangular(0, 73, 62)))
        if number >= HOW_MANY - FRESH:
            found = YESTERDAY
        acts += _Problem(places, template, number, found, chance).steps()
    return acts


@dataclass
class _Problem:
    """One problem's life, planned ahead; ids are known once the first step was done."""

    places: Places
    template: Template
    number: int
    found: date
    chance: random.Random
    acts: list[Act] = field(default_factory=list)
    issue_id: int = 0

    def steps(self) -> list[Act]:
        """Found and submitted, assigned, signed for, reported, asked, accepted or returned, approved; or dismissed."""
        self.village = self.chance.choice(self.places.villages)
        self.heads = self.chance.randint(2, 18)
        self.unit_id = self._responsible()
        self.by_unit = self.places.unit_users[self.unit_id]
        self_found = self.template.type_code in ("P105", "P106") and self.chance.random() < 0.6
        author = self.by_unit if self_found else self.chance.choice(("inspector", "inspector2"))
        self.source = IssueSource.SELF_CHECK if self_found else IssueSource.INSPECTION
        day = self._step(self.found, 0, author, self._raise, hour=10)
        if self.chance.random() < 0.04:
            day = self._step(day, 1, "office", self._propose)
            self._step(day, 2, "leader" if self._is_offence() else "office2", self._confirm)
            return self.acts
        day = self._step(day, self.chance.choice((1, 1, 2, 3)), "office", self._assign)
        if self._is_offence():
            day = self._step(day, 1, "leader", self._release)
        day = self._step(day, self.chance.choice((1, 2)), self.by_unit, self._sign)
        day = self._step(day, self.chance.randint(2, 6), self.by_unit, self._report)
        if self.chance.random() < 0.16:
            return self.acts  # stalled: will be overdue
        self._close(day)
        return self.acts

    def _close(self, day: date) -> None:
        day = self._step(day, self.chance.randint(3, 12), self.by_unit, self._request)
        if self.chance.random() < 0.25:
            day = self._step(day, self.chance.choice((1, 2, 3)), "inspector", self._return)
            day = self._step(day, self.chance.randint(2, 5), self.by_unit, self._request)
        day = self._step(day, self.chance.choice((1, 2, 3, 4)), "inspector2", self._accept)
        day = self._step(
            day, self.chance.choice((1, 2, 3)), "leader" if self._is_offence() else "office2", self._approve
        )
        if self.chance.random() < 0.06:
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
        return self.places.departments[self.village[4]] if department else self.places.town_offices[self.village[3]]

    def _in_charge(self) -> str:
        return f"{SURNAMES[self.unit_id % len(SURNAMES)]}某某"

    def _is_offence(self) -> bool:
        return problem_types()[self.template.type_code].is_suspected_offence

    def _raise(self, caller: Caller) -> None:
        t, words = self.template, {"v": self.village[2], "n": self.heads}
        owed, recover = t.owed * self.heads, t.recover * self.heads
        self.issue_id = issue.raise_issue(
            caller,
            issue.Finding(
                campaign_id=self.places.campaign_id, type_code=t.type_code, title=t.title.format(**words),
                facts=t.facts.format(**words), region_id=self.village[0], source=self.source, found_on=caller.today,
                item_code=t.item, period="2021" if t.item else None, households=self.heads, persons=self.heads * 2,
                amount_cents=owed + recover, to_pay_cents=owed, to_recover_cents=recover,
            ),
        )  # fmt: skip
        issue.submit(caller, self.issue_id)

    def _assign(self, caller: Caller) -> None:
        order = assignment.AssignmentOrder(
            responsible_unit_id=self.unit_id, responsible_leader="李某某", person_in_charge=self._in_charge(),
            requirements="逐户核实，办清资金，公示7天，举一反三。", deadline_rule=self.chance.choice(RULES),
        )  # fmt: skip
        assignment.assign(caller, self.issue_id, order)

    def _release(self, caller: Caller) -> None:
        assignment.release(caller, self.issue_id)

    def _sign(self, caller: Caller) -> None:
        assignment.sign(caller, self.issue_id)

    def _report(self, caller: Caller) -> None:
        rectification.report(caller, self.issue_id, "已逐户核对账号和清册，正在办理。")

    def _request(self, caller: Caller) -> None:
        kind = min(problem_types()[self.template.type_code].evidence)
        add_evidence(
            caller, issue_id=self.issue_id, kind=EvidenceKind(kind), purpose=EvidencePurpose.RECTIFICATION,
            caption=EvidenceKind(kind).label, data=picture(self.number * 1_000_000 + caller.today.toordinal()),
        )  # fmt: skip
        recovered = self.template.recover * self.heads
        if recovered and self.number % 3 == 0:
            recovered -= self.template.recover  # one household has not paid back yet
        asked = rectification.ClosureRequest(
            result="已整改到位，逐户签字确认。",
            measures="重新核对账号后办理，组织学习政策并公示7天。",
            unit_head="周某某",
            recovered_cents=recovered,
            paid_cents=self.template.owed * self.heads,
            voucher=f"示例回单2022-{self.number:03d}",
        )
        rectification.request(caller, self.issue_id, asked)

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
