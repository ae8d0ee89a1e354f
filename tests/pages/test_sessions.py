"""登录情况, 代办 and a long list of accounts on screen."""

import sqlalchemy as sa

from actions.delegation import add_delegation
from actions.transaction import transaction
from models.database import Database
from models.local_time import local_day
from models.role import Role
from models.unit import Person
from models.user import Session as SignIn
from models.user import User
from tests.factories import World
from tests.pages.conftest import OpenPage, mint
from tests.pages.test_regions import words


def crowd(world: World, many: int) -> None:
    """So many further people with an account each."""
    with transaction(world.terminal()) as tx:
        for number in range(many):
            person = Person(unit_id=world.units["审计局"], staff_number=f"{number:04d}", name="某某某")
            tx.session.add(person)
            tx.session.flush()
            name = f"clerk{number:04d}"
            user = User(name=name, person_id=person.id, password_hash="-", one_time_password=True, created_at=tx.now)
            tx.session.add(user)
        tx.record("test.crowd", "user:*")


def alive() -> int:
    with Database.readers() as session:
        return session.scalar(sa.select(sa.func.count()).where(SignIn.ended_at.is_(None))) or 0


def test_security_ends_a_session_picked_in_the_table(world: World, open_page: OpenPage) -> None:
    mint(world, "office")
    app = open_page("security", "admin/sessions.py")
    assert "**2** 人 **2** 处登录" in words(app)
    app.session_state["session_rows_2_1_2"] = {"selection": {"rows": [1], "columns": []}}
    app.run()
    (button,) = [b for b in app.button if b.label == "结束这一处"]
    button.click().run()
    assert not app.error and not app.exception
    assert alive() == 1


def test_admin_does_not_see_who_is_signed_in_where(world: World, open_page: OpenPage) -> None:
    assert [t.value for t in open_page("admin", "admin/sessions.py").title] == ["这一页不对您开放"]


def test_a_long_list_of_accounts_is_paged_and_searched(world: World, open_page: OpenPage) -> None:
    crowd(world, 60)
    app = open_page("admin", "admin/people.py")
    assert f"共 **{60 + len(world.users)}** 个账号" in words(app)
    assert len(app.dataframe[0].value) == 20
    app.session_state["people_page"] = 4
    app.run()
    assert "clerk0000" not in list(app.dataframe[0].value["账号"])
    app.text_input(key="people_words").set_value("clerk0042").run()
    assert not app.exception
    assert list(app.dataframe[0].value["账号"]) == ["clerk0042"]
    app.text_input(key="people_words").set_value("领导小组办公室").run()
    assert {"office", "office2", "far_office"} <= set(app.dataframe[0].value["账号"])


def test_admin_writes_a_delegation_down_for_somebody_who_is_ill(world: World, open_page: OpenPage) -> None:
    app = open_page("admin", "admin/people.py")
    app.selectbox(key="instead_of").select("unit")
    app.selectbox(key="instead_by").select("auditor")
    app.selectbox(key="instead_role").select(Role.UNIT).run()
    app.button(key="instead_save").click().run()
    assert not app.error and not app.exception
    assert "代 U某某 行使“责任单位经办”" in words(app)
    (end,) = [b for b in app.button if b.label == "结束代办"]
    end.click().run()
    assert "没有正在代办" in " ".join(c.value for c in app.caption)


def test_the_giver_ends_a_delegation_on_their_own_page_and_the_deputy_cannot(
    world: World, open_page: OpenPage
) -> None:  # fmt: skip
    today = local_day(world.now)
    add_delegation(world.caller("office"), "auditor", Role.OFFICE, today, today)
    assert not [b for b in open_page("auditor", "home/account.py").button if b.label == "结束代办"]
    app = open_page("office", "home/account.py")
    (end,) = [b for b in app.button if b.label == "结束代办"]
    end.click().run()
    assert not app.error and not app.exception


def test_ones_own_sessions_are_listed_and_a_strange_one_is_ended(world: World, open_page: OpenPage) -> None:
    mint(world, "office")
    app = open_page("office", "home/account.py")
    (end,) = [b for b in app.button if b.label == "结束"]
    end.click().run()
    assert not app.error and not app.exception
    assert alive() == 1
