"""我的视图: name the conditions of the ledger, rename, share within one's unit, delete."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from actions.issue_step import required_text
from actions.transaction import Caller, Transaction, transaction
from models.masking import mask_text
from models.refusal import NotFoundOrNotYours, Refused
from models.role import Permission
from models.saved_view import LONGEST_NAME, MOST_VIEWS, SavedView

CONDITIONS = frozenset({"q", "area", "unit", "status", "light", "type", "view"})
"""What the address of the ledger may say; pages and row counts are no conditions."""
LONGEST_VALUE = 100


def save_view(caller: Caller, campaign_id: int, name: str, conditions: Mapping[str, Any]) -> int:
    """Keep the conditions under a name; the view's id. Who: whoever sees the ledger, for themselves.

    Raises Refused for a name that is taken, for more views than anybody looks at, and for numbers of persons.
    """
    with transaction(caller) as tx:
        tx.require(Permission.SEE_LEDGER)
        kept = _checked(conditions)
        own = sa.select(sa.func.count()).select_from(SavedView).where(_own(tx), SavedView.campaign_id == campaign_id)
        if (tx.session.scalar(own) or 0) >= MOST_VIEWS:
            raise Refused(f"最多保存 {MOST_VIEWS} 个视图，请先删除不用的。")
        view = SavedView(
            campaign_id=campaign_id, person_id=tx.person_id, name=_free_name(tx, campaign_id, name), conditions=kept,
            shared=False, saved_at=tx.now,
        )  # fmt: skip
        tx.session.add(view)
        tx.session.flush()
    return view.id


def rename_view(caller: Caller, view_id: int, name: str) -> None:
    """Who: whose it is."""
    with transaction(caller) as tx:
        view = _mine(tx, view_id)
        if name.strip() != view.name:
            view.name = _free_name(tx, view.campaign_id, name)


def share_view(caller: Caller, view_id: int, shared: bool) -> None:
    """Let the colleagues of one's unit find it, or no longer. Who: whose it is. Each sees only what is theirs in it."""
    with transaction(caller) as tx:
        _mine(tx, view_id).shared = shared


def delete_view(caller: Caller, view_id: int) -> None:
    """Who: whose it is."""
    with transaction(caller) as tx:
        tx.session.delete(_mine(tx, view_id))


def _own(tx: Transaction) -> sa.ColumnElement[bool]:
    return SavedView.person_id == tx.person_id


def _mine(tx: Transaction, view_id: int) -> SavedView:
    tx.require(Permission.SEE_LEDGER)
    view = tx.session.scalar(sa.select(SavedView).where(SavedView.id == view_id, _own(tx)))
    if view is None:
        raise NotFoundOrNotYours("视图")
    return view


def _free_name(tx: Transaction, campaign_id: int, name: str) -> str:
    found = required_text(" ".join((name or "").split()), "视图名称", most=LONGEST_NAME)
    _refuse_numbers(found)
    taken = sa.select(SavedView.id).where(_own(tx), SavedView.campaign_id == campaign_id, SavedView.name == found)
    if tx.session.scalar(taken) is not None:
        raise Refused(f"已有名为“{found}”的视图，请换一个名称。")
    return found


def _checked(conditions: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in conditions.items() if key in CONDITIONS and value}
    if not kept:
        raise Refused("还没有筛选条件，没有可以保存的视图。")
    for value in kept.values():
        for text in value if isinstance(value, list) else [value]:
            if not isinstance(text, str) or len(text) > LONGEST_VALUE:
                raise Refused("这些条件不能存为视图，请重新筛选。")
            _refuse_numbers(text)
    return kept


def _refuse_numbers(text: str) -> None:
    if mask_text(text) != text:
        raise Refused("视图里不能有身份证号、银行账号或电话号码。")
