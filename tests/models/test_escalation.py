"""Named steps before and after a deadline."""

from datetime import date, timedelta

import pytest

from models.escalation import Audience, EscalationStep, checked_steps, reached
from models.refusal import Refused

LETTER = EscalationStep("提醒函", -3, (Audience.UNIT,))
ORDER = EscalationStep("督办单", 1, (Audience.UNIT, Audience.OFFICE))
WARNING = EscalationStep("告诫书", 10, (Audience.OFFICE, Audience.LEADER))
DUE = date(2022, 7, 25)


def test_steps_come_in_the_order_of_their_days_and_say_when_and_whom() -> None:
    assert checked_steps([WARNING, LETTER, ORDER]) == (LETTER, ORDER, WARNING)
    assert LETTER.words == "提醒函：时限前 3 天，告诉责任单位"
    assert EscalationStep.parse(WARNING.stored) == WARNING


@pytest.mark.parametrize(
    "step, why",
    [
        (EscalationStep("函", 0, (Audience.UNIT,)), "2 到 20 个字"),
        (EscalationStep("告诫书", 400, (Audience.UNIT,)), "时限前 90 天到时限后 365 天"),
        (EscalationStep("告诫书", 5, ()), "告诉谁"),
        (EscalationStep("提醒函", 5, (Audience.UNIT,)), "不能重复"),
        (EscalationStep("告诫书", -3, (Audience.UNIT,)), "不能重复"),
    ],
)
def test_a_step_that_says_too_little_is_refused(step: EscalationStep, why: str) -> None:
    with pytest.raises(Refused, match=why):
        checked_steps([LETTER, step])


def test_a_step_is_reached_on_its_day_and_stays_reached() -> None:
    steps = (LETTER, ORDER, WARNING)
    assert reached(steps, DUE, DUE - timedelta(days=4)) == ()
    assert reached(steps, DUE, DUE - timedelta(days=3)) == (LETTER,)
    assert reached(steps, DUE, DUE + timedelta(days=10)) == steps
    assert reached(steps, None, DUE) == ()
