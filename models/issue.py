"""The verbs of a problem and the one table of transitions that buttons, checks, help and tests read.

Source of the table: design, section 3. What each verb means for one very problem is in models/issue_rule.py.
"""

from dataclasses import dataclass
from enum import StrEnum

from models.issue_word import IssueStatus
from models.role import Permission


class Verb(StrEnum):
    """What can be done to a problem; each is an action of its own."""

    SUBMIT = "submit"
    ASSIGN = "assign"
    FIX = "fix"
    RELEASE = "release"
    SIGN = "sign"
    REPORT = "report"
    RECORD_MONEY = "record_money"
    CORRECT_MONEY = "correct_money"
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
    LIST = "list"
    UNLIST = "unlist"
    CARRY_OVER = "carry_over"
    CORRECT = "correct"
    REMIND = "remind"
    SUPERVISE = "supervise"
    EXTEND = "extend"
    DECIDE_EXTENSION = "decide_extension"
    CONTEST = "contest"
    ANSWER = "answer"
    MEASURE = "measure"
    REVIEW = "review"
    SPLIT = "split"
    MERGE = "merge"
    REFER = "refer"
    REPLY = "reply"
    SEPARATE = "separate"
    SANCTION = "sanction"

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
    Verb.REFER: ("移送", "output"),
    Verb.REPLY: ("登记回复", "mark_email_read"),
    Verb.SEPARATE: ("另案处理", "call_split"),
    Verb.SANCTION: ("登记问责", "gavel"),
    Verb.SUBMIT: ("提交", "send"),
    Verb.ASSIGN: ("交办", "forward_to_inbox"),
    Verb.FIX: ("立查立改", "build"),
    Verb.RELEASE: ("告知责任单位", "lock_open"),
    Verb.SIGN: ("签收", "draw"),
    Verb.REPORT: ("填报进展", "edit_note"),
    Verb.RECORD_MONEY: ("登记资金", "payments"),
    Verb.CORRECT_MONEY: ("更正资金", "currency_exchange"),
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
    Verb.LIST: ("挂牌督办", "flag"),
    Verb.UNLIST: ("摘牌", "label_off"),
    Verb.CARRY_OVER: ("结转", "move_item"),
    Verb.CORRECT: ("更正", "edit"),
    Verb.REMIND: ("催办", "notifications_active"),
    Verb.SUPERVISE: ("督办", "campaign"),
    Verb.EXTEND: ("申请延期", "more_time"),
    Verb.DECIDE_EXTENSION: ("审批延期", "schedule"),
    Verb.CONTEST: ("申辩", "gavel"),
    Verb.ANSWER: ("答复申辩", "question_answer"),
    Verb.MEASURE: ("填报措施", "checklist"),
    Verb.REVIEW: ("阶段复核", "event_repeat"),
    Verb.SPLIT: ("拆分", "call_split"),
    Verb.MERGE: ("并案", "merge"),
}


class Relation(StrEnum):
    """How the doer must stand to this very problem."""

    ANYONE = "ANYONE"
    AUTHOR = "AUTHOR"
    RESPONSIBLE_UNIT = "RESPONSIBLE_UNIT"
    UNIT_OR_OFFICE = "UNIT_OR_OFFICE"
    REQUESTER = "REQUESTER"
    OUTSIDE_UNIT = "OUTSIDE_UNIT"
    APPROVER = "APPROVER"
    SECOND_OFFICE_PERSON = "SECOND_OFFICE_PERSON"
    CORRECTOR = "CORRECTOR"
    TIME_GIVER = "TIME_GIVER"
    REPLIER = "REPLIER"

    @property
    def label(self) -> str:
        """The words in the help page."""
        return {
            "ANYONE": "有此权限者",
            "AUTHOR": "登记人本人",
            "RESPONSIBLE_UNIT": "责任单位经办；直查直办由办公室",
            "UNIT_OR_OFFICE": "责任单位经办、办公室；销号后只由办公室",
            "REQUESTER": "申请人本人",
            "OUTSIDE_UNIT": "责任单位以外的人；直查直办是没有写过整改材料的人",
            "APPROVER": "办公室；第三类、挂牌督办、直查直办由领导",
            "SECOND_OFFICE_PERSON": "办公室另一人；第三类问题由领导",
            "CORRECTOR": "交办前登记人，交办后办公室",
            "REPLIER": "移送纪委监委的由纪检监察，其他机关的由办公室凭来函",
            "TIME_GIVER": "责任单位以外的办公室；挂牌督办由领导",
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
BUT_DRAFT = tuple(status for status in S if status is not S.DRAFT)
TRANSITIONS: tuple[Transition, ...] = (
    Transition(Verb.SUBMIT, (S.DRAFT,), S.REGISTERED, Relation.AUTHOR, "事实、类别、地点、来源"),
    Transition(Verb.ASSIGN, (S.REGISTERED,), S.RECTIFYING, Relation.ANYONE,
               "办理方式、整改类型、责任单位、责任领导、责任人、整改要求、措施清单、时限及其算法"
               "（P107、长期坚持无时限；分阶段整改至少两步；长期坚持设首次复核日期、间隔、次数）",
               dismissal=False),
    Transition(Verb.FIX, (S.REGISTERED,), S.ACCEPTANCE, Relation.AUTHOR,
               "现场怎么改的、该类问题要求的佐证、两个方向的金额（无则填 0）；P107 不能立查立改", dismissal=False),
    Transition(Verb.RELEASE, (S.REGISTERED, S.RECTIFYING), None, Relation.ANYONE, "仅第三类问题"),
    Transition(Verb.SIGN, (S.RECTIFYING,), None, Relation.RESPONSIBLE_UNIT, "—"),
    Transition(Verb.REPORT, (S.RECTIFYING,), None, Relation.RESPONSIBLE_UNIT,
               "进展文字；完成了哪几处（某处另有责任单位的，由它填报自己的一处）"),
    Transition(Verb.RECORD_MONEY, (S.RECTIFYING, S.CLOSED), None, Relation.UNIT_OR_OFFICE,
               "方向（追缴到账、补发到户、缴入国库或退回专户）、金额、日期、凭证号；还有钱未办清的"),
    Transition(Verb.CORRECT_MONEY, (*S.open(), S.CLOSED), None, Relation.ANYONE, "哪一笔、正确金额、理由；两笔都留"),
    Transition(Verb.REQUEST, (S.RECTIFYING,), S.ACCEPTANCE, Relation.RESPONSIBLE_UNIT,
               "整改结果、已采取措施、单位负责人、该类问题要求的佐证、两个方向的金额（无则填 0）；各处都已完成",
               dismissal=False),
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
    Transition(Verb.LIST, S.open(), None, Relation.ANYONE, "挂牌督办的领导姓名；每 7 天须报一次进展"),
    Transition(Verb.UNLIST, S.open(), None, Relation.ANYONE, "摘牌理由；此后按限期整改办理"),
    Transition(Verb.CARRY_OVER, S.open(), None, Relation.ANYONE,
               "专项治理转为“收尾”以后；结转到哪一项专项治理，或列为遗留的情形；理由"),
    Transition(Verb.CORRECT, (S.DRAFT, *S.open()), None, Relation.CORRECTOR,
               "改哪一项（编号、状态、时限不可改；地点可增加、去掉、指定单位和时限）、新值、理由"),
    Transition(Verb.REMIND, S.open(), None, Relation.ANYONE, "催办意见（可不填）；同一件一天只催一次"),
    Transition(Verb.SUPERVISE, S.open(), None, Relation.ANYONE, "督办要求"),
    Transition(Verb.EXTEND, (S.RECTIFYING,), None, Relation.RESPONSIBLE_UNIT,
               "时限到期前（含当日）提出；新时限、理由、进展"),
    Transition(Verb.DECIDE_EXTENSION, (S.RECTIFYING,), None, Relation.TIME_GIVER,
               "同意到哪天，或不同意；理由；首次时限永久保留"),
    Transition(Verb.CONTEST, (S.RECTIFYING,), None, Relation.RESPONSIBLE_UNIT, "申辩理由、申辩材料"),
    Transition(Verb.ANSWER, (S.RECTIFYING, *S.held()), None, Relation.OUTSIDE_UNIT,
               "采纳与否、答复内容；有待答复的申辩时，一次"),
    Transition(Verb.MEASURE, (S.RECTIFYING,), None, Relation.RESPONSIBLE_UNIT,
               "哪一项措施、哪天完成、怎么办的；或新增一项"),
    Transition(Verb.REVIEW, (S.RECTIFYING,), None, Relation.OUTSIDE_UNIT,
               "仅长期坚持：是否保持、发现了什么、下次复核日期"),
    Transition(Verb.SPLIT, (S.REGISTERED, S.RECTIFYING), None, Relation.ANYONE,
               "分出去的地点（没有地点的，写明内容）、分开的金额（合计须等于原金额）、理由；新件另编号",
               dismissal=False),
    Transition(Verb.MERGE, (S.REGISTERED, S.RECTIFYING), None, Relation.ANYONE,
               "并入哪一件（同一专项、同一县区、待交办或整改中）、带过去的金额、理由；由另一人确认，之后本件不成立",
               dismissal=False),
    Transition(Verb.REFER, BUT_DRAFT, None, Relation.ANYONE, "移送哪个机关、理由、移送函文号、日期、随附材料"),
    Transition(Verb.REPLY, BUT_DRAFT, None, Relation.REPLIER, "回复内容、文号、日期"),
    Transition(Verb.SEPARATE, BUT_DRAFT, None, Relation.ANYONE, "理由；有移送等回复时"),
    Transition(Verb.SANCTION, BUT_DRAFT, None, Relation.ANYONE, "处理方式、人数、文号、日期；更正须写理由，两笔都留"),
)  # fmt: skip
"""The one table of transitions (law 1)."""

BY_VERB: dict[Verb, Transition] = {t.verb: t for t in TRANSITIONS}

PROPOSING_VERBS = frozenset({Verb.PROPOSE_DISMISSAL, Verb.MERGE})
"""What another person has to confirm before the problem is one no more."""

ASKING_VERBS = frozenset({Verb.REQUEST, Verb.FIX})
"""What asks for 销号: the unit's request, and the inspector's word that it was put right on the spot."""

WRITING_VERBS = ASKING_VERBS | {Verb.REPORT, Verb.EXTEND, Verb.RECORD_MONEY, Verb.CORRECT_MONEY, Verb.MEASURE}
"""Who did one of these in a round wrote measures, progress, money or evidence: cannot accept or approve it."""

INSIDE_VERBS = frozenset({Verb.REFER, Verb.REPLY, Verb.SEPARATE, Verb.SANCTION})
"""What unit and inspectors are told nothing of: neither that it was done nor what came of it."""
