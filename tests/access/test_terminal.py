"""Every command of manage.py that takes `--as`, by every role that must not."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from manage import cli
from models.role import Permission as P
from queries.audit import audit_head
from tests.access.scene import Scene, who_must_not

LISTS = str(Path(__file__).parent.parent / "files" / "regions_example.csv")
CAMPAIGN = ("--campaign", "SL2022")
COMMANDS: dict[str, tuple[P, tuple[str, ...]]] = {
    "backup": (P.BACKUP, ("{folder}/refused",)),
    "create-campaign": (P.CREATE_CAMPAIGN, (
        "NEW2022", "--name", "回头看", "--place", "示例市", "--years", "2020", "2021", "--rectify-by", "2022-12-01")),
    "create-user": (P.MANAGE_PEOPLE, ("newcomer", "--role", "unit")),
    "draw": (P.DRAW, (*CAMPAIGN, "--seed", "01 02", "--reason", "演练")),
    "export ledger": (P.EXPORT, (*CAMPAIGN, "--out", "{folder}/refused.xlsx")),
    "export payments": (P.IMPORT_PAYMENTS, (*CAMPAIGN, "--out", "{folder}/refused.xlsx")),
    "export roster": (P.IMPORT_ROSTER, (*CAMPAIGN, "--out", "{folder}/refused.xlsx")),
    "export sample": (P.SEE_SAMPLE, ("--sample", "1", "--out", "{folder}/refused.xlsx")),
    "import ledger": (P.RETURN_LEDGER, (LISTS, *CAMPAIGN)),
    "import payments": (P.IMPORT_PAYMENTS, (LISTS, *CAMPAIGN, "--total", "1")),
    "import regions": (P.IMPORT_REGIONS, (LISTS,)),
    "import roster": (P.IMPORT_ROSTER, (LISTS, *CAMPAIGN)),
    "remind": (P.WRITE_DIGESTS, ()),
    "reset-password": (P.MANAGE_PEOPLE, ("unit2",)),
}  # fmt: skip
"""Each with its permission and what must be said with it."""
OTHERS = {
    "figures": "answers within the person's places: tests/access/test_queries.py",
    "restore": "into an empty place: tests/actions/test_backup.py",
}
"""Commands with `--as` and no line above, each with the reason."""


def commands(group: click.Group, before: str = "") -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    for name, command in group.commands.items():
        found |= commands(command, f"{name} ") if isinstance(command, click.Group) else {before + name: command}
    return found


def test_every_command_that_takes_a_user_is_tried() -> None:
    with_user = {name for name, c in commands(cli).items() if any("--as" in p.opts for p in c.params)}
    assert with_user == COMMANDS.keys() | OTHERS.keys()


@pytest.mark.parametrize("name", COMMANDS)
def test_as_a_user_without_the_permission_it_refuses_and_writes_nothing(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    permission, words = COMMANDS[name]
    data = scene.database.parent / "data"
    for variable, value in (("DATA_DIR", data), ("DATABASE_URL", f"sqlite:///{scene.database}"),
                            ("TODAY", scene.world.caller("office").today.isoformat())):  # fmt: skip
        monkeypatch.setenv(variable, str(value))
    head, done = audit_head(), []
    for who in [n for n in who_must_not((permission,), placed=False) if n != "terminal"]:
        line = [*name.split(), *(word.format(folder=tmp_path) for word in words), "--as", who]
        result = CliRunner().invoke(cli, line)
        if result.exit_code != 1 or "权限" not in result.stderr or result.stderr.strip().count("\n"):
            done.append((who, result.exit_code, result.stderr, result.exception))
    assert done == []
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    from models.database import Database

    Database.open(f"sqlite:///{scene.database}")
    assert audit_head() == head
