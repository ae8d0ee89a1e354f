"""Signing in and out, as a person with a browser does it."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from actions.people import create_user
from actions.signin import sign_out_everywhere
from models.campaign import CampaignState
from models.role import Role
from pages.frame.menu import MENU
from queries.campaign import campaigns
from queries.reading import reading
from queries.signin import SESSION_COOKIE
from queries.viewer import viewer_named
from tests.browser.conftest import PASSWORD, TODAY, RunningApp

pytestmark = pytest.mark.browser
SignedIn = Callable[..., Page]


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("账号").fill(name)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


def test_a_person_signs_in_and_lands_where_they_wanted_to_go(app: RunningApp, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{app.url}/account?from=mail")
    expect(page).to_have_url(f"{app.url}/signin?next=%2Faccount%3Ffrom%3Dmail")
    sign_in(page, "office")
    expect(page.get_by_role("heading", name="我的账号")).to_be_visible()
    expect(page).to_have_title("我的账号 · 销号台")
    assert page.url.startswith(f"{app.url}/account")
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    (cookie,) = [c for c in context.cookies() if c["name"] == SESSION_COOKIE]
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")


def test_a_refresh_and_a_second_tab_need_no_second_signing_in(signed_in: SignedIn, context: BrowserContext) -> None:
    page = signed_in("office", "/account")
    expect(page.get_by_role("heading", name="我的账号")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="我的账号")).to_be_visible()
    second = context.new_page()
    second.goto(page.url)
    expect(second.get_by_role("heading", name="我的账号")).to_be_visible()


def test_signing_out_in_one_tab_acts_in_the_other(signed_in: SignedIn, context: BrowserContext) -> None:
    page = signed_in("leader", "/account")
    second = context.new_page()
    second.goto(page.url)
    expect(second.get_by_role("button", name="修改密码")).to_be_visible()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("button", name="登录", exact=True)).to_be_visible()
    second.get_by_role("button", name="修改密码").click()
    expect(second.get_by_role("button", name="登录", exact=True)).to_be_visible()
    assert "/signin?next=%2Faccount" in second.url


def test_a_button_pressed_after_sign_out_does_nothing_and_signing_in_leads_back(
    app: RunningApp, signed_in: SignedIn
) -> None:
    page = signed_in("office2", "/campaign")
    button = page.get_by_role("button", name="转为“收尾”")
    expect(button).to_be_visible()
    sign_out_everywhere(app.built.caller("office2"))
    button.click()
    expect(page.get_by_role("button", name="登录", exact=True)).to_be_visible()
    assert [c.state for c in campaigns()] == [CampaignState.OPEN]
    sign_in(page, "office2")
    expect(page.get_by_role("heading", name="专项治理", exact=True)).to_be_visible()


def test_somebody_else_in_the_same_browser_finds_nothing_of_the_former_person(
    app: RunningApp, signed_in: SignedIn, context: BrowserContext
) -> None:
    page = signed_in("admin", "/people")
    page.get_by_placeholder("账号、姓名、单位").fill("inspector")
    page.get_by_placeholder("账号、姓名、单位").press("Enter")
    expect(page.get_by_text("共 2 个账号")).to_be_visible()
    context.add_cookies([app.cookie("security")])  # type: ignore[list-item]
    context.set_offline(True)
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    context.set_offline(False)
    page.reload()
    expect(page.get_by_text("共 14 个账号")).to_be_visible()
    expect(page.get_by_text("新建账号")).to_have_count(0)


def test_five_wrong_passwords_close_the_door_for_that_name_alone(app: RunningApp, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{app.url}/signin")
    for left in (4, 3, 2, 1):
        sign_in(page, "discipline", "not this one")
        expect(page.get_by_role("alert")).to_contain_text(f"账号或密码不对，还可以再试 {left} 次。")
    sign_in(page, "discipline", "not this one")
    expect(page.get_by_role("alert")).to_contain_text("请 15 分钟后再试")
    sign_in(page, "discipline")
    expect(page.get_by_role("alert")).to_contain_text("请 15 分钟后再试")
    sign_in(page, "auditor")
    expect(page.locator("[data-testid=stMainBlockContainer] h1").first).to_be_visible()


def test_an_unknown_name_is_answered_like_a_known_one(app: RunningApp, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{app.url}/signin")
    sign_in(page, "nobody-of-that-name", "not this one")
    expect(page.get_by_role("alert")).to_contain_text("账号或密码不对，还可以再试 4 次。")
    expect(page.get_by_label("账号")).to_have_value("nobody-of-that-name")


@pytest.mark.parametrize("elsewhere", ["//evil.example/", "https://evil.example/", "/\\evil.example", "/signin"])
def test_signing_in_never_leads_elsewhere(app: RunningApp, context: BrowserContext, elsewhere: str) -> None:
    page = context.new_page()
    page.goto(f"{app.url}/signin")
    page.evaluate("next => document.querySelector('[name=next]').value = next", elsewhere)
    sign_in(page, "inspector2")
    expect(page.locator("[data-testid=stMainBlockContainer] h1").first).to_be_visible()
    assert page.url.startswith(f"{app.url}/")
    assert "evil" not in page.url


def test_the_form_works_without_scripts_and_on_a_phone(app: RunningApp, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{app.url}/signin")
    box = page.locator("form").bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 390
    sign_in(page, "unit")
    assert [c["name"] for c in context.cookies() if c["name"] == SESSION_COOKIE]
    context.close()


def test_a_one_time_password_is_changed_before_anything_else(app: RunningApp, context: BrowserContext) -> None:
    account = create_user(app.built.caller("admin"), "fresh", Role.INSPECTOR)
    page = context.new_page()
    page.goto(f"{app.url}/account")
    sign_in(page, "fresh", account.one_time_password)
    expect(page.get_by_role("heading", name="请先设置自己的密码")).to_be_visible()
    expect(page.get_by_role("button", name="退出登录")).to_have_count(0)
    page.get_by_label("现在的密码").fill(account.one_time_password)
    page.get_by_label("新密码", exact=True).fill("short")
    page.get_by_label("再输一次新密码").fill("short")
    page.get_by_role("button", name="修改密码").click()
    expect(page.get_by_text("新密码太短")).to_be_visible()
    page.get_by_label("现在的密码").fill(account.one_time_password)
    page.get_by_label("新密码", exact=True).fill("ricefield-2022")
    page.get_by_label("再输一次新密码").fill("ricefield-2022")
    page.get_by_role("button", name="修改密码").click()
    expect(page.get_by_role("heading", name="我的账号")).to_be_visible()


def test_no_request_of_a_signed_in_session_leaves_the_machine(app: RunningApp, context: BrowserContext) -> None:
    """Every page of the menu, each by somebody who may open it."""
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    left = {entry.address: entry for entry in MENU}
    for name in ("office", "admin", "security", "auditor", "discipline"):
        with reading() as session:
            viewer = viewer_named(session, name, date.fromisoformat(TODAY))
        mine = [address for address, entry in left.items() if viewer is not None and entry.is_for(viewer)]
        context.add_cookies([app.cookie(name)])  # type: ignore[list-item]
        page = context.new_page()
        page.on("websocket", lambda socket: asked.append(socket.url.replace("ws://", "http://")))
        for address in mine:
            page.goto(app.url + address)
            expect(page.locator("[data-testid=stMainBlockContainer]")).to_contain_text(re.compile("[一-龥]{4}"))
            del left[address]
        page.close()
    assert left == {}
    assert len(asked) > 10
    assert [url for url in asked if not url.startswith((app.url, "data:", "blob:"))] == []
