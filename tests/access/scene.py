"""One world for all attempts: what there is lies in 甲县 and bears marks; some may nothing, some only in 乙市."""

import hashlib
import inspect
import pkgutil
import shutil
import types
import typing
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, is_dataclass
from datetime import date, timedelta
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa

from actions import closure, rectification
from actions.backup import make_backup
from actions.bulk import remind_many
from actions.calendar import LocalDays
from actions.campaign import CampaignFacts, create_campaign, set_state
from actions.carry_over import CarryDecision
from actions.closure import Reopening
from actions.common_problem import CommonPlan, make_common_problem
from actions.evidence import add_evidence
from actions.extension import MoreTime, TimeDecision
from actions.grant import propose_grant
from actions.household_check import submit_check
from actions.issue_merge import MergeOrder
from actions.issue_money import MoneyEntry
from actions.issue_split import Shares, SplitOrder
from actions.job import check_file, run_next
from actions.job_work import JobOptions
from actions.look_back import Looked, take_over
from actions.look_back_draw import draw_closed, freeze_closed
from actions.measure import MeasureDone
from actions.payment import PaymentOptions
from actions.referral import ReferralOrder, Reply, refer
from actions.region_change import rename_region
from actions.review import ReviewDone
from actions.roster import RosterOptions
from actions.sample_export import FrameList
from actions.sanction import Sanction, record_sanction
from actions.saved_view import save_view
from actions.schedule import StagePlan, TaskPlan, set_stage, set_task
from actions.transaction import Caller, transaction
from actions.unit import rename_unit
from files.export_level import ExportLevel
from files.storage import Storage
from models.campaign import CampaignState
from models.carry_over import CarryGround
from models.contest import ContestVerdict
from models.database import Database
from models.deadline import DeadlineRule, LightThresholds
from models.evidence import EvidenceKind, EvidencePurpose
from models.household_check import CheckLine
from models.issue_money import Direction
from models.issue_record import Issue
from models.issue_word import DismissalGround, VerifiedHow
from models.job import JobKind
from models.look_back import LookBackVerdict
from models.measure import MeasurePlan
from models.outcome import OutcomeKind
from models.referral import ReferralBody
from models.region import Region
from models.role import TERMINAL_PERMISSIONS, Permission, Role, may
from models.sample import Sample, SampledHousehold, SampledVillage, SampleFrame
from models.unit import UnitKind
from models.user import Membership
from models.user import Session as SignIn
from queries.header_mapping import Register
from queries.ledger import LedgerFilter
from queries.look_back import LookBackState, TakeFilter
from queries.reading import reading
from queries.viewer import Place, Viewer, viewer_named
from queries.viewer import terminal_viewer as viewer_of_terminal
from tests.actions.crowd import crowded_world
from tests.actions.test_evidence import photo
from tests.conftest import SECRET
from tests.factories import TERMINAL, World
from tests.files.hostile import workbook
from tests.visits import Visits

SECRET_WORDS = "甲县机密"
"""In every text of 甲县's problems; whoever has no business there must never get it into their hands."""

HOLDERS: dict[str, Role | None] = {
    "inspector": Role.INSPECTOR, "unit": Role.UNIT, "office": Role.OFFICE, "leader": Role.LEADER,
    "discipline": Role.DISCIPLINE, "auditor": Role.AUDITOR, "admin": Role.ADMIN, "security": Role.SECURITY,
    "nobody": None, "terminal": None,
}  # fmt: skip
"""One account a role, with rights in 甲县 or everywhere; an account without any role; the server's terminal."""
FAR: dict[str, Role] = {
    "far_inspector": Role.INSPECTOR, "far_unit": Role.UNIT, "far_office": Role.OFFICE, "far_leader": Role.LEADER,
    "far_auditor": Role.AUDITOR, "far_discipline": Role.DISCIPLINE,
}  # fmt: skip
"""The same roles, in 乙市 only."""


@dataclass
class Scene:
    """The world, and for every name of a parameter what there is of it in 甲县."""

    world: World
    database: Path
    args: dict[str, Any] = field(default_factory=dict)
    marks: tuple[str, ...] = ()

    def caller(self, name: str) -> Caller:
        """For actions."""
        return self.world.terminal() if name == "terminal" else self.world.caller(name)

    def viewer(self, name: str) -> Viewer:
        """For queries."""
        if name == "terminal":
            return viewer_of_terminal(TERMINAL)
        with reading() as session:
            found = viewer_named(session, name, self.world.caller(name).today)
        assert found is not None
        return found

    def on_a_copy(self, attempt: Callable[[], object]) -> object:
        """Something that may succeed, without a trace here."""
        Database.close()
        copy = self.database.with_name("copy.db")
        shutil.copy(self.database, copy)
        try:
            Database.open(f"sqlite:///{copy}")
            return attempt()
        finally:
            Database.open(f"sqlite:///{self.database}")
            copy.unlink()


def build_scene(folder: Path, empty: Path) -> Scene:
    """Written once for all tests of access."""
    database = folder / "scene.db"
    shutil.copy(empty, database)
    Database.open(f"sqlite:///{database}")
    Storage.open(folder / "data", SECRET)
    world = crowded_world()
    with transaction(world.terminal()) as tx:
        world.person(tx, "far_auditor", "审计局", Role.AUDITOR, reporting_unit="乙市")
        world.person(tx, "far_discipline", "审计局", Role.DISCIPLINE, reporting_unit="乙市")
        tx.record("test.scene", "campaign:1")
    propose_grant(world.caller("admin"), "nobody", Role.DISCIPLINE)
    visits = Visits.build(world).usual_payments()
    check_id = visits.filled()
    data = photo()
    add_evidence(world.caller("inspector"), kind=EvidenceKind.PHOTO, purpose=EvidencePurpose.FINDING, data=data,
                 check_id=check_id, caption=SECRET_WORDS)  # fmt: skip
    submit_check(world.caller("inspector"), check_id)
    make_backup(world.terminal(), folder / "backups")
    _somebody_is_signed_in(world)
    scene = Scene(world, database)
    scene.args = {**_issues(world), **_rows(world, visits, check_id), **_values(world, folder)}
    scene.args["subject"] = f"issue:{scene.args['issue_id']}:request:u{world.users['office']}"
    scene.marks = (SECRET_WORDS, "SL2022-JX-", visits.code(), *visits.roster.id_numbers[visits.code()])
    return scene


def _somebody_is_signed_in(world: World) -> None:
    with Database.writers() as session:
        session.add(SignIn(token_hash="0" * 64, user_id=world.users["unit2"], started_at=world.now, seen_at=world.now))
        session.commit()


def _job(world: World, file: Path) -> int:
    """A file that office brought and that was checked."""
    with file.open("rb") as upload:
        job_id = check_file(world.caller("office"), JobKind.ROSTER, world.campaign_id, upload, file.name, JobOptions())
    names = {number: name for name, number in world.users.items()}
    assert run_next(lambda user: world.caller(names[user]) if user else world.terminal(), repr)
    return job_id


def _issues(world: World) -> dict[str, Any]:
    """A problem of 甲县 that waits for approval, with evidence, and a draft."""
    words = {"title": f"{SECRET_WORDS}12户补贴少发", "facts": f"{SECRET_WORDS}：12户2021年度补贴少发3,200.00元。"}
    issue_id = world.rectifying(**words)
    given = add_evidence(
        world.caller("unit"), issue_id=issue_id, kind=EvidenceKind.BANK_SLIP,
        purpose=EvidencePurpose.RECTIFICATION, data=photo("blue"), caption=SECRET_WORDS,
    )  # fmt: skip
    rectification.request(world.caller("unit"), issue_id, world.closure_request())
    closure.accept(world.caller("inspector"), issue_id, VerifiedHow.ON_SITE, "入户核实，12户已收到。")
    with reading() as session:
        number = session.get_one(Issue, issue_id).number
    plan = CommonPlan(f"{SECRET_WORDS}机动地收入不入账", "没有机动地台账。", "统一机动地台账。", world.units["审计局"],
                      date(2022, 12, 1))  # fmt: skip
    alike = [world.registered(**words), world.registered(**words)]
    order = ReferralOrder(
        ReferralBody.DISCIPLINE, f"{SECRET_WORDS}，涉嫌截留。", "甲移〔2022〕1号", world.caller("office").today
    )
    referral_id = refer(world.caller("office"), alike[1], order)
    held = Sanction(OutcomeKind.ADMONITION, 2, "甲纪〔2022〕2号", world.caller("office").today)
    outcome_id = record_sanction(world.caller("discipline"), alike[1], held)
    common = make_common_problem(world.caller("office"), world.campaign_id, plan, alike)
    looking = _looking_back(world, words)
    run_id = remind_many(world.caller("office"), world.campaign_id, [(issue_id, 1)])
    return {
        "view_id": save_view(world.caller("office"), world.campaign_id, "本周", {"q": "补贴"}),
        "session_id": 1,
        "conditions": {"q": "到期"},
        **looking,
        "referred": alike[1],
        "referral_id": referral_id,
        "outcome_id": outcome_id,
        "referral_order": order,
        "reply": Reply("已立案核查。", "甲函〔2022〕7号", world.caller("office").today),
        "sanction": held,
        "right_people": 1,
        "common": common,
        "common_plan": plan,
        "member": alike[0],
        "issue_id": issue_id,
        "issue_ids": [issue_id],
        "run_id": run_id,
        "picks": [(issue_id, 1)],
        "evidence_id": given.id,
        "number": number,
        "draft_id": world.draft(**words),
    }


def _looking_back(world: World, words: dict[str, str]) -> dict[str, Any]:
    """A campaign that ended with two closed problems; the one in progress took one of them over."""
    ended = create_campaign(
        world.terminal(), "SL2019", "前一次专项治理", "示例市", 2018, 2019, date(2020, 12, 1), CampaignState.OPEN
    )
    *left, taken = (world.closed(campaign_id=ended, **words) for _ in range(3))
    set_state(world.caller("office"), ended, CampaignState.CONCLUDED, None)
    take_over(world.caller("office"), world.campaign_id, ended, [taken])
    frames = [
        freeze_closed(world.caller("office"), world.campaign_id, ended, 1, "2022年8月1日体彩排列五", "再抽")
        for _ in "12"
    ]
    draw_id = draw_closed(world.caller("office"), frames[0], "01 02 03")
    return {"ended": ended, "left_issues": left, "look_back_id": 1,
            "closed_frame": frames[1], "closed_draw": draw_id}  # fmt: skip


def _rows(world: World, visits: Visits, check_id: int) -> dict[str, Any]:
    with reading() as session:
        village = session.scalars(sa.select(SampledVillage).where(SampledVillage.region_id == world.regions["甲一村"]))
        return {
            "check_id": check_id, "household_id": visits.home(1), "member_id": visits.member(),
            "open_check_id": visits.opened(at=2), "its_member_id": visits.member(at=2),
            "its_id_number": visits.roster.id_numbers[visits.code(2)][0],
            "sample_id": visits.sample_id, "sample": session.get_one(Sample, visits.sample_id),
            "frame_id": session.scalars(sa.select(SampleFrame.id)).first(),
            "sampled_village_id": village.one().id,
            "sampled_household_id": session.scalars(sa.select(SampledHousehold.id)).first(),
            "line_id": session.scalars(sa.select(CheckLine.id)).first(),
            "waiting_id": session.scalars(sa.select(Membership.id).where(Membership.confirmed_at.is_(None))).one(),
            "membership_id": session.scalars(
                sa.select(Membership.id).where(Membership.user_id == world.users["office2"])
            ).one(),
            "issue": session.get_one(Issue, 1),
        }  # fmt: skip


def _values(world: World, folder: Path) -> dict[str, Any]:
    """What else an action must be brought, by the name of its parameter."""
    today, day = world.caller("office").today, date(2022, 7, 20)
    file = workbook(folder / "list.xlsx", [["乡镇", "村"], ["示例一镇", "甲一村"]])
    digest = hashlib.sha256(photo("blue")).hexdigest()
    back = Reopening("回访3户未收到。", "回头看发现未到账。", DeadlineRule.workdays(10),
                     world.units["示例一镇财政所"], "李某某", "陈某某")  # fmt: skip
    facts = CampaignFacts("示例市专项治理", "示例市", 2020, 2021, date(2022, 12, 1))
    task = set_task(world.caller("office"), world.campaign_id,
                    TaskPlan("上报自查表", world.units["示例一镇财政所"], day, "陈某某"))  # fmt: skip
    rename_unit(world.terminal(), "U004", "示例一镇财政局", today, "更名")
    rename_region(world.terminal(), "421381902203", "乙三新村", today, "更名")
    stage = set_stage(world.caller("office"), world.campaign_id, StagePlan("动员部署", today, today))
    return {
        "campaign_id": world.campaign_id, "lines": [], "order": world.order(), "unit_id": world.units["示例一镇财政所"],
        "reason": "与清册逐户核对后认为应当如此办理。", "responsible_leader": "李某某", "person_in_charge": "陈某某",
        "folder": folder / "backups", "code": "NEW2022", "name": "list.xlsx", "place": "示例市", "year_from": 2020,
        "year_to": 2021, "rectify_by": date(2022, 12, 1), "facts": facts, "state": CampaignState.CONCLUDED,
        "version": None, "how": VerifiedHow.ON_SITE, "note": "入户核实。", "back": back,
        "title": "知晓率问卷", "questions": ["知道补贴金额吗"], "to_user": "office2", "role": Role.OFFICE,
        "since": today, "until": today + timedelta(days=7), "ground": DismissalGround.NOT_A_PROBLEM, "field": "remark",
        "value": "备注",
        "kind": EvidenceKind.BANK_SLIP, "purpose": "核对", "data": photo("green"), "path": file,
        "options": RosterOptions(), "user_name": "unit2", "register": Register.ROSTER, "names": ["乡镇", "村"],
        "mapping": {"乡镇": "乡镇"}, "sha256": "0" * 64, "finding": world.finding(title=f"{SECRET_WORDS}又一件"),
        "wanted": LedgerFilter(), "take_filter": TakeFilter(), "look_back_state": LookBackState.ALL,
        "looked": Looked(LookBackVerdict.HELD, VerifiedHow.ON_SITE, today, "12户都收到了。"),
        "level": ExportLevel.UNIT, "target": folder / "out.xlsx",
        "merge_order": MergeOrder("JX-0002", "与另一件重复，合并办理。", Shares()),
        "split_order": SplitOrder("拆出一件", "拆出去的内容。", "分开办理。", Shares(), Shares()),
        "reporting_unit_id": world.reporting_units["甲县"], "people": 1, "document_number": "甲纪〔2022〕1号",
        "decided_on": today, "old": "x", "new": "y", "again": "y", "text": "已补发8户，其余4户账号核对中。",
        "filled": {"progress": "已补发8户。"}, "source": "台账回填：台账.xlsx",
        "asked": world.closure_request(), "fix": rectification.SpotFix("当场补发到户，12户签收。", 0, 320_000, "回单1"),
        "seed": "01 02 03", "seed_source": "2022年8月1日体彩排列五", "which": FrameList.VILLAGES,
        "team_id": world.team_id, "places": ["421381000000"], "today": today, "day": today, "as_of": today,
        "verdict": ContestVerdict.UPHELD, "leader_id": world.people["leader"],
        "carry": CarryDecision(CarryGround.LONG_TERM, "长期坚持，转日常监管。"),
        "done_on": today, "plan": StagePlan("自查自纠", day, day), "task": task, "stage": stage,
        "task_plan": TaskPlan("汇总", world.units["示例一镇财政所"], day), "digests": [digest],
        "village_id": world.regions["甲一村"], "town_id": world.regions["示例一镇"], "wall": world.now,
        "now": world.now, "renamed": world.regions["乙三村"],
        "permission": Permission.IMPORT_ROSTER, "unit_kind": UnitKind.OTHER, "outcome": OutcomeKind.ADMONITION,
        "job_id": _job(world, file), "job_options": JobOptions(), "job_kind": JobKind.ROSTER, "upload": BytesIO(b"a,b"),
        "local_days": LocalDays(date(2022, 8, 1), date(2022, 8, 1), False, "抗旱", "甲政〔2022〕1号"),
        "thresholds": LightThresholds(2, 5), "parent_code": "421381901000", "region_code": "421381901201",
        "into_code": "421381901202", "unit_code": "421381000000", "inside": "421381901000",
        "payments_id": 1, "roster_id": 1, "its_code": "U004", "payment_options": PaymentOptions(0),
        "more": MoreTime(date(2022, 12, 1), "2户外出务工，联系不上。", "已补发10户。"),
        "decision": TimeDecision(None, "尚未到户核实。"),
        "entry": MoneyEntry(Direction.PAY, 100, today, "回单2"), "money_id": 1, "right_cents": 100,
        "measure": MeasurePlan("村务公开栏公示7天"), "measure_done": MeasureDone(today, "已张贴，拍照留存。"),
        "review_done": ReviewDone(True, "入户回访，未再发生。"),
        "everywhere": Place(), "reporting_unit_code": "421381000000",
    }  # fmt: skip


def region_named(name: str) -> int:
    """The id of a region."""
    with reading() as session:
        return session.scalars(sa.select(Region.id).where(Region.name == name)).one()


# --- what there is to try --------------------------------------------------------------------------------------------


def public_functions(room: str, taking: type) -> dict[str, Callable[..., Any]]:
    """`module.function` → every public function of a room that takes a Caller or a Viewer."""
    package = import_module(room)
    found: dict[str, Callable[..., Any]] = {}
    for module in pkgutil.walk_packages(package.__path__, f"{room}."):
        for name, thing in vars(import_module(module.name)).items():
            own = isinstance(thing, types.FunctionType) and thing.__module__ == module.name
            if own and not name.startswith("_") and _takes(thing, taking):
                found[f"{module.name.removeprefix(f'{room}.')}.{name}"] = thing
    return found


def _takes(function: types.FunctionType, kind: type) -> bool:
    hints = typing.get_type_hints(inspect.unwrap(function))
    return any(kind in (hint, *typing.get_args(hint)) for name, hint in hints.items() if name != "return")


def who_must_not(by: tuple[Permission, ...], placed: bool) -> list[str]:
    """Accounts without the permission anywhere; with `placed`, also those who hold it in 乙市 only."""
    without = [name for name in HOLDERS if not any(holds(name, permission) for permission in by)]
    elsewhere = [name for name, role in FAR.items() if any(may(role, p) for p in by)]
    return without + (elsewhere if placed else [])


def holds(name: str, permission: Permission) -> bool:
    """Whether one of HOLDERS holds a permission."""
    if name == "terminal":
        return permission in TERMINAL_PERMISSIONS
    role = HOLDERS[name]
    return role is not None and may(role, permission)


def told(answer: object) -> str:
    """Everything an answer says, however it is built."""
    if isinstance(answer, pd.DataFrame):
        return str(answer.to_string())
    if isinstance(answer, bytes):
        return answer.decode("utf-8", "replace")
    if is_dataclass(answer) and not isinstance(answer, type):
        return told(asdict(answer)) if not hasattr(answer, "__slots__") else _slots(answer)
    if isinstance(answer, dict):
        return " ".join(f"{told(key)} {told(value)}" for key, value in answer.items())
    if isinstance(answer, list | tuple | set | frozenset | types.GeneratorType | Iterator):
        return " ".join(told(part) for part in answer)
    return repr(answer)


def _slots(answer: Any) -> str:
    return " ".join(told(getattr(answer, name)) for name in answer.__dataclass_fields__)
