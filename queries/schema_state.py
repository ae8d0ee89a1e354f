"""Whether the database answers and has the shape this version of the program needs."""

import errno
from enum import StrEnum
from pathlib import Path

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy.exc import InterfaceError, OperationalError

from models.database import Database

MIGRATIONS = Path(__file__).parent.parent / "migrations"


class SchemaState(StrEnum):
    """What was found."""

    READY = "READY"
    BEHIND = "BEHIND"
    EMPTY = "EMPTY"
    UNREACHABLE = "UNREACHABLE"

    @property
    def sentence(self) -> str:
        """What is wrong and what to do, for whoever sees the page."""
        return {
            "READY": "",
            "BEHIND": "程序已更新，数据库还没有升级。请管理员在服务器上运行 python manage.py upgrade，本页随后恢复。",
            "EMPTY": "数据库还没有建立。请管理员在服务器上运行 python manage.py upgrade，之后本页自动打开。",
            "UNREACHABLE": "数据库暂时连不上，没有任何内容被改动。恢复后本页自动继续；持续几分钟请告诉系统管理员。",
        }[self.value]


_head: str | None = None


def schema_state() -> SchemaState:
    """One short question to the database, asked at the start of every page."""
    if Database.engine is None:
        return SchemaState.UNREACHABLE
    try:
        with Database.engine.connect() as connection:
            if not sa.inspect(connection).has_table("alembic_version"):
                return SchemaState.EMPTY
            found = connection.scalar(sa.text("select version_num from alembic_version"))
    except (OperationalError, InterfaceError):
        return SchemaState.UNREACHABLE
    return SchemaState.READY if found == newest_revision() else SchemaState.BEHIND


def newest_revision() -> str:
    """The migration this version of the program ends with; read once a process."""
    global _head
    if _head is None:
        _head = ScriptDirectory(str(MIGRATIONS)).get_current_head() or ""
    return _head


def knows_revision(revision: str) -> bool:
    """Whether a database of this revision can be brought to the newest one by this version of the program."""
    return revision in {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}


DISK_FULL = "服务器的磁盘满了，刚才的操作没有保存，已有的内容不受影响。请告诉系统管理员，腾出空间后再办一次。"
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_SAYS_NO_ROOM = (
    "database or disk is full", "disk I/O error", "No space left", "File too large", "could not extend file",
)  # fmt: skip


def is_disk_full(error: BaseException) -> bool:
    """Whether there was no room to write, be it the database's file or another: nothing half written stays.

    SQLite says "disk I/O error" where a file may not grow; libraries hide the number of the error in their words.
    """
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return True
    return isinstance(error, OSError | OperationalError) and any(words in str(error) for words in _SAYS_NO_ROOM)


def is_database_gone(error: BaseException) -> bool:
    """Whether an error means that the database did not answer, not that the question was wrong."""
    return isinstance(error, OperationalError | InterfaceError)
