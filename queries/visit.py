"""What of the adopted sample stands in the record at the end of a day: the sample, its units, the finished visits."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from models.household_check import CheckLayer, CheckStatus, HouseholdCheck, HouseholdCheckEvent, VisitOutcome
from models.local_time import end_of_day
from models.role import Permission, Role
from models.sample import Sample, SampledHousehold, SampledVillage
from queries.scope import within
from queries.viewer import Place, Viewer

FINISHED = tuple(outcome for outcome in VisitOutcome if outcome.is_finished)


def finished_visits(campaign_id: int, as_of: date | None = None) -> sa.Select[int, int, int]:
    """Columns household_id, check_id, submission of visits that stand finished at the end of `as_of` (None: now)."""
    event, later = HouseholdCheckEvent, aliased(HouseholdCheckEvent)
    until = end_of_day(as_of) if as_of is not None else None
    overtaken = sa.exists().where(later.check_id == event.check_id, later.position > event.position, *_by(later, until))
    return (
        sa.select(HouseholdCheck.household_id, event.check_id, event.submission)
        .join(event, event.check_id == HouseholdCheck.id)
        .where(HouseholdCheck.campaign_id == campaign_id, HouseholdCheck.layer == CheckLayer.INSPECTION)
        .where(event.status == CheckStatus.SUBMITTED, event.outcome.in_(FINISHED), *_by(event, until), ~overtaken)
    )


def _by(event: type[HouseholdCheckEvent], until: datetime | None) -> list[sa.ColumnElement[bool]]:
    return [] if until is None else [event.recorded_at < until]


def adopted_sample(campaign_id: int, as_of: date) -> sa.Select[int]:
    """The id of the sample that was adopted at the end of a day; none before the first adoption."""
    until = end_of_day(as_of)
    not_yet_abandoned = sa.or_(Sample.abandoned_at.is_(None), Sample.abandoned_at >= until)
    return sa.select(Sample.id).where(Sample.campaign_id == campaign_id, Sample.adopted_at < until, not_yet_abandoned)


def stands(table: type[SampledVillage] | type[SampledHousehold], until: datetime) -> sa.ColumnElement[bool]:
    """In the sample at the moment, and not yet replaced."""
    return sa.and_(table.recorded_at < until, sa.or_(table.replaced_at.is_(None), table.replaced_at >= until))


def drawn_here(viewer: Viewer, place: Place) -> list[sa.ColumnElement[bool]]:
    """Drawn villages in the viewer's places and in the place asked for; inspectors never see their own (回避)."""
    village = SampledVillage
    conditions = [within(viewer, Permission.SEE_SAMPLE, village.reporting_unit_id, village.town_id, village.region_id)]
    if place.reporting_unit_id is not None:
        conditions.append(village.reporting_unit_id == place.reporting_unit_id)
    if place.region_id is not None:
        conditions.append(sa.or_(village.town_id == place.region_id, village.region_id == place.region_id))
    if keeps_off_home(viewer):
        conditions.append(village.region_id.not_in(viewer.home_villages))
    return conditions


def keeps_off_home(viewer: Viewer) -> bool:
    grants = viewer.grants_with(Permission.SEE_SAMPLE)
    return bool(viewer.home_villages) and all(g.role is Role.INSPECTOR for g in grants)


def sees(viewer: Viewer, place: Place, unit: int | None, town: int, village: int) -> bool:
    """The same question as `drawn_here` for one village of the frame, outside SQL."""
    inside = place.reporting_unit_id in (None, unit) and place.region_id in (None, town, village)
    if viewer.user_id is None:
        return inside and viewer.may(Permission.SEE_SAMPLE)
    places = (p for grant in viewer.grants_with(Permission.SEE_SAMPLE) for p in grant.places)
    theirs = any(p.reporting_unit_id in (None, unit) and p.region_id in (None, town, village) for p in places)
    return inside and theirs and not (keeps_off_home(viewer) and village in viewer.home_villages)
