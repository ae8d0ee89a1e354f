"""What is due, done and open of a problem's money, without a database."""

from dataclasses import replace

from models.issue_money import Direction, MoneyStanding, is_partial
from models.issue_word import IssueStatus

D = Direction
BOTH = MoneyStanding(to_recover=500, recovered=300, to_pay=200, paid=50)


def test_what_came_back_and_was_not_paid_out_again_goes_to_the_treasury() -> None:
    assert BOTH.due(D.REMIT) == 300
    assert BOTH.moved(D.PAY, 100, is_reissued=True).due(D.REMIT) == 200
    assert BOTH.moved(D.PAY, 100).due(D.REMIT) == 300


def test_money_on_its_way_to_the_treasury_is_owed_and_keeps_nothing_partial() -> None:
    done = MoneyStanding(to_recover=500, recovered=500)
    assert (done.is_owed, done.open_cents) == (True, 0)
    assert not is_partial(IssueStatus.CLOSED, done.open_cents)
    assert not done.moved(D.REMIT, 500).is_owed


def test_partial_is_closed_with_one_of_the_two_directions_open_and_ends_when_the_money_arrives() -> None:
    assert is_partial(IssueStatus.CLOSED, BOTH.open_cents)
    assert not is_partial(IssueStatus.RECTIFYING, BOTH.open_cents)
    paid = BOTH.moved(D.RECOVER, 200).moved(D.PAY, 150)
    assert not is_partial(IssueStatus.CLOSED, paid.open_cents)


def test_what_cannot_be_is_a_sentence() -> None:
    assert BOTH.fault is None
    assert BOTH.moved(D.RECOVER, 201).fault == "已追缴 5.01 元，超过应追缴 5.00 元；请先请办公室更正应追缴金额。"
    assert BOTH.moved(D.PAY, 151).fault == "已补发 2.01 元，超过应补发 2.00 元；请先请办公室更正应补发金额。"
    passed_on = replace(BOTH, remitted=250).moved(D.PAY, 60, is_reissued=True)
    assert passed_on.fault and passed_on.fault.startswith("追回的钱只有 3.00 元，不够用于补发 0.60 元、缴库 2.50 元")
