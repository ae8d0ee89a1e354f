"""The rectification ledger 整改台账: one page of it, its counts, and where one problem stands in it.

我经办的 comes by one's own last acts, the latest first; else 超期 → 临期 → 审核中 → 正常 → 未起算 → 已销号 → 不成立,
then deadline, then number, read band by band (queries.ledger_light), so that a page costs what it shows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models.deadline import Light, LightReading
from models.issue_record import Issue
from models.issue_word import Handling, IssueSource, IssueStatus
from models.masking import mask_text
from models.problem_type import problem_types
from models.region import Region, ReportingUnit
from models.unit import Unit
from queries.issue_mark import marks_of
from queries.issue_place import PlaceCount, place_counts
from queries.last_act import last_acts, last_by
from queries.ledger_light import (
    LightRule,
    band_totals,
    bands,
    day_totals,
    light_rule,
)
from queries.ledger_listing import Listing
from queries.ledger_marks import LedgerMark, mark_condition
from queries.ledger_search import search_condition
from queries.ledger_views import LedgerView, view_condition, view_counts
from queries.merged import short_name_on
from queries.reading import reading
from queries.scope import Condition, in_campaign, sees_few
from queries.viewer import Viewer

PAGE_SIZES = (20, 50, 100)


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """What a person wants to see of the ledger. Empty parts do not narrow; places are alternatives of each other.

    Drafts are left out unless 草稿 is asked for by name.
    """

    view: LedgerView = LedgerView.ALL
    search: str = ""
    reporting_unit_ids: tuple[int, ...] = ()
    town_ids: tuple[int, ...] = ()
    unit_ids: tuple[int, ...] = ()
    statuses: tuple[IssueStatus, ...] = ()
    lights: tuple[Light, ...] = ()
    types: tuple[str, ...] = ()
    sources: tuple[IssueSource, ...] = ()
    handlings: tuple[Handling, ...] = ()
    marks: tuple[LedgerMark, ...] = ()
    ids: tuple[int, ...] = ()
    """Only these rows: the ones ticked on screen."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing narrows the list but the view."""
        return self == LedgerFilter(self.view)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One line of the ledger. Amount in 分; texts masked."""

    id: int
    version: int
    number: str
    title: str
    type_code: str
    type_label: str
    reporting_unit: str
    town: str
    village: str
    responsible_unit: str
    person_in_charge: str
    amount_cents: int
    status: IssueStatus
    light: LightReading
    deadline: date | None
    returns: int
    places: str = ""
    """3/7: how many of its places are done; empty for a problem of one place."""
    marks: tuple[str, ...] = ()
    """What sets it apart: 挂牌督办, 进展超期未报, 申辩待答复."""
    last_act: str = ""
    """我经办的: what the viewer did last, and when."""


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """One page and what stands above it. `counts` are of the views, whatever the other conditions are."""

    rows: tuple[LedgerRow, ...]
    total: int
    open: int
    overdue: int
    amount_cents: int
    page: int
    pages: int
    counts: Mapping[LedgerView, int] = field(default_factory=dict)
    dismissed: int = 0
    """Of the total: those found to be no problem, which no figure counts."""


@dataclass(frozen=True, slots=True)
class LedgerSpot:
    """Where a problem stands in a list: `position` from 1, 0 when it is not (any longer) in it."""

    position: int
    total: int
    previous_id: int | None = None
    next_id: int | None = None


def ledger_page(
    viewer: Viewer, campaign_id: int, wanted: LedgerFilter, today: date, page: int = 1, size: int = 20
) -> LedgerPage:
    """One page of what the viewer may see; a page beyond the last is the last."""
    with reading() as session:
        listing = _listing(session, viewer, campaign_id, wanted, today)
        pages = max(1, -(-listing.total // size))
        page = min(max(1, page), pages)
        ids = listing.ids(session, (page - 1) * size, size)
        return LedgerPage(
            _rows(session, viewer, listing, ids), listing.total, listing.open, listing.overdue,
            listing.amount_cents, page, pages,
            _view_counts(session, viewer, campaign_id, wanted, today, listing), listing.dismissed,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class LedgerTop:
    """The first rows of a list and how many there are."""

    rows: tuple[LedgerRow, ...]
    total: int


def ledger_top(viewer: Viewer, campaign_id: int, wanted: LedgerFilter, today: date, size: int = 1) -> LedgerTop:
    """What stands at the top of the list that the same filter opens, without what stands above a page of it."""
    with reading() as session:
        listing = _listing(session, viewer, campaign_id, wanted, today)
        return LedgerTop(_rows(session, viewer, listing, listing.ids(session, 0, size)), listing.total)


def ledger_spot(viewer: Viewer, campaign_id: int, wanted: LedgerFilter, today: date, issue_id: int) -> LedgerSpot:
    """Where a problem stands in the list it was opened from, and its neighbours."""
    with reading() as session:
        listing = _listing(session, viewer, campaign_id, wanted, today)
        position = listing.position(session, issue_id)
        if position == 0:
            return LedgerSpot(0, listing.total)
        first = max(0, position - 2)
        around = listing.ids(session, first, 3)
        here = around.index(issue_id)
        return LedgerSpot(
            position, listing.total, around[here - 1] if here else None,
            around[here + 1] if here + 1 < len(around) else None,
        )  # fmt: skip


def ledger_ids(
    session: Session, viewer: Viewer, campaign_id: int, wanted: LedgerFilter, today: date, chunk: int = 500
) -> Iterator[list[int]]:
    """All ids of a list in its order, in chunks: for exports, inside the reader's own session."""
    listing = _listing(session, viewer, campaign_id, wanted, today)
    ids = listing.ids(session, 0, listing.total)
    for start in range(0, len(ids), chunk):
        yield ids[start : start + chunk]


def _listing(session: Session, viewer: Viewer, campaign_id: int, wanted: LedgerFilter, today: date) -> Listing:
    rule = light_rule(session, campaign_id, today)
    here = _in_campaign(viewer, campaign_id, wanted)
    marks = (mark_condition(viewer, mark, today) for mark in wanted.marks)
    others = sa.and_(here, view_condition(viewer, wanted.view, today), *_narrowed(wanted), *marks)
    searched = search_condition(wanted.search)
    condition = others if searched is None else sa.and_(others, searched)
    dates = rule.dates
    kept = tuple(b for b in bands(dates) if not wanted.lights or b.light in wanted.lights)
    if searched is None or sees_few(viewer):
        days = day_totals(session, condition)
    else:  # texts are read in the order in which they lie, in a third of the time it takes in the order of an index
        found = sa.select(Issue.id).where(searched).correlate(None)
        days = day_totals(session, sa.and_(others, Issue.id.in_(found)))
    totals = band_totals(session, condition, dates, kept, days)
    return Listing(condition, kept, totals, rule, days, last_by(viewer) if wanted.view is LedgerView.MINE else None)


def _view_counts(
    session: Session, viewer: Viewer, campaign_id: int, wanted: LedgerFilter, today: date, listing: Listing
) -> Mapping[LedgerView, int]:
    here = _in_campaign(viewer, campaign_id)
    days = listing.days if wanted == LedgerFilter() else day_totals(session, here)
    return view_counts(session, viewer, here, today, wanted.view, days)


def _in_campaign(viewer: Viewer, campaign_id: int, wanted: LedgerFilter = LedgerFilter()) -> Condition:
    return in_campaign(viewer, campaign_id, drafts=IssueStatus.DRAFT in wanted.statuses)


def _narrowed(wanted: LedgerFilter) -> Iterator[Condition]:
    places = []
    if wanted.reporting_unit_ids:
        places.append(Issue.reporting_unit_id.in_(wanted.reporting_unit_ids))
    if wanted.town_ids:
        places.append(Issue.town_id.in_(wanted.town_ids))
    if places:
        yield sa.or_(*places)
    if wanted.unit_ids:
        yield Issue.responsible_unit_id.in_(wanted.unit_ids)
    if wanted.statuses:
        yield Issue.status.in_(wanted.statuses)
    if wanted.ids:
        yield Issue.id.in_(wanted.ids)
    if wanted.handlings:
        yield Issue.handling.in_(wanted.handlings)
    if wanted.sources:
        yield Issue.source.in_(wanted.sources)
    if wanted.types:
        yield Issue.type_code.in_(wanted.types)


def _rows(session: Session, viewer: Viewer, listing: Listing, ids: Sequence[int]) -> tuple[LedgerRow, ...]:
    acts = last_acts(session, viewer, ids) if listing.acts is not None else {}
    town, village, day = aliased(Region), aliased(Region), Issue.registered_on
    found = session.execute(
        sa.select(Issue, ReportingUnit.name, short_name_on(town, day), short_name_on(village, day), Unit.valid_to)
        .join(ReportingUnit, ReportingUnit.id == Issue.reporting_unit_id)
        .outerjoin(town, town.id == Issue.town_id)
        .outerjoin(village, village.id == Issue.village_id)
        .outerjoin(Unit, Unit.id == Issue.responsible_unit_id)
        .where(Issue.id.in_(ids))
    ).all()
    counts = place_counts(session, ids)
    marks = marks_of(session, [row[0] for row in found], listing.rule.today)
    rows = {row[0].id: _row(*row, listing.rule, counts.get(row[0].id)) for row in found}
    by_id = {i: replace(row, marks=marks[i]) for i, row in rows.items()}
    return tuple(replace(by_id[i], last_act=acts[i].text) if i in acts else by_id[i] for i in ids)


def _row(
    issue: Issue, reporting_unit: str, town: str | None, village: str | None, unit_until: date | None, rule: LightRule,
    places: PlaceCount | None,
) -> LedgerRow:  # fmt: skip
    gone = unit_until is not None and unit_until < rule.today and issue.status is IssueStatus.RECTIFYING
    holder = f"{issue.responsible_unit_name}（已撤销，须改派）" if gone else issue.responsible_unit_name
    return LedgerRow(
        id=issue.id, version=issue.version, number=issue.number or "未编号", title=mask_text(issue.title),
        type_code=issue.type_code, type_label=problem_types()[issue.type_code].label, reporting_unit=reporting_unit,
        town=town or "—", village=village or "—", responsible_unit=holder or "—",
        person_in_charge=issue.person_in_charge or "—", amount_cents=issue.amount_cents, status=issue.status,
        light=rule.of(issue),
        deadline=issue.deadline, returns=issue.returns, places=places.words if places else "",
    )  # fmt: skip
