"""A household form on a phone: what is typed is on the server at once and found again."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from actions.household_check import submit_check
from models.check_form import LineKey
from models.database import Database
from models.draft import Draft
from models.household_check import CheckLine, CheckStatus, HouseholdCheck
from models.user import Session as SignIn
from tests.browser.conftest import RunningApp, build_world
from tests.visits import Visits

pytestmark = pytest.mark.browser
PHONE = {
    "viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True,
    "locale": "zh-CN", "timezone_id": "Asia/Shanghai",
    "user_agent": "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36",
}  # fmt: skip


def build_visits() -> Visits:
    visits = Visits.build(build_world(), {"甲一村": 6, "甲二村": 2})
    visits.world.on(date(2022, 9, 16), 10)
    for at in range(6):
        visits.pay(item="S17", at=at).pay(item="S11", due=432_000, paid=396_000, at=at)
    return visits.register()


@pytest.fixture(scope="module")
def world_app(start_app: Callable[..., RunningApp]) -> RunningApp:
    """The application over drawn households, one a module."""
    return start_app(build_visits)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A phone."""
    fresh = browser.new_context(**PHONE)  # type: ignore[arg-type]
    fresh.set_default_timeout(15_000)
    yield fresh
    fresh.close()


@pytest.fixture
def visits(app: RunningApp) -> Visits:
    return app.built  # type: ignore[no-any-return]


def said(page: Page, item: str) -> Any:
    """The field 群众自述 of one item's card."""
    return card(page, item).get_by_label("群众自述（元）")


def card(page: Page, item: str) -> Any:
    return page.locator("[class*=st-key-card_]").filter(has_text=item)


def drafted(check_id: int) -> dict[str, Any]:
    with Database.readers() as session:
        rows = session.execute(sa.select(Draft.field, Draft.value).where(Draft.subject == f"check:{check_id}"))
        return {field: value for field, value in rows}


def until_saved(page: Page, check_id: int, field: str, value: Any) -> None:
    """Wait on the server's own word, a second at most after the typing."""
    for _ in range(100):
        if drafted(check_id).get(field) == value:
            expect(page.locator("[data-testid=stApp]")).to_have_attribute("data-test-script-state", "notRunning")
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{field} is {drafted(check_id).get(field)}, not {value}")


def test_typed_on_a_phone_reloaded_found_again_and_handed_in(
    signed_in: Callable[..., Page], visits: Visits, app: RunningApp
) -> None:
    page = signed_in("inspector", "/")
    page.get_by_role("button", name="开始入户").first.click()
    page.locator("[class*=st-key-household_]").filter(has_text="0001").get_by_role("button", name="开始入户").click()
    expect(page.get_by_text("人 1/2 · 项 0/2")).to_be_visible()
    with Database.readers() as session:
        check_id = session.scalars(sa.select(HouseholdCheck.id).order_by(HouseholdCheck.id.desc())).first()
    assert check_id is not None

    said(page, "农村最低生活保障金").press_sequentially("3960")
    until_saved(page, check_id, visits.line("S11", "said"), 396_000)
    page.reload()
    expect(said(page, "农村最低生活保障金")).to_have_value("3960.00")
    expect(page.get_by_text("已存")).to_be_visible()

    card(page, "农村最低生活保障金").get_by_text("金额不符", exact=True).click()
    page.get_by_role("button", name="其余相符").click()
    expect(page.get_by_text("将 1 项记为“相符”？")).to_be_visible()
    page.get_by_role("button", name="记为相符").click()
    expect(page.get_by_text("人 2/2 · 项 2/2")).to_be_visible()
    expect(said(page, "高龄津贴")).to_have_value("")

    page.get_by_role("button", name="下一人").click()
    expect(page.get_by_text("无发放记录").first).to_be_visible()
    page.get_by_role("button", name="入户情况和提交").click()
    page.get_by_text("入户见面", exact=True).click()
    expect(page.get_by_role("listitem").filter(has_text="同行检查人员")).to_be_visible()
    page.get_by_text("I某某", exact=True).click()
    expect(page.get_by_text("各项都已填好，可以提交。")).to_be_visible()
    page.get_by_role("button", name="提交并起草 1 个问题").dblclick()
    expect(page.get_by_role("heading", name="农村最低生活保障金少发360.00元")).to_be_visible()
    expect(page.get_by_role("button", name="提交", exact=True)).to_be_visible()
    with Database.readers() as session:
        check = session.get_one(HouseholdCheck, check_id)
        lines = session.scalars(sa.select(CheckLine).where(CheckLine.check_id == check_id)).all()
    assert (check.status, check.submission, len(lines)) == (CheckStatus.SUBMITTED, 1, 2)
    expect(page.get_by_text(visits.name_of())).to_have_count(0)


def test_clicks_that_cross_lose_no_verdict_and_leave_nothing_unsaved(
    signed_in: Callable[..., Page], visits: Visits
) -> None:
    """Faster than the server answers, as impatient thumbs are: every verdict stands, whatever was interrupted."""
    check_id = visits.opened(at=5)
    page = signed_in("inspector", f"/household?id={check_id}")
    fields = {item: LineKey(visits.member(at=5), item, 2021).field("verdict") for item in ("S11", "S17")}
    short, old = card(page, "农村最低生活保障金"), card(page, "高龄津贴")
    for _ in range(3):
        expect(short.get_by_role("radio")).to_have_count(7)
        expect(old.get_by_role("radio")).to_have_count(7)
        page.evaluate(
            """([one, other]) => {
                const press = (card, text) => [...card.querySelectorAll("button")]
                    .find((b) => b.textContent.trim() === text).click();
                press(one, "金额不符"); press(other, "不知晓");
                setTimeout(() => press(one, "未核实"), 40);
                setTimeout(() => press(other, "相符"), 90);
                setTimeout(() => press(one, "金额不符"), 130);
            }""",
            [short.element_handle(), old.element_handle()],
        )
        page.wait_for_timeout(150)
    until_saved(page, check_id, fields["S11"], "WRONG_AMOUNT")
    until_saved(page, check_id, fields["S17"], "MATCHES")
    expect(short.get_by_role("radio", name="金额不符")).to_be_checked()
    expect(old.get_by_role("radio", name="相符", exact=True)).to_be_checked()
    expect(page.get_by_text("已存")).to_be_visible()
    expect(page.get_by_text("未保存")).to_have_count(0)


def test_a_second_tab_sees_what_the_first_typed(
    signed_in: Callable[..., Page], visits: Visits, context: BrowserContext
) -> None:
    check_id = visits.opened(at=1)
    page = signed_in("inspector", f"/household?id={check_id}")
    said(page, "高龄津贴").press_sequentially("1199.5")
    until_saved(page, check_id, LineKey(visits.member(at=1), "S17", 2021).field("said"), 119_950)
    second = context.new_page()
    second.goto(page.url)
    expect(said(second, "高龄津贴")).to_have_value("1199.50")
    expect(said(page, "高龄津贴")).to_have_value("1199.5")


def test_what_is_no_amount_stays_in_the_field_and_says_so(signed_in: Callable[..., Page], visits: Visits) -> None:
    check_id = visits.opened(at=2)
    page = signed_in("inspector", f"/household?id={check_id}")
    said(page, "高龄津贴").press_sequentially("一千二")
    expect(page.get_by_text("金额应是以元为单位的数字")).to_be_visible()
    expect(page.get_by_text("未保存，联网后重试")).to_be_visible()
    expect(said(page, "高龄津贴")).to_have_value("一千二")
    said(page, "高龄津贴").fill("1,200元")
    expect(page.get_by_text("已存")).to_be_visible()


def test_a_session_that_expired_in_the_middle_loses_nothing_typed(
    signed_in: Callable[..., Page], visits: Visits, app: RunningApp, context: BrowserContext
) -> None:
    check_id = visits.opened(at=3)
    page = signed_in("inspector", f"/household?id={check_id}")
    said(page, "高龄津贴").press_sequentially("1100")
    until_saved(page, check_id, LineKey(visits.member(at=3), "S17", 2021).field("said"), 110_000)
    with Database.writers() as session:
        long_ago = datetime.now(UTC) - timedelta(hours=2)
        session.execute(sa.update(SignIn).values(seen_at=long_ago))
        session.commit()
    said(page, "农村最低生活保障金").press_sequentially("3960")
    expect(page.get_by_role("button", name="登录", exact=True)).to_be_visible()
    assert f"%2Fhousehold%3Fid%3D{check_id}" in page.url

    context.add_cookies([app.cookie("inspector")])  # type: ignore[list-item]
    page.goto(f"{app.url}/household?id={check_id}")
    expect(said(page, "高龄津贴")).to_have_value("1100.00")
    expect(said(page, "农村最低生活保障金")).to_have_value("3960.00")
    assert 396_000 in drafted(check_id).values()


def test_no_screen_is_wider_than_the_phone(signed_in: Callable[..., Page], visits: Visits) -> None:
    check_id = visits.opened(at=4)
    page = signed_in("inspector", f"/household?id={check_id}")
    expect(said(page, "高龄津贴")).to_be_visible()
    for path in (f"/household?id={check_id}", "/households", "/"):
        page.goto(page.url.partition("/h")[0] + path if "/h" in page.url else page.url)
        expect(page.locator("[data-testid=stMainBlockContainer]")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_office_gives_a_form_back_with_a_reason(signed_in: Callable[..., Page], visits: Visits) -> None:
    check_id = visits.opened(village="甲二村")
    visits.save(check_id, "inspector", {"outcome": "ABSENT"})
    submit_check(visits.world.caller("inspector"), check_id)
    page = signed_in("office", f"/household?id={check_id}")
    page.get_by_role("button", name="退回这张表").click()
    expect(page.get_by_role("button", name="确认退回")).to_be_disabled()
    page.get_by_label("退回原因").fill("群众反映当天在家，请再入户")
    page.get_by_role("button", name="确认退回").click()
    expect(page.locator("[class*=st-key-household_head]").get_by_text("已退回")).to_be_visible()
    with Database.readers() as session:
        assert session.get_one(HouseholdCheck, check_id).status is CheckStatus.RETURNED


def test_photos_are_kept_with_the_form_and_what_is_no_photo_is_said(
    signed_in: Callable[..., Page], visits: Visits
) -> None:
    check_id = visits.opened(at=5)
    page = signed_in("inspector", f"/household?id={check_id}")
    page.get_by_text("入户情况", exact=True).first.click()
    picture = BytesIO()
    Image.new("RGB", (80, 60), "#9d2a20").save(picture, "JPEG")
    photo = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    page.locator("input[type=file]").set_input_files(
        [photo, {"name": "b.jpg", "mimeType": "image/jpeg", "buffer": b"MZ nothing of the kind"}]  # type: ignore[list-item]
    )
    expect(page.get_by_text("已有 1 张")).to_be_visible()
    expect(page.get_by_text("第 2 个文件")).to_be_visible()
