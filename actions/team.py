"""Inspection teams 检查专班: where they inspect, who is in them."""

from collections.abc import Sequence

import sqlalchemy as sa

from actions.grant import region_coded, reporting_unit_coded, user_named
from actions.transaction import Caller, Transaction, transaction
from models.campaign import Campaign
from models.refusal import NotFoundOrNotYours, Refused
from models.region import RegionLevel
from models.role import Permission
from models.unit import Team, TeamMember, TeamRegion
from queries.region import reporting_unit_of


def create_team(caller: Caller, campaign_id: int, name: str, places: Sequence[str]) -> int:
    """Found a team; its id. `places`: codes of reporting units or towns, at least one. Who: admin, terminal."""
    with transaction(caller) as tx:
        tx.require(Permission.MANAGE_PEOPLE)
        if tx.session.get(Campaign, campaign_id) is None:
            raise NotFoundOrNotYours("专项治理")
        name = name.strip()
        if not 1 <= len(name) <= 40:
            raise Refused("请填写检查组名称，不超过 40 个字。")
        if tx.session.scalar(sa.select(Team.id).where(Team.campaign_id == campaign_id, Team.name == name)) is not None:
            raise Refused(f"已有名为“{name}”的检查组。")
        if not places:
            raise Refused("请至少选一个检查地区。")
        team = Team(campaign_id=campaign_id, name=name, founded_on=tx.today)
        tx.session.add(team)
        tx.session.flush()
        for code in dict.fromkeys(places):
            tx.session.add(_place(tx, team.id, code))
        tx.record("team.create", f"team:{team.id}", places=list(places))
    return team.id


def add_team_member(caller: Caller, team_id: int, user_name: str, is_leader: bool = False) -> None:
    """Take a person into a team from today on. Who: admin, terminal. The role 检查人员 is granted apart."""
    with transaction(caller) as tx:
        tx.require(Permission.MANAGE_PEOPLE)
        if tx.session.get(Team, team_id) is None:
            raise NotFoundOrNotYours("检查组")
        user = user_named(tx, user_name)
        if _membership(tx, team_id, user.person_id) is not None:
            raise Refused("这个人已在组里。")
        left_today = tx.session.scalar(
            sa.select(TeamMember).where(
                TeamMember.team_id == team_id, TeamMember.person_id == user.person_id, TeamMember.valid_from == tx.today
            )
        )
        if left_today is not None:
            left_today.valid_to, left_today.is_leader = None, is_leader
        else:
            tx.session.add(
                TeamMember(team_id=team_id, person_id=user.person_id, is_leader=is_leader, valid_from=tx.today)
            )
        tx.record("team.add_member", f"team:{team_id}", person=user.person_id)


def remove_team_member(caller: Caller, team_id: int, user_name: str) -> None:
    """Let a person leave a team at the end of today; what they did there stays. Who: admin."""
    with transaction(caller) as tx:
        tx.require(Permission.MANAGE_PEOPLE)
        user = user_named(tx, user_name)
        found = _membership(tx, team_id, user.person_id)
        if found is None:
            raise Refused("这个人不在组里。")
        found.valid_to = tx.today
        tx.record("team.remove_member", f"team:{team_id}", person=user.person_id)


def _membership(tx: Transaction, team_id: int, person_id: int) -> TeamMember | None:
    return tx.session.scalar(
        sa.select(TeamMember).where(
            TeamMember.team_id == team_id, TeamMember.person_id == person_id, TeamMember.valid_to.is_(None)
        )
    )


def _place(tx: Transaction, team_id: int, code: str) -> TeamRegion:
    unit = reporting_unit_coded(tx, code)
    if unit is not None:
        return TeamRegion(team_id=team_id, reporting_unit_id=unit.id)
    town = region_coded(tx, code)
    if town.level is not RegionLevel.TOWN:
        raise Refused(f"“{town.name}”不是填报单位，也不是镇（办）。")
    found = reporting_unit_of(tx.session, town, tx.today)
    if found is None:
        raise Refused(f"“{town.name}”还没有归到填报单位。请先导入区划。")
    return TeamRegion(team_id=team_id, reporting_unit_id=found.id, town_id=town.id)
