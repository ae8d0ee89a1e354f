"""A few of the files that `make fuzz` spoils by the thousand."""

from pathlib import Path

from models.database import Database
from tests.fuzz.run import Fuzz

FILES, SEED = 120, 20220916


def test_a_spoilt_file_is_refused_or_taken_whole_and_the_process_lives(sqlite: str, tmp_path: Path) -> None:
    Database.close()
    done = Fuzz(sqlite, tmp_path).run(FILES, SEED)
    assert done.found == []
    assert sum(done.ends.values()) == FILES
    assert {end.partition(" ")[0] for end in done.ends} == {
        "roster",
        "payments",
        "regions",
        "evidence",
        "backup",
        "ledger",
    }
