"""How a question reaches the database: a read session that is closed, never committed."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from models.database import Database


@contextmanager
def reading() -> Iterator[Session]:
    """A session for selects. Closed at the end, so that nothing read expires under the reader."""
    session = Database.readers()
    try:
        yield session
    finally:
        session.close()


def first_row(page: int, total: int, size: int) -> int:
    """Where a page begins in a list; a page before the first is the first, one beyond the last the last."""
    last = max(1, -(-total // size))
    return (min(max(1, page), last) - 1) * size
