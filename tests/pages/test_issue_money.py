"""登记资金 and 更正资金 through their dialogs."""

from streamlit.testing.v1 import AppTest

from models.issue import Verb
from tests.actions.test_issue import stored
from tests.actions.test_issue_money import move
from tests.factories import World
from tests.pages.conftest import OpenPage
from tests.pages.test_issue import PAGE, confirm, words, write


def opened(app: AppTest, verb: Verb, issue_id: int) -> AppTest:
    """The dialog as the menu of the other verbs opens it."""
    app.session_state["_verb"], app.session_state["_verb_of"] = verb.value, issue_id
    return app.run()


def test_a_movement_is_recorded_in_its_dialog_and_more_than_is_due_is_refused_there(
    world: World, open_page: OpenPage
) -> None:
    issue_id = world.rectifying()
    app = opened(open_page("unit", PAGE, id=str(issue_id)), Verb.RECORD_MONEY, issue_id)
    assert "应补发给群众还差 **3,200.00 元**" in words(app)
    app.date_input(key=next(str(w.key) for w in app.date_input)).set_value(world.caller("unit").today).run()
    app = confirm(write(write(app, "amount", "5000"), "slip", "回单1"))
    assert "超过应补发 3,200.00 元" in words(app)
    app = confirm(write(app, "amount", "1200"))
    assert [toast.value for toast in app.toast] == ["已登记补发 1,200.00 元，补发还差 2,000.00 元"]
    assert stored(issue_id).paid_cents == 120_000


def test_a_wrong_amount_is_put_right_and_both_rows_are_on_the_page(world: World, open_page: OpenPage) -> None:
    issue_id = world.rectifying()
    move(world, issue_id, 300_000)
    app = opened(open_page("office", PAGE, id=str(issue_id)), Verb.CORRECT_MONEY, issue_id)
    app = confirm(write(write(app, "right", "300"), "reason", "多打了一个零"))
    assert stored(issue_id).paid_cents == 30_000
    shown = " ".join(str(table.value.values.tolist()) for table in app.table)
    assert "3,000.00 元**，更正后为 **300.00 元" in shown and "更正上一笔：**-2,700.00 元" in shown
