"""What every list taken in as a whole shares: the batch its rows belong to, the places they lie in, who may."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from actions.campaign import working_campaign
from actions.transaction import Transaction
from models.batch import Batch, BatchKind
from models.campaign_work import CampaignWork
from models.refusal import Refused
from models.region import Region, RegionLevel, ReportingUnit
from models.role import Permission
from models.unit import Unit
from queries.region import VillageRow, reporting_unit_by_village, villages_in

ELSEWHERE = "这份清单里有不存在的、或不在您权限范围内的地方或单位，没有写入任何内容。"


def open_batch(tx: Transaction, campaign_id: int, kind: BatchKind, rows: int) -> Batch:
    """The manifest of a list. Refused for an empty one; NotFoundOrNotYours for an unknown campaign."""
    working_campaign(tx, campaign_id, CampaignWork.RECORD)
    if not rows:
        raise Refused(f"{kind.label}清单里没有内容。")
    batch = Batch(campaign_id=campaign_id, kind=kind, row_count=rows, recorded_at=tx.now, recorded_by=tx.viewer.actor)
    tx.session.add(batch)
    tx.session.flush()
    return batch


def not_to_come(day: date, today: date, what: str) -> None:
    """Refuse a day that lies ahead."""
    if day > today:
        raise Refused(f"{what}的日期 {day.isoformat()} 还没有到。")


@dataclass(frozen=True, slots=True)
class Atlas:
    """The places a list may name, read once for all its rows."""

    tx: Transaction
    permission: Permission
    villages: Mapping[int, VillageRow]
    towns: frozenset[int]
    unit_of: Mapping[int, int]
    units: Mapping[int, int | None]
    reporting: frozenset[int]

    @classmethod
    def read(cls, tx: Transaction, permission: Permission) -> "Atlas":
        """As the places stand on the caller's day."""
        tx.require(permission)
        towns = sa.select(Region.id).where(Region.level == RegionLevel.TOWN)
        units = tx.session.execute(sa.select(Unit.id, Unit.reporting_unit_id))
        return cls(
            tx, permission, {v.id: v for v in villages_in(tx.session, tx.today)},
            frozenset(tx.session.scalars(towns)), reporting_unit_by_village(tx.session, tx.today),
            {unit_id: reporting for unit_id, reporting in units},
            frozenset(tx.session.scalars(sa.select(ReportingUnit.id))),
        )  # fmt: skip

    def of_village(self, village_id: int) -> tuple[int, int]:
        """Reporting unit and town of a village. Refused where it is not the caller's."""
        village, unit = self.villages.get(village_id), self.unit_of.get(village_id)
        if village is None or unit is None or not self._reaches(unit, village.town_id, village_id):
            raise Refused(ELSEWHERE)
        return unit, village.town_id

    def of_department(self, unit_id: int) -> int:
        """The reporting unit of a department. Refused where the caller does not cover the whole of it."""
        reporting = self.units.get(unit_id)
        if reporting is None or not self._reaches(reporting, None, None):
            raise Refused(ELSEWHERE)
        return reporting

    def require(self, reporting_unit_id: int, town_id: int | None) -> None:
        """Refuse a place that does not exist or is not the caller's."""
        known = reporting_unit_id in self.reporting and (town_id is None or town_id in self.towns)
        if not known or not self._reaches(reporting_unit_id, town_id, None):
            raise Refused(ELSEWHERE)

    def _reaches(self, unit: int, town: int | None, village: int | None) -> bool:
        if self.tx.viewer.is_everywhere(self.permission):
            return True
        places = (place for grant in self.tx.viewer.grants_with(self.permission) for place in grant.places)
        return any(
            place.reporting_unit_id in (None, unit) and place.region_id in (None, town, village) for place in places
        )
