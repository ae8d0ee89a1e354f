"""A few of the kills that `make faults` does by the hundred."""

from pathlib import Path

from models.database import Database
from tests.faults.kills import trial

KILLS, SEED, LATEST = 4, 20220916, 0.8


def test_what_was_acknowledged_before_a_kill_is_there_and_nothing_is_half_there(database: str, tmp_path: Path) -> None:
    Database.close()
    done = trial(database, tmp_path / "data", KILLS, SEED, LATEST)
    assert done.wrong == []
    assert done.acknowledged.total() > 0 and done.kills == KILLS
