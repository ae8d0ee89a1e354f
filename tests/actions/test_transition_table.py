"""Every state × person × verb, tried once through the real actions.

What is expected is written out here from design sections 3 and 4, by hand and by name. It asks nothing of
`models.issue`, nor the rules beside it: a wrong row there shows up here.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from actions import closure, rectification, review
from actions import issue as issue_actions
from actions.carry_over import CarryDecision, carry_over
from actions.issue_place import add_places
from actions.referral import ReferralOrder, refer
from models.carry_over import CarryGround
from models.database import Database
from models.evidence import EvidenceKind, EvidencePurpose
from models.issue import Verb
from models.issue_record import Issue, IssueEvent
from models.issue_word import IssueSource, IssueStatus
from models.referral import ReferralBody
from models.refusal import Refused
from models.role import Role
from queries.audit import verify
from queries.reading import reading
from tests.actions.attempts import ATTEMPTS, REASON, assign_direct, attempt, conclude, next_campaign, sustain
from tests.actions.crowd import EVERYBODY, crowded_world
from tests.conftest import gather, postgres_url
from tests.factories import World

# --- what the design says -----------------------------------------------------------------------------------------

MAY_AT_ALL = {
    Role.INSPECTOR: "submit correct fix withdraw accept return",
    Role.UNIT: "submit correct sign report request withdraw extend contest record_money measure",
    Role.OFFICE: "submit correct assign accept return back approve propose_dismissal confirm_dismissal"
                 " decline_dismissal reinstate reopen reassign remind supervise decide_extension answer"
                 " report request withdraw extend measure record_money correct_money review split merge"
                 " carry_over refer reply",
    Role.LEADER: "release return back approve confirm_dismissal decline_dismissal reinstate reopen remind supervise"
                 " decide_extension list unlist refer separate",
    Role.DISCIPLINE: "sanction reply",
    Role.AUDITOR: "",
    Role.ADMIN: "",
    Role.SECURITY: "",
    None: "",
}  # fmt: skip
"""Section 4, as far as verbs on a problem go; the terminal does nothing to a problem (section 8)."""

LEADS_TO = {
    "submit": "REGISTERED", "assign": "RECTIFYING", "fix": "ACCEPTANCE", "request": "ACCEPTANCE",
    "accept": "APPROVAL", "back": "ACCEPTANCE", "approve": "CLOSED",
    "confirm_dismissal": "DISMISSED", "reinstate": "REGISTERED", "reopen": "RECTIFYING",
}  # fmt: skip
"""Section 3, from → to; the others stay. withdraw and return lead back to where the request came from."""

INSPECTORS = "inspector inspector2"
UNIT = "unit unit2 unit_deputy"
OFFICE = "office office_again office2 office_deputy inside_office inside_deputy"
OUTSIDE = "office office_again office2 office_deputy"
"""The office without those who work in the responsible unit."""
LEADER = "leader"

CHASED = {"remind": f"{OFFICE} {LEADER}", "supervise": f"{OFFICE} {LEADER}", "list": LEADER}
"""Chased and put under 挂牌督办: whatever is open, in whichever status."""
CHASED_BY_OFFICE = {"remind": OFFICE, "supervise": OFFICE, "list": LEADER}
"""What waits for the leader: they chase nobody."""
CHASED_FAR = {verb: f"{OFFICE} far_office {LEADER} far_leader" for verb in ("remind", "supervise")} | {
              "list": f"{LEADER} far_leader"}  # fmt: skip
LISTED = {"list": "", "unlist": LEADER}
"""There is one leader over 甲县 in this world, and that one is named already."""
DIVIDED = {"split": OFFICE, "merge": OFFICE}
REGISTERED = CHASED | DIVIDED | {"assign": OFFICE, "fix": "inspector", "propose_dismissal": OFFICE,
                                 "correct": "inspector"}  # fmt: skip
"""By the inspector who found it, whose evidence of what was done on the spot lies with it."""
FIXED = CHASED | {"withdraw": "inspector", "accept": f"inspector2 inside_inspector {OFFICE}",
         "return": f"inspector2 inside_inspector {OFFICE}", "correct": OFFICE, "list": ""}  # fmt: skip
"""Put right on the spot: no unit is responsible, so nobody is of it; whoever put it right neither accepts it nor
gives it back to themselves: they withdraw."""
APPROVER_OF_FIXED = CHASED | {"approve": OFFICE, "back": OFFICE, "return": OFFICE, "correct": OFFICE, "list": ""}
OPEN_WITH_UNIT = CHASED | DIVIDED | {"sign": UNIT, "report": UNIT, "request": UNIT, "propose_dismissal": OFFICE,
                           "reassign": OFFICE, "correct": OFFICE, "extend": UNIT,
                           "contest": UNIT, "measure": UNIT}  # fmt: skip
OF_THE_HOLDER = ("sign", "report", "request", "extend", "contest", "measure")
NOT_LISTABLE = {"list": ""}
DIRECT = CHASED | DIVIDED | NOT_LISTABLE | {
    verb: OFFICE
    for verb in ("report", "request", "extend", "measure", "propose_dismissal", "reassign", "correct")
}  # fmt: skip
"""The office rectifies it itself: nobody signs, nobody contests. The leader works in the same unit and may approve all
the same, for there people are told apart, not units."""
SUSTAINED = OPEN_WITH_UNIT | {"split": "", "request": "", "extend": "", "review": OUTSIDE}
"""Without a deadline, and closed after the reviews that must hold."""
ASKED_FOR_TIME = OPEN_WITH_UNIT | {"extend": "", "decide_extension": OUTSIDE}
"""More time is given by the office, by nobody of the unit that asked."""
WAITS = CHASED | {"withdraw": "unit unit_deputy", "accept": f"{INSPECTORS} {OUTSIDE}",
                  "return": f"{INSPECTORS} {OUTSIDE}", "correct": OFFICE}  # fmt: skip
APPROVER = CHASED | {"approve": OUTSIDE, "back": OUTSIDE, "return": OUTSIDE, "correct": OFFICE}

_BUT_OFFICE2 = f"office office_again inside_office {LEADER}"
_BUT_OFFICE = f"office2 office_deputy inside_office inside_deputy {LEADER}"
LEFT_TO_OFFICE2 = APPROVER | {"approve": "office2 office_deputy", "remind": _BUT_OFFICE2, "supervise": _BUT_OFFICE2}
LEFT_TO_OFFICE = APPROVER | {"approve": "office office_again", "remind": _BUT_OFFICE, "supervise": _BUT_OFFICE}
"""The only one left to approve chases nobody, nor does who stands in for them."""


@dataclass(frozen=True)
class State:
    """A state by its name, the way into it, and who may do what there; whoever is not named may not."""

    name: str
    path: str
    may: dict[str, str]
    by: str = "inspector"
    type_code: str = "P102"
    village: str = "甲一村"
    came_from: str = "RECTIFYING"
    """Where a request that waits here came from."""

    def __str__(self) -> str:
        return self.name


SIGNED = OPEN_WITH_UNIT | {"sign": ""}
TO_RECTIFYING = "submit inspector, assign office, evidence unit"
TO_ACCEPTANCE = f"{TO_RECTIFYING}, request unit"
TO_APPROVAL = f"{TO_ACCEPTANCE}, accept inspector"
TO_CLOSED = f"{TO_APPROVAL}, approve office2"
SHOWN = "evidence inspector"
TO_FIXED = f"submit inspector, {SHOWN}, fix inspector"
TO_DIRECT = "submit inspector, direct office, evidence office"
C_OPEN = "submit inspector, assign office, release leader, evidence unit"
C_UNTOLD = CHASED_BY_OFFICE | DIVIDED | {"release": LEADER, "propose_dismissal": OFFICE, "reassign": OFFICE,
                                         "correct": OFFICE}  # fmt: skip
C_DECIDED = {"confirm_dismissal": LEADER, "decline_dismissal": LEADER}
C_APPROVER = CHASED_BY_OFFICE | {"approve": LEADER, "back": LEADER, "return": LEADER, "correct": OFFICE}
C_ACCEPTANCE = f"{C_OPEN}, request unit"
C_APPROVAL = f"{C_ACCEPTANCE}, accept inspector"

STATES = (
    # 草稿
    State("草稿", "", {"submit": "inspector", "correct": "inspector"}),
    State("草稿（责任单位自查）", "", {"submit": "unit", "correct": "unit"}, by="unit"),
    State("草稿（办公室）", "", {"submit": "office office_again", "correct": "office office_again"}, by="office"),
    # 待交办
    State("待交办", f"submit inspector, {SHOWN}", REGISTERED),
    State("待交办（责任单位自查）", "submit unit",
          CHASED | DIVIDED | {"assign": OFFICE, "propose_dismissal": OFFICE, "correct": "unit"}, by="unit"),
    State("待交办，拟查否", "submit inspector, propose_dismissal office",
          CHASED | {"confirm_dismissal": "office2 office_deputy inside_office inside_deputy",
           "decline_dismissal": "office2 office_deputy inside_office inside_deputy", "correct": "inspector"}),
    State("待交办，拟查否（代）", "submit inspector, propose_dismissal office_deputy",
          CHASED | {"confirm_dismissal": "office office_again inside_office",
           "decline_dismissal": "office office_again inside_office", "correct": "inspector"}),
    State("待交办，不予查否后", f"submit inspector, {SHOWN}, propose_dismissal office, decline_dismissal office2",
          REGISTERED),
    State("待交办，恢复后", f"{TO_RECTIFYING}, propose_dismissal office, confirm_dismissal office2, reinstate leader",
          REGISTERED),
    State("待交办，乙市", "submit far_inspector, evidence far_inspector",
          CHASED_FAR | {verb: f"{OFFICE} far_office" for verb in ("assign", "propose_dismissal", "split", "merge")} | {
                        "correct": "far_inspector", "fix": "far_inspector"}, by="far_inspector", village="丙一村"),
    State("待交办，政策本身的问题", "submit inspector, paper inspector", REGISTERED | {"fix": ""}, type_code="P107"),
    State("待交办，立查立改退回后", f"{TO_FIXED}, return office", REGISTERED),
    State("待交办，立查立改审批退回后", f"{TO_FIXED}, accept inspector2, return office", REGISTERED),
    State("待交办，立查立改撤回后", f"{TO_FIXED}, withdraw inspector", REGISTERED),
    # 整改中
    State("整改中", TO_RECTIFYING, OPEN_WITH_UNIT),
    State("整改中，已签收", f"{TO_RECTIFYING}, sign unit2", SIGNED),
    State("整改中，有进展", f"{TO_RECTIFYING}, report unit_deputy", OPEN_WITH_UNIT),
    State("整改中，拟查否", f"{TO_RECTIFYING}, propose_dismissal office_deputy",
          CHASED | {"sign": UNIT, "report": UNIT, "correct": OFFICE, "extend": UNIT, "contest": UNIT, "measure": UNIT,
                    "confirm_dismissal": "office office_again inside_office",
                    "decline_dismissal": "office office_again inside_office"}),
    State("整改中，退回后", f"{TO_ACCEPTANCE}, return inspector2", OPEN_WITH_UNIT),
    State("整改中，审批退回后", f"{TO_APPROVAL}, return office", OPEN_WITH_UNIT),
    State("整改中，撤回后", f"{TO_ACCEPTANCE}, withdraw unit_deputy", OPEN_WITH_UNIT),
    State("整改中，改派后", "submit inspector, assign office, sign unit, reassign office2, evidence other_unit",
          OPEN_WITH_UNIT | {verb: "other_unit" for verb in OF_THE_HOLDER}),
    State("整改中，重开后", f"{TO_CLOSED}, reopen leader, evidence unit", OPEN_WITH_UNIT),
    State("整改中，立查立改退回后", f"{TO_FIXED}, return inspector2, assign office, evidence unit", OPEN_WITH_UNIT),
    State("整改中，立查立改后重开", f"{TO_FIXED}, accept inspector2, approve office, reopen leader, evidence unit",
          OPEN_WITH_UNIT),
    State("整改中，政策本身的问题", "submit inspector, assign office, paper unit", OPEN_WITH_UNIT | {"extend": ""},
          type_code="P107"),
    State("整改中，乙市", "submit far_inspector, assign far_office, evidence far_unit",
          {verb: "far_unit" for verb in OF_THE_HOLDER} |
          {verb: f"{OFFICE} far_office" for verb in ("propose_dismissal", "reassign", "correct", "split", "merge")} |
          CHASED_FAR,
          by="far_inspector", village="丙一村"),
    State("整改中，长期坚持", "submit inspector, sustained office, evidence unit", SUSTAINED),
    State("整改中，长期坚持，未保持", "submit inspector, sustained office, evidence unit, review office2", SUSTAINED),
    State("整改中，长期坚持，复核期满", "submit inspector, sustained office, evidence unit, held office2",
          SUSTAINED | {"request": UNIT, "review": ""}),
    State("整改中，长期坚持，办公室改过措施", "submit inspector, sustained office, evidence unit, measures office2",
          SUSTAINED | {"review": "office office_again"}),
    State("整改中，填过措施", f"{TO_RECTIFYING}, measure unit2", OPEN_WITH_UNIT),
    State("整改中，申请延期", f"{TO_RECTIFYING}, extend unit", ASKED_FOR_TIME),
    State("整改中，延期已定", f"{TO_RECTIFYING}, extend unit_deputy, decide_extension office", OPEN_WITH_UNIT),
    State("整改中，申请延期后改派", f"{TO_RECTIFYING}, extend unit, reassign office, reassign office", OPEN_WITH_UNIT),
    State("三类：整改中，申请延期", f"{C_OPEN}, extend unit", ASKED_FOR_TIME, type_code="P302"),
    State("整改中，申辩待答复", f"{TO_RECTIFYING}, papers unit, contest unit2",
          OPEN_WITH_UNIT | {"contest": "", "answer": OUTSIDE}),
    State("整改中，申辩已答复", f"{TO_RECTIFYING}, papers unit, contest unit_deputy, answer office", OPEN_WITH_UNIT),
    State("整改中，几处，一处由另一单位整改", f"{TO_RECTIFYING}, places office",
          OPEN_WITH_UNIT | {"report": f"{UNIT} other_unit", "request": ""}),
    State("待交办，挂牌督办", f"submit inspector, {SHOWN}, list leader", REGISTERED | LISTED | {"fix": ""}),
    State("整改中，挂牌督办", f"{TO_RECTIFYING}, list leader", OPEN_WITH_UNIT | LISTED),
    State("待审批，挂牌督办", f"{TO_APPROVAL}, list leader", C_APPROVER | LISTED),
    State("整改中，直查直办", TO_DIRECT, DIRECT),
    State("整改中，收尾", f"{TO_RECTIFYING}, conclude office", OPEN_WITH_UNIT | {"carry_over": OFFICE}),
    State("整改中，已结转", f"{TO_RECTIFYING}, conclude office, carry office", {}),
    # 待验收
    State("待验收", TO_ACCEPTANCE, WAITS),
    State("待验收，代为申请", f"{TO_RECTIFYING}, request unit_deputy", WAITS),
    State("待验收，另一经办申请", f"{TO_RECTIFYING}, request unit2", WAITS | {"withdraw": "unit2"}),
    State("待验收，办公室改过措施", f"{TO_ACCEPTANCE}, measures office2",
          WAITS | {"accept": f"{INSPECTORS} office office_again"}),
    State("待验收，代改过措施", f"{TO_ACCEPTANCE}, measures office_deputy",
          WAITS | {"accept": f"{INSPECTORS} office office_again"}),
    State("待验收，办公室交过佐证", f"{TO_RECTIFYING}, evidence office_again, request unit",
          WAITS | {"accept": f"{INSPECTORS} office2 office_deputy"}),
    State("待验收，检查人员交过佐证", f"{TO_RECTIFYING}, evidence inspector, request unit",
          WAITS | {"accept": f"inspector2 {OUTSIDE}"}),
    State("待验收，申辩待答复", f"{TO_RECTIFYING}, papers unit, contest unit, request unit",
          WAITS | {"answer": OUTSIDE}),
    State("待验收，改派后",
          "submit inspector, assign office, reassign office2, evidence other_unit, request other_unit",
          CHASED | {"withdraw": "other_unit", "accept": f"{INSPECTORS} inside_inspector {OFFICE}",
           "return": f"{INSPECTORS} inside_inspector {OFFICE}", "correct": OFFICE}),
    State("待验收，退回复验后", f"{TO_APPROVAL}, back office", WAITS),
    State("待验收，第二次申请", f"{TO_ACCEPTANCE}, return office, request unit", WAITS),
    State("待验收，第二轮", f"{TO_RECTIFYING}, evidence office2, request unit, accept inspector, approve office, "
          "reopen office, evidence unit, request unit", WAITS),
    State("待验收，立查立改", TO_FIXED, FIXED, came_from="REGISTERED"),
    State("待验收，立查立改，办公室改过措施", f"{TO_FIXED}, measures office",
          FIXED | {"accept": "inspector2 inside_inspector office2 office_deputy inside_office inside_deputy"},
          came_from="REGISTERED"),
    State("待验收，立查立改后交办", f"{TO_FIXED}, return office, assign office, evidence unit, request unit",
          WAITS | {"accept": f"inspector2 {OUTSIDE}"}),
    State("待验收，直查直办", f"{TO_DIRECT}, request office",
          CHASED | NOT_LISTABLE | {"withdraw": "office office_again", "correct": OFFICE} |
          {verb: f"{INSPECTORS} inside_inspector office2 office_deputy inside_office inside_deputy"
           for verb in ("accept", "return")}),
    # 待审批
    State("待审批，立查立改", f"{TO_FIXED}, accept inspector2", APPROVER_OF_FIXED, came_from="REGISTERED"),
    State("待审批，立查立改，办公室验收", f"{TO_FIXED}, accept office",
          APPROVER_OF_FIXED | {"approve": "office2 office_deputy inside_office inside_deputy"}, came_from="REGISTERED"),
    State("待审批", TO_APPROVAL, APPROVER),
    State("待审批，办公室验收", f"{TO_ACCEPTANCE}, accept office", LEFT_TO_OFFICE2),
    State("待审批，第二账号验收", f"{TO_ACCEPTANCE}, accept office_again", LEFT_TO_OFFICE2),
    State("待审批，代为验收", f"{TO_ACCEPTANCE}, accept office_deputy", LEFT_TO_OFFICE),
    State("待审批，办公室改过措施", f"{TO_APPROVAL}, measures office2", LEFT_TO_OFFICE),
    State("待审批，复验", f"{TO_ACCEPTANCE}, accept office, back office2, accept inspector",
          LEFT_TO_OFFICE2),
    State("待审批，直查直办", f"{TO_DIRECT}, request office, accept inspector2", C_APPROVER | NOT_LISTABLE),
    State("待审批，已移送", f"{TO_APPROVAL}, refer leader", APPROVER | CHASED_BY_OFFICE | {"approve": ""}),
    State("待审批，移送后有回复", f"{TO_APPROVAL}, refer leader, reply office2", APPROVER),
    State("待审批，移送后另案处理", f"{TO_APPROVAL}, discipline office, separate leader", APPROVER),
    State("整改中，移送纪委监委", f"{TO_RECTIFYING}, discipline leader", OPEN_WITH_UNIT),
    # 已销号、不成立
    State("已销号", TO_CLOSED, {"reopen": f"{OFFICE} {LEADER}"}),
    State("已销号，立查立改", f"{TO_FIXED}, accept inspector2, approve office2", {"reopen": f"{OFFICE} {LEADER}"}),
    State("已销号，部分整改", f"{TO_RECTIFYING}, part unit, accept inspector, partly office2",
          {"reopen": f"{OFFICE} {LEADER}", "record_money": OFFICE}),
    State("不成立", "submit inspector, propose_dismissal office, confirm_dismissal office2",
          {"reinstate": f"{OFFICE} {LEADER}"}),
    State("不成立（整改中查否）", f"{TO_RECTIFYING}, propose_dismissal office, confirm_dismissal inside_office",
          {"reinstate": f"{OFFICE} {LEADER}"}),
    # 第三类问题
    State("三类：草稿", "", {"submit": "inspector", "correct": "inspector"}, type_code="P302"),
    State("三类：待交办，未告知", f"submit inspector, {SHOWN}", REGISTERED | {"release": LEADER}, type_code="P302"),
    State("三类：待交办，已告知", f"submit inspector, {SHOWN}, release leader", REGISTERED, type_code="P302"),
    State("三类：待交办，拟查否", "submit inspector, propose_dismissal office",
          CHASED_BY_OFFICE | C_DECIDED | {"release": LEADER, "correct": "inspector"},
          type_code="P302"),
    State("三类：整改中，未告知", "submit inspector, assign office",
          C_UNTOLD, type_code="P302"),
    State("三类：整改中，已告知", C_OPEN, OPEN_WITH_UNIT, type_code="P302"),
    State("三类：整改中，拟查否", f"{C_OPEN}, propose_dismissal office",
          CHASED_BY_OFFICE | C_DECIDED | {"sign": UNIT, "report": UNIT, "correct": OFFICE, "extend": UNIT,
                                           "contest": UNIT, "measure": UNIT},
          type_code="P302"),
    State("三类：待交办，恢复后", f"{C_OPEN}, propose_dismissal office, confirm_dismissal leader, reinstate office",
          REGISTERED | {"release": LEADER}, type_code="P302"),
    State("三类：整改中，告知后改派", f"{C_OPEN}, reassign office, evidence other_unit",
          C_UNTOLD, type_code="P302"),
    State("三类：待验收", C_ACCEPTANCE, WAITS, type_code="P302"),
    State("三类：待验收，立查立改", TO_FIXED, FIXED, type_code="P302", came_from="REGISTERED"),
    State("三类：待审批，立查立改", f"{TO_FIXED}, accept office",
          C_APPROVER | {"list": ""}, type_code="P302", came_from="REGISTERED"),
    State("三类：待审批", C_APPROVAL, C_APPROVER, type_code="P302"),
    State("三类：已销号", f"{C_APPROVAL}, approve leader", {"reopen": f"{OFFICE} {LEADER}"}, type_code="P302"),
    State("三类：不成立", "submit inspector, propose_dismissal office, confirm_dismissal leader",
          {"reinstate": f"{OFFICE} {LEADER}"}, type_code="P302"),
    State("三类：整改中，重开后", f"{C_APPROVAL}, approve leader, reopen office, evidence unit", OPEN_WITH_UNIT,
          type_code="P302"),
)  # fmt: skip


def with_money(state: State) -> dict[str, str]:
    """What may be done in a state, money included: it owes 3,200.00 元, and 申请销号 and 立查立改 bring all of it.

    While it is rectified the unit (whoever may report) and the office record what moved; what was recorded is put
    right by the office, never by who accepted it while it waits for approval. Of a place's unit nobody records any; a
    problem for which money moved is merged into none, or it would vanish with it.
    """
    if "carry" in state.path:
        return state.may  # it is the other campaign's by now
    office = f"{OFFICE} far_office" if "乙市" in state.name else OFFICE
    status = state.name.removeprefix("三类：")[:3]
    if any(word in state.path for word in ("request", "fix", "part ")):
        accepted = next((by for by in ("office_deputy", "office") if f"accept {by}" in state.path), "")
        own = {"office": "office office_again", "office_deputy": "office2 office_deputy inside_deputy"}.get(
            accepted, ""
        )
        barred = own.split() if status == "待审批" else []
        corrects = " ".join(name for name in office.split() if name not in barred)
        return state.may | {"correct_money": corrects, "merge": ""}
    if status == "整改中":
        unit = UNIT if "places" in state.path else state.may.get("report", "")
        return state.may | {"record_money": f"{unit} {office}"}
    return state.may


def with_all(state: State) -> dict[str, str]:
    """And what any state but a draft allows: to refer, to record sanctions; to reply where it was referred.

    A referral that waits keeps it from being approved.
    """
    if "草稿" in state.name or "已结转" in state.name:  # carried over, it is handled there
        return with_money(state)
    far = ("far_office", "far_leader") if "乙市" in state.name else ("", "")
    office, leader = f"{OFFICE} {far[0]}", f"{LEADER} {far[1]}"
    may = with_money(state) | {"refer": f"{office} {leader}", "sanction": "discipline"}
    if "refer " in state.path:
        may |= {"reply": office}
    if "discipline " in state.path:
        may |= {"reply": "discipline"}
    waits = not any(word in state.path for word in ("reply ", "separate "))
    return may | ({"separate": leader} if "reply" in may and waits else {})


# --- the trial ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def sqlite_crowd(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    """The crowded world as a closed SQLite file, copied for each state."""
    path = tmp_path_factory.mktemp("crowd") / "crowd.db"
    shutil.copy(empty_sqlite, path)
    Database.open(f"sqlite:///{path}")
    world = _with_others(crowded_world())
    gather(Database.engine)
    Database.close()
    return path, world


@pytest.fixture(scope="session")
def postgresql_crowd(postgres: str) -> tuple[sa.URL, World]:
    """The crowded world as a template database."""
    server = sa.make_url(postgres_url(postgres))
    _administer(server, "create database crowd template empty")
    _administer(server, "alter role current_user set synchronous_commit = off")
    url = server.set(database="crowd")
    Database.open(url.render_as_string(hide_password=False))
    world = _with_others(crowded_world())
    Database.close()
    return url, world


@pytest.fixture
def crowd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """A crowded world of this state's own, on either database."""
    yield from (_on_sqlite if request.param == "sqlite" else _on_postgresql)(request, tmp_path)


def _with_others(world: World) -> World:
    """One more problem in each county, for what takes two."""
    world.registered()
    world.registered(by="far_inspector", region_id=world.regions["丙一村"])
    return world


def _on_sqlite(request: pytest.FixtureRequest, folder: Path) -> Iterator[World]:
    template, world = request.getfixturevalue("sqlite_crowd")
    shutil.copy(template, folder / "crowd.db")
    Database.open(f"sqlite:///{folder / 'crowd.db'}")
    assert Database.engine is not None
    sa.event.listen(Database.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    yield World(**vars(world))  # with a clock of its own
    Database.close()


def _on_postgresql(request: pytest.FixtureRequest, folder: Path) -> Iterator[World]:
    url, world = request.getfixturevalue("postgresql_crowd")
    _administer(url.set(database="postgres"), "create database crowd_of_a_state template crowd")
    Database.open(url.set(database="crowd_of_a_state").render_as_string(hide_password=False))
    yield World(**vars(world))
    Database.close()
    _administer(url.set(database="postgres"), "drop database crowd_of_a_state with (force)")


def _administer(url: sa.URL, statement: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def arrive(world: World, state: State) -> int:
    """A fresh problem, walked into the state."""
    words = (
        {"title": "甲一村涉嫌以卡代折扣发补贴", "facts": "入户发现村干部涉嫌保管12户卡折。"}
        if state.type_code[1] == "3"
        else {}
    )
    issue_id = issue_actions.raise_issue(
        world.caller(state.by),
        world.finding(
            type_code=state.type_code, region_id=world.regions[state.village],
            source=IssueSource.SELF_CHECK if state.by == "unit" else IssueSource.INSPECTION, **words,
        ),
    )  # fmt: skip
    for step in filter(None, state.path.split(", ")):
        _take(world, issue_id, *step.split())
    if _status(issue_id) is IssueStatus.RECTIFYING:
        _take(world, issue_id, "papers", "unit")  # so that whoever may contest has what it must bring
    return issue_id


def _take(world: World, issue_id: int, word: str, who: str) -> None:
    if word == "evidence":
        world.evidence(issue_id, by=who)
    elif word == "papers":
        world.evidence(issue_id, by=who, purpose=EvidencePurpose.CONTEST)
    elif word == "paper":
        world.evidence(issue_id, by=who, kind=EvidenceKind.DOCUMENT)
    elif word == "places":
        add_places(world.caller(who), issue_id, [world.regions["甲二村"]], [world.units["示例二镇财政所"]], REASON)
    elif word == "conclude":
        conclude(world, who)
    elif word == "carry":
        carry_over(world.caller(who), issue_id, CarryDecision(CarryGround.NEXT, REASON, next_campaign(world)))
    elif word == "direct":
        assign_direct(world, who, issue_id)
    elif word == "sustained":
        sustain(world, issue_id, who)
    elif word == "held":
        review.review(world.later(days=201).caller(who), issue_id, review.ReviewDone(True, "入户回访，未再发生。"))
    elif word == "measures":
        issue_actions.correct(world.caller(who), issue_id, "measures", f"{who}改写的措施。", REASON)
    elif word == "discipline":
        letter = ("涉嫌截留补贴，依规移送。", "甲移〔2022〕4号", world.caller(who).today)
        refer(world.caller(who), issue_id, ReferralOrder(ReferralBody.DISCIPLINE, *letter))
    elif word == "part":
        rectification.request(world.caller(who), issue_id, world.closure_request(paid_cents=120_000))
    elif word == "partly":
        closure.approve(world.caller(who), issue_id, "4户外出，余款继续补发。")
    else:
        attempt(world, Verb(word), who, issue_id)


LEAVES_IT_AS_IT_IS = (Verb.CORRECT, Verb.REMIND, Verb.SUPERVISE, Verb.SPLIT)
"""After these the state is what it was (a remark corrected, somebody told, a part without money gone): all who may are
tried on one problem."""
HARDLY_CHANGES_IT = {
    Verb.RECORD_MONEY: "money", Verb.CORRECT_MONEY: "corrected", Verb.MERGE: "merged", Verb.REFER: "inside",
    Verb.SANCTION: "inside", Verb.REPLY: "inside",
}  # fmt: skip
"""One 分 at a time, a merge that somebody else declines, another authority each time: all who may are tried on one
problem of these verbs' own."""


@dataclass(frozen=True)
class Growth:
    """How much was written so far."""

    entries: int
    events: int
    version: int

    @classmethod
    def now(cls, issue_id: int) -> "Growth":
        with reading() as session:
            return cls(
                session.scalar(sa.text("select max(seq) from audit_entry")) or 0,
                session.scalar(sa.select(sa.func.count()).where(IssueEvent.issue_id == issue_id)) or 0,
                session.scalar(sa.select(Issue.version).where(Issue.id == issue_id)) or 0,
            )

    def by_one(self) -> "Growth":
        return Growth(self.entries + 1, self.events + 1, self.version + 1)


def tries() -> Iterator[tuple[str, Verb]]:
    """Everybody × every verb; a verb that a role does not hold at all is tried by one person of the role."""
    yield from (("terminal", verb) for verb in Verb)
    for role, names in EVERYBODY.items():
        held = MAY_AT_ALL[role].split()
        yield from ((name, verb) for verb in Verb for name in (names if verb.value in held else names[:1]))


def one_of_each_role(may: set[tuple[str, Verb]]) -> Iterator[tuple[str, Verb]]:
    """For PostgreSQL, several times as slow: of each role and verb it holds, one who may and one who may not."""
    for role, names in EVERYBODY.items():
        for verb in map(Verb, MAY_AT_ALL[role].split()):
            answers = {(name, verb) in may: name for name in reversed(names)}
            yield from ((name, verb) for name in answers.values())


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every state on SQLite; on PostgreSQL the first of each kind, all of them where `--world-on` asks for it."""
    if "state" in metafunc.fixturenames:
        all_of_them = metafunc.config.getoption("--world-on") == "postgresql"
        kinds = {state.name.partition("，")[0]: state for state in reversed(STATES)}
        there = STATES if all_of_them else tuple(kinds.values())
        group = pytest.mark.xdist_group("transitions")
        metafunc.parametrize(
            ("crowd", "state"),
            [pytest.param("sqlite", state, id=f"sqlite-{state}") for state in STATES]
            + [pytest.param("postgresql", state, id=f"postgresql-{state}", marks=group) for state in there],
            indirect=["crowd"],
        )


def test_each_person_may_do_here_what_the_design_says_and_nothing_else(crowd: World, state: State) -> None:
    may = {(name, Verb(verb)) for verb, names in with_all(state).items() for name in names.split()}
    assert may <= set(tries()), "a misspelt name would be tried by nobody"
    tried = sorted(set(tries() if Database.is_sqlite() else one_of_each_role(may)))
    here = arrive(crowd, state)
    before = Growth.now(here)
    wrong = [f"{who} {verb.value}: {fault}" for who, verb in tried if (who, verb) not in may
             and (fault := _must_be_refused(crowd, verb, who, here))]  # fmt: skip
    assert Growth.now(here) == before, wrong or "a refused verb wrote something"
    stays, own = arrive(crowd, state) if may else here, dict[str, int]()
    for who, verb in (t for t in tried if t in may):
        crowd.later(days=1)  # the same problem is chased once a day
        if verb in LEAVES_IT_AS_IT_IS:
            there = stays
        elif verb in HARDLY_CHANGES_IT:
            kept = HARDLY_CHANGES_IT[verb]
            there = own[kept] = own.get(kept) or arrive(crowd, state)
        else:
            there = arrive(crowd, state)
        if fault := _must_succeed(crowd, verb, who, there, state):
            wrong.append(f"{who} {verb.value}: {fault}")
        elif verb is Verb.MERGE:
            other = "office2" if who in ("office", "office_again", "inside_office", "far_office") else "office"
            attempt(crowd, Verb.DECLINE_DISMISSAL, "leader" if state.type_code[1] == "3" else other, there)
    assert wrong == []
    assert verify(files=False).findings == ()


def _must_be_refused(world: World, verb: Verb, who: str, issue_id: int) -> str | None:
    try:
        attempt(world, verb, who, issue_id)
    except Refused as refused:
        return None if is_a_plain_sentence(str(refused)) else f"refused with {refused}"
    return "was allowed"


def _must_succeed(world: World, verb: Verb, who: str, issue_id: int, state: State) -> str | None:
    before, stood = Growth.now(issue_id), _status(issue_id)
    try:
        attempt(world, verb, who, issue_id)
    except Refused as refused:
        return f"was refused: {refused}"
    if Growth.now(issue_id) != before.by_one():
        return f"{before} grew to {Growth.now(issue_id)}"
    leads_to = state.came_from if verb.value in ("withdraw", "return") else LEADS_TO.get(verb.value, stood)
    return _event_fault(issue_id, (verb.value, stood, IssueStatus(leads_to), world.people[who]))


def _event_fault(issue_id: int, expected: tuple[str, IssueStatus, IssueStatus, int]) -> str | None:
    """What is wrong with the last event, if anything."""
    with reading() as session:
        last = session.scalars(
            sa.select(IssueEvent).where(IssueEvent.issue_id == issue_id).order_by(IssueEvent.position.desc()).limit(1)
        ).one()
    written = (last.verb, last.from_status, last.status, last.person_id)
    if written != expected or last.status != _status(issue_id):
        return f"the event says {written}, not {expected}"
    return None


def _status(issue_id: int) -> IssueStatus:
    with reading() as session:
        return session.scalars(sa.select(Issue.status).where(Issue.id == issue_id)).one()


def is_a_plain_sentence(text: str) -> bool:
    """Chinese, closed by a full stop, without words of the code."""
    return (
        bool(re.search(r"[\u4e00-\u9fff]{2}", text)) and text.endswith("。") and not re.search(r"[A-Za-z_]{4,}", text)
    )


def test_every_verb_is_tried_and_allowed_to_somebody_somewhere() -> None:
    assert set(ATTEMPTS) == set(Verb)
    assert {verb for state in STATES for verb in with_all(state)} == {verb.value for verb in Verb}


def test_every_status_is_among_the_states_tried() -> None:
    labels = {status.label for status in IssueStatus}
    assert {label for label in labels if any(label in state.name for state in STATES)} == labels
