"""The life of a problem: statuses, verbs, and the one table of transitions that buttons, checks, help and tests read.

Source of the table: design, section 3. What only some problems need (the tracks LISTED and DIRECT, money by itself,
extensions, referral …) has no row yet.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from models.problem_type import UPWARD_TYPE, problem_types
from models.role import ROLE_PERMISSIONS, Permission, Role


class IssueStatus(StrEnum):
    """Where a problem stands."""

    DRAFT = "DRAFT"
    REGISTERED = "REGISTERED"
    RECTIFYING = "RECTIFYING"
    ACCEPTANCE = "ACCEPTANCE"
    APPROVAL = "APPROVAL"
    CLOSED = "CLOSED"
    DISMISSED = "DISMISSED"

    @property
    def label(self) -> str:
        """The word on screen, in Excel and on paper."""
        return _STATUS_WORDS[self][0]

    @property
    def symbol(self) -> str:
        """A plain symbol that survives a photocopy."""
        return _STATUS_WORDS[self][1]

    @property
    def badge(self) -> str:
        """Streamlit badge colour and icon: `violet`, `inbox`."""
        return _STATUS_WORDS[self][2]

    @property
    def icon(self) -> str:
        """Name of the Material icon."""
        return _STATUS_WORDS[self][3]

    @property
    def meaning(self) -> str:
        """One line for the help page."""
        return _STATUS_WORDS[self][4]

    @staticmethod
    def open() -> tuple["IssueStatus", ...]:
        """Counted as not yet crossed off; neither a draft nor dismissed."""
        return (IssueStatus.REGISTERED, IssueStatus.RECTIFYING, IssueStatus.ACCEPTANCE, IssueStatus.APPROVAL)

    @staticmethod
    def held() -> tuple["IssueStatus", ...]:
        """A request waits for the office: the responsible unit's clock stands still."""
        return (IssueStatus.ACCEPTANCE, IssueStatus.APPROVAL)

    @staticmethod
    def counted() -> tuple["IssueStatus", ...]:
        """The base of the closure rate: everything registered but not dismissed."""
        return (*IssueStatus.open(), IssueStatus.CLOSED)


_STATUS_WORDS = {
    IssueStatus.DRAFT: ("草稿", "·", "gray", "edit_note", "登记人还在填写，未编号"),
    IssueStatus.REGISTERED: ("待交办", "□", "violet", "inbox", "已登记编号，等办公室交办；时限未起算"),
    IssueStatus.RECTIFYING: ("整改中", "◇", "blue", "construction", "责任单位在办，时限在走"),
    IssueStatus.ACCEPTANCE: ("待验收", "◆", "yellow", "fact_check", "已申请销号，等检查组或办公室"),
    IssueStatus.APPROVAL: ("待审批", "●", "orange", "approval", "已验收，等有权人批准"),
    IssueStatus.CLOSED: ("已销号", "■", "green", "task_alt", "另一人批准，记入销号率"),
    IssueStatus.DISMISSED: ("不成立", "×", "gray", "do_not_disturb_on", "查否，不计入进度，单列"),
}


class Handling(StrEnum):
    """Tracks 办理方式."""

    STANDARD = "STANDARD"
    ON_SPOT = "ON_SPOT"
    LISTED = "LISTED"
    DIRECT = "DIRECT"

    @property
    def label(self) -> str:
        """The words on screen."""
        return {"STANDARD": "限期整改", "ON_SPOT": "立查立改", "LISTED": "挂牌督办", "DIRECT": "直查直办"}[self.value]


class Nature(StrEnum):
    """How the rectification proceeds 整改类型."""

    IMMEDIATE = "IMMEDIATE"
    STAGED = "STAGED"
    SUSTAINED = "SUSTAINED"

    @property
    def label(self) -> str:
        """The words on screen."""
        return {"IMMEDIATE": "立行立改", "STAGED": "分阶段整改", "SUSTAINED": "长期坚持"}[self.value]


class Severity(StrEnum):
    """问题性质."""

    GENERAL = "GENERAL"
    LARGER = "LARGER"
    MAJOR = "MAJOR"

    @property
    def label(self) -> str:
        """The words on screen."""
        return {"GENERAL": "一般", "LARGER": "较大", "MAJOR": "重大"}[self.value]


class IssueSource(StrEnum):
    """How a problem was found 检查方式; self-found and inspector-found are reported apart."""

    SELF_CHECK = "SELF_CHECK"
    INSPECTION = "INSPECTION"
    SUPERVISION = "SUPERVISION"
    COVERT = "COVERT"
    TIP = "TIP"
    CROSS_CHECK = "CROSS_CHECK"
    SPECIAL_AUDIT = "SPECIAL_AUDIT"
    SUPERIOR = "SUPERIOR"

    @property
    def label(self) -> str:
        """The words on screen and in the ledger."""
        return {
            "SELF_CHECK": "自查自纠", "INSPECTION": "重点检查", "SUPERVISION": "督导", "COVERT": "暗访", "TIP": "线索",
            "CROSS_CHECK": "大数据比对", "SPECIAL_AUDIT": "专项审计", "SUPERIOR": "上级交办",
        }[self.value]  # fmt: skip


class VerifiedHow(StrEnum):
    """How an acceptor convinced themselves."""

    ON_SITE = "ON_SITE"
    DOCUMENTS = "DOCUMENTS"
    CALL_BACK = "CALL_BACK"

    @property
    def label(self) -> str:
        """The words on screen."""
        return {"ON_SITE": "现场核实", "DOCUMENTS": "查验资料", "CALL_BACK": "电话回访"}[self.value]


class DismissalGround(StrEnum):
    """Why a problem is none."""

    NOT_A_PROBLEM = "NOT_A_PROBLEM"
    DUPLICATE = "DUPLICATE"
    REGISTER_ERROR = "REGISTER_ERROR"

    @property
    def label(self) -> str:
        """The words on screen."""
        return {"NOT_A_PROBLEM": "不构成问题", "DUPLICATE": "与其他问题重复", "REGISTER_ERROR": "登记数据有误"}[
            self.value
        ]


class Verb(StrEnum):
    """What can be done to a problem; each is an action of its own."""

    SUBMIT = "submit"
    ASSIGN = "assign"
    FIX = "fix"
    RELEASE = "release"
    SIGN = "sign"
    REPORT = "report"
    REQUEST = "request"
    WITHDRAW = "withdraw"
    ACCEPT = "accept"
    RETURN = "return"
    BACK = "back"
    APPROVE = "approve"
    PROPOSE_DISMISSAL = "propose_dismissal"
    CONFIRM_DISMISSAL = "confirm_dismissal"
    DECLINE_DISMISSAL = "decline_dismissal"
    REINSTATE = "reinstate"
    REOPEN = "reopen"
    REASSIGN = "reassign"
    CORRECT = "correct"
    REMIND = "remind"
    SUPERVISE = "supervise"

    @property
    def label(self) -> str:
        """The word on a button."""
        return _VERB_WORDS[self][0]

    @property
    def icon(self) -> str:
        """Name of the Material icon."""
        return _VERB_WORDS[self][1]

    @property
    def permission(self) -> Permission:
        """The permission of the same name."""
        return Permission(f"issue.{self.value}")


_VERB_WORDS = {
    Verb.SUBMIT: ("提交", "send"),
    Verb.ASSIGN: ("交办", "forward_to_inbox"),
    Verb.FIX: ("立查立改", "build"),
    Verb.RELEASE: ("告知责任单位", "lock_open"),
    Verb.SIGN: ("签收", "draw"),
    Verb.REPORT: ("填报进展", "edit_note"),
    Verb.REQUEST: ("申请销号", "task"),
    Verb.WITHDRAW: ("撤回申请", "undo"),
    Verb.ACCEPT: ("验收通过", "fact_check"),
    Verb.RETURN: ("退回整改", "reply"),
    Verb.BACK: ("退回复验", "replay"),
    Verb.APPROVE: ("批准销号", "approval"),
    Verb.PROPOSE_DISMISSAL: ("拟查否", "do_not_disturb_on"),
    Verb.CONFIRM_DISMISSAL: ("确认查否", "do_not_disturb_on"),
    Verb.DECLINE_DISMISSAL: ("不予查否", "block"),
    Verb.REINSTATE: ("恢复", "restore"),
    Verb.REOPEN: ("回头看重开", "history"),
    Verb.REASSIGN: ("改派", "swap_horiz"),
    Verb.CORRECT: ("更正", "edit"),
    Verb.REMIND: ("催办", "notifications_active"),
    Verb.SUPERVISE: ("督办", "campaign"),
}


class Relation(StrEnum):
    """How the doer must stand to this very problem."""

    ANYONE = "ANYONE"
    AUTHOR = "AUTHOR"
    RESPONSIBLE_UNIT = "RESPONSIBLE_UNIT"
    REQUESTER = "REQUESTER"
    OUTSIDE_UNIT = "OUTSIDE_UNIT"
    APPROVER = "APPROVER"
    SECOND_OFFICE_PERSON = "SECOND_OFFICE_PERSON"
    CORRECTOR = "CORRECTOR"

    @property
    def label(self) -> str:
        """The words in the help page."""
        return {
            "ANYONE": "有此权限者",
            "AUTHOR": "登记人本人",
            "RESPONSIBLE_UNIT": "责任单位经办",
            "REQUESTER": "申请人本人",
            "OUTSIDE_UNIT": "责任单位以外的人",
            "APPROVER": "办公室；第三类问题由领导",
            "SECOND_OFFICE_PERSON": "办公室另一人；第三类问题由领导",
            "CORRECTOR": "交办前登记人，交办后办公室",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Transition:
    """One row. `target` None: the status stays; `returns` True: back to where the request came from."""

    verb: Verb
    sources: tuple[IssueStatus, ...]
    target: IssueStatus | None
    relation: Relation
    brings: str
    returns: bool = False
    dismissal: bool | None = None
    """Whether a proposed dismissal must (True), must not (False) or may (None) be pending."""


S = IssueStatus
TRANSITIONS: tuple[Transition, ...] = (
    Transition(Verb.SUBMIT, (S.DRAFT,), S.REGISTERED, Relation.AUTHOR, "事实、类别、地点、来源"),
    Transition(Verb.ASSIGN, (S.REGISTERED,), S.RECTIFYING, Relation.ANYONE,
               "办理方式、整改类型、责任单位、责任领导、责任人、整改要求、时限及其算法（P107 无时限）",
               dismissal=False),
    Transition(Verb.FIX, (S.REGISTERED,), S.ACCEPTANCE, Relation.AUTHOR,
               "现场怎么改的、该类问题要求的佐证、两个方向的金额（无则填 0）；P107 不能立查立改", dismissal=False),
    Transition(Verb.RELEASE, (S.REGISTERED, S.RECTIFYING), None, Relation.ANYONE, "仅第三类问题"),
    Transition(Verb.SIGN, (S.RECTIFYING,), None, Relation.RESPONSIBLE_UNIT, "—"),
    Transition(Verb.REPORT, (S.RECTIFYING,), None, Relation.RESPONSIBLE_UNIT, "进展文字"),
    Transition(Verb.REQUEST, (S.RECTIFYING,), S.ACCEPTANCE, Relation.RESPONSIBLE_UNIT,
               "整改结果、已采取措施、单位负责人、该类问题要求的佐证、两个方向的金额（无则填 0）", dismissal=False),
    Transition(Verb.WITHDRAW, (S.ACCEPTANCE,), None, Relation.REQUESTER, "—", returns=True),
    Transition(Verb.ACCEPT, (S.ACCEPTANCE,), S.APPROVAL, Relation.OUTSIDE_UNIT, "核实方式（现场、资料、回访）、说明"),
    Transition(Verb.RETURN, (S.ACCEPTANCE, S.APPROVAL), None, Relation.OUTSIDE_UNIT, "退回原因", returns=True),
    Transition(Verb.BACK, (S.APPROVAL,), S.ACCEPTANCE, Relation.APPROVER, "原因"),
    Transition(Verb.APPROVE, (S.APPROVAL,), S.CLOSED, Relation.APPROVER, "钱未办清的须说明理由，记为部分整改"),
    Transition(Verb.PROPOSE_DISMISSAL, (S.REGISTERED, S.RECTIFYING), None, Relation.ANYONE,
               "理由（不构成问题、重复、登记数据有误）", dismissal=False),
    Transition(Verb.CONFIRM_DISMISSAL, (S.REGISTERED, S.RECTIFYING), S.DISMISSED, Relation.SECOND_OFFICE_PERSON,
               "—", dismissal=True),
    Transition(Verb.DECLINE_DISMISSAL, (S.REGISTERED, S.RECTIFYING), None, Relation.SECOND_OFFICE_PERSON,
               "理由", dismissal=True),
    Transition(Verb.REINSTATE, (S.DISMISSED,), S.REGISTERED, Relation.ANYONE, "理由"),
    Transition(Verb.REOPEN, (S.CLOSED,), S.RECTIFYING, Relation.ANYONE, "新发现、理由、新时限；原无责任单位的须指定"),
    Transition(Verb.REASSIGN, (S.RECTIFYING,), None, Relation.ANYONE, "新责任单位、理由", dismissal=False),
    Transition(Verb.CORRECT, (S.DRAFT, *S.open()), None, Relation.CORRECTOR,
               "改哪一项（编号、状态、时限不可改）、新值、理由"),
    Transition(Verb.REMIND, S.open(), None, Relation.ANYONE, "催办意见（可不填）；同一件一天只催一次"),
    Transition(Verb.SUPERVISE, S.open(), None, Relation.ANYONE, "督办要求"),
)  # fmt: skip
"""The one table of transitions (law 1)."""

BY_VERB: dict[Verb, Transition] = {t.verb: t for t in TRANSITIONS}

ASKING_VERBS = frozenset({Verb.REQUEST, Verb.FIX})
"""What asks for 销号: the unit's request, and the inspector's word that it was put right on the spot."""

WRITING_VERBS = ASKING_VERBS | {Verb.REPORT}
"""Who did one of these in a round wrote measures, progress or evidence: cannot accept or approve it."""


@dataclass(frozen=True, slots=True)
class Case:
    """What the rules need to know of one problem. Person sets see through delegations: both people are in them."""

    status: IssueStatus
    type_code: str
    author_id: int
    handling: Handling | None = None
    responsible_unit_id: int | None = None
    requested_from: IssueStatus | None = None
    requesters: frozenset[int] = frozenset()
    writers: frozenset[int] = frozenset()
    acceptors: frozenset[int] = frozenset()
    dismissal_proposers: frozenset[int] = frozenset()
    is_released: bool = False
    is_signed: bool = False

    @property
    def is_suspected_offence(self) -> bool:
        """Group C of the 14 types."""
        return problem_types()[self.type_code].is_suspected_offence


@dataclass(frozen=True, slots=True)
class Doer:
    """A person under one of their roles; `people` are the person and whoever they stand in for."""

    people: frozenset[int]
    role: Role
    unit_id: int
    """The unit the role acts for: a unit role's own, else where the person (or whom they stand in for) works."""
    belongs_to: frozenset[int] = frozenset()
    """Where the person works and the units they act for under any role: none of these may be judged by them."""


def target_status(transition: Transition, case: Case) -> IssueStatus:
    """Where the problem stands after the verb."""
    if transition.returns:
        return case.requested_from or IssueStatus.RECTIFYING
    return transition.target or case.status


def refusal(verb: Verb, case: Case, doer: Doer) -> str | None:
    """Why this person may not do this now, as a sentence; None if they may."""
    transition = BY_VERB[verb]
    if verb.permission not in ROLE_PERMISSIONS[doer.role]:
        return f"{doer.role.label}不能{verb.label}。"
    if case.status not in transition.sources:
        return f"现在是“{case.status.label}”，不能{verb.label}。"
    if transition.dismissal is False and case.dismissal_proposers:
        return f"已有人拟查否，须先确认或不予查否，才能{verb.label}。"
    if transition.dismissal is True and not case.dismissal_proposers:
        return f"没有待定的查否意见，不能{verb.label}。"
    return _relation_refusal(transition, case, doer) or _verb_refusal(verb, case, doer)


def _relation_refusal(transition: Transition, case: Case, doer: Doer) -> str | None:
    label = transition.verb.label
    match transition.relation:
        case Relation.AUTHOR if case.author_id not in doer.people:
            return f"只有登记人本人可以{label}。"
        case Relation.RESPONSIBLE_UNIT if doer.unit_id != case.responsible_unit_id:
            return f"只有责任单位可以{label}。"
        case Relation.REQUESTER if not (doer.people & case.requesters):
            return f"只有申请人本人可以{label}。"
        case Relation.OUTSIDE_UNIT if _is_of_the_unit(case, doer):
            return f"责任单位的人不能{label}本单位的问题。"
        case Relation.APPROVER:
            return _approver_refusal(label, case, doer)
        case Relation.SECOND_OFFICE_PERSON:
            if doer.people & case.dismissal_proposers:
                return f"不能{label}：查否意见是您提出的，须由另一人决定。"
            return _leader_for_offences(label, case, doer)
        case Relation.CORRECTOR:
            return _corrector_refusal(case, doer)
    return None


def _leader_for_offences(label: str, case: Case, doer: Doer) -> str | None:
    if case.is_suspected_offence and doer.role is not Role.LEADER:
        return f"第三类问题须由领导{label}。"
    if not case.is_suspected_offence and doer.role is Role.LEADER:
        return f"本件由办公室{label}，不须领导办理。"
    return None


def _is_of_the_unit(case: Case, doer: Doer) -> bool:
    return case.responsible_unit_id in doer.belongs_to | {doer.unit_id}


def _approver_refusal(label: str, case: Case, doer: Doer) -> str | None:
    if _is_of_the_unit(case, doer):
        return f"责任单位的人不能{label}本单位的问题。"
    if doer.role not in (Role.OFFICE, Role.LEADER):
        return f"待审批的问题由审批人{label}。"
    return _leader_for_offences(label, case, doer)


def _corrector_refusal(case: Case, doer: Doer) -> str | None:
    if case.status in (IssueStatus.DRAFT, IssueStatus.REGISTERED):
        return None if case.author_id in doer.people else "交办前只有登记人本人可以更正。"
    return None if doer.role is Role.OFFICE else "交办后由办公室更正。"


def _verb_refusal(verb: Verb, case: Case, doer: Doer) -> str | None:
    """Two pairs of eyes, and what only one verb asks."""
    match verb:
        case Verb.ACCEPT if doer.people & case.writers:
            return "不能验收：本轮整改材料是您写的，须由另一人验收。"
        case Verb.APPROVE if doer.people & case.writers:
            return "不能批准：本轮整改材料是您写的，须由另一人审批。"
        case Verb.APPROVE if doer.people & case.acceptors:
            return "不能批准：您是本件的验收人，须由另一人审批。"
        case Verb.FIX if case.type_code == UPWARD_TYPE:
            return "政策本身的问题不能立查立改：请由办公室交办，以“已向上级反映”为结果。"
        case Verb.RETURN if case.handling is Handling.ON_SPOT and doer.people & case.requesters:
            return "不能退回：当场已改是您报的，须由另一人退回；要收回请撤回申请。"
        case Verb.RETURN if case.status is IssueStatus.APPROVAL:
            return _approver_refusal("退回整改", case, doer)
        case Verb.RETURN if doer.role is Role.LEADER:
            return "待验收的问题由检查组或办公室退回。"
        case Verb.RELEASE if not case.is_suspected_offence:
            return "只有第三类问题需要告知；其他问题责任单位本来就能看到。"
        case Verb.RELEASE if case.is_released:
            return "已经告知责任单位。"
        case Verb.SIGN if case.is_signed:
            return "已经签收。"
        case Verb.SIGN | Verb.REPORT | Verb.REQUEST if case.is_suspected_offence and not case.is_released:
            return "没有找到这条问题，或者它不在您的权限范围内。"
    return None


def allowed_verbs(case: Case, doers: Iterable[Doer]) -> tuple[Verb, ...]:
    """The verbs open to a person now, in the order of the table: what the page shows as buttons."""
    doers = tuple(doers)
    return tuple(t.verb for t in TRANSITIONS if any(refusal(t.verb, case, d) is None for d in doers))


def next_verb(case: Case) -> Verb | None:
    """The verb that moves the problem on from here, whoever may do it: what 下一步 says."""
    return {
        IssueStatus.DRAFT: Verb.SUBMIT,
        IssueStatus.REGISTERED: Verb.ASSIGN,
        IssueStatus.RECTIFYING: Verb.REQUEST if case.is_signed else Verb.SIGN,
        IssueStatus.ACCEPTANCE: Verb.ACCEPT,
        IssueStatus.APPROVAL: Verb.APPROVE,
    }.get(case.status)


def awaited_verb(case: Case) -> Verb | None:
    """What an open problem waits for: whoever may do it is whom a reminder has to reach. None where it is not open."""
    if case.status not in IssueStatus.open():
        return None
    if case.dismissal_proposers:
        return Verb.CONFIRM_DISMISSAL
    if case.status is IssueStatus.RECTIFYING:
        return Verb.RELEASE if case.is_suspected_offence and not case.is_released else Verb.REPORT
    return next_verb(case)


def next_holder(case: Case) -> str:
    """Who has it in hand now, in words."""
    approver = "领导" if case.is_suspected_offence else "办公室（验收人以外）"
    return {
        IssueStatus.DRAFT: "登记人",
        IssueStatus.REGISTERED: "办公室",
        IssueStatus.RECTIFYING: "责任单位",
        IssueStatus.ACCEPTANCE: "检查组或办公室",
        IssueStatus.APPROVAL: approver,
    }.get(case.status, "—")


def short_number(number: str) -> str:
    """SX-0005 of SZ2022-SX-0005: within one campaign its code says nothing. Anything else as it is."""
    return number.split("-", 1)[1] if number.count("-") == 2 else number
