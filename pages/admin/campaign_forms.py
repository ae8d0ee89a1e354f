"""Forms for a new campaign and for the sampling rule."""

from datetime import date

import streamlit as st

import clock
from actions.campaign import create_campaign
from actions.sampling_rule import set_rule
from models.campaign import HouseholdBase
from models.draw import Rounding
from models.local_time import moment_text
from models.money import NotMoney, parse_yuan, yuan
from models.refusal import Refused
from models.role import Permission
from pages.frame.look import kept_open
from pages.frame.notice import attempt
from pages.frame.who import caller
from queries.campaign import CampaignRow, SamplingRuleRow, sampling_rule, subsidy_items
from queries.viewer import Viewer

SEEN = "_rule_seen"
"""Key in session_state: campaign and id of the rule the fields were filled from."""
ROUNDINGS = {Rounding.UP: "进一，不少于比例", Rounding.HALF_UP: "四舍五入", Rounding.DOWN: "舍去"}


def campaign_form(expanded: bool) -> None:
    """A new campaign."""
    with st.expander("新建专项治理", expanded=expanded, icon=":material/add:", **kept_open("new_campaign")):
        year = clock.today().year
        st.text_input("编号", key="campaign_code", placeholder="例如 SZ2022，问题编号以它开头，定后不改")
        st.text_input("名称", key="campaign_name", placeholder="例如 某市“一卡通”专项治理“回头看”")
        st.text_input("开展地", key="campaign_place", placeholder="市或县的名称，用于公文标题")
        with st.container(horizontal=True):
            st.number_input("检查年度，起", 2000, 2100, year - 2, key="campaign_from")
            st.number_input("检查年度，止", 2000, 2100, year - 1, key="campaign_to")
        st.date_input("整改到位期限", date(year, 12, 31), key="campaign_rectify_by", format="YYYY-MM-DD")
        st.button("新建", key="campaign_save", type="primary", on_click=_create)


def rule_form(viewer: Viewer, campaign: CampaignRow) -> None:
    """The rule in force; a new version for whoever may set it. Frames already frozen keep theirs."""
    rule = sampling_rule(campaign.id)
    with st.container(border=True):
        said = f"{moment_text(rule.recorded_at)} 设定" if rule else "还没有设定，暂按 30%、进一、名册全部农户"
        st.markdown(f"##### 抽样规则　:gray[{said}]")
        _seed(campaign.id, rule)
        locked = not viewer.is_everywhere(Permission.SET_RULE)
        items = {i.code: i.name for i in subsidy_items()}
        left, right = st.columns(2, gap="large")
        with left:
            st.number_input("抽样比例，每镇的村、每村的户，都不少于（%）", 1, 100, key="rule_share", disabled=locked)
            st.selectbox(
                "不足一户、一村时", list(ROUNDINGS), format_func=ROUNDINGS.get, key="rule_rounding", disabled=locked
            )
            st.selectbox(
                "户的范围", list(HouseholdBase), format_func=lambda b: b.label, key="rule_base", disabled=locked
            )
            st.checkbox("居委会也在抽样范围内", key="rule_committees", disabled=locked)
        with right:
            st.multiselect(
                "必查：领取这些补贴的户", list(items), format_func=items.get, placeholder="不限", key="rule_items",
                disabled=locked,
            )  # fmt: skip
            st.text_input("必查：补贴合计达到多少元的户", key="rule_cents", placeholder="不限", disabled=locked)
            st.text_area(
                "必查：这些村", key="rule_villages", placeholder="村的 12 位代码，一行一个", height=80, disabled=locked
            )
        st.caption("新规则从下一次封存抽样框起生效，已封存的不变。")
        if not locked:
            st.button("设定", key="rule_save", on_click=_set_rule, args=(campaign.id,))


def _seed(campaign_id: int, rule: SamplingRuleRow | None) -> None:
    """Once for a campaign; what is being typed is never overwritten by a rerun."""
    if st.session_state.get(SEEN, (None,))[0] == campaign_id and "rule_share" in st.session_state:
        return
    st.session_state[SEEN] = (campaign_id, rule.id if rule else 0)
    seeds = {
        "rule_share": rule.share_percent if rule else 30,
        "rule_rounding": Rounding(rule.rounding) if rule else Rounding.UP,
        "rule_base": rule.household_base if rule else HouseholdBase.ALL,
        "rule_committees": rule.committees_included if rule else True,
        "rule_items": list(rule.mandatory_items) if rule else [],
        "rule_cents": yuan(rule.mandatory_from_cents) if rule and rule.mandatory_from_cents else "",
        "rule_villages": "\n".join(rule.mandatory_villages) if rule else "",
    }
    st.session_state.update(seeds)


def _set_rule(campaign_id: int) -> None:
    state = st.session_state
    attempt(
        lambda: set_rule(
            caller(), campaign_id, share_percent=int(state.rule_share), rounding=state.rule_rounding,
            committees_included=state.rule_committees, household_base=state.rule_base,
            mandatory_villages=state.rule_villages.split(), mandatory_items=state.rule_items,
            mandatory_from_cents=_cents(state.rule_cents), seen=state[SEEN][1],
        ),
        "抽样规则已设定，从下一次封存抽样框起生效",
    )  # fmt: skip
    now = sampling_rule(campaign_id)
    state[SEEN] = (campaign_id, now.id if now else 0)  # a second click writes knowingly


def _cents(written: str) -> int | None:
    try:
        return parse_yuan(written) if written.strip() else None
    except NotMoney as error:
        raise Refused(f"必查金额：{error}") from error


def _create() -> None:
    state = st.session_state
    attempt(
        lambda: create_campaign(
            caller(), state.campaign_code, state.campaign_name, state.campaign_place, int(state.campaign_from),
            int(state.campaign_to), state.campaign_rectify_by,
        ),
        "已新建，下一步：导入区划和名册",
    )  # fmt: skip
