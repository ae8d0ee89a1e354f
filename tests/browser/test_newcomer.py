"""A newcomer's path, without a terminal: an empty database, and at its end the first problem in an Excel ledger."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as Timeout
from python_calamine import CalamineWorkbook

from actions.reference import load_reference
from actions.transaction import Caller
from queries.audit import verify
from tests.browser.conftest import PASSWORD, RunningApp
from tests.browser.mission_files import TOWN, region_file
from tests.browser.mission_hands import DESK, PHONE, choose_file, confirm, menu
from tests.browser.test_mission import (
    NUMBER,
    household_is_visited,
    mismatch_is_raised,
    payments_come_in,
    roster_comes_in,
    sample_is_drawn,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]
Arrive = Callable[..., Page]
FINANCE = f"{TOWN}财政所"


@pytest.fixture(scope="module")
def world_app(start_app: Callable[..., RunningApp]) -> RunningApp:
    """The application as `make run` leaves it the first time: the schema, subsidies and calendar, and nobody."""
    now = datetime(2022, 9, 16, 1, 0, tzinfo=UTC)
    return start_app(lambda: load_reference(Caller(now, date(2022, 9, 16), now, terminal="make run")))


@pytest.fixture
def arrive(app: RunningApp, browser: Browser) -> Iterator[Arrive]:
    """`arrive()`: a browser of one's own, at the front door."""
    contexts = []

    def open_door(device: Mapping[str, Any] = DESK) -> Page:
        context = browser.new_context(**device, locale="zh-CN", timezone_id="Asia/Shanghai")
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(app.url)
        return page

    yield open_door
    for context in contexts:
        context.close()


def test_from_an_empty_database_to_the_first_problem_in_excel(app: RunningApp, arrive: Arrive) -> None:
    admin = arrive()
    first_administrator(app, admin)
    campaign_begins(admin)
    passwords = {name: account(admin, name, person, role) for name, person, role in (
        ("wang", "王某某", "领导小组办公室"), ("qian", "钱某某", "安全管理员"),
    )}  # fmt: skip
    regions_come_in(admin)
    unit_and_team(admin)
    passwords |= {
        name: account(admin, name, person, "检查人员") for name, person in (("li", "李某某"), ("ivan", "I某某"))
    }
    for person in ("李某某", "I某某"):
        joins_the_team(admin, person)
    step_is_next(admin, "导入名册", "请领导小组办公室办理")

    office = sign_in(arrive(), "wang", passwords["wang"])
    roster_comes_in(office)
    payments_come_in(office)
    sample_is_drawn(office)
    campaign_opens(office)

    inspector = sign_in(arrive(PHONE), "li", passwords["li"])
    household_is_visited(inspector)
    mismatch_is_raised(inspector)

    ledger_leaves(office)
    menu(admin, "系统", "第一次使用")
    expect(admin.get_by_text("14 步已办 14 步")).to_be_visible()
    assert not (app.data_dir / "setup-code.txt").exists()
    assert verify().ok


# --- the administrator ------------------------------------------------------------------------------------------------


def first_administrator(app: RunningApp, page: Page) -> None:
    """With the code from the file of whoever started the server; a wrong one is counted."""
    code = app.data_dir / "setup-code.txt"
    assert code.stat().st_mode & 0o077 == 0
    page.get_by_label("设置码").fill("aaaa-bbbb-cccc")
    for label, text in (("账号", "sun"), ("姓名", "孙某某"), ("密码", PASSWORD), ("再输一次密码", PASSWORD)):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="建立并登录").click()
    expect(page.get_by_text("设置码不对，还可以再试 4 次。")).to_be_visible()
    page.get_by_label("设置码").fill(code.read_text().strip())
    for label in ("密码", "再输一次密码"):
        page.get_by_label(label, exact=True).fill(PASSWORD)
    page.get_by_role("button", name="建立并登录").click()
    step_is_next(page, "新建专项治理", "")


def step_is_next(page: Page, step: str, whose: str) -> None:
    """The guide says what comes next, and who does it where it is not for the reader."""
    if not page.url.endswith("/guide"):
        menu(page, "系统", "第一次使用")
    upcoming = page.locator("[class*=st-key-step_]").filter(has_text="下一步")
    expect(upcoming).to_contain_text(step)
    expect(upcoming).to_contain_text(whose)


def campaign_begins(page: Page) -> None:
    page.locator("[class*=st-key-step_1]").get_by_role("button", name="去办").first.click()
    page.get_by_label("编号").fill("SL2022")
    page.get_by_label("名称").fill("示例市“一卡通”专项治理“回头看”")
    page.get_by_label("开展地").fill("示例市")
    page.get_by_role("button", name="新建", exact=True).click()
    expect(page.get_by_text("SL2022　示例市“一卡通”专项治理“回头看”")).to_be_visible()
    step_is_next(page, "建立账号", "")


def account(page: Page, name: str, person: str, role: str) -> str:
    """A new account; its one-time password, seen once."""
    people(page)
    field = page.get_by_role("textbox", name="账号", exact=True)
    if not field.is_visible():
        page.get_by_text("新建账号，或给已有账号加一项权限", exact=True).click()
    choose(page, "权限", role)
    field.fill(name)
    page.get_by_role("textbox", name="姓名").fill(person)
    confirm(page, "新建账号")
    shown = page.locator("[class*=st-key-password_once]")
    expect(shown).to_contain_text(name)
    password = shown.locator("code").inner_text().strip()
    page.get_by_role("button", name="已记下").click()
    expect(shown).to_have_count(0)
    return password


def regions_come_in(page: Page) -> None:
    """City, county, town and four villages; the county is a reporting unit by the file's word."""
    step_is_next(page, "导入区划", "")
    page.locator("[class*=st-key-step_3]").get_by_role("button", name="去办").click()
    choose_file(page, "区划.csv", "text/csv", region_file())
    page.get_by_role("button", name="检查文件").click()
    confirm(page, "导入 7 行")
    expect(page.get_by_text("已导入 7 行，未变 0 行。")).to_be_visible()


def unit_and_team(page: Page) -> None:
    step_is_next(page, "登记责任单位", "")
    page.locator("[class*=st-key-step_5]").get_by_role("button", name="去办").click()
    expect(page.get_by_role("heading", name="单位", exact=True)).to_be_visible()
    settled(page)
    page.get_by_text("登记单位", exact=True).click()
    choose(page, "归属填报单位", "甲县")
    page.get_by_label("单位编号").fill("CZS-01")
    page.get_by_label("单位全称").fill(FINANCE)
    confirm(page, "登记")
    expect(page.get_by_text(f"已登记 {FINANCE}")).to_be_visible()
    step_is_next(page, "检查人员和检查组", "")
    people(page)
    page.get_by_text("检查组（0 个）", exact=True).click()
    choose(page, "检查地区", "甲县")
    page.keyboard.press("Escape")
    page.get_by_label("新检查组名称").fill("检查一组")
    confirm(page, "新建检查组")
    expect(page.get_by_text("检查组（1 个）")).to_be_visible()


def joins_the_team(page: Page, person: str) -> None:
    people(page)
    if not page.get_by_label("任组长").is_visible():
        page.get_by_text("检查组（1 个）", exact=True).click()
    choose(page, "人员", person)
    confirm(page, "加入")
    expect(page.get_by_text(re.compile(f"甲县.*{person}"))).to_be_visible()


def people(page: Page) -> None:
    """The page of accounts, units and teams, drawn to its end: until then old fields may stand beside the new."""
    menu(page, "系统", "人员与账号")
    expect(page.get_by_role("heading", name="人员与账号")).to_be_visible()
    settled(page)


def settled(page: Page) -> None:
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_have_count(1)


def choose(page: Page, label: str, option: str) -> None:
    """A list opened while its form still unfolds closes again; a person presses once more."""
    settled(page)
    wanted = page.get_by_role("option", name=option).first
    for _ in range(4):
        page.get_by_role("combobox", name=label, exact=True).click()
        try:
            wanted.click(timeout=2_000)
        except Timeout:
            continue
        settled(page)
        return
    raise AssertionError(f"{option} is not in the list {label}")


# --- everybody else ---------------------------------------------------------------------------------------------------


def sign_in(page: Page, name: str, one_time: str) -> Page:
    """The first time: with the one-time password, which is changed before anything else."""
    page.get_by_label("账号").fill(name)
    page.get_by_label("密码").fill(one_time)
    page.get_by_role("button", name="登录").click()
    for label, text in (("现在的密码", one_time), ("新密码", PASSWORD), ("再输一次新密码", PASSWORD)):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="修改密码").click()
    expect(page.get_by_role("heading", name=re.compile("我的待办|今天的任务"))).to_be_visible()
    return page


def campaign_opens(page: Page) -> None:
    """Before that nobody fills a form or raises a problem."""
    step_is_next(page, "转为“进行”", "")
    page.locator("[class*=st-key-step_11]").get_by_role("button", name="去办").click()
    page.get_by_role("button", name="转为“进行”").click()
    confirm(page.get_by_role("dialog"), "确认转为“进行”")
    expect(page.get_by_text("◆ 进行，现在")).to_be_visible()


def ledger_leaves(page: Page) -> None:
    menu(page, "整改台账", "整改台账")
    page.get_by_role("button", name="导出 Excel").click()
    with page.expect_download() as download:
        page.get_by_text("责任单位版（身份信息打码）").click()
    rows = CalamineWorkbook.from_path(download.value.path()).get_sheet_by_name("整改台账").to_python()
    (head,) = (at for at, row in enumerate(rows) if "问题编号" in row)
    found = dict(zip(rows[head], rows[head + 1], strict=True))
    assert (found["问题编号"], found["状态"], found["涉及人员"]) == (NUMBER, "待交办", "孙*")
