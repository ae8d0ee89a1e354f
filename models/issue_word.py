"""The words of a problem: where it stands, its tracks and natures, how it was found and verified."""

from collections.abc import Sequence
from enum import StrEnum


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
    PATROL = "PATROL"
    PETITION = "PETITION"

    @property
    def label(self) -> str:
        """The words on screen and in the ledger."""
        return {
            "SELF_CHECK": "自查自纠", "INSPECTION": "重点检查", "SUPERVISION": "督导", "COVERT": "暗访", "TIP": "线索",
            "CROSS_CHECK": "大数据比对", "SPECIAL_AUDIT": "专项审计", "SUPERIOR": "上级交办", "PATROL": "巡察",
            "PETITION": "信访",
        }[self.value]  # fmt: skip

    @property
    def comes_by_document(self) -> bool:
        """Somebody else found it and wrote to the office: sender, document number and date belong to the problem."""
        return self in (IssueSource.SPECIAL_AUDIT, IssueSource.SUPERIOR, IssueSource.PATROL, IssueSource.PETITION)


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


NAMED = 8
"""So many places a sentence names; of more it says how many."""


def listed(names: Sequence[str]) -> str:
    """甲一村、甲二村; of many the first and how many: 甲一村、…等 12 处."""
    more = f"等 {len(names)} 处" if len(names) > NAMED else ""
    return "、".join(names[:NAMED]) + more


def short_number(number: str) -> str:
    """SX-0005 of SZ2022-SX-0005: within one campaign its code says nothing. Anything else as it is."""
    return number.split("-", 1)[1] if number.count("-") == 2 else number
