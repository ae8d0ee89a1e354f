"""A line of each kind the search finds, with where it leads."""

from functools import partial

import streamlit as st

from models.issue_word import short_number
from pages.frame.look import escape, is_phone, light_badge, status_badge
from pages.home.panels import ISSUE, LEDGER, RUNNING, work_row
from pages.home.visits import FORM, LIST
from queries.ledger import LedgerRow
from queries.search_hit import HouseholdHit, UnitHit, VillageHit


def issue(row: LedgerRow) -> None:
    """A problem, with its place and who has it."""
    light = f" {light_badge(row.light)}" if row.light.light in RUNNING else ""
    first = f"{status_badge(row.status)}{light} **{escape(row.title)}**"
    number = short_number(row.number) if is_phone() else row.number
    holder = row.responsible_unit if row.responsible_unit != "—" else "尚未交办"
    second = escape(f"{number} · {row.town} {row.village} · {holder}")
    work_row(f"found_issue_{row.id}", first, second, "查看", partial(go, ISSUE, id=str(row.id)))


def household(row: HouseholdHit) -> None:
    """A household: to its form, to the list it stands in, or nowhere."""
    head = f" {escape(row.head)}" if row.head else ""
    code = f"代号 {row.pseudonym} · " if "*" in row.head else ""
    first, second = f"**{escape(row.number)}**{head}", escape(f"{row.place} · {code}{row.people} 人")
    if row.check_id is not None:
        work_row(f"found_home_{row.household_id}", first, second, "看入户表", partial(go, FORM, id=str(row.check_id)))
    elif row.village_id is not None:
        go_to_list = partial(go, LIST, village=str(row.village_id))
        work_row(f"found_home_{row.household_id}", first, second, "看户名单", go_to_list)
    else:
        work_row(f"found_home_{row.household_id}", first, f"{second} · 未抽中，没有入户表")


def village(row: VillageHit) -> None:
    """A village: to its problems, else to its drawn households."""
    said = f"问题 {row.issues} 件，未销号 {row.open} 件" if row.issues else ""
    first, second = f"**{escape(row.name)}**", escape(" · ".join(filter(None, (row.place, said))))
    if row.issues:
        work_row(f"found_village_{row.village_id}", first, second, "看问题", partial(go, LEDGER, q=row.name))
    elif row.is_drawn:
        go_to_list = partial(go, LIST, village=str(row.village_id))
        work_row(f"found_village_{row.village_id}", first, second, "看户名单", go_to_list)
    else:
        work_row(f"found_village_{row.village_id}", first, second)


def unit(row: UnitHit) -> None:
    """A unit: to the problems it holds."""
    late = f"，超期 {row.overdue} 件" if row.overdue else ""
    said = f"问题 {row.issues} 件，未销号 {row.open} 件{late}" if row.issues else ""
    gone = " :gray-badge[已撤销]" if row.is_dissolved else ""
    first, second = f"**{escape(row.name)}**{gone}", escape(said)
    if row.issues:
        work_row(f"found_unit_{row.unit_id}", first, second, "看问题", partial(go, LEDGER, unit=row.name))
    else:
        work_row(f"found_unit_{row.unit_id}", first, second)


def go(page: str, **query: str) -> None:
    """To the page behind a result."""
    st.switch_page(page, query_params=query)
