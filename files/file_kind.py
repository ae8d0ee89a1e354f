"""What a file is, by its content: names and extensions are only what somebody called it."""

from enum import StrEnum
from pathlib import Path

from models.refusal import Refused

ZIP_SIGNATURE = b"PK\x03\x04"
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PARQUET_SIGNATURES = (b"PAR1", b"PARE")
HEAD_BYTES = 65_536

SAVE_AS_XLSX = "请用 Excel 或 WPS 打开后另存为“Excel 工作簿（.xlsx）”再导入。"

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF 文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"BM", "图片"),
    (b"II*\x00", "图片"),
    (b"MM\x00*", "图片"),
    (b"MZ", "程序"),
    (b"\x7fELF", "程序"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"PK\x05\x06", "空压缩包"),
    (b"{\\rtf", "Word 文档"),
    (b"SQLite format 3", "数据库文件"),
)
_MARKUP = (
    b"<html",
    b"<!doctype",
    b"<table",
    b"<head",
    b"<meta",
    b"<style",
    b"<script",
    b"<?xml",
    b"<workbook",
    b"mime-version:",
)
# Control characters that no text has; a byte of them means that the file is not text.
_NO_TEXT = bytes(code for code in range(32) if code not in b"\t\n\x0b\x0c\r\x1a\x1b") + b"\x7f"


class FileKind(StrEnum):
    """The four kinds of table that are read, and the two shells in which workbooks come."""

    XLSX = "XLSX"
    XLS = "XLS"
    CSV = "CSV"
    PARQUET = "PARQUET"


def file_kind(path: Path, max_bytes: int) -> FileKind:
    """The kind of the file at `path`, from its first bytes; nothing is unpacked.

    Refused, each with its own sentence: an empty file, one over `max_bytes`, and what is no table at all. A ZIP is
    answered as XLSX and an OLE file as XLS: what is really in them is looked at next.
    """
    size = path.stat().st_size
    if size == 0:
        raise Refused("文件是空的（0 字节），请重新导出或重新上传。")
    if size > max_bytes:
        raise Refused(
            f"文件有 {size / 1_048_576:.1f} MB，超过上限 {max_bytes / 1_048_576:.0f} MB，请拆成几个文件分别导入。"
        )
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if head.startswith(ZIP_SIGNATURE):
        return FileKind.XLSX
    if head.startswith(OLE_SIGNATURE):
        return FileKind.XLS
    if head.startswith(PARQUET_SIGNATURES):
        return FileKind.PARQUET
    _refuse_other_kinds(head)
    return FileKind.CSV


def _refuse_other_kinds(head: bytes) -> None:
    for signature, what in _SIGNATURES:
        # "BM" and "MZ" may begin a text; the bytes after them tell.
        if head.startswith(signature) and (len(signature) > 2 or _is_binary(head)):
            raise Refused(f"这是{what}，不是表格文件，请选择 Excel（.xlsx、.xls）或 CSV 文件。")
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_MARKUP):
        raise Refused(f"这是网页或 XML 文件，只是把扩展名改成了表格。{SAVE_AS_XLSX}")
    if _is_binary(head) and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused("认不出这是什么文件，可能已损坏，请选择 Excel（.xlsx、.xls）或 CSV 文件。")


def _is_binary(head: bytes) -> bool:
    return len(head.translate(None, delete=_NO_TEXT)) != len(head)
