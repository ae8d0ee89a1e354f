"""A mapping of columns is said once a layout."""

import pytest

from actions.header_mapping import remember_mapping
from models.audit import AuditEntry
from models.refusal import Refused
from queries.header_mapping import Register, remembered_mapping
from queries.reading import reading
from queries.viewer import Viewer
from tests.factories import World

NAMES = ("片区", "村组名", "户主编码", "关系", "姓名", "身份证号")
MAPPING = {"乡镇": "片区", "村": "村组名", "户编号": "户主编码"}


def viewer_of(world: World, name: str) -> Viewer:
    with reading() as session:
        return world.caller(name).look_up(session)


def test_a_mapping_comes_back_for_the_same_layout_in_any_order(both_worlds: World) -> None:
    remember_mapping(both_worlds.caller("office"), Register.ROSTER, NAMES, MAPPING)
    found = remembered_mapping(viewer_of(both_worlds, "office"), Register.ROSTER, reversed(NAMES))
    assert found == MAPPING


def test_another_layout_person_or_register_has_its_own(both_worlds: World) -> None:
    remember_mapping(both_worlds.caller("office"), Register.ROSTER, NAMES, MAPPING)
    office = viewer_of(both_worlds, "office")
    assert remembered_mapping(office, Register.ROSTER, (*NAMES, "备注")) == {}
    assert remembered_mapping(office, Register.PAYMENTS, NAMES) == {}
    assert remembered_mapping(viewer_of(both_worlds, "office2"), Register.ROSTER, NAMES) == {}


def test_the_last_word_holds_and_an_empty_one_forgets(both_worlds: World) -> None:
    office = viewer_of(both_worlds, "office")
    remember_mapping(both_worlds.caller("office"), Register.ROSTER, NAMES, MAPPING)
    remember_mapping(both_worlds.caller("office"), Register.ROSTER, NAMES, {"乡镇": "片区"})
    assert remembered_mapping(office, Register.ROSTER, NAMES) == {"乡镇": "片区"}
    remember_mapping(both_worlds.caller("office"), Register.ROSTER, NAMES, {})
    assert remembered_mapping(office, Register.ROSTER, NAMES) == {}


def test_one_column_is_not_two_things(both_worlds: World) -> None:
    with pytest.raises(Refused, match="一列只能对应一项"):
        remember_mapping(both_worlds.caller("office"), Register.ROSTER, NAMES, {"乡镇": "片区", "村": "片区"})


def test_it_is_no_act_of_record(both_worlds: World) -> None:
    with reading() as session:
        before = session.query(AuditEntry).count()
    remember_mapping(both_worlds.caller("office"), Register.ROSTER, NAMES, MAPPING)
    with reading() as session:
        assert session.query(AuditEntry).count() == before


def test_who_may_not_import_has_none(both_worlds: World) -> None:
    with pytest.raises(Refused, match="权限"):
        remember_mapping(both_worlds.caller("leader"), Register.ROSTER, NAMES, MAPPING)
