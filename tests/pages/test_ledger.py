"""整改台账 and 登记问题 without a browser: what stands there, for whom, and that what is typed stays."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from models.issue_record import Issue
from models.issue_word import IssueStatus
from queries.ledger import LedgerFilter, LedgerView
from queries.reading import reading
from tests.factories import World
from tests.pages.conftest import OpenPage

LEDGER, RAISE = "ledger/ledger.py", "ledger/raise_issue.py"
NUMBER = "000000195001010014"


def words(app: AppTest) -> str:
    """All text of the page that people read."""
    return "\n".join(str(e.value) for e in (*app.title, *app.markdown, *app.caption, *app.warning, *app.error))


def numbers(app: AppTest) -> list[str]:
    return [str(n).removesuffix(" ›") for n in app.dataframe[0].value["问题编号"]]


def test_the_ledger_lists_what_burns_first_with_words_and_symbols(world: World, open_page: OpenPage) -> None:
    world.registered()
    world.rectifying()
    world.on(date(2022, 9, 16))
    app = open_page("office", LEDGER)
    assert not app.exception
    assert numbers(app) == ["SL2022-JX-0002", "SL2022-JX-0001"]
    table = app.dataframe[0].value
    assert list(table["时限"].iloc[0]) == ["▲ 超期 53 天"]
    assert list(table["状态"].iloc[1]) == ["□ 待交办"]
    assert "共 **2** 件 · 未销号 **2** 件 · :red[**超期 1 件**] · 涉及金额 **6,400.00 元**" in words(app)


def test_no_identity_number_stands_in_the_table(world: World, open_page: OpenPage) -> None:
    world.registered(title=f"甲一村{NUMBER}少发", facts="甲一村某户少发补贴。")
    app = open_page("office", LEDGER)
    assert "000000********0014" in app.dataframe[0].value["问题事实"].iloc[0]


def test_an_empty_ledger_says_so_and_leads_on(world: World, open_page: OpenPage) -> None:
    app = open_page("inspector", LEDGER)
    assert "还没有登记问题" in words(app)
    assert not app.dataframe
    assert app.button(key="raise_first").label == "登记问题"


def test_conditions_that_find_nothing_are_said_in_words_and_can_be_cleared(world: World, open_page: OpenPage) -> None:
    world.registered()
    app = open_page("office", LEDGER, q="没有这个词", status="整改中")
    assert "当前条件：搜索“没有这个词”，状态“整改中”" in words(app)
    app.button(key="clear_all").click().run()
    assert numbers(app) == ["SL2022-JX-0001"]


def test_a_link_opens_the_list_it_was_made_of(world: World, open_page: OpenPage) -> None:
    world.registered()
    both = world.in_acceptance()
    app = open_page("office", LEDGER, view="待我验收", area="示例一镇")
    assert numbers(app) == ["SL2022-JX-0002"]
    kept = app.session_state["_ledger_list"]
    assert kept.wanted == LedgerFilter(LedgerView.TO_ACCEPT, town_ids=(world.regions["示例一镇"],))
    assert kept.query == {"view": "待我验收", "area": ["示例一镇"]}
    assert both


@pytest.mark.parametrize("value", ["不存在", "", "1", NUMBER])
def test_nonsense_in_the_address_opens_the_whole_list(world: World, open_page: OpenPage, value: str) -> None:
    world.registered()
    app = open_page("office", LEDGER, view=value, status=value, area=value, size=value)
    assert not app.exception
    assert numbers(app) == ["SL2022-JX-0001"]


def test_an_identity_number_is_not_searched_for(world: World, open_page: OpenPage) -> None:
    world.registered(facts=f"张某某（{NUMBER}）未收到补贴。")
    app = open_page("office", LEDGER, q=NUMBER)
    assert "请不要输入身份证号" in words(app)
    assert app.session_state["_ledger_list"].query == {}


def test_a_phone_gets_cards_and_more_of_them(
    world: World, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(23):
        world.registered()
    app = open_page("office", LEDGER)
    app.session_state["_as_phone"] = True
    app.run()
    assert not app.dataframe
    assert len([b for b in app.button if b.label == "查看"]) == 20
    app.button(key="thumb_more").click().run()
    assert len([b for b in app.button if b.label == "查看"]) == 23


def test_whoever_has_no_ledger_is_told_so(world: World, open_page: OpenPage) -> None:
    app = open_page("admin", LEDGER)
    assert [t.value for t in app.title] == ["这一页不对您开放"]
    assert [t.value for t in open_page("auditor", RAISE).title] == ["这一页不对您开放"]


# --- 登记问题 --------------------------------------------------------------------------------------------------------


def fill(app: AppTest, **values: object) -> AppTest:
    """Type into the form, field by field, as a person does."""
    for field, value in values.items():
        key = next(k for k in keys(app) if k.endswith(f"_{field}"))
        for group in (app.text_input, app.text_area, app.selectbox):
            for widget in group:
                if widget.key == key:
                    widget.set_value(value).run()
                    break
    return app


def keys(app: AppTest) -> list[str]:
    return [str(w.key) for group in (app.text_input, app.text_area, app.selectbox) for w in group]


def raised(issue_id: int) -> Issue:
    with reading() as session:
        return session.get_one(Issue, issue_id)


def test_a_problem_is_raised_with_its_number_in_one_form(world: World, open_page: OpenPage) -> None:
    app = open_page("inspector", RAISE)
    assert app.button(key="thumb_hand_in").disabled
    fill(
        app, region_id=world.regions["甲一村"], type_code="P102", title="甲一村3户高龄津贴少发",
        facts="入户核对，3户高龄津贴各少发100元。", to_pay_cents="300",
    )  # fmt: skip
    assert not app.button(key="thumb_hand_in").disabled
    app.button(key="thumb_hand_in").click().run()
    assert not app.exception
    assert [t.value for t in app.title] == ["甲一村3户高龄津贴少发"]
    found = raised(1)
    assert (found.number, found.status) == ("SL2022-JX-0001", IssueStatus.REGISTERED)
    assert (found.to_pay_cents, found.amount_cents) == (30_000, 30_000)


def test_the_office_is_asked_for_the_letter_of_an_audit_and_of_nothing_it_found_itself(
    world: World, open_page: OpenPage
) -> None:
    app = fill(
        open_page("office", RAISE), region_id=world.regions["甲一村"], type_code="P102", title="甲一村3户高龄津贴少发",
        facts="审计发现3户高龄津贴各少发100元。", to_pay_cents="300",
    )  # fmt: skip
    assert not app.button(key="thumb_hand_in").disabled
    fill(app, source="SPECIAL_AUDIT")
    assert "还差来文单位、文号、来文日期" in words(app)
    fill(app, document_from="示例市审计局", document_number="示审〔2022〕3号")
    next(d for d in app.date_input if str(d.key).endswith("_document_on")).set_value(date(2022, 7, 1)).run()
    app.button(key="thumb_hand_in").click().run()
    assert "来源：专项审计（示例市审计局 示审〔2022〕3号，2022年7月1日）" in words(app)


def test_a_type_is_told_in_chinese_punctuation_and_what_was_not_given_is_not_told(
    world: World, open_page: OpenPage
) -> None:
    app = fill(
        open_page("inspector", RAISE), region_id=world.regions["甲一村"], type_code="P105", title="甲一村补贴没有公示",
        facts="村务公开栏没有分配结果的公示。",
    )  # fmt: skip
    assert "公示无留存，群众不知晓。性质通常为“一般”；" in words(app)
    app.button(key="thumb_hand_in").click()
    app.run()
    opened = words(app)
    assert "涉及" not in opened.partition("来源：")[2].partition("性质")[0], "nothing is said of what was not given"


def test_what_was_typed_is_there_after_the_tab_was_closed(world: World, open_page: OpenPage) -> None:
    fill(open_page("inspector", RAISE), title="甲一村3户高龄津贴少发", facts="入户核对，3户高龄津贴各少发100元。")
    again = open_page("inspector", RAISE)
    assert [t.value for t in again.text_area] == ["入户核对，3户高龄津贴各少发100元。"]
    assert "甲一村3户高龄津贴少发" in [t.value for t in again.text_input]
    other = open_page("inspector2", RAISE)
    assert [t.value for t in other.text_area] == [""]


def test_an_offence_must_be_worded_as_suspected_before_it_can_be_handed_in(world: World, open_page: OpenPage) -> None:
    app = fill(
        open_page("inspector", RAISE), region_id=world.regions["甲一村"], type_code="P302", title="甲一村虚报冒领补贴",
        facts="甲一村有人虚报冒领补贴。",
    )  # fmt: skip
    assert app.button(key="thumb_hand_in").disabled
    assert "还差“涉嫌”二字" in words(app)


def test_a_unit_raises_only_what_it_found_itself(world: World, open_page: OpenPage) -> None:
    app = open_page("unit", RAISE)
    source = next(s for s in app.selectbox if str(s.key).endswith("_source"))
    assert source.options == ["自查自纠"]
