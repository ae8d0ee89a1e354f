"""A small invented world for tests: two counties of two towns, their units, one person for each role, one campaign."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from actions import assignment, closure, issue, rectification
from actions.transaction import Caller, Transaction, transaction
from models.campaign import Campaign, CampaignState, HouseholdBase, SamplingRule, SubsidyItem
from models.deadline import DeadlineRule
from models.evidence import Evidence, EvidenceKind, EvidencePurpose
from models.issue_word import IssueSource, VerifiedHow
from models.region import Region, RegionLevel, ReportingUnit, ReportingUnitRegion
from models.role import Role
from models.unit import Person, Team, TeamMember, TeamRegion, Unit, UnitKind
from models.user import Membership, User

START = datetime(2022, 7, 4, 1, 0, tzinfo=UTC)
LONG_AGO = date(2020, 1, 1)
TERMINAL = "tests"


def at(day: date, hour: int = 10) -> datetime:
    """A moment of a local day in China, UTC."""
    return datetime(day.year, day.month, day.day, hour, 0, tzinfo=UTC) - timedelta(hours=8)


@dataclass
class World:
    """Ids by name. `clock` is the moment all callers use; move it with `on`."""

    now: datetime = START
    regions: dict[str, int] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    users: dict[str, int] = field(default_factory=dict)
    reporting_units: dict[str, int] = field(default_factory=dict)
    campaign_id: int = 0
    team_id: int = 0

    @classmethod
    def build(cls) -> "World":
        """Write it, in one audited transaction of the terminal."""
        world = cls()
        with transaction(world.terminal()) as tx:
            world._places(tx)
            world._campaign(tx)
            world._everybody(tx)
            tx.record("test.world", "campaign:1")
        return world

    def terminal(self) -> Caller:
        """The caller of manage.py without `--as`."""
        return Caller(self.now, self._today(), self.now, terminal=TERMINAL)

    def caller(self, name: str) -> Caller:
        """The caller for a sign-in name, at the world's moment."""
        return Caller(self.now, self._today(), self.now, user_id=self.users[name])

    def on(self, day: date, hour: int = 10) -> "World":
        """Move the world's clock; returns itself."""
        self.now = at(day, hour)
        return self

    def later(self, **delta: int) -> "World":
        """Move the world's clock on by a timedelta."""
        self.now += timedelta(**delta)
        return self

    def _today(self) -> date:
        return (self.now + timedelta(hours=8)).date()

    # --- problems -------------------------------------------------------------------------------------------------

    def finding(self, **changes: Any) -> issue.Finding:
        """A finding in 甲一村 of type P102, 3,200.00 元 owed to households."""
        base = issue.Finding(
            campaign_id=self.campaign_id, type_code="P102", title="甲一村12户耕地地力保护补贴少发",
            facts="甲一村一组12户2021年度耕地地力保护补贴到账比清册少3,200.00元。", region_id=self.regions["甲一村"],
            source=IssueSource.INSPECTION, found_on=self._today(), households=12, persons=31, amount_cents=320_000,
            to_pay_cents=320_000,
        )  # fmt: skip
        return replace(base, **changes)

    def draft(self, by: str = "inspector", **changes: Any) -> int:
        """A draft raised by somebody; its id."""
        return issue.raise_issue(self.caller(by), self.finding(**changes))

    def registered(self, by: str = "inspector", **changes: Any) -> int:
        """A submitted problem."""
        issue_id = self.draft(by, **changes)
        issue.submit(self.caller(by), issue_id)
        return issue_id

    def order(self, **changes: Any) -> assignment.AssignmentOrder:
        """An assignment to 示例一镇财政所 with 15 working days."""
        base = assignment.AssignmentOrder(
            responsible_unit_id=self.units["示例一镇财政所"], responsible_leader="李某某", person_in_charge="陈某某",
            requirements="补发12户差额，到户核实签字，公示7天。", deadline_rule=DeadlineRule.workdays(15),
        )  # fmt: skip
        return replace(base, **changes)

    def rectifying(self, by: str = "inspector", **changes: Any) -> int:
        """A problem assigned by office; released by leader first if it is of group C."""
        issue_id = self.registered(by, **changes)
        assignment.assign(self.caller("office"), issue_id, self.order())
        if str(changes.get("type_code", "")).startswith("P3"):
            assignment.release(self.caller("leader"), issue_id)
        return issue_id

    def closure_request(self, **changes: Any) -> rectification.ClosureRequest:
        """A complete request: all money paid."""
        base = rectification.ClosureRequest(
            result="12户差额3,200.00元已全部补发到户。", measures="重新核对账号后补发，逐户签字。", unit_head="周某某",
            recovered_cents=0, paid_cents=320_000, voucher="回单2022-091",
        )  # fmt: skip
        return replace(base, **changes)

    def evidence(
        self, issue_id: int, by: str = "unit", kind: EvidenceKind = EvidenceKind.BANK_SLIP,
        purpose: EvidencePurpose = EvidencePurpose.RECTIFICATION,
    ) -> None:  # fmt: skip
        """Evidence, of rectification if nothing else is said, without bytes behind it."""
        with transaction(self.caller(by)) as tx:
            from models.issue_record import Issue

            found = tx.session.get_one(Issue, issue_id)
            tx.session.add(
                Evidence(
                    issue_id=issue_id,
                    round=found.round,
                    kind=kind,
                    purpose=purpose,
                    sha256="0" * 64,
                    size=1,
                    media_type="image/jpeg",
                    caption="银行回单",
                    person_id=tx.person_id,
                    recorded_at=tx.now,
                )
            )
            found.evidence_count += 1
            tx.record("evidence.add", f"issue:{issue_id}")

    def in_acceptance(self, **changes: Any) -> int:
        """A problem for which the unit has asked for 销号."""
        issue_id = self.rectifying(**changes)
        self.evidence(issue_id)
        rectification.request(self.caller("unit"), issue_id, self.closure_request())
        return issue_id

    def in_approval(self, **changes: Any) -> int:
        """A problem accepted by the inspector."""
        issue_id = self.in_acceptance(**changes)
        closure.accept(self.caller("inspector"), issue_id, VerifiedHow.ON_SITE, "入户核实，12户已收到。")
        return issue_id

    def closed(self, **changes: Any) -> int:
        """A problem approved by office2 (leader for group C)."""
        issue_id = self.in_approval(**changes)
        approver = "leader" if str(changes.get("type_code", "")).startswith("P3") else "office2"
        closure.approve(self.caller(approver), issue_id)
        return issue_id

    # --- setting ----------------------------------------------------------------------------------------------------

    def _places(self, tx: Transaction) -> None:
        city = self._region(tx, "421300000000", "示例市", RegionLevel.CITY, None)
        for number, (county, abbreviation) in enumerate((("甲县", "JX"), ("乙市", "YS")), start=1):
            county_id = self._region(tx, f"4213{80 + number}000000", county, RegionLevel.COUNTY, city)
            unit = ReportingUnit(
                code=f"4213{80 + number}000000", name=county, abbreviation=abbreviation, position=number
            )
            tx.session.add(unit)
            tx.session.flush()
            self.reporting_units[county] = unit.id
            tx.session.add(ReportingUnitRegion(reporting_unit_id=unit.id, region_id=county_id, valid_from=LONG_AGO))
        self._town(tx, "示例一镇", "421381901000", "甲县", ("甲一村", "甲二村", "甲三村", "甲四村"))
        self._town(tx, "示例二镇", "421381902000", "甲县", ("乙一村", "乙二村", "乙三村"))
        self._town(tx, "示例三镇", "421382901000", "乙市", ("丙一村", "丙二村"))

    def _town(self, tx: Transaction, name: str, code: str, county: str, villages: tuple[str, ...]) -> None:
        town = self._region(tx, code, name, RegionLevel.TOWN, self.regions[county])
        for number, village in enumerate(villages, start=201):
            self._region(tx, f"{code[:9]}{number}", village, RegionLevel.VILLAGE, town)

    def _region(self, tx: Transaction, code: str, name: str, level: RegionLevel, parent: int | None) -> int:
        above = tx.session.get_one(Region, parent).path if parent else ""
        kind = "村委会" if level is RegionLevel.VILLAGE else None
        region = Region(
            code=code, name=name, short_name=name, level=level, kind=kind, parent_id=parent, path=f"{above}{code}/",
            valid_from=LONG_AGO,
        )  # fmt: skip
        tx.session.add(region)
        tx.session.flush()
        self.regions[name] = region.id
        return region.id

    def _campaign(self, tx: Transaction) -> None:
        campaign = Campaign(
            code="SL2022",
            name="示例市“一卡通”专项治理“回头看”",
            place="示例市",
            state=CampaignState.OPEN,
            year_from=2020,
            year_to=2021,
            rectify_by=date(2022, 11, 30),
            created_at=self.now,
        )
        tx.session.add(campaign)
        tx.session.flush()
        self.campaign_id = campaign.id
        tx.session.add(
            SamplingRule(
                campaign_id=campaign.id, household_base=HouseholdBase.ALL, mandatory_villages=[], mandatory_items=[],
                recorded_at=self.now,
            )
        )  # fmt: skip
        for code, name, paid_to in (
            ("S01", "耕地地力保护补贴", "household"),
            ("S11", "农村最低生活保障金", "household"),
            ("S17", "高龄津贴", "person"),
        ):
            tx.session.add(
                SubsidyItem(code=code, name=name, paid_to=paid_to, department="—", frequency="每年", publish="names")
            )

    def _everybody(self, tx: Transaction) -> None:
        self._unit(tx, "领导小组办公室", UnitKind.LEADING_OFFICE, None, None)
        self._unit(tx, "县检查专班抽调组", UnitKind.OTHER, None, None)
        self._unit(tx, "审计局", UnitKind.AUDIT, None, None)
        self._unit(tx, "示例一镇财政所", UnitKind.FINANCE_OFFICE, "示例一镇", "甲县")
        self._unit(tx, "示例二镇财政所", UnitKind.FINANCE_OFFICE, "示例二镇", "甲县")
        self._unit(tx, "示例三镇财政所", UnitKind.FINANCE_OFFICE, "示例三镇", "乙市")
        for name in ("office", "office2", "leader"):
            self.person(tx, name, "领导小组办公室", Role.LEADER if name == "leader" else Role.OFFICE)
        for name in ("inspector", "inspector2"):
            self.person(tx, name, "县检查专班抽调组", Role.INSPECTOR)
        for name, role in (("auditor", Role.AUDITOR), ("discipline", Role.DISCIPLINE)):
            self.person(tx, name, "审计局", role)
        for name, role in (("admin", Role.ADMIN), ("security", Role.SECURITY)):
            self.person(tx, name, "领导小组办公室", role)
        for name, unit in (("unit", "示例一镇财政所"), ("unit2", "示例一镇财政所"), ("other_unit", "示例二镇财政所"),
                           ("far_unit", "示例三镇财政所")):  # fmt: skip
            self.person(tx, name, unit, Role.UNIT)
        self.person(tx, "far_office", "领导小组办公室", Role.OFFICE, reporting_unit="乙市")
        self._team(tx)

    def _team(self, tx: Transaction) -> None:
        team = Team(campaign_id=self.campaign_id, name="检查一组")
        tx.session.add(team)
        tx.session.flush()
        self.team_id = team.id
        tx.session.add(TeamRegion(team_id=team.id, reporting_unit_id=self.reporting_units["甲县"]))
        for name in ("inspector", "inspector2"):
            tx.session.add(TeamMember(team_id=team.id, person_id=self.people[name], valid_from=LONG_AGO))

    def _unit(self, tx: Transaction, name: str, kind: UnitKind, region: str | None, reporting_unit: str | None) -> None:
        unit = Unit(
            code=f"U{len(self.units) + 1:03d}",
            name=name,
            kind=kind,
            region_id=self.regions[region] if region else None,
            reporting_unit_id=self.reporting_units[reporting_unit] if reporting_unit else None,
            valid_from=LONG_AGO,
        )
        tx.session.add(unit)
        tx.session.flush()
        self.units[name] = unit.id

    def person(self, tx: Transaction, name: str, unit: str, role: Role, reporting_unit: str | None = None) -> None:
        """A person with an account and one confirmed role."""
        person = Person(unit_id=self.units[unit], staff_number=name, name=f"{name[:1].upper()}某某")
        tx.session.add(person)
        tx.session.flush()
        user = User(
            name=name, person_id=person.id, password_hash="not a hash", one_time_password=False, created_at=self.now
        )
        tx.session.add(user)
        tx.session.flush()
        tx.session.add(
            Membership(
                user_id=user.id,
                role=role,
                unit_id=self.units[unit] if role is Role.UNIT else None,
                reporting_unit_id=self.reporting_units[reporting_unit] if reporting_unit else None,
                proposed_by="terminal:tests",
                proposed_at=self.now,
                confirmed_by="terminal:tests",
                confirmed_at=self.now,
            )
        )
        self.people[name], self.users[name] = person.id, user.id
