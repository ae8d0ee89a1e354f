"""台账回填: an exported ledger, edited at a desk, comes back: looked at cell by cell, then taken in on a click."""

import streamlit as st

from files.storage import Storage
from models.campaign_work import CampaignWork, work_refusal
from models.role import Permission
from pages.frame.campaign import current_campaign
from pages.frame.look import escape, title
from pages.frame.notice import show_notices
from pages.frame.who import require
from pages.ledger.export_menu import fetch_ready_file
from pages.ledger.kept_list import back_to_list
from pages.ledger.return_flow import ReturnFlow, return_flow
from pages.ledger.return_preview import outcome, preview
from pages.money.job_watch import under_way
from pages.money.register_run import CHECK, forget, run_job

MEGABYTE = 1024 * 1024

viewer = require(Permission.RETURN_LEDGER)
campaign = current_campaign()


def form(flow: ReturnFlow) -> None:
    """One row: the file and 检查文件. Everything rests while work is under way."""
    st.html("<style>[class*=st-key-register_file] [data-testid=stFileUploaderDropzone] button p::after"
            '{content:"选择文件"}</style>')  # fmt: skip
    limit = max(1, Storage.max_upload_bytes // MEGABYTE)
    file, button = st.columns([7, 1.2], vertical_alignment="bottom")
    with file:
        flow.upload = st.file_uploader(
            f"改好的台账　:gray[本系统导出的责任单位版或内部版 .xlsx，不超过 {limit} MB]", key=flow.upload_key,
            max_upload_size=limit, on_change=forget, args=(flow,), disabled=flow.busy,
        )  # fmt: skip
    with button:
        st.button(
            "检查文件", type="secondary" if flow.upload is None and flow.preview else "primary",
            icon=":material/fact_check:", width="stretch", on_click=flow.ask, args=(CHECK,),
            disabled=flow.busy or flow.upload is None, key=flow.key("register_check"),
        )  # fmt: skip


def how_to(flow: ReturnFlow) -> None:
    """While there is nothing else to read."""
    if flow.row is None and not flow.busy:
        st.markdown(
            "1. 在整改台账导出责任单位版或内部版，在 Excel 里改**浅黄色表头**的列，可以排序、移动列、隐藏行。\n"
            "2. 在这里选文件检查：逐格列出原来是什么、改成什么，什么都还没有写入。\n"
            "3. 导出后系统里又有人改过的格列为冲突，不能改的格写明原因，两样都不会收进。\n"
            "4. 看过再点收进。删行不当作删除；新问题请在系统里登记。"
        )


st.button("返回台账", icon=":material/arrow_back:", type="tertiary", on_click=back_to_list, key="back")
title("台账回填", right=escape(campaign.name))
show_notices()
fetch_ready_file()
flow = return_flow(campaign.id)
if refused := work_refusal(campaign.name, campaign.state, CampaignWork.HANDLE):
    st.warning(refused)
with st.container(border=True, key="register_work"):
    form(flow)
    how_to(flow)
    outcome(flow)
    preview(viewer, flow)
    under_way(flow)
    run_job(flow)
