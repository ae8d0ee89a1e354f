"""Makers of files as they should not be: each writes one file and returns its path."""

import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl import Workbook

SHEET = "xl/worksheets/sheet1.xml"
FIXTURES = Path(__file__).parent / "fixtures"
"""`roster.xls` and `wide.xls` were written by LibreOffice: nothing else at hand writes that format."""

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
_SHEET_OPEN = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_SHEET_CLOSE = "</sheetData></worksheet>"


def workbook(
    path: Path,
    rows: Sequence[Sequence[Any]],
    merged: Sequence[str] = (),
    hidden: Sequence[int] = (),
    title: str = "名册",
) -> Path:
    """An honest workbook of one sheet, from which the hostile ones are made; numbers stay numbers."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for place in merged:
        sheet.merge_cells(place)
    for row_number in hidden:
        sheet.row_dimensions[row_number].hidden = True
    book.save(path)
    return path


def with_parts(path: Path, parts: dict[str, bytes]) -> Path:
    """A workbook some of whose parts are replaced, or that has more parts than it should."""
    source = io.BytesIO(workbook(path, [["a"]]).read_bytes())
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name) or old.read(name))
        for name in parts.keys() - set(old.namelist()):
            new.writestr(name, parts[name])
    return path


def sheet_xml(rows: str, before: str = "") -> bytes:
    return f"{_HEAD}{before}{_SHEET_OPEN}{rows}{_SHEET_CLOSE}".encode()


def bytes_file(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def word_document(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    return path


def encrypted_workbook(path: Path) -> Path:
    plain = io.BytesIO(workbook(path, [["a"]]).read_bytes())
    with path.open("wb") as out:
        OOXMLFile(plain).encrypt("secret", out)
    return path


def macro_workbook(path: Path) -> Path:
    return with_parts(path, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})


def bomb(path: Path) -> Path:
    """A tenth of a megabyte that says it is 64."""
    return with_parts(path, {SHEET: sheet_xml(" " * 64 * 1024**2)})


def lying_bomb(path: Path) -> Path:
    """The same, but saying it is a hundred bytes."""
    content = bytearray(bomb(path).read_bytes())
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        name_at = 46 if signature == b"PK\x01\x02" else 30
        at = content.find(signature)
        while at >= 0:
            if content[at + name_at :].startswith(SHEET.encode()):
                struct.pack_into("<L", content, at + offset, 100)
            at = content.find(signature, at + 4)
    return bytes_file(path, bytes(content))


def overlapping_bomb(path: Path) -> Path:
    """Twenty parts in the directory, all pointing at one and the same content."""
    content = with_parts(path, {SHEET: sheet_xml(" " * 1024**2)}).read_bytes()
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo(SHEET)
        parts = archive.infolist()
        start = archive.start_dir
    extra = []
    for number in range(20):
        copy = zipfile.ZipInfo(f"xl/media/{number}.bin")
        copy.compress_type, copy.CRC = info.compress_type, info.CRC
        copy.compress_size, copy.file_size, copy.header_offset = info.compress_size, info.file_size, info.header_offset
        extra.append(copy)
    with path.open("wb") as out:
        out.write(content[:start])
        _write_directory(out, [*parts, *extra])
    return path


def entity_workbook(path: Path) -> Path:
    """An entity that would read a file of the machine into a cell."""
    dtd = '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
    return with_parts(path, {SHEET: sheet_xml('<row r="1"><c r="A1" t="str"><v>&secret;</v></c></row>', dtd)})


def entity_in_strings(path: Path) -> Path:
    return with_parts(path, {"xl/sharedStrings.xml": f'{_HEAD}<!DOCTYPE x [<!ENTITY a "b">]><sst/>'.encode()})


def wide_xml_workbook(path: Path) -> Path:
    """XML in UTF-16, in which a search for a DTD in bytes would find nothing."""
    return with_parts(path, {SHEET: sheet_xml("", "<!DOCTYPE x>").decode().encode("utf-16")})


def sparse_workbook(path: Path) -> Path:
    """Two cells whose rectangle has seventeen thousand million."""
    corners = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return with_parts(path, {SHEET: sheet_xml(corners)})


def sparse_workbook_in_other_words(path: Path) -> Path:
    """The same with attributes in another order and other quotes."""
    corners = "<row r='1'><c t='n' r='A1'><v>1</v></c></row><row><c s='0' r='XFD1048576'><v>1</v></c></row>"
    return with_parts(path, {SHEET: sheet_xml(corners)})


def truncated_workbook(path: Path) -> Path:
    content = workbook(path, [["姓名"] * 30] * 200).read_bytes()
    return bytes_file(path, content[: len(content) * 2 // 3])


def broken_part_workbook(path: Path) -> Path:
    """A sound directory over a sheet whose compressed bytes were damaged on the way."""
    content = bytearray(workbook(path, [["姓名", str(n)] for n in range(500)]).read_bytes())
    with zipfile.ZipFile(path) as archive:
        at = archive.getinfo(SHEET).header_offset + 30 + len(SHEET)
    content[at + 20 : at + 60] = bytes(40)
    return bytes_file(path, bytes(content))


def macro_xls(path: Path) -> Path:
    """An .xls in whose directory of streams one is that of a macro project."""
    content = (FIXTURES / "roster.xls").read_bytes()
    return bytes_file(path, _renamed(content, "\x05SummaryInformation", "_VBA_PROJECT_CUR"))


def word_97_document(path: Path) -> Path:
    return bytes_file(path, _renamed((FIXTURES / "roster.xls").read_bytes(), "Workbook", "WordDocument"))


def encrypted_xls(path: Path) -> Path:
    """An .xls whose second record says that what follows is encrypted."""
    content = bytearray((FIXTURES / "roster.xls").read_bytes())
    at = content.find(struct.pack("<HH", 0x0809, 16))
    second = at + 4 + 16
    content[second : second + 2] = struct.pack("<H", 0x002F)
    return bytes_file(path, bytes(content))


def endless_xls(path: Path) -> Path:
    """An .xls whose workbook is a chain of sectors that bites its tail, and says it is two gigabytes long."""
    content = bytearray((FIXTURES / "roster.xls").read_bytes())
    entry = content.find("Workbook".encode("utf-16-le"))
    (first,) = struct.unpack_from("<L", content, entry + 116)
    (table,) = struct.unpack_from("<L", content, 76)
    struct.pack_into("<L", content, 512 * (table + 1) + 4 * first, first)
    struct.pack_into("<L", content, entry + 120, 2**31 - 1)
    return bytes_file(path, bytes(content))


def other_letters_parquet(path: Path) -> Path:
    """A Parquet file whose column is named in bytes that are no UTF-8."""
    pq.write_table(pa.table({"姓名": ["赵甲甲"]}), path)
    name = "姓名".encode()
    return bytes_file(path, path.read_bytes().replace(name, b"\xff" * len(name)))


_PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)

REFUSED: dict[str, tuple[Callable[[Path], Path], str]] = {
    "empty.xlsx": (lambda path: bytes_file(path, b""), "空的"),
    "word.xlsx": (word_document, "Word"),
    "word97.xls": (word_97_document, "Word"),
    "encrypted.xlsx": (encrypted_workbook, "密码"),
    "encrypted.xls": (encrypted_xls, "密码"),
    "macro.xlsx": (macro_workbook, "宏"),
    "macro.xls": (macro_xls, "宏"),
    "bomb.xlsx": (bomb, "解压后"),
    "lying.xlsx": (lying_bomb, "解压后"),
    "overlapping.xlsx": (overlapping_bomb, "解压后"),
    "entity.xlsx": (entity_workbook, "DTD"),
    "strings.xlsx": (entity_in_strings, "DTD"),
    "utf16.xlsx": (wide_xml_workbook, "损坏"),
    "sparse.xlsx": (sparse_workbook, "行列太多"),
    "sparse2.xlsx": (sparse_workbook_in_other_words, "行列太多"),
    "sparse.xls": (lambda path: bytes_file(path, (FIXTURES / "wide.xls").read_bytes()), "行列太多"),
    "truncated.xlsx": (truncated_workbook, "损坏"),
    "broken.xlsx": (broken_part_workbook, "损坏"),
    "truncated.xls": (lambda path: bytes_file(path, (FIXTURES / "roster.xls").read_bytes()[:1500]), "损坏"),
    "endless.xls": (endless_xls, "损坏"),
    "plain.zip": (lambda path: _zip(path, "a.txt"), "压缩包"),
    "binary.xlsb": (lambda path: _zip(path, "xl/workbook.bin"), ".xlsb"),
    "page.xls": (lambda path: bytes_file(path, "\n<html><table><tr><td>姓名</td></tr></table>".encode()), "网页"),
    "table2003.xls": (lambda path: bytes_file(path, b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>'), "XML"),
    "letter.xlsx": (lambda path: bytes_file(path, b"%PDF-1.7\n" + bytes(100)), "PDF"),
    "photo.xls": (lambda path: bytes_file(path, _PNG), "图片"),
    "setup.csv": (lambda path: bytes_file(path, b"MZ\x90\x00" + bytes(100)), "程序"),
    "noise.csv": (lambda path: bytes_file(path, bytes(range(256)) * 4), "认不出"),
    "coding.csv": (lambda path: bytes_file(path, "姓名,村\n张三,甲".encode() + b"\xff\xff\n"), "编码"),
    "letters.parquet": (other_letters_parquet, "Parquet"),
    "rows.parquet": (lambda path: bytes_file(path, b"PAR1" + bytes(100) + b"PAR1"), "Parquet"),
}


def _zip(path: Path, name: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, "x")
    return path


def _renamed(content: bytes, old: str, new: str) -> bytes:
    """An entry of an OLE directory under another name: 64 bytes of UTF-16, then the length of the name in bytes."""
    before = old.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 2 * len(old) + 2)
    after = new.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 2 * len(new) + 2)
    assert before in content
    return content.replace(before, after)


def _write_directory(out: Any, parts: Sequence[zipfile.ZipInfo]) -> None:
    start = out.tell()
    for part in parts:
        name = part.filename.encode()
        out.write(
            struct.pack(
                "<4s4B4HL2L5H2L",
                b"PK\x01\x02", 20, 3, 20, 0, 0, part.compress_type, 0, 33,
                part.CRC, part.compress_size, part.file_size, len(name), 0, 0, 0, 0, 0, part.header_offset,
            )
            + name
        )  # fmt: skip
    size = out.tell() - start
    out.write(struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, len(parts), len(parts), size, start, 0))
