"""Load what every installation needs before its first campaign: subsidy items and the published working days."""

import csv
from pathlib import Path

import sqlalchemy as sa

import models
from actions.transaction import Caller, Transaction, transaction
from models.campaign import CalendarDay, SubsidyItem
from models.workday import published_days

FIRST_YEAR = 2019
"""重大可追溯: looking back reaches to 2019 (source page)."""


def load_reference(caller: Caller) -> bool:
    """Add what is missing; returns whether anything was. Run by `manage.py upgrade`, on the terminal."""
    with transaction(caller) as tx:
        items, days = _items(tx), _days(tx)
        if items or days:
            tx.record("reference.load", "reference:*", items=items, days=days)
    return bool(items or days)


def _items(tx: Transaction) -> int:
    known = set(tx.session.scalars(sa.select(SubsidyItem.code)))
    path = Path(models.__file__).parent / "subsidy_items.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["code"] not in known]
    for row in rows:
        tx.session.add(
            SubsidyItem(
                code=row["code"],
                name=row["name_zh"],
                paid_to=row["unit"],
                department=row["competent_department_zh"],
                frequency=row["frequency"],
                publish=row["publish"],
            )
        )
    return len(rows)


def _days(tx: Transaction) -> int:
    """Copy published years into the dated table: what a deadline was computed from stays readable."""
    known = set(tx.session.scalars(sa.select(CalendarDay.published_year).distinct()))
    return sum(_year(tx, year) for year in range(FIRST_YEAR, tx.today.year + 2) if year not in known)


def _year(tx: Transaction, year: int) -> int:
    next_id = tx.next_id(CalendarDay)
    rows = [
        {
            "id": next_id + n,
            "day": day,
            "is_workday": works,
            "published_year": year,
            "reason": f"国务院办公厅 {year} 年放假安排",
            "recorded_at": tx.now,
        }
        for n, (day, works) in enumerate(published_days(year))
    ]
    tx.insert_set(CalendarDay, rows, "published_year", year)
    return len(rows)
