"""Evidence files: known by content, refused with a reason, kept once, shown small."""

import hashlib
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from files import evidence
from files.evidence import DOCX, JPEG, PDF, PNG, WEBP, XLSX, evidence_path, inspect, keep, thumbnail
from files.storage import Storage
from models.refusal import Refused


@pytest.fixture(autouse=True)
def storage(tmp_path: Path) -> Iterator[None]:
    Storage.open(tmp_path / "data", b"for tests")
    yield


def picture(format: str = "JPEG", size: tuple[int, int] = (640, 480), **save: object) -> bytes:
    """A picture with structure, so that cutting it short is noticed."""
    target = BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(target, format, **save)
    return target.getvalue()


def dated(taken: str, offset: str | None = None) -> bytes:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = taken
    if offset:
        exif.get_ifd(0x8769)[0x9011] = offset
    return picture(exif=exif)


def package(*parts: str) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for part in ("[Content_Types].xml", *parts):
            archive.writestr(part, "<x/>")
    return target.getvalue()


PDF_BYTES = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (picture("JPEG"), JPEG),
        (picture("PNG"), PNG),
        (picture("WEBP"), WEBP),
        (PDF_BYTES, PDF),
        (package("word/document.xml"), DOCX),
        (package("xl/workbook.xml"), XLSX),
    ],
)
def test_a_file_is_what_its_content_says(data: bytes, media_type: str) -> None:
    assert inspect(data).media_type == media_type


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "0 字节"),
        (b"MZ\x90\x00" + b"\0" * 400, "程序"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\0" * 400, "HEIC"),
        (picture("GIF"), "动图"),
        (picture("JPEG")[:-2000], "损坏"),
        (picture("PNG")[:-40], "损坏"),
        (b"\xff\xd8\xff\xe0 not a photo at all", "损坏"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "认不出"),
        (b"<html><script>alert(1)</script></html>", "认不出"),
        (PDF_BYTES.replace(b"%%EOF", b""), "不完整"),
        (PDF_BYTES.replace(b"<<>>", b"<</Encrypt 3 0 R>>"), "加了密"),
        (package("word/document.xml", "word/vbaProject.bin"), "宏"),
        (package("xl/workbook.xml", "xl/macrosheets/sheet1.xml"), "宏"),
        (package("anything/else.txt"), "压缩包"),
        (b"PK\x03\x04 broken", "损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版 Office"),
    ],
)
def test_anything_else_is_refused_with_its_own_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        inspect(data)


def test_a_file_over_the_limit_is_refused_before_it_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "LARGEST_BYTES", 1000)
    with pytest.raises(Refused, match="超过上限"):
        inspect(picture())


@pytest.mark.parametrize("edge", [12_000, 60_000])
def test_a_picture_that_claims_too_many_pixels_is_never_decoded(edge: int) -> None:
    head = struct.pack(">IIBBBBB", edge, edge, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(b"\0" * 64)) + _chunk(b"IEND", b"")
    )
    with pytest.raises(Refused, match="万像素"):
        inspect(bomb)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def test_the_moment_is_the_photos_own_and_local_unless_it_says_otherwise() -> None:
    assert inspect(dated("2022:09:11 10:22:00")).taken_at == datetime(2022, 9, 11, 2, 22, tzinfo=UTC)
    assert inspect(dated("2022:09:11 10:22:00", "+00:00")).taken_at == datetime(2022, 9, 11, 10, 22, tzinfo=UTC)


@pytest.mark.parametrize("taken", ["0000:00:00 00:00:00", "昨天", "1904:01:01 00:00:00"])
def test_a_date_that_is_none_is_none(taken: str) -> None:
    assert inspect(dated(taken)).taken_at is None


def test_the_bytes_lie_under_their_hash_and_only_once() -> None:
    data = picture()
    found = keep(data)
    keep(data)
    path = evidence_path(hashlib.sha256(data).hexdigest())
    assert path.read_bytes() == data
    assert path.parent.name == found.sha256[:2]
    assert [p for p in Storage.evidence().rglob("*") if p.is_file()] == [path]


def test_half_a_file_left_by_a_crash_is_replaced() -> None:
    data = picture()
    found = keep(data)
    evidence_path(found.sha256).write_bytes(data[:100])
    keep(data)
    assert evidence_path(found.sha256).read_bytes() == data


def test_what_is_refused_leaves_nothing_behind() -> None:
    with pytest.raises(Refused):
        keep(b"MZ program")
    assert list(Storage.evidence().rglob("*")) == []


def test_a_thumbnail_is_small_upright_and_tells_nothing_of_the_camera() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "a maker of phones"
    found = keep(picture(size=(1600, 900), exif=exif))
    small = thumbnail(found.sha256, 480)
    with Image.open(BytesIO(small)) as shown:
        assert shown.size == (270, 480)
        assert dict(shown.getexif()) == {}


def test_a_transparent_picture_is_shown_on_white() -> None:
    target = BytesIO()
    Image.new("RGBA", (400, 400), (0, 0, 0, 0)).save(target, "PNG")
    with Image.open(BytesIO(thumbnail(keep(target.getvalue()).sha256, 240))) as shown:
        assert shown.getpixel((10, 10)) == (255, 255, 255)
