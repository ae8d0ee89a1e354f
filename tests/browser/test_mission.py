"""The whole mission on the screen alone: five people, one browser, a file in at one end and a reopening a year later.

Every confirmation is clicked twice, as impatient people do; the history at the end shows each step once.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect
from python_calamine import CalamineWorkbook

from models.sample import Sample
from queries.audit import Head, verify
from queries.reading import reading
from queries.sample_check import verify_draw
from tests.browser.conftest import PASSWORD, RunningApp
from tests.browser.mission_files import SEED, WRONG_HOUSEHOLD, WRONG_VILLAGE, bank_slip, payment_file, roster_file
from tests.browser.mission_hands import (
    DESK,
    PHONE,
    choose_file,
    confirm,
    fits_the_phone,
    menu,
    open_first_row,
    stands_at,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]
NUMBER = "SL2022-JX-0001"
TITLE = "甲一村0003户2021年农村最低生活保障金少发360.00元"
STEPS = ("起草", "登记问题", "交办示例一镇财政所", "签收", "填报进展", "第 1 次申请销号", "验收通过", "批准销号")
"""What the first round did, as the history says it."""
Arrive = Callable[..., Page]


@pytest.fixture
def arrive(app: RunningApp, browser: Browser) -> Iterator[Arrive]:
    """`arrive("office")`: a browser profile of that person's own, signed in through the form."""
    contexts = []

    def sign_in(name: str, device: Mapping[str, Any] = DESK) -> Page:
        context = browser.new_context(**device, locale="zh-CN", timezone_id="Asia/Shanghai")
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(app.url)
        page.get_by_label("账号").fill(name)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        return page

    yield sign_in
    for context in contexts:
        context.close()


def test_from_a_roster_to_a_reopening_a_year_later(app: RunningApp, arrive: Arrive) -> None:
    office, inspector, unit = arrive("office"), arrive("inspector", PHONE), arrive("unit")
    office2, leader = arrive("office2"), arrive("leader")

    roster_comes_in(office)
    payments_come_in(office)
    sample_is_drawn(office)
    household_is_visited(inspector)
    mismatch_is_raised(inspector)
    problem_is_assigned(office)
    unit_signs_and_reports(unit)
    unit_asks_for_closure(unit)
    inspector_accepts(inspector)
    dashboard_says(leader, rate="0.0%", still_open="1 件", closed=0)
    other_office_person_approves(office2)
    dashboard_says(leader, rate="100.0%", still_open="0 件", closed=1)
    rows_behind_the_rate(leader)
    printed_head = ledger_leaves_the_house(office)

    app.restart(TODAY="2023-09-18")
    reopened_after_a_year(app, office)
    last_year_still_says_the_same(app, leader)

    assert verify(Head.parse(printed_head)).findings == ()
    with reading() as session:
        (sample_id,) = session.scalars(sa.select(Sample.id))
    assert verify_draw(sample_id).findings == ()


# --- the office: files and the draw ---------------------------------------------------------------------------------


def roster_comes_in(page: Page) -> None:
    menu(page, "统筹", "名册与发放登记")
    choose_file(page, "示例一镇名册.csv", "text/csv", roster_file())
    page.get_by_role("button", name="检查文件").click()
    confirm(page, "导入 16 行")
    expect(page.get_by_text("已导入 16 行，未变 0 行。")).to_be_visible()


def payments_come_in(page: Page) -> None:
    """Only with the total to the 分."""
    content, total = payment_file()
    page.get_by_text("发放登记", exact=True).click()
    total_field = page.get_by_label("控制总额（元）")
    total_field.fill("36960.00")
    choose_file(page, "示例一镇2021年发放登记.csv", "text/csv", content)
    page.get_by_role("button", name="检查文件").click()
    refusal = page.get_by_text("与填报的总额 36,960.00 元不符，少 360.00 元")
    expect(refusal).to_be_visible()
    expect(page.get_by_role("button", name="导入 16 笔")).to_have_count(0)
    total_field.fill(total)
    expect(refusal).to_have_count(0)
    page.get_by_role("button", name="检查文件").click()
    confirm(page, "导入 16 笔")
    expect(page.get_by_text("已导入 16 笔，合计 36,600.00 元")).to_be_visible()


def sample_is_drawn(page: Page) -> None:
    """The frame first, with the source of its seed; then the seed; then the draw is adopted."""
    menu(page, "现场检查", "抽样")
    page.get_by_role("textbox", name="种子的来源").fill("2022年9月16日晚体彩排列五开奖号码")
    confirm(page, "封存抽样框")
    expect(page.get_by_text("抽样框已封存，等待种子产生")).to_be_visible()
    expect(page.get_by_text("户清单 8 户")).to_be_visible()
    page.get_by_role("textbox", name="种子").fill(SEED)
    confirm(page, "抽样")
    expect(page.get_by_text("待决定")).to_be_visible()
    page.get_by_role("button", name="采用", exact=True).click()
    confirm(page.get_by_role("dialog"), "确认采用")
    expect(page.get_by_text("名单对被查镇村保密")).to_be_visible()
    expect(page.locator("canvas [role=gridcell]").get_by_text(WRONG_VILLAGE)).to_have_count(1)


# --- the inspector, on a phone --------------------------------------------------------------------------------------


def household_is_visited(page: Page) -> None:
    """From 今天的任务 to a drawn household: one item short, the other in order."""
    page.goto(page.url)
    page.locator("[class*=st-key-today_village_]").filter(has_text=WRONG_VILLAGE).get_by_role("button").click()
    expect(page.get_by_text("户 0/2 · 人 0/4")).to_be_visible()
    page.locator("[class*=st-key-household_]").filter(has_text=WRONG_HOUSEHOLD).get_by_role("button").click()
    expect(page.get_by_text("人 1/2 · 项 0/2")).to_be_visible()
    cards = page.locator("[class*=st-key-card_]")
    short, in_order = cards.filter(has_text="农村最低生活保障金"), cards.filter(has_text="耕地地力保护补贴")
    expect(short.get_by_text("4,320.00")).to_be_visible()
    expect(short.get_by_text("3,960.00")).to_be_visible()
    short.get_by_label("群众自述（元）").press_sequentially("3960")
    short.get_by_text("金额不符", exact=True).click()
    expect(short.get_by_text("提交后可登记为问题")).to_be_visible()
    page.get_by_role("button", name="其余相符").click()
    confirm(page.get_by_role("dialog"), "记为相符")
    expect(in_order.get_by_role("radio", name="相符")).to_be_checked()
    expect(page.get_by_text("人 2/2 · 项 2/2")).to_be_visible()
    fits_the_phone(page)


def mismatch_is_raised(page: Page) -> None:
    """Handed in with a second inspector; the problem is drafted from the line, read, and numbered."""
    page.get_by_role("button", name="下一人").click()
    page.get_by_role("button", name="入户情况和提交").click()
    page.get_by_text("入户见面", exact=True).click()
    expect(page.get_by_text("提交前还缺 1 处")).to_be_visible()
    page.get_by_text("I某某", exact=True).click()
    confirm(page, "提交并起草 1 个问题")
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(page.get_by_text("清册应发4,320.00元，到账3,960.00元，群众自述3,960.00元")).to_be_visible()
    page.get_by_role("button", name="提交", exact=True).click()
    confirm(page.get_by_role("dialog"), "确认提交")
    expect(page.get_by_text(NUMBER, exact=True)).to_be_visible()
    stands_at(page, "待交办")
    fits_the_phone(page)


def inspector_accepts(page: Page) -> None:
    """Outside the unit, and wrote nothing of the rectification."""
    page.goto(page.url.partition("/issue")[0])
    page.get_by_role("button", name="去验收").click()
    expect(page.get_by_text("现在轮到您：验收")).to_be_visible()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("现场核实", exact=True).click()
    dialog.get_by_label("验收说明（必填）").fill("入户核对存折，补发360元已到账。")
    confirm(dialog, "确认通过")
    stands_at(page, "待审批")
    fits_the_phone(page)


# --- the office and the unit ------------------------------------------------------------------------------------------


def problem_is_assigned(page: Page) -> None:
    """With 15 working days, across the National Day holiday of 2022 and its two working weekend days."""
    page.get_by_role("link", name="我的待办").click()
    page.get_by_role("button", name="去交办").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="责任单位").click()
    page.get_by_role("option", name="示例一镇财政所").click()
    dialog.get_by_label("责任领导").fill("李某某（副镇长）")
    dialog.get_by_label("责任人").fill("陈某某")
    dialog.get_by_label("整改要求").fill("补发差额，到户核实签字。")
    expect(dialog.get_by_text("时限至 2022年10月12日（交办次日起 15 个工作日）")).to_be_visible()
    confirm(dialog, "确认交办")
    expect(page.get_by_text("现在由责任单位办理")).to_be_visible()
    stands_at(page, "整改中")


def unit_signs_and_reports(page: Page) -> None:
    page.goto(page.url)
    page.get_by_role("button", name="去签收").click()
    confirm(page.get_by_role("dialog"), "确认签收")
    expect(page.get_by_text("2022年9月16日签收")).to_be_visible()
    page.get_by_role("button", name="填报进展").click()
    page.get_by_role("dialog").get_by_label("进展（必填）").fill("已与代发银行核对，定于当日补发。")
    confirm(page.get_by_role("dialog"), "确认填报进展")
    expect(page.get_by_text("填报进展：已与代发银行核对")).to_be_visible()


def unit_asks_for_closure(page: Page) -> None:
    """Not without the kind of evidence the type asks for."""
    page.get_by_role("button", name="申请销号").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("整改结果（必填）").fill("差额360.00元已补发到户。")
    dialog.get_by_label("已采取的措施（必填）").fill("重新核对账号后补发，当面签字。")
    dialog.get_by_label("单位负责人（必填）").fill("周某某")
    dialog.get_by_label("已补发（元，共应 360.00，没有就填 0）").fill("360")
    dialog.get_by_label("凭证号").fill("回单2022-091")
    expect(dialog.get_by_text(re.compile("还要填：.*佐证：.*银行回单"))).to_be_visible()
    expect(dialog.get_by_role("button", name="提出申请")).to_be_disabled()
    choose_file(dialog, "回单.jpg", "image/jpeg", bank_slip())
    expect(dialog.get_by_text("已有本类问题要求的佐证")).to_be_visible()
    confirm(dialog, "提出申请")
    stands_at(page, "待验收")
    expect(page.get_by_text("已补齐")).to_be_visible()
    picture = page.locator("img.picture")
    expect(picture).to_have_js_property("naturalWidth", 320)


def other_office_person_approves(page: Page) -> None:
    page.goto(page.url)
    page.get_by_role("button", name="去审批").click()
    expect(page.get_by_text("现在轮到您：审批")).to_be_visible()
    confirm(page.get_by_role("dialog"), "确认批准")
    expect(page.get_by_text("本件已销号")).to_be_visible()
    expect(page.get_by_text("2022年9月16日销号，按期。")).to_be_visible()


# --- the leader -------------------------------------------------------------------------------------------------------


def dashboard_says(page: Page, rate: str, still_open: str, closed: int) -> None:
    """The rate, the open ones, and the bar of this week's closures, which stands or lies flat."""
    page.get_by_role("link", name="我的待办").click()
    menu(page, "统筹", "驾驶舱")
    expect(page.locator("[class*=st-key-fig_closure_rate]").get_by_role("link")).to_contain_text(rate)
    expect(page.locator("[class*=st-key-fig_issues_open]").get_by_role("link")).to_contain_text(still_open)
    weeks = page.locator("[class*=st-key-chart_weeks]")
    words = weeks.get_by_label(f"每周登记与销号：9/12 起登记 1 销号 {closed}", exact=True)
    expect(words).to_be_visible()
    bar = weeks.locator("[aria-roledescription=bar][aria-label*='事项: 销号']").bounding_box()
    assert bar is not None
    assert (bar["height"] > 50) == (closed > 0)


def rows_behind_the_rate(page: Page) -> None:
    """One click on the figure, and it is this problem."""
    page.locator("[class*=st-key-fig_closure_rate]").get_by_role("link").click()
    expect(page.get_by_role("heading", name=re.compile("销号率.*100.0%"))).to_be_visible()
    cells = page.locator("canvas [role=gridcell]")
    expect(cells.filter(has_text=NUMBER)).to_have_count(1)
    expect(cells.get_by_text(TITLE)).to_have_count(1)
    expect(cells.get_by_text("已销号")).to_have_count(1)


def last_year_still_says_the_same(app: RunningApp, page: Page) -> None:
    """Reopened, the rate falls and says why; as of the day of the closing it is what it was."""
    page.goto(f"{app.url}/dashboard")
    expect(page.get_by_text("销号率因此 −100.0 点")).to_be_visible()
    page.goto(f"{app.url}/dashboard?as_of=2022-09-16")
    expect(page.locator("[class*=st-key-fig_closure_rate]").get_by_role("link")).to_contain_text("100.0%")


# --- the workbook, and a year later -----------------------------------------------------------------------------------


def ledger_leaves_the_house(page: Page) -> str:
    """Read by another library than the one that wrote it. Returns the head printed on it."""
    menu(page, "整改台账", "整改台账")
    expect(page.get_by_text("共 1 件 · 未销号 0 件")).to_be_visible()
    page.get_by_role("button", name="导出 Excel").click()
    with page.expect_download() as download:
        page.get_by_text("责任单位版（身份信息打码）").click()
    assert download.value.suggested_filename.endswith("(截至2022年9月16日)_责任单位版.xlsx")
    rows = CalamineWorkbook.from_path(download.value.path()).get_sheet_by_name("整改台账").to_python()
    (head,) = (at for at, row in enumerate(rows) if "问题编号" in row)
    found = dict(zip(rows[head], rows[head + 1], strict=True))
    assert (found["问题编号"], found["状态"], found["责任单位"]) == (NUMBER, "已销号", "示例一镇财政所")
    assert (found["应补发(元)"], found["已补发(元)"], found["已追缴(元)"]) == (360.0, 360.0, 0.0)
    assert (found["涉及人员"], found["身份证号"]) == ("孙*", "000000********1057")
    printed = re.search(r"校验头 (\d+ [0-9a-f]{64})", str(rows[1]))
    assert printed is not None
    return printed[1]


def reopened_after_a_year(app: RunningApp, page: Page) -> None:
    """回头看: a second round, the first one readable whole, each of its steps there once."""
    page.goto(f"{app.url}/ledger?q={NUMBER}")
    expect(page.get_by_text("日期按 2023年9月18日 演练")).to_be_visible()
    expect(page.locator("canvas [role=gridcell]").filter(has_text=NUMBER)).to_have_count(1)
    open_first_row(page)
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    page.get_by_role("button", name="回头看重开").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("回头看发现（必填）").fill("2022年12月又少发180元。")
    dialog.get_by_label("重开理由（必填）").fill("问题反弹，须重新整改。")
    expect(dialog.get_by_text("时限至 2023年10月13日")).to_be_visible()
    confirm(dialog, "确认回头看重开")
    expect(page.get_by_text("回头看第 2 轮")).to_be_visible()
    stands_at(page, "整改中")
    history = page.locator("[class*=st-key-history]")
    expect(page.locator("[data-testid=stApp]")).to_have_attribute("data-test-script-state", "notRunning")
    history.get_by_text(re.compile("第 1 轮（2022年9月16日起，2022年9月16日销号，按期）")).click()
    for step in STEPS:
        expect(history.get_by_role("row").filter(has_text=f"）{step}")).to_have_count(1)
