"""What every import shares: a quick refusal before a file is read, and the result that screens and manage.py show."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePath

from actions.transaction import Caller
from models.masking import mask_text
from models.refusal import Refused
from models.role import Permission
from models.row_fault import RowFault
from queries.reading import reading
from queries.viewer import Viewer


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, or on a preview would do. Refused as a whole ⇔ `is_refused`: then `taken` is 0."""

    taken: int
    unchanged: int
    faulty: int
    faults: tuple[RowFault, ...] = ()
    notices: tuple[RowFault, ...] = ()
    skip_faulty: bool = False
    good: int = 0
    """Rows that would be taken if the faulty ones were skipped."""
    total_cents: int = 0
    """分, of all rows of the file; payments only."""
    good_cents: int = 0
    """分, of the rows that would be taken if the faulty ones were skipped; payments only."""

    @property
    def is_refused(self) -> bool:
        """Whether nothing is taken because of faults."""
        whole_file = any(fault.row == 0 for fault in self.faults)
        return whole_file or (self.faulty > 0 and not self.skip_faulty)

    @property
    def last_line(self) -> str:
        """The line the terminal contract asks for."""
        return f"taken {self.taken}, unchanged {self.unchanged}, faulty {self.faulty}"


def permitted(caller: Caller, permission: Permission) -> Viewer:
    """Look the caller up and refuse early, before a large file is read. The transaction asks again."""
    with reading() as session:
        viewer = caller.look_up(session)
    if viewer.must_change_password:
        raise Refused("请先修改一次性密码。")
    if not viewer.may(permission):
        raise Refused(f"您没有“{permission.label}”的权限。")
    return viewer


def masked(faults: Iterable[RowFault]) -> tuple[RowFault, ...]:
    """The faults without the numbers that get into a sentence when a column is taken for another."""
    return tuple(replace(f, value=mask_text(f.value), message=mask_text(f.message)) for f in faults)


def file_label(name: str) -> str:
    """How the record calls a file: its name without folders, and without the numbers people write into names."""
    return mask_text(PurePath(name.replace("\\", "/")).name)[:200]
