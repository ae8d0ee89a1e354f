"""The ledger as a workbook ready to print, 100,000 problems: time and memory, against XlsxWriter and pandas.

XlsxWriter writes the same cells with formats, in constant memory; pandas with openpyxl writes them without any style.
"""

import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.measure import Measured, peak_megabytes, say
from files.export_level import ExportLevel
from files.ledger_seal import Sealer
from files.ledger_workbook import LedgerRow, write_ledger

COUNT, COLUMNS = 100_000, 44
SECRET = b"a secret"
SEAL = Sealer(SECRET).writer(1, ExportLevel.INTERNAL)
FACTS = "入户核对清册与银行到账：某村8户2021年度耕地地力保护补贴到账少于清册，账号变更退票后未重发。"


def rows() -> Iterator[LedgerRow]:
    """Invented problems, nobody's: texts, numbers and amounts of their own, as real ones have."""
    day = date(2022, 8, 1)
    for n in range(1, COUNT + 1):
        yield LedgerRow(
            n, f"SZ2022-SX-{n:06d}", "重点检查", "检查一组", day, "P102 发放迟缓少发漏发", "示例县", "示例一镇",
            "甲一村", "耕地地力保护补贴", "2021", f"第{n}户：{FACTS}", (f"某{n % 977}",), (f"000000{n:012d}",),
            (f"6228480{n:012d}",), 8, 16, n * 100, 0, 0, n * 100, 0, "较大", "立行立改", "限期整改", "示例一镇财政所",
            "李某某", "陈某某", f"第{n}户：逐户核对后补发。", day, day, day, 0, f"第{n}户正在办理。", "整改中",
            "剩 3 工作日", 1, 0, "无", None, "无", "无", "无", "无", "无", n, 1,
        )  # fmt: skip


def product(path: Path) -> None:
    """As the button does."""
    write_ledger(
        path, rows(), level=ExportLevel.INTERNAL, seal=SEAL, title="整改台账", as_of=date(2022, 9, 16),
        campaign_name="专项治理", conditions="全部", exported_by="某某",
        exported_at=datetime(2022, 9, 16, tzinfo=UTC), audit_head="1 0", definitions=(), figures=(),
    )  # fmt: skip


def cells(row: LedgerRow) -> list[object]:
    """The row's values, in order."""
    return ["、".join(v) if isinstance(v, tuple) else v for v in (getattr(row, name) for name in row.__slots__)]


def xlsxwriter(path: Path) -> None:
    """Row by row, each cell with a format."""
    import xlsxwriter as library

    book = library.Workbook(str(path), {"constant_memory": True})
    text = book.add_format({"border": 1, "text_wrap": True, "font_name": "仿宋", "font_size": 10})
    day = book.add_format({"border": 1, "num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    for at, row in enumerate(rows()):
        for column, value in enumerate(cells(row)):
            if isinstance(value, date):
                sheet.write_datetime(at, column, datetime(value.year, value.month, value.day), day)
            elif isinstance(value, int):
                sheet.write_number(at, column, value, text)
            else:
                sheet.write_string(at, column, str(value or "无"), text)
    book.close()


def pandas(path: Path) -> None:
    """Without any style."""
    import pandas as library

    library.DataFrame([cells(row) for row in rows()]).to_excel(path, engine="openpyxl", index=False)


def in_its_own_process(work: Callable[[Path], None]) -> tuple[float, float]:
    """CPU seconds, so that neighbours on the machine do not count, and MB at the most."""
    here, there = multiprocessing.Pipe()
    child = multiprocessing.get_context("spawn").Process(target=_child, args=(work, there))
    child.start()
    found: tuple[float, float] = here.recv()
    child.join()
    return found


def _child(work: Callable[[Path], None], answer: Connection) -> None:
    with tempfile.TemporaryDirectory() as folder:
        begun = time.process_time()
        work(Path(folder) / "ledger.xlsx")
        answer.send((time.process_time() - begun, peak_megabytes()))


def main() -> None:
    """Each once, in a process of its own; the product twice, before and after."""
    ours, xlsx, pandas_, again = (in_its_own_process(work) for work in (product, xlsxwriter, pandas, product))
    seconds = {"product": min(ours[0], again[0]), "XlsxWriter": xlsx[0], "pandas + openpyxl": pandas_[0]}
    memory = max(ours[1], again[1])
    faster, fastest = seconds["XlsxWriter"] / seconds["product"], seconds["pandas + openpyxl"] / seconds["product"]
    size = f"{COUNT:,} × {COLUMNS}"
    say([
        Measured("styled ledger out", size, seconds, faster, "XlsxWriter to it", "≥ 4", faster >= 4),
        Measured("styled ledger out", size, seconds, fastest, "pandas + openpyxl, unstyled, to it", "≥ 8",
                 fastest >= 8),
        Measured("styled ledger out", size, seconds, memory, "MB at the most", "≤ 120", memory <= 120,
                 f"XlsxWriter {xlsx[1]:.0f} MB, pandas {pandas_[1]:.0f} MB; interpreter and libraries included"),
    ])  # fmt: skip


if __name__ == "__main__":
    main()
