"""The ledger in a real browser: row clicks, the way back, double clicks, downloads, evidence, phones."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
import sqlalchemy as sa
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from actions.evidence import add_evidence
from models.database import Database
from models.evidence import EvidenceKind, EvidencePurpose
from models.issue_record import Issue, IssueEvent
from models.issue_word import IssueStatus
from models.user import Session as SignIn
from queries.reading import reading
from tests.browser.conftest import RunningApp, build_world
from tests.factories import World

pytestmark = pytest.mark.browser
ROW, HEAD = 34, 36
NUMBER = "000000195001010014"
Open = Callable[..., Page]


@dataclass
class Built:
    """The world and the problems the tests work on; each test has its own."""

    world: World
    waiting: list[int]
    evidence_id: int


def build() -> Built:
    world = build_world().on(date(2022, 9, 13))
    waiting = [world.in_acceptance(title=f"甲一村第{n}组补贴少发") for n in range(4)]
    for _ in range(22):
        world.registered(title="乙一村分配结果无公示留存", type_code="P105", region_id=world.regions["乙一村"])
    assigned = world.rectifying(title="甲二村补贴少发", region_id=world.regions["甲二村"])
    picture = BytesIO()
    Image.new("RGB", (1200, 900), "#9ab").save(picture, "JPEG")
    given = add_evidence(
        world.caller("unit"), issue_id=assigned, kind=EvidenceKind.PHOTO, purpose=EvidencePurpose.RECTIFICATION,
        data=picture.getvalue(), caption="公示栏照片",
    )  # fmt: skip
    return Built(world, waiting, given.id)


@pytest.fixture(scope="module")
def world_app(start_app: Callable[[Callable[[], Built]], RunningApp]) -> RunningApp:
    return start_app(build)


@pytest.fixture
def built(app: RunningApp) -> Iterator[Built]:
    yield app.built


def end_sessions() -> None:
    """As if everybody had been away too long."""
    session = Database.writers()
    session.execute(sa.update(SignIn).where(SignIn.ended_at.is_(None)).values(ended_at=datetime.now(UTC)))
    session.commit()
    session.close()


def click_row(page: Page, row: int, x: int = 110) -> None:
    """The grid is a canvas: a click lands on a place, not on an element."""
    grid = page.locator("[data-testid=stDataFrame] canvas").first
    expect(grid).to_be_visible()
    page.wait_for_function("() => !document.querySelector('[data-testid=stSkeleton]')")
    box = grid.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + x, box["y"] + HEAD + ROW * row + ROW / 2)


def test_a_row_opens_and_the_way_back_leads_to_the_same_list(built: Built, signed_in: Open) -> None:
    page = signed_in("inspector", "/ledger?view=待我验收")
    expect(page.get_by_text("共 4 件")).to_be_visible()
    click_row(page, 1)
    back = page.get_by_role("button", name="返回台账")
    expect(back).to_have_text("arrow_back返回台账（待我验收 4 件中的第 2 件）", use_inner_text=False)
    page.get_by_role("button", name="下一件").click()
    expect(back).to_contain_text("第 3 件")
    back.click()
    expect(page.get_by_text("共 4 件")).to_be_visible()
    page.wait_for_url("**/ledger?view=*")
    assert "待我验收" in unquote(page.url)


def test_the_browsers_own_back_leads_there_too(built: Built, signed_in: Open) -> None:
    page = signed_in("office", "/ledger?area=示例二镇&page=2")
    expect(page.get_by_text("共 22 件")).to_be_visible()
    click_row(page, 1)
    expect(page.get_by_role("button", name="返回台账")).to_contain_text("第 22 件")
    page.go_back()
    expect(page.get_by_text("共 22 件")).to_be_visible()
    page.wait_for_url("**page=2**")
    assert "area=示例二镇" in unquote(page.url)


def test_a_whole_list_is_ticked_and_chased_once_though_the_button_is_clicked_twice(
    built: Built, signed_in: Open
) -> None:
    page = signed_in("office", "/ledger?area=示例二镇")
    expect(page.get_by_text("共 22 件")).to_be_visible()
    click_row(page, -1, x=18)  # the box in the head ticks the rows of the page
    expect(page.get_by_text("已选 20 件")).to_be_visible()
    page.get_by_role("button", name="选中全部 22 件").click()
    expect(page.get_by_text("已选 22 件")).to_be_visible()
    page.get_by_role("button", name="催办", exact=False).click()
    page.get_by_role("button", name="确认催办 22 件").dblclick()
    expect(page.get_by_text("已催办 22 件，1 个单位收到通知")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("共 22 件")).to_be_visible()
    with reading() as session:
        chased = sa.select(sa.func.count()).select_from(IssueEvent).where(IssueEvent.verb == "remind")
        assert session.scalar(chased) == 22


def test_a_double_click_returns_once(built: Built, app: RunningApp, signed_in: Open) -> None:
    issue_id = built.waiting[0]
    page = signed_in("inspector", f"/issue?id={issue_id}")
    page.get_by_role("button", name="退回整改").click()
    page.get_by_label("需要补什么").fill("缺3户的银行回单，请逐户补齐。")
    confirm = page.get_by_role("button", name="确认退回")
    expect(confirm).to_be_enabled()
    confirm.dblclick()
    expect(page.get_by_text("现在由责任单位办理")).to_be_visible()
    with reading() as session:
        events = session.query(IssueEvent).filter_by(issue_id=issue_id, verb="return").count()
        assert (events, session.get_one(Issue, issue_id).returns) == (1, 1)


def test_a_text_is_on_the_server_though_its_field_was_never_left(built: Built, signed_in: Open) -> None:
    page = signed_in("inspector", f"/issue?id={built.waiting[1]}")
    page.get_by_role("button", name="退回整改").click()
    field = page.get_by_label("需要补什么")
    field.click()
    page.keyboard.type("缺3户的银行回单，请逐户补齐。")
    expect(page.get_by_role("button", name="确认退回")).to_be_enabled()  # the server has it
    page.reload()
    page.get_by_role("button", name="退回整改").click()
    expect(page.get_by_label("需要补什么")).to_have_value("缺3户的银行回单，请逐户补齐。")


def test_a_dialog_of_a_session_that_ended_keeps_its_words(built: Built, app: RunningApp, signed_in: Open) -> None:
    page = signed_in("inspector", f"/issue?id={built.waiting[2]}")
    page.get_by_role("button", name="退回整改").click()
    page.get_by_label("需要补什么").fill("缺两户的缴款凭证，请补齐后再申请。")
    expect(page.get_by_role("button", name="确认退回")).to_be_enabled()
    end_sessions()
    page.get_by_role("button", name="确认退回").click()
    page.wait_for_url("**/signin?next=*")
    page.context.add_cookies([app.cookie("inspector")])  # type: ignore[list-item]
    page.goto(f"{app.url}/issue?id={built.waiting[2]}")
    page.get_by_role("button", name="退回整改").click()
    expect(page.get_by_label("需要补什么")).to_have_value("缺两户的缴款凭证，请补齐后再申请。")
    with reading() as session:
        assert session.get_one(Issue, built.waiting[2]).status is IssueStatus.ACCEPTANCE


def test_of_two_people_at_one_problem_the_second_sees_what_the_first_did_and_keeps_what_was_typed(
    built: Built, app: RunningApp, signed_in: Open, browser: Browser
) -> None:
    issue_id, typed = built.waiting[3], "缺两户的领款签字，请补齐后再申请。"
    second = signed_in("inspector", f"/issue?id={issue_id}")
    second.get_by_role("button", name="退回整改").click()
    second.get_by_label("需要补什么").fill(typed)
    expect(second.get_by_role("button", name="确认退回")).to_be_enabled()
    with browser.new_context() as elsewhere:
        elsewhere.add_cookies([app.cookie("inspector2")])  # type: ignore[list-item]
        first = elsewhere.new_page()
        first.goto(f"{app.url}/issue?id={issue_id}")
        first.get_by_role("button", name="退回整改").click()
        first.get_by_label("需要补什么").fill("只有书面材料，请补入户照片。")
        first.get_by_role("button", name="确认退回").click()
        expect(first.get_by_text("现在由责任单位办理")).to_be_visible()
    second.get_by_role("button", name="确认退回").click()
    expect(second.get_by_text("刚才有人已对本件“退回整改”，现在是“整改中”")).to_be_visible()
    expect(second.get_by_label("需要补什么")).to_have_value(typed)
    with reading() as session:
        assert session.get_one(Issue, issue_id).returns == 1


def test_a_ledger_is_downloaded_by_its_maker_alone(
    built: Built, app: RunningApp, signed_in: Open, browser: Browser, tmp_path: Path
) -> None:
    page = signed_in("office", "/ledger?view=待我验收")
    with page.expect_download() as download:
        page.get_by_role("button", name="导出 Excel").click()
        page.get_by_text("责任单位版").click()
    assert download.value.suggested_filename.endswith("(截至2022年9月16日)_责任单位版.xlsx")
    download.value.save_as(tmp_path / "out.xlsx")
    numbers = [str(cell.value) for cell in openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0]["B"]]
    assert sum(n.startswith("SL2022-") for n in numbers) >= 1
    stranger = browser.new_context()
    assert stranger.request.get(download.value.url, max_redirects=0).status == 401
    stranger.add_cookies([app.cookie("office2")])  # type: ignore[list-item]
    assert stranger.request.get(download.value.url).status == 404
    stranger.close()


def test_an_internal_copy_asks_what_for(built: Built, signed_in: Open) -> None:
    page = signed_in("office", "/ledger")
    page.get_by_role("button", name="导出 Excel").click()
    page.get_by_text("内部版").click()
    confirm = page.get_by_role("button", name="确认导出")
    expect(confirm).to_be_disabled()
    page.get_by_label("用途").fill("报领导小组审阅")
    with page.expect_download() as download:
        confirm.click()
    assert download.value.suggested_filename.endswith("_内部版.xlsx")


def test_evidence_opens_to_those_who_see_its_problem(built: Built, app: RunningApp, browser: Browser) -> None:
    address = f"{app.url}/evidence/{built.evidence_id}"
    context = browser.new_context()
    assert context.request.get(address, max_redirects=0).status == 401
    context.add_cookies([app.cookie("office")])  # type: ignore[list-item]
    whole, small = context.request.get(address), context.request.get(f"{address}?size=240")
    assert (whole.status, whole.headers["content-type"]) == (200, "image/jpeg")
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert "no-cache" in whole.headers["cache-control"]
    assert whole.headers["content-disposition"].startswith("inline")
    with Image.open(BytesIO(small.body())) as thumbnail:
        assert max(thumbnail.size) == 240
    tag = {"If-None-Match": small.headers["etag"]}
    assert context.request.get(f"{address}?size=240", headers=tag).status == 304
    context.add_cookies([app.cookie("far_unit")])  # type: ignore[list-item]
    assert context.request.get(address).status == 404
    assert context.request.get(f"{app.url}/evidence/999999").status == 404
    context.close()


def test_the_photo_stands_on_the_page(built: Built, signed_in: Open) -> None:
    page = signed_in("unit", "/ledger?status=整改中&q=甲二村")
    expect(page.get_by_text("共 1 件")).to_be_visible()
    click_row(page, 0)
    picture = page.locator(f"img[src^='/evidence/{built.evidence_id}']")
    expect(picture).to_be_visible()
    page.wait_for_function("() => [...document.querySelectorAll('.evidence img')].every((i) => i.naturalWidth > 0)")


def test_an_identity_number_never_gets_into_the_address(built: Built, signed_in: Open) -> None:
    page = signed_in("office", "/ledger")
    field = page.get_by_placeholder("编号、文号、村、事实中的字")
    field.fill(NUMBER)
    field.press("Enter")
    expect(page.get_by_text("请不要输入身份证号")).to_be_visible()
    assert NUMBER not in page.url


def test_on_a_phone_the_verbs_stand_at_the_foot(built: Built, app: RunningApp, browser: Browser) -> None:
    phone = browser.new_context(
        viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True, user_agent="an invented phone, Mobi",
        locale="zh-CN",
    )  # fmt: skip
    phone.set_default_timeout(15_000)
    phone.add_cookies([app.cookie("inspector")])  # type: ignore[list-item]
    page = phone.new_page()
    page.goto(f"{app.url}/ledger?view=待我验收")
    page.get_by_role("button", name="查看").last.tap()
    accept = page.get_by_role("button", name="验收通过")
    expect(accept).to_be_in_viewport()
    box = accept.bounding_box()
    assert box is not None
    assert box["height"] >= 42
    expect(page.get_by_text("发现了什么")).to_be_visible()
    phone.close()
