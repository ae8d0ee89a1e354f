"""Who may do which verb to one very problem now, and why not: the rules beside the table of transitions."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from models.issue import BY_VERB, TRANSITIONS, Relation, Transition, Verb
from models.issue_money import MoneyStanding
from models.issue_word import Handling, IssueStatus, listed
from models.problem_type import UPWARD_TYPE, problem_types
from models.referral import ReferralBody
from models.role import ROLE_PERMISSIONS, Role

NO_MONEY = MoneyStanding()


@dataclass(frozen=True, slots=True)
class PlaceState:
    """One place of a problem; without a unit of its own the problem's responsible unit puts it right."""

    name: str
    unit_id: int | None
    is_done: bool


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
    proposed: Verb | None = None
    """What waits for another person: to dismiss it, or to merge it."""
    is_released: bool = False
    is_signed: bool = False
    has_deadline: bool = True
    is_late: bool = False
    """The deadline in force has passed."""
    unfinished: int = 0
    """How many of the measures the office asked for are still to be done."""
    reviews_held: int = 0
    reviews_asked: int = 0
    """长期坚持: how many reviews held, of how many that must; 0 asked: none is planned."""
    review_is_due: bool = False
    """The day of the next review has come."""
    extension_askers: frozenset[int] = frozenset()
    """Who asked for the more time that now waits for an answer; empty where none waits."""
    is_contested: bool = False
    """A 申辩 of this round waits for its answer."""
    is_concluding: bool = False
    """Its campaign is in 收尾."""
    carried_to: str = ""
    """The number it bears by now in another campaign; here nothing can be done to it any more."""
    money: MoneyStanding = NO_MONEY
    referred_to: frozenset[ReferralBody] = frozenset()
    unanswered: frozenset[ReferralBody] = frozenset()
    """Referrals without a reply, and not decided to go on as a case of their own."""
    places: tuple[PlaceState, ...] = ()
    """Empty: the problem has one place, its own."""

    @property
    def reviews_left(self) -> int:
        """How many reviews must still be held before 销号 is asked for."""
        return max(0, self.reviews_asked - self.reviews_held)

    @property
    def open_places(self) -> tuple[str, ...]:
        """What is not crossed off yet."""
        return tuple(place.name for place in self.places if not place.is_done)

    @property
    def units(self) -> frozenset[int]:
        """Who is responsible for it or a place of it: none of them judges it."""
        of_places = {place.unit_id for place in self.places}
        return frozenset(unit for unit in (self.responsible_unit_id, *of_places) if unit is not None)

    @property
    def is_suspected_offence(self) -> bool:
        """Group C of the 14 types."""
        return problem_types()[self.type_code].is_suspected_offence

    @property
    def is_hidden_from_the_unit(self) -> bool:
        """Group C, not released to the unit that is responsible now."""
        return self.is_suspected_offence and not self.is_released and self.handling is not Handling.DIRECT

    @property
    def approver(self) -> str:
        """Who approves it, in words."""
        return "领导" if is_for_the_leader(self) else "办公室（验收人以外）"


LEADERS_TRACKS = (Handling.LISTED, Handling.DIRECT)
"""Tracks whose problems are the leader's to approve, as those of group C are whatever their track."""


@dataclass(frozen=True, slots=True)
class Doer:
    """A person under one of their roles; `people` are the person and whoever they stand in for."""

    people: frozenset[int]
    role: Role
    unit_id: int
    """The unit the role acts for: a unit role's own, else where the person (or whom they stand in for) works."""
    belongs_to: frozenset[int] = frozenset()
    """Where the person works and the units they act for under any role: none of these may be judged by them."""

    def stands_in_for(self, person_id: int) -> int | None:
        """Whom the person `person_id` does it for 代; None for themselves."""
        return next(iter(self.people - {person_id}), None)


FOR_THE_WHOLE = "台账回填由本件的责任单位办理；贵单位只填报自己的一处，请在问题详情里填报进展。"
"""To the unit of a place that fills in what is the whole problem's."""


def is_for_a_place_only(case: Case, doer: Doer) -> bool:
    """A unit that puts one place right and answers for nothing else of the problem."""
    return doer.role is Role.UNIT and doer.unit_id != case.responsible_unit_id and doer.unit_id in case.units


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
    if case.carried_to:
        return f"本件已结转为 {case.carried_to}，请在那里办理，这里不能再{verb.label}。"
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
        case Relation.RESPONSIBLE_UNIT:
            return _holder_refusal(transition.verb, case, doer)
        case Relation.REPLIER:
            return _reply_refusal(case, doer)
        case Relation.UNIT_OR_OFFICE:
            return _money_refusal(label, case, doer)
        case Relation.REQUESTER if not (doer.people & case.requesters):
            return f"只有申请人本人可以{label}。"
        case Relation.OUTSIDE_UNIT if _is_of_the_unit(case, doer):
            what = "答复本单位的申辩" if transition.verb is Verb.ANSWER else f"{label}本单位的问题"
            return f"责任单位的人不能{what}。"
        case Relation.APPROVER:
            return _approver_refusal(label, case, doer)
        case Relation.SECOND_OFFICE_PERSON:
            if doer.people & case.dismissal_proposers:
                return f"不能{label}：查否意见是您提出的，须由另一人决定。"
            return _leader_for_offences(label, case, doer)
        case Relation.CORRECTOR:
            return _corrector_refusal(case, doer)
        case Relation.TIME_GIVER:
            return _time_giver_refusal(label, case, doer)
    return None


def _holder_refusal(verb: Verb, case: Case, doer: Doer) -> str | None:
    """The responsible unit; 直查直办 the office itself, which is nobody's unit anywhere else."""
    if case.handling is Handling.DIRECT:
        return None if doer.role is Role.OFFICE else f"直查直办的问题由领导小组办公室自己办理，不能{verb.label}。"
    if doer.role is not Role.UNIT:
        return f"只有责任单位可以{verb.label}。"
    if verb is Verb.REPORT and doer.unit_id in case.units:
        return None  # each unit crosses its own place off
    return None if doer.unit_id == case.responsible_unit_id else f"只有责任单位可以{verb.label}。"


def is_for_the_leader(case: Case) -> bool:
    """Whether closing it, and what else is decided like that, is the leader's: group C, 挂牌督办 and 直查直办."""
    return case.is_suspected_offence or case.handling in LEADERS_TRACKS


def leader_refusal(label: str, case: Case, doer: Doer) -> str | None:
    """What is the leader's is nobody else's, and the leader takes nothing that is the office's."""
    if is_for_the_leader(case) == (doer.role is Role.LEADER):
        return None
    if doer.role is Role.LEADER:
        return f"本件由办公室{label}，不须领导办理。"
    kind = "第三类" if case.is_suspected_offence or case.handling is None else case.handling.label
    return f"{kind}问题须由领导{label}。"


def _reply_refusal(case: Case, doer: Doer) -> str | None:
    """Discipline answers for itself; who is not in the system is answered for by the office, with the letter."""
    if doer.role is Role.DISCIPLINE:
        return None if ReferralBody.DISCIPLINE in case.referred_to else "本件没有移送纪委监委，没有可登记的回复。"
    if case.referred_to - {ReferralBody.DISCIPLINE}:
        return None
    if case.referred_to:
        return "移送纪委监委的，由纪检监察登记回复。"
    return "本件没有移送，没有可登记的回复。"


def _money_refusal(label: str, case: Case, doer: Doer) -> str | None:
    """The unit whose problem it is while it rectifies; the office, which alone is left once it is closed."""
    if doer.role is Role.OFFICE:
        return None
    if doer.unit_id != case.responsible_unit_id:
        return f"只有责任单位或办公室可以{label}。"
    return "已销号的问题，后续到账的资金由办公室登记。" if case.status is IssueStatus.CLOSED else None


def _leader_for_offences(label: str, case: Case, doer: Doer) -> str | None:
    """The same for what follows the type alone, whatever the track."""
    return leader_refusal(label, replace(case, handling=None), doer)


def _is_of_the_unit(case: Case, doer: Doer) -> bool:
    """Not of 直查直办: there people are told apart, for whoever judges may work beside whoever rectified."""
    own = {case.responsible_unit_id} if case.handling is Handling.DIRECT else set()
    return bool((case.units - own) & (doer.belongs_to | {doer.unit_id}))


def _approver_refusal(label: str, case: Case, doer: Doer) -> str | None:
    if _is_of_the_unit(case, doer):
        return f"责任单位的人不能{label}本单位的问题。"
    if doer.role not in (Role.OFFICE, Role.LEADER):
        return f"待审批的问题由审批人{label}。"
    return leader_refusal(label, case, doer)


def _corrector_refusal(case: Case, doer: Doer) -> str | None:
    if case.status in (IssueStatus.DRAFT, IssueStatus.REGISTERED):
        return None if case.author_id in doer.people else "交办前只有登记人本人可以更正。"
    return None if doer.role is Role.OFFICE else "交办后由办公室更正。"


def _time_giver_refusal(label: str, case: Case, doer: Doer) -> str | None:
    if not case.extension_askers:
        return f"没有等待决定的延期申请，不能{label}。"
    if _is_of_the_unit(case, doer):
        return f"责任单位的人不能{label}：申请是本单位提出的。"
    if doer.people & case.extension_askers:
        return f"不能{label}：延期是您申请的，须由另一人决定。"
    if time_is_for_the_leader(case) and doer.role is not Role.LEADER:
        return f"挂牌督办的问题须由领导{label}。"
    if not time_is_for_the_leader(case) and doer.role is Role.LEADER:
        return f"本件由办公室{label}，不须领导办理。"
    return None


def time_is_for_the_leader(case: Case) -> bool:
    """More time is the leader's to give only where the problem is LISTED; everywhere else the office's."""
    return case.handling is Handling.LISTED


def _asking_for_time_refusal(case: Case) -> str | None:
    if not case.has_deadline:
        return "本件没有时限，不需要申请延期。"
    if case.extension_askers:
        return "已有一份延期申请等待决定，不能再提。"
    if case.is_late:
        return "时限已过，不能再申请延期：延期须在时限到期前提出。请抓紧整改，办成后申请销号。"
    return None


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
        case Verb.FIX if case.handling is Handling.LISTED:
            return "本件已挂牌督办，不能立查立改：请由办公室交办。"
        case Verb.CARRY_OVER if not case.is_concluding:
            return "专项治理转为“收尾”以后才能结转。"
        case Verb.LIST if case.handling in (Handling.ON_SPOT, Handling.DIRECT):
            return f"{case.handling.label}的问题没有责任单位在办，不能挂牌督办。"
        case Verb.UNLIST if case.handling is not Handling.LISTED:
            return "本件没有挂牌督办，不需要摘牌。"
        case Verb.RETURN if case.handling is Handling.ON_SPOT and doer.people & case.requesters:
            return "不能退回：当场已改是您报的，须由另一人退回；要收回请撤回申请。"
        case Verb.RETURN if case.handling is Handling.DIRECT and doer.people & case.requesters:
            return "不能退回：销号是您申请的，须由另一人退回；要收回请撤回申请。"
        case Verb.RETURN if case.status is IssueStatus.APPROVAL:
            return _approver_refusal("退回整改", case, doer)
        case Verb.RETURN if doer.role is Role.LEADER:
            return "待验收的问题由检查组或办公室退回。"
        case Verb.APPROVE if case.unanswered:
            return "已移送，尚无回复：收到回复并登记，或由领导决定另案处理以后，才能批准销号。"
        case Verb.SEPARATE if not case.unanswered:
            return "没有等回复的移送，不需要另案处理。"
        case Verb.RECORD_MONEY if doer.role is Role.UNIT and case.is_hidden_from_the_unit:
            return _NOT_FOUND
        case Verb.RECORD_MONEY if not case.money.is_owed:
            return "本件没有未办清的钱：追缴、补发和缴库都已办清，或本来就不涉及。"
        case Verb.CORRECT_MONEY if case.status is IssueStatus.APPROVAL and doer.people & case.acceptors:
            return "您是本件的验收人，不能再改资金登记：须由另一人更正，或先退回复验。"
        case Verb.CORRECT_MONEY if not case.money.movements:
            return "还没有登记过资金，没有可更正的。"
        case Verb.RELEASE if not case.is_suspected_offence:
            return "只有第三类问题需要告知；其他问题责任单位本来就能看到。"
        case Verb.RELEASE if case.handling is Handling.DIRECT:
            return "直查直办的问题没有别的责任单位，不需要告知。"
        case Verb.CONTEST if case.handling is Handling.DIRECT:
            return "直查直办的问题没有别的责任单位，没有申辩。"
        case Verb.RELEASE if case.is_released:
            return "已经告知责任单位。"
        case Verb.SIGN if case.is_signed:
            return "已经签收。"
        case Verb.CONTEST if case.is_contested:
            return "已有申辩等待答复，答复之后才能再次申辩。"
        case Verb.ANSWER if not case.is_contested:
            return "没有待答复的申辩。"
        case Verb.SIGN | Verb.REPORT | Verb.REQUEST | Verb.EXTEND | Verb.CONTEST | Verb.MEASURE if (
            case.is_hidden_from_the_unit
        ):
            return _NOT_FOUND
        case Verb.REQUEST if case.unfinished:
            return f"交办的措施还有 {case.unfinished} 项没有填报完成：请先用“填报措施”写明怎么办的，再申请销号。"
        case Verb.EXTEND:
            return _asking_for_time_refusal(case)
        case Verb.REQUEST if case.reviews_left:
            return (
                f"长期坚持的问题须阶段复核保持 {case.reviews_asked} 次后才能申请销号，"
                f"现在已保持 {case.reviews_held} 次。"
            )
        case Verb.REVIEW if not case.reviews_left:
            return "没有要做的阶段复核：只有长期坚持的问题，在设定的次数之内复核。"
        case Verb.REVIEW if doer.people & case.writers:
            return "不能复核：本轮整改材料是您写的，须由另一人复核。"
        case Verb.REQUEST if case.open_places:
            return f"还有地点没有完成：{listed(case.open_places)}。逐处填报完成后才能申请销号。"
    return None


_NOT_FOUND = "没有找到这条问题，或者它不在您的权限范围内。"


def writing_refusal(case: Case, doer: Doer) -> str | None:
    """Whoever accepted a problem does not become a writer of it by 更正 while it waits for approval."""
    if case.status is IssueStatus.APPROVAL and doer.people & case.acceptors:
        return "您是本件的验收人，不能再改整改措施：须由另一人更正，或先退回复验。"
    return None


def allowed_verbs(case: Case, doers: Iterable[Doer]) -> tuple[Verb, ...]:
    """The verbs open to a person now, in the order of the table: what the page shows as buttons."""
    doers = tuple(doers)
    return tuple(t.verb for t in TRANSITIONS if any(refusal(t.verb, case, d) is None for d in doers))


def next_verb(case: Case) -> Verb | None:
    """The verb that moves the problem on from here, whoever may do it: what 下一步 says."""
    if case.carried_to:
        return None
    return {
        IssueStatus.DRAFT: Verb.SUBMIT,
        IssueStatus.REGISTERED: Verb.ASSIGN,
        IssueStatus.RECTIFYING: _next_of_unit(case),
        IssueStatus.ACCEPTANCE: Verb.ACCEPT,
        IssueStatus.APPROVAL: Verb.APPROVE,
    }.get(case.status)


def _next_of_unit(case: Case) -> Verb:
    if not case.is_signed:
        return Verb.SIGN
    if case.open_places:
        return Verb.REPORT
    if case.unfinished:
        return Verb.MEASURE
    if case.reviews_left:
        return Verb.REVIEW if case.review_is_due else Verb.REPORT
    return Verb.REQUEST


def awaited_verb(case: Case) -> Verb | None:
    """What an open problem waits for: whoever may do it is whom a reminder has to reach. None where it is not open."""
    if case.status not in IssueStatus.open() or case.carried_to:
        return None
    if case.dismissal_proposers:
        return Verb.CONFIRM_DISMISSAL
    if case.status is IssueStatus.APPROVAL and case.unanswered:
        return Verb.SEPARATE
    if case.status is IssueStatus.RECTIFYING:
        if case.is_hidden_from_the_unit:
            return Verb.RELEASE
        return Verb.REVIEW if case.review_is_due else Verb.REPORT
    return next_verb(case)


def _holder_under_way(case: Case) -> str:
    if case.handling is Handling.DIRECT:
        return "领导小组办公室"
    return "办公室" if case.review_is_due else "责任单位"


def next_holder(case: Case) -> str:
    """Who has it in hand now, in words."""
    if case.carried_to:
        return "—"
    return {
        IssueStatus.DRAFT: "登记人",
        IssueStatus.REGISTERED: "办公室",
        IssueStatus.RECTIFYING: _holder_under_way(case),
        IssueStatus.ACCEPTANCE: "检查组或办公室",
        IssueStatus.APPROVAL: case.approver,
    }.get(case.status, "—")
