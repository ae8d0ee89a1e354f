"""名册与发放登记: what comes in as a file is checked first, shown with all its faults, and taken in on a click."""

import streamlit as st

from models.campaign_work import CampaignWork, work_refusal
from models.role import Permission
from pages.frame.campaign import current_campaign
from pages.frame.look import escape, title
from pages.frame.notice import show_notices
from pages.frame.who import require_any
from pages.ledger.export_menu import fetch_ready_file
from pages.money.import_list import import_list
from pages.money.job_watch import under_way
from pages.money.region_list import region_list
from pages.money.register_export import export_menu, purpose_dialog
from pages.money.register_form import register_form
from pages.money.register_kind import KINDS, RegisterKind
from pages.money.register_preview import outcome, preview
from pages.money.register_run import flow_of, run_job

person = require_any(Permission.IMPORT_ROSTER, Permission.IMPORT_PAYMENTS, Permission.IMPORT_REGIONS)
kinds = [kind for kind in KINDS if person.may(kind.permission)]
campaign = None if kinds == [RegisterKind.REGIONS] else current_campaign()

title("名册与发放登记", right=escape(campaign.name) if campaign else "")
show_notices()
fetch_ready_file()
kind = st.segmented_control(
    "导入什么", kinds, format_func=lambda k: k.label, default=kinds[0], required=True, key="register_kind",
    label_visibility="collapsed",
)  # fmt: skip
assert kind is not None
campaign_id = campaign.id if campaign else 0
flow = flow_of(kind, campaign_id)

is_for_campaign = campaign is not None and kind is not RegisterKind.REGIONS
refused = work_refusal(campaign.name, campaign.state, CampaignWork.IMPORT) if campaign and is_for_campaign else None
if refused:
    st.warning(refused)
with st.container(border=True, key="register_work"):
    st.markdown(f"**{kind.verb}**　:gray[{kind.hint}]")
    register_form(flow)
    outcome(flow)
    preview(flow)
    under_way(flow)
    run_job(flow)

if kind is RegisterKind.REGIONS:
    region_list(person)
else:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown("**导入记录**", width="content")
        export_menu(person, kind, campaign_id)
    import_list(person, kind, campaign_id)
    purpose_dialog(kind, campaign_id)
