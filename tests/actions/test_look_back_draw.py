"""A surprise re-check of closed problems: drawn so that anybody can draw it again, hidden from units until released."""

import hashlib
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from actions.campaign import set_state
from actions.look_back import take_over
from actions.look_back_draw import draw_closed, freeze_closed, release_drawn
from models.campaign import CampaignState
from models.database import Database
from models.refusal import Refused
from queries.audit import verify
from queries.issue import IssuePage
from queries.ledger import LedgerFilter, ledger_page
from queries.ledger_marks import LedgerMark
from queries.look_back import LookBackState, look_back_items
from queries.look_back_draw import DrawRow, closed_draws, verify_closed_draw
from tests.actions.test_look_back import looked, record_check
from tests.conftest import ROOT
from tests.factories import World
from tests.queries.test_issue import page, viewer
from tests.queries.test_repeat import next_campaign

SEED, SOURCE = "7 3 9 1 5", "2022年8月1日体彩排列五开奖号码"


def closed(world: World, count: int = 5) -> list[int]:
    return [world.closed() for _ in range(count)]


def frozen(world: World, share: int = 30, **changes: object) -> int:
    given = {"campaign_id": world.campaign_id, "source_id": world.campaign_id, "share_percent": share,
             "seed_source": SOURCE} | changes  # fmt: skip
    return freeze_closed(world.caller("office"), **given)  # type: ignore[arg-type]


def drawn(world: World, share: int = 30) -> DrawRow:
    draw_closed(world.caller("office"), frozen(world, share), SEED)
    return closed_draws(viewer(world, "office"), world.campaign_id)[0]


def waiting(world: World, by: str) -> int:
    return look_back_items(viewer(world, by), world.campaign_id, LookBackState.WAITING).total


def test_the_draw_is_the_one_a_stranger_makes_by_hand(both_worlds: World) -> None:
    world = both_worlds
    closed(world)
    row = drawn(world)
    numbers = [f"SL2022-JX-{n:04d}" for n in range(1, 6)]
    by_hand = sorted(numbers, key=lambda number: hashlib.sha256(f"{SEED}|{number}".encode()).hexdigest())[:2]
    assert row.numbers_hash == hashlib.sha256("".join(f"{n}\n" for n in numbers).encode()).hexdigest()
    assert [r.number for r in row.rows] == by_hand
    assert (row.wanted, row.findings, verify_closed_draw(row.frame_id)) == (2, (), ())
    assert verify(files=False).ok


def test_the_lines_in_the_docs_draw_the_same(world: World, tmp_path: Path) -> None:
    closed(world, 4)
    row = drawn(world, 50)
    text = (ROOT / "docs" / "verify-a-draw.md").read_text(encoding="utf-8")
    script = next(code for code in re.findall(r"```python\n(.*?)```", text, re.S) if "draw_closed.py" in code)
    (tmp_path / "draw_closed.py").write_text(script, encoding="utf-8")
    (tmp_path / "list.txt").write_text(row.numbers, encoding="utf-8")
    done = subprocess.run([sys.executable, "draw_closed.py", SEED, "list.txt", "50"], cwd=tmp_path, check=True,
                          capture_output=True, text=True)  # fmt: skip
    assert done.stdout.split() == [r.number for r in row.rows]


def test_a_rank_altered_in_the_database_is_found(sqlite_world: World) -> None:
    closed(sqlite_world, 3)
    row = drawn(sqlite_world)
    with Database.writers() as session:
        session.execute(sa.text("drop trigger look_back_drawn_no_update"))
        session.execute(sa.text("update look_back_drawn set rank = 9"))
        session.commit()
    assert "次序或排序码" in "".join(verify_closed_draw(row.frame_id))


def test_what_was_drawn_is_hidden_from_its_unit_until_it_is_released(world: World) -> None:
    (issue_id,) = closed(world, 1)
    row = drawn(world, 100)
    assert (waiting(world, "inspector"), waiting(world, "unit")) == (1, 0)
    record_check(world.caller("inspector2"), row.rows[0].look_back_id, looked(looked_on=date(2022, 7, 4)))
    marked = LedgerFilter(marks=(LedgerMark.LOOKED_BACK,))

    def told() -> tuple[IssuePage, int]:
        day = world.caller("unit").today
        return page(world, issue_id, "unit"), ledger_page(
            viewer(world, "unit"), world.campaign_id, marked, day
        ).total  # fmt: skip

    assert (told()[0].look_backs, told()[1]) == ((), 0)
    release_drawn(world.caller("office"), row.draw_id or 0)
    assert (len(told()[0].look_backs), told()[1]) == (1, 1)


def test_a_problem_taken_over_before_is_drawn_all_the_same_and_listed_once(world: World) -> None:
    (issue_id,) = closed(world, 1)
    set_state(world.caller("office"), world.campaign_id, CampaignState.CONCLUDED, None)
    campaign_id = next_campaign(world.on(date(2023, 7, 3)))
    take_over(world.caller("office"), campaign_id, world.campaign_id, [issue_id])
    frame_id = frozen(world, 10, campaign_id=campaign_id)
    draw_closed(world.caller("office"), frame_id, SEED)
    assert verify_closed_draw(frame_id) == ()
    assert look_back_items(viewer(world, "unit"), campaign_id, LookBackState.ALL).total == 1


Attempt = Callable[[World], object]
REFUSED: dict[str, tuple[str, Attempt]] = {
    "a share of 0": ("1 到 100", lambda w: [closed(w, 1), frozen(w, 0)]),
    "a share of 101": ("1 到 100", lambda w: [closed(w, 1), frozen(w, 101)]),
    "an empty frame": ("没有可抽的", lambda w: frozen(w)),
    "no source of the seed": ("种子的来源", lambda w: [closed(w, 1), frozen(w, seed_source=" ")]),
    "a second frame without a reason": ("第 2 次抽查的理由", lambda w: [closed(w, 1), frozen(w), frozen(w)]),
    "a second seed for one frame": ("已经抽过", lambda w: _twice(w)),
    "an unusable seed": ("种子不能为空", lambda w: [closed(w, 1), draw_closed(w.caller("office"), frozen(w), " ")]),
    "a campaign under way": ("收尾或归档", lambda w: [closed(w, 1), frozen(w, campaign_id=next_campaign(w))]),
    "the office of one county": (
        "全部地区", lambda w: [closed(w, 1), freeze_closed(w.caller("far_office"), 1, 1, 10, SOURCE)],
    ),
    "released twice": ("已经公布", lambda w: _released_twice(w)),
}  # fmt: skip


def _twice(world: World) -> None:
    closed(world, 1)
    frame_id = frozen(world)
    for seed in (SEED, "1 2 3 4 5"):
        draw_closed(world.caller("office"), frame_id, seed)


def _released_twice(world: World) -> None:
    closed(world, 1)
    draw_id = drawn(world).draw_id or 0
    for _ in range(2):
        release_drawn(world.caller("office"), draw_id)


@pytest.mark.parametrize("case", REFUSED)
def test_what_proves_nothing_is_refused_with_its_reason(world: World, case: str) -> None:
    said, attempt = REFUSED[case]
    with pytest.raises(Refused, match=said):
        attempt(world)
