"""Places to choose from by name when accounts, teams and units are set up: towns and villages in force."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from models.region import Region, RegionLevel
from models.role import Permission
from queries.reading import reading
from queries.region import reporting_units
from queries.viewer import Viewer

BOTH = (RegionLevel.TOWN, RegionLevel.VILLAGE)


def place_choices(viewer: Viewer, levels: Sequence[RegionLevel] = BOTH, with_units: bool = False) -> dict[str, str]:
    """Code → 示例一镇 甲一村（随县）, of towns and villages, or of the levels asked for, by code; `with_units`: the
    reporting units first, as 随县（全部）. Who: whoever manages people; nothing for others.
    """
    if not viewer.may(Permission.MANAGE_PEOPLE):
        return {}
    above, county = aliased(Region), aliased(Region)
    with reading() as session:
        rows = session.execute(
            sa.select(Region.code, Region.level, Region.short_name, above.short_name, county.short_name)
            .outerjoin(above, above.id == Region.parent_id)
            .outerjoin(county, county.id == above.parent_id)
            .where(Region.level.in_(levels), Region.valid_to.is_(None))
            .order_by(Region.code)
        ).all()
    found = {unit.code: f"{unit.name}（全部）" for unit in reporting_units()} if with_units else {}
    for code, level, name, parent, grandparent in rows:
        is_village = level is RegionLevel.VILLAGE
        place, inside = (f"{parent} {name}", grandparent) if is_village else (name, parent)
        found[code] = f"{place}（{inside}）" if inside else place
    return found
