"""Real files of every kind that is taken in, and how they are spoilt. One seed, one file."""

import csv
import io
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from tests.files.hostile import FIXTURES
from tests.register_files import EIGHT_PAYMENTS, PAYMENT_HEADER, payment_file, roster_file

EXTREMES = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 0x80000000)
WORDS = (b"1048576", b"XFD1048576", b"9" * 40, b"-1", b"1e308", b"NaN", b"\x00", b"<!ENTITY x 'y'>", b"]]>",
         b"&amp;" * 50, b"A1:XFD1048576", "\u202e".encode(), b"<row>" * 30)  # fmt: skip


@dataclass(frozen=True)
class Seed:
    """A sound file. `kind`: what it is given to; see `tests/fuzz/worker.py`."""

    kind: str
    name: str
    content: bytes


def seeds(folder: Path) -> list[Seed]:
    """One or more of each kind."""
    regions = (Path(__file__).parent.parent / "files" / "regions_example.csv").read_bytes()
    rosters = [roster_file(folder / "r.xlsx").read_bytes(), (FIXTURES / "roster.xls").read_bytes()]
    payments = payment_file(folder / "p.xlsx").read_bytes()
    table = csv_of([PAYMENT_HEADER, *EIGHT_PAYMENTS])
    return [
        *(Seed("roster", f"名册{n}.{'xls' if n else 'xlsx'}", content) for n, content in enumerate(rosters)),
        Seed("roster", "名册.csv", csv_of([["乡镇", "村", "户编号", "与户主关系", "姓名", "身份证号"],
                                        ["示例一镇", "甲一村", "0001", "户主", "某某", "000000195001010010"]])),
        Seed("payments", "发放.xlsx", payments), Seed("payments", "发放.csv", table),
        Seed("payments", "发放2.csv", table.decode().encode("gb18030")), Seed("payments", "发放.parquet", _parquet()),
        Seed("regions", "区划.csv", regions), Seed("evidence", "照片.jpg", _picture("JPEG")),
        Seed("evidence", "照片.png", _picture("PNG")), Seed("evidence", "照片.webp", _picture("WEBP")),
        Seed("evidence", "回单.pdf", b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"),
        Seed("evidence", "表.xlsx", payments),
    ]  # fmt: skip


def mutated(seed: Seed, chance: Random, others: list[Seed]) -> bytes:
    """The file spoilt in one to four ways."""
    content = seed.content
    for _ in range(chance.randint(1, 4)):
        ways: list[Callable[[bytes, Random], bytes]] = [_flip, _number, _cut, _double, _word, _erase]
        if content[:2] == b"PK":
            ways += [_part, _part, _part]
        if chance.random() < 0.05:
            content = _spliced(content, chance.choice(others).content, chance)
        else:
            content = chance.choice(ways)(content, chance)
    return content


def csv_of(rows: list[object]) -> bytes:
    """A table as comma-separated text."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)  # type: ignore[arg-type]
    return out.getvalue().encode()


def _parquet() -> bytes:
    out = io.BytesIO()
    columns = {h: [str(row[at]) for row in EIGHT_PAYMENTS] for at, h in enumerate(PAYMENT_HEADER)}
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


def _picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((120, 90), 60).convert("RGB").save(out, kind)
    return out.getvalue()


def _place(content: bytes, chance: Random) -> int:
    return chance.randrange(max(1, len(content)))


def _flip(content: bytes, chance: Random) -> bytes:
    spoilt = bytearray(content)
    for _ in range(chance.choice((1, 1, 3, 20, 200))):
        if spoilt:
            spoilt[_place(content, chance)] ^= 1 << chance.randrange(8)
    return bytes(spoilt)


def _number(content: bytes, chance: Random) -> bytes:
    """A length, a count or an offset that lies."""
    spoilt, at = bytearray(content), _place(content, chance)
    size = chance.choice(("<B", "<H", "<L", ">L"))
    value = chance.choice(EXTREMES) & (256 ** struct.calcsize(size) - 1)
    packed = struct.pack(size, value)
    spoilt[at : at + len(packed)] = packed
    return bytes(spoilt)


def _cut(content: bytes, chance: Random) -> bytes:
    at = _place(content, chance)
    return chance.choice((content[:at], content[at:], content[:at] + content[at + chance.randrange(1, 400) :]))


def _double(content: bytes, chance: Random) -> bytes:
    at, length = _place(content, chance), chance.randrange(1, 2000)
    return content[:at] + content[at : at + length] * chance.choice((2, 3, 50)) + content[at:]


def _word(content: bytes, chance: Random) -> bytes:
    at = _place(content, chance)
    return content[:at] + chance.choice(WORDS) + content[at + chance.choice((0, 4, 16)) :]


def _erase(content: bytes, chance: Random) -> bytes:
    at, length = _place(content, chance), chance.randrange(1, 600)
    return content[:at] + bytes(length) + content[at + length :]


def _spliced(content: bytes, other: bytes, chance: Random) -> bytes:
    return content[: _place(content, chance)] + other[_place(other, chance) :]


def _part(content: bytes, chance: Random) -> bytes:
    """One part of a zip spoilt inside, the zip itself sound; or a part left out, or given twice."""
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            names = old.namelist()
            chosen, way = chance.choice(names), chance.random()
            for name in names:
                data = old.read(name)
                if name == chosen and way < 0.1:
                    continue
                if name == chosen:
                    data = chance.choice((_flip, _number, _cut, _double, _word, _word, _erase))(data, chance)
                new.writestr(name, data)
    except Exception:
        return content
    return out.getvalue()
