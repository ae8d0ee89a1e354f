"""What the fields of a problem may hold: asked when it is raised, and again when one of them is corrected."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions.issue_step import required_text
from models.campaign import SubsidyItem
from models.issue_record import Issue
from models.issue_word import Handling, IssueSource, Severity
from models.money import yuan
from models.problem_type import UPWARD_TYPE, problem_types
from models.refusal import Refused

DOCUMENT = ("document_from", "document_number", "document_on")
AMOUNTS = ("amount_cents", "to_recover_cents", "to_pay_cents")
COUNTS = ("households", "persons")
MOST_CENTS = 10**15
"""分; beyond is a slip of the hand, and no 64-bit column is near its end."""
MOST_COUNT = 100_000_000

_TEXTS = {
    "title": ("一句话标题", 4, 120), "facts": ("问题事实", 5, 5000), "measures": ("已采取的措施", 5, 5000),
    "responsible_leader": ("责任领导", 1, 40), "person_in_charge": ("责任人", 1, 40),
}  # fmt: skip
"""Field → what it is called, least and most characters."""
_MAY_BE_EMPTY = {
    "period": ("所属期间", 20), "rule_mended": ("制度修订", 500), "remark": ("备注", 500),
    "document_from": ("来文单位", 80), "document_number": ("文号", 60),
}  # fmt: skip


def checked(session: Session, field: str, value: Any, today: date) -> Any:
    """The value as it is stored. Raises Refused for one the field cannot hold."""
    if field in _TEXTS:
        return required_text(_text(value), *_TEXTS[field])
    if field in _MAY_BE_EMPTY:
        what, most = _MAY_BE_EMPTY[field]
        return required_text(_text(value), what, most=most) if _text(value).strip() else None
    if field in (*AMOUNTS, *COUNTS):
        return _number(field, value)
    if field == "type_code" and value not in problem_types():
        raise Refused("请从十四类问题中选择类别。")
    if field == "severity" and value not in set(Severity):
        raise Refused("问题性质应为一般、较大或重大。")
    if field == "item_code":
        return _item(session, value)
    if field == "document_on" and value is not None:
        return _day(value, today, "来文日期")
    return _day(value, today, "发现日期") if field == "found_on" else value


def check_wording(type_code: str, title: str, facts: str) -> None:
    """Group C is worded 涉嫌 until it is proven. Raises Refused."""
    if problem_types()[type_code].is_suspected_offence and "涉嫌" not in title + facts:
        raise Refused("第三类问题在查实前请用“涉嫌”表述，请在标题或事实中写明“涉嫌”。")


def check_document(source: IssueSource, values: Mapping[str, Any]) -> None:
    """What came from outside names its letter whole, what was found here names none. Raises Refused."""
    given = [bool(values[name]) for name in DOCUMENT]
    if source.comes_by_document and not all(given):
        raise Refused(f"{source.label}的问题请写明来文单位、文号和来文日期；没有文号的写“无”。")
    if any(given) and not source.comes_by_document:
        raise Refused(f"{source.label}的问题没有来文，不填来文单位、文号和来文日期。")


def check_together(issue: Issue, changed: Mapping[str, Any]) -> None:
    """What a change may not do to the fields beside it. Raises Refused."""
    names = ("type_code", "title", "facts", *DOCUMENT, *AMOUNTS)
    after = {name: changed.get(name, getattr(issue, name)) for name in names}
    check_wording(after["type_code"], after["title"], after["facts"])
    if changed.keys() & set(DOCUMENT):
        check_document(issue.source, after)
    if issue.assigned_on is not None and (after["type_code"] == UPWARD_TYPE) != (issue.type_code == UPWARD_TYPE):
        raise Refused("P107（政策本身的问题）没有时限，交办后不能与其他类别互改；请查否后恢复，重新交办。")
    if issue.handling is Handling.ON_SPOT and after["type_code"] == UPWARD_TYPE:
        raise Refused("P107（政策本身的问题）不能立查立改；请先退回，再更正类别。")
    for due, done, word in (
        ("to_recover_cents", issue.recovered_cents, "追缴"),
        ("to_pay_cents", issue.paid_cents, "补发"),
    ):
        if due in changed and after[due] < done:
            raise Refused(f"应{word}金额不能少于已{word}的 {yuan(done)} 元。")


def _text(value: Any) -> str:
    if value is not None and not isinstance(value, str):
        raise Refused("请填写文字。")
    return value or ""


def _number(field: str, value: Any) -> int:
    most = MOST_CENTS if field in AMOUNTS else MOST_COUNT
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Refused("金额、户数、人数应为数字，不能是负数。")
    if value > most:
        raise Refused("金额、户数或人数大得不合常理，请核对单位是不是“元”。")
    return value


def _item(session: Session, value: Any) -> str | None:
    if value in (None, ""):
        return None
    if not session.scalar(sa.select(sa.exists().where(SubsidyItem.code == _text(value)))):
        raise Refused("请从补贴项目清单中选择项目。")
    return str(value)


def _day(value: Any, today: date, what: str) -> date:
    if type(value) is not date:
        raise Refused(f"请填写{what}。")
    if value > today:
        raise Refused(f"{what}不能晚于今天。")
    return value
