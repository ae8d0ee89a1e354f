"""登记资金 and 更正资金: one movement with its voucher; a recorded amount put right, both rows kept."""

from datetime import date

import streamlit as st

import clock
from actions import issue_money
from actions.transaction import Caller
from models.issue_money import Direction
from models.local_time import day_text
from models.money import yuan
from models.refusal import Refused
from pages.frame.look import escape
from pages.ledger.asking_forms import Missing, is_reissued, reissued_field
from pages.ledger.typed import Typed
from queries.issue import IssuePage
from queries.issue_money import MovementRow
from queries.viewer import Viewer


def money_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    """Direction (only those with something open), amount, day, voucher."""
    open_lines = {line.direction.value: line for line in (*issue.money, issue.treasury) if line.open_cents}
    ways = list(open_lines)
    way = typed.one_of("way", "哪个方向", ways, ways[0] if len(ways) == 1 else None,
                       format_func=lambda value: Direction(value).label, required=len(ways) == 1)  # fmt: skip
    line = open_lines.get(way)
    most = f"，最多 {yuan(line.open_cents)}" if line else ""
    left, right = st.columns(2)
    with left:
        cents = typed.cents("amount", f"这一笔多少钱（元{most}）")
    with right:
        day = typed.day("moved_on", "到账或缴款日期", max_value=clock.today())
    if way == Direction.PAY and issue.case.money.in_hand:
        reissued_field(typed)
    voucher = typed.line("slip", "凭证号（必填）", max_chars=100, placeholder="银行回单、缴款书或支付凭证的编号")
    if any(voucher == row.voucher for row in issue.movements):
        st.caption(":orange[:material/warning: 本件已登记过这个凭证号，请核对是不是同一笔。]")
    needed = (("哪个方向", way), ("金额", cents), ("日期", day), ("凭证号", voucher))
    return [word for word, given in needed if not given]


def record_money(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
    """Returns the sentence of the toast: what is still open, and where else the voucher was used."""
    chosen, day = typed.now("way"), typed.now("moved_on")
    if chosen is None or day is None:
        raise Refused("请选择哪个方向，并填写到账或缴款日期。")
    way, moved_on = Direction(chosen), date.fromisoformat(day) if isinstance(day, str) else day
    reissued = way is Direction.PAY and is_reissued(typed)
    entry = issue_money.MoneyEntry(way, typed.now_cents("amount"), moved_on, typed.now_text("slip"), reissued)
    done = issue_money.record_money(caller, issue.id, entry, version)
    left = done.money.open(way)
    still = f"，{way.word}还差 {yuan(left)} 元" if left else f"，{way.word}已办清"
    return f"已登记{way.word} {yuan(entry.amount_cents)} 元{still}{_also(done.also_in)}"


def correct_money_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    """Which movement, what it should say, why."""
    rows = {row.id: row for row in issue.movements if row.corrects_id is None}
    chosen = typed.choice(
        "row", "更正哪一笔", list(rows), next(iter(rows)) if len(rows) == 1 else None,
        format_func=lambda row_id: _row_words(rows[row_id]),
    )  # fmt: skip
    right = typed.cents("right", "正确的金额（元；整个登记错了填 0）")
    reason = typed.text("reason", "更正理由（必填）", height=80, placeholder="凭证上是多少、错在哪里")
    if chosen is not None and right is not None:
        st.caption(f"另记一笔 {yuan(right - rows[chosen].stands_cents)} 元，原来那一笔留着。")
    needed = (("更正哪一笔", chosen is not None), ("正确的金额", right is not None), ("更正理由", len(reason) >= 2))
    return [word for word, given in needed if not given]


def correct_money(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
    """Returns the sentence of the toast."""
    first = [row.id for row in issue.movements if row.corrects_id is None]
    chosen = typed.now("row", first[0] if len(first) == 1 else None)
    if chosen is None or not typed.now_text("right"):
        raise Refused("请选择更正哪一笔，并填写正确的金额。")
    right = typed.now_cents("right")
    issue_money.correct_money(caller, issue.id, int(chosen), right, typed.now_text("reason"), version)
    return f"已更正为 {yuan(right)} 元，原来那一笔留着"


def _row_words(row: MovementRow) -> str:
    return f"{day_text(row.moved_on)} {row.direction.label} {yuan(row.stands_cents)} 元（{row.voucher}）"


def _also(numbers: tuple[str, ...]) -> str:
    """A voucher used twice is said, never refused: one slip may cover several problems."""
    if not numbers:
        return ""
    named = "、".join(escape(number) for number in numbers if number) or "另一条问题"
    return f"。注意：这个凭证号还登记在 {named}，请核对"
