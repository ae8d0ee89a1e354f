"""How far a long piece of work is, said by the work itself to whoever listens."""

from collections.abc import Callable

Report = Callable[[str, int, int], None]
"""A step in words (正在读取), how many rows are done, and of how many; 0 where nobody knows yet."""

READING, COMPARING, WRITING, FAULTS = "正在读取", "正在与已有记录比对", "正在写入", "正在整理有误的行"
EVERY = 5_000
"""Rows between two words."""


def unheard(step: str, done: int, total: int) -> None:
    """Nobody listens."""
