"""Whoever alters a frame or a list behind the product's back is found by recomputing the draw."""

from typing import Any

import pytest
import sqlalchemy as sa

from actions import sample
from models.database import Database
from models.refusal import NotFoundOrNotYours
from models.sample import DrawnKind, Sample, SampledHousehold, SampledVillage, SampleFrame
from queries.sample_check import verify_draw
from tests.factories import World
from tests.samples import adopted, households, villages


def tamper(*statements: Any) -> None:
    """As somebody with the database file would."""
    with Database.writers() as session:
        if Database.is_sqlite():
            session.execute(sa.text("drop trigger if exists sample_frame_no_update"))
            session.execute(sa.text("pragma defer_foreign_keys = on"))
        else:
            session.execute(sa.text("alter table sample_frame disable trigger user"))
        for statement in statements:
            session.execute(statement)
        session.commit()


def findings(sample_id: int) -> str:
    check = verify_draw(sample_id)
    assert check.ok is (not check.findings)
    return "".join(check.findings)


def test_an_untouched_draw_agrees_and_counts_its_rows(both_worlds: World) -> None:
    sample_id = adopted(both_worlds)
    check = verify_draw(sample_id)
    assert check.ok and (check.villages, check.households) == (len(villages(sample_id)), len(households(sample_id)))


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("household_codes", SampleFrame.household_codes + "421381901201/0099\n", "户清单与封存时的散列值不符"),
        ("village_codes", sa.func.substr(SampleFrame.village_codes, 14), "村清单与封存时的散列值不符"),
        ("mandatory_villages", "421381901204\n", "必查村名单与封存时的散列值不符"),
        ("mandatory_households", "421381901201/0001\n", "必查户名单与封存时的散列值不符"),
        ("village_strata", sa.func.replace(SampleFrame.village_strata, ",421382901000", ",421381902000"), "不符|没有"),
        ("household_count", 7, "和清单的行数不符"),
        ("rule", {"share_percent": 30}, "读不出来"),
    ],
)
def test_a_changed_frame_is_found(both_worlds: World, column: str, value: Any, sentence: str) -> None:
    sample_id = adopted(both_worlds)
    tamper(sa.update(SampleFrame).values({column: value}))
    assert any(part in findings(sample_id) for part in sentence.split("|"))


def test_another_share_or_seed_is_found(world: World) -> None:
    sample_id = adopted(world)
    tamper(sa.update(Sample).values(seed="别的种子", version=Sample.version))
    assert "次序、散列值或入选方式与重算的不符" in findings(sample_id)


def test_a_household_put_on_the_list_is_found(both_worlds: World) -> None:
    sample_id = adopted(both_worlds)
    first, other = households(sample_id)[0], next(iter(unlisted(sample_id)))
    row = {c.name: getattr(first, c.name) for c in SampledHousehold.__table__.columns if c.name != "id"}
    tamper(sa.insert(SampledHousehold).values(**{**row, "household_id": other}))
    assert "按种子没有抽中，名单里却有" in findings(sample_id)


def unlisted(sample_id: int) -> list[int]:
    """Households of the first village that were not drawn."""
    from models.roster import Household

    listed = households(sample_id)
    with Database.readers() as session:
        asked = sa.select(Household.id).where(Household.code.startswith(f"{listed[0].stratum}/"))
        return [i for i in session.scalars(asked) if i not in {h.household_id for h in listed}]


def test_a_household_taken_off_the_list_is_found(both_worlds: World) -> None:
    sample_id = adopted(both_worlds)
    tamper(sa.delete(SampledHousehold).where(SampledHousehold.id == households(sample_id)[0].id))
    assert "按种子应当抽中，名单里没有" in findings(sample_id)


def test_a_household_swapped_for_another_is_found(world: World) -> None:
    sample_id = adopted(world)
    first = households(sample_id)[0]
    swap = sa.update(SampledHousehold).where(SampledHousehold.id == first.id)
    tamper(swap.values(household_id=unlisted(sample_id)[0]))
    assert "没有抽中，名单里却有" in findings(sample_id)


@pytest.mark.parametrize(
    "change", [{"rank": 9}, {"rank_hash": "0" * 64}, {"kind": DrawnKind.MANDATORY}, {"kind": DrawnKind.REPLACEMENT}]
)
def test_an_altered_village_row_is_found(world: World, change: dict[str, Any]) -> None:
    sample_id = adopted(world)
    first = villages(sample_id)[0]
    tamper(sa.update(SampledVillage).where(SampledVillage.id == first.id).values(**change))
    assert "与重算的不符" in findings(sample_id)


def test_a_village_said_to_be_replaced_by_nobody_is_found(world: World) -> None:
    sample_id = adopted(world)
    one = sa.update(SampledVillage).where(SampledVillage.id == villages(sample_id)[0].id)
    tamper(one.values(replaced_at=world.now, reason="说是搬迁"))
    assert "没有写明替补是谁" in findings(sample_id)


def test_a_replacement_out_of_turn_is_found(world: World) -> None:
    sample_id = adopted(world)
    new_id = sample.replace_household(world.caller("office"), households(sample_id)[0].id, "常年外出")
    stays_out = unlisted(sample_id)[-1]
    tamper(sa.update(SampledHousehold).where(SampledHousehold.id == new_id).values(household_id=stays_out))
    assert "不是按次序的下一个" in findings(sample_id)


def test_a_removed_replacement_is_found(world: World) -> None:
    sample_id = adopted(world)
    old = households(sample_id)[0]
    new_id = sample.replace_household(world.caller("office"), old.id, "常年外出")
    tamper(
        sa.update(SampledHousehold).where(SampledHousehold.id == old.id).values(
            replaced_by_id=households(sample_id)[1].id
        ),
        sa.delete(SampledHousehold).where(SampledHousehold.id == new_id),
    )  # fmt: skip
    assert "替补不在同一层的名单里" in findings(sample_id)


def test_a_reason_rubbed_out_is_found(world: World) -> None:
    sample_id = adopted(world)
    old = households(sample_id)[0]
    sample.replace_household(world.caller("office"), old.id, "常年外出")
    tamper(sa.update(SampledHousehold).where(SampledHousehold.id == old.id).values(reason=None))
    assert "没有理由" in findings(sample_id)


def test_a_household_hung_under_another_village_is_found(world: World) -> None:
    sample_id = adopted(world)
    first = households(sample_id)[0]
    other = next(v.id for v in villages(sample_id) if v.id != first.sampled_village_id)
    tamper(sa.update(SampledHousehold).where(SampledHousehold.id == first.id).values(sampled_village_id=other))
    assert "不在它自己的村下面" in findings(sample_id)


def test_an_unknown_sample_is_not_found(world: World) -> None:
    with pytest.raises(NotFoundOrNotYours):
        verify_draw(999)
