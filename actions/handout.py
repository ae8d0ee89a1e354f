"""What all exports share: who may have which level, rows counted on their way, a file that is whole or not there."""

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from actions.transaction import Caller
from files.export_level import ExportLevel
from files.outgoing import new_outgoing
from models.refusal import Refused
from models.role import Permission
from queries.reading import reading
from queries.viewer import Viewer

T = TypeVar("T")


def check_handout(viewer: Viewer, level: ExportLevel, purpose: str, *permissions: Permission) -> None:
    """Before anything is read. Refused: no permission, an unchanged one-time password, 内部版 without purpose."""
    if viewer.must_change_password:
        raise Refused("请先修改一次性密码。")
    for permission in (Permission.EXPORT, *permissions):
        if not viewer.may(permission):
            raise Refused(f"您没有“{permission.label}”的权限。")
    if level is ExportLevel.INTERNAL:
        if not viewer.may(Permission.EXPORT_INTERNAL):
            raise Refused("您没有“导出内部版”的权限。")
        if len(purpose.strip()) < 2:
            raise Refused("导出内部版须写明用途。")


@contextmanager
def whole_or_not_there(target: Path) -> Generator[None]:
    """Whatever happens before the log entry is written leaves no file behind."""
    try:
        yield
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def to_fetch(caller: Caller, make: Callable[[Path], str]) -> str:
    """For a browser: what `make` writes waits for the person, under the name it returns; the token to fetch it by."""
    with reading() as session:
        user_id = caller.look_up(session).user_id
    if user_id is None:
        raise Refused("服务器终端请用 export 导出到文件。")
    token, folder = new_outgoing(user_id, caller.wall)
    made = folder / ".making"
    made.rename(folder / make(made))
    return token


@dataclass(slots=True)
class Counted(Generic[T]):
    """Rows on their way into the file, counted as they pass."""

    rows: Iterable[T]
    count: int = 0

    def __iter__(self) -> Iterator[T]:
        for row in self.rows:
            self.count += 1
            yield row
