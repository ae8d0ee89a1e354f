"""A ledger's conditions in words: what stands in an empty list and in the head of an export."""

import sqlalchemy as sa

from models.problem_type import problem_types
from models.region import Region, ReportingUnit
from models.unit import Unit
from queries.ledger import LedgerFilter
from queries.ledger_views import LedgerView
from queries.reading import reading


def filter_words(wanted: LedgerFilter) -> str:
    """视图“全部”，搜索“低保”，区域“甲县、示例一镇”; empty when nothing narrows the ledger."""
    with reading() as session:
        places = [
            *session.scalars(sa.select(ReportingUnit.name).where(ReportingUnit.id.in_(wanted.reporting_unit_ids))),
            *session.scalars(sa.select(Region.short_name).where(Region.id.in_(wanted.town_ids))),
        ]
        units = list(session.scalars(sa.select(Unit.name).where(Unit.id.in_(wanted.unit_ids))))
    types = problem_types()
    parts = (
        ("视图", [wanted.view.label] if wanted.view is not LedgerView.ALL else []),
        ("搜索", [wanted.search.strip()] if wanted.search.strip() else []),
        ("区域", places),
        ("责任单位", units),
        ("状态", [s.label for s in wanted.statuses]),
        ("检查方式", [s.label for s in wanted.sources]),
        ("办理方式", [h.label for h in wanted.handlings]),
        ("时限灯", [light.label for light in wanted.lights]),
        ("特征", [mark.label for mark in wanted.marks]),
        ("勾选", [f"{len(wanted.ids)} 件"] if wanted.ids else []),
        ("类型", [types[code].label for code in wanted.types if code in types]),
    )
    return "，".join(f"{name}“{'、'.join(values)}”" for name, values in parts if values)
