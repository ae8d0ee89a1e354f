"""结转: what becomes of a problem at its campaign's end, for one and for many."""

from actions.carry_over import CarryDecision, carry_over
from actions.transaction import Caller
from models.carry_over import CarryGround
from models.refusal import Refused
from pages.ledger.asking_forms import Missing
from pages.ledger.typed import Typed
from queries.carry_over import campaigns_to_take
from queries.issue import IssuePage
from queries.viewer import Viewer


def carry_fields(typed: Typed, campaign_id: int) -> Missing:
    """Into another campaign, or why it stays on the list; and the reason."""
    grounds = [ground.value for ground in CarryGround]
    chosen = typed.one_of("ground", "去向（必选）", grounds, format_func=lambda g: CarryGround(g).label)
    missing = [] if chosen else ["去向"]
    if chosen == CarryGround.NEXT:
        names = campaigns_to_take(campaign_id)
        hint = "请选择" if names else "还没有筹备或进行中的专项治理，请先新建"
        target = typed.choice(
            "campaign", "结转到哪一项（必填）", list(names), format_func=lambda i: names[i], placeholder=hint
        )
        missing += [] if target else ["结转到哪一项"]
    least = "为什么没有销号、接下来由谁办；不少于 5 个字"
    reason = typed.text("reason", "理由（必填）", height=90, max_chars=500, placeholder=least)
    return missing + ([] if len(reason) >= 5 else ["理由，不少于 5 个字"])


def decision_of(typed: Typed) -> CarryDecision:
    """As it stands in the fields, in a callback. Raises Refused."""
    ground = typed.now_text("ground")
    if not ground:
        raise Refused("请选择去向。")
    target = int(typed.now("campaign", 0)) or None if ground == CarryGround.NEXT else None
    return CarryDecision(CarryGround(ground), typed.now_text("reason"), target)


def fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    """In the dialog of one problem."""
    return carry_fields(typed, issue.campaign_id)


def act(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
    """Returns the sentence of the toast."""
    number = carry_over(caller, issue.id, decision_of(typed), version)
    return f"已结转，新编号 {number}" if number else "已列入遗留清单，归档前仍可办结"
