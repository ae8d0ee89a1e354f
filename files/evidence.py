"""Evidence files: what they are by their content, kept once under their hash, shown small.

Photos, PDF, and office files without macros. Everything else is refused before it is stored, each with its own
sentence; the name a file came under says nothing.
"""

import hashlib
import os
import tempfile
import warnings
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path

from PIL import ExifTags, Image, ImageOps, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from files.storage import Storage
from models.local_time import LocalTime
from models.refusal import Refused

LARGEST_BYTES = 30 * 1024 * 1024
MOST_PIXELS = 120_000_000
"""A phone's largest mode has 108 million; a picture that claims more would fill the memory when opened."""
THUMBNAIL_EDGES = (240, 480, 960)

JPEG, PNG, WEBP, PDF = "image/jpeg", "image/png", "image/webp", "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENDINGS = {JPEG: "jpg", PNG: "png", WEBP: "webp", PDF: "pdf", DOCX: "docx", XLSX: "xlsx"}
IMAGES = frozenset({JPEG, PNG, WEBP})

_PICTURES = {"JPEG": JPEG, "MPO": JPEG, "PNG": PNG, "WEBP": WEBP}
_TAKEN = (
    JpegImagePlugin.JpegImageFile.format,
    PngImagePlugin.PngImageFile.format,
    WebPImagePlugin.WebPImageFile.format,
)
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif")
_WHAT_IS_TAKEN = "请上传照片（JPG、PNG、WebP）、PDF、Word（.docx）或 Excel（.xlsx）。"
_HEIC = "这是苹果手机的 HEIC 照片，别的电脑打不开。请在手机“设置·相机·格式”里选“兼容性最佳”重拍，或另存为 JPG 再上传。"
_BROKEN_PICTURE = "这张照片已损坏，打不开。请重新拍照或重新传输后再上传。"
_TOO_MANY_PIXELS = f"照片超过 {MOST_PIXELS // 10_000:,} 万像素，请在手机或电脑上缩小后再上传。"
_BROKEN_OFFICE = "这个文件已损坏，打不开。请用 Word、Excel 或 WPS 打开后另存一份再上传。"
_MACRO_PARTS = ("vbaproject.bin", "vbadata.xml", "/macrosheets/", "/activex/")
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"MZ", "程序"),
    (b"\x7fELF", "程序"),
    (b"#!", "程序"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"GIF8", "动图"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 Office 或加密文件"),
    (b"{\\rtf", "写字板文件"),
)


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """What a file was found to be. `taken_at` is from the photo itself, UTC, None where it does not say."""

    sha256: str
    size: int
    media_type: str
    taken_at: datetime | None = None

    @property
    def is_image(self) -> bool:
        """Whether a browser shows it as a picture."""
        return self.media_type in IMAGES


def inspect(data: bytes) -> EvidenceFile:
    """What the bytes are. Refused: empty, too large, broken, with macros, or none of the kinds that are taken."""
    _check_size(len(data))
    media_type, taken_at = _kind(data)
    return EvidenceFile(hashlib.sha256(data).hexdigest(), len(data), media_type, taken_at)


def keep(data: bytes) -> EvidenceFile:
    """Store the bytes under their hash and say what they are; what is there already is not written again.

    On disk, synced and complete before this returns, so that no row ever points at half a file. Refused as `inspect`.
    """
    found = inspect(data)
    target = evidence_path(found.sha256)
    if target.exists() and target.stat().st_size == found.size:
        return found
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)
    return found


def evidence_path(sha256: str) -> Path:
    """Where the file with this hash lies: 256 folders by the first two characters."""
    return Storage.evidence() / sha256[:2] / sha256


def thumbnail(sha256: str, edge: int) -> bytes:
    """A small JPEG of a stored picture, upright, without what the camera wrote into it (place, device).

    `edge` is the longest side in pixels, the next size of `THUMBNAIL_EDGES`. FileNotFoundError if the file is gone.
    """
    size = next((e for e in THUMBNAIL_EDGES if e >= edge), THUMBNAIL_EDGES[-1])
    with evidence_path(sha256).open("rb") as file, _opened(file.read()) as picture:
        _ask_for(picture, size)
        small = ImageOps.exif_transpose(picture)
        small.thumbnail((size, size))
        target = BytesIO()
        _on_white(small).save(target, "JPEG", quality=82)
    return target.getvalue()


def _check_size(size: int) -> None:
    if size == 0:
        raise Refused("文件是空的（0 字节），请重新拍照或重新选择文件。")
    if size > LARGEST_BYTES:
        raise Refused(f"文件有 {size / 1_048_576:.1f} MB，超过上限 {LARGEST_BYTES // 1_048_576} MB，请压缩或分开上传。")


def _kind(data: bytes) -> tuple[str, datetime | None]:
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return _picture(data)
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        raise Refused(_HEIC)
    if data.startswith(b"%PDF-"):
        return _pdf(data), None
    if data.startswith(b"PK\x03\x04"):
        return _office(data), None
    for signature, what in _OTHERS:
        if data.startswith(signature):
            raise Refused(f"这是{what}，不能作佐证。{_WHAT_IS_TAKEN}")
    raise Refused(f"认不出这是什么文件。{_WHAT_IS_TAKEN}")


def _picture(data: bytes) -> tuple[str, datetime | None]:
    """Looked through twice: structure and check sums, then decoded, which finds a picture cut short."""
    try:
        with _opened(data) as picture:
            picture.verify()
        with _opened(data) as picture:
            _ask_for(picture, 64)
            picture.load()
            return _PICTURES[picture.format or ""], _taken_at(picture)
    except Refused:
        raise
    except Exception as error:  # Pillow raises whatever its decoders raise
        raise Refused(_BROKEN_PICTURE) from error


def _opened(data: bytes) -> Image.Image:
    """The picture, nothing of it decoded yet. Refused when it claims more pixels than memory should hold."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            picture = Image.open(BytesIO(data), formats=_TAKEN)
        except Image.DecompressionBombError as error:
            raise Refused(_TOO_MANY_PIXELS) from error
    if picture.width * picture.height > MOST_PIXELS:
        picture.close()
        raise Refused(_TOO_MANY_PIXELS)
    return picture


def _ask_for(picture: Image.Image, edge: int) -> None:
    """A JPEG is decoded at a fraction of its size where that is enough; other kinds cannot."""
    if picture.format in ("JPEG", "MPO"):
        picture.draft("RGB", (edge, edge))


def _taken_at(picture: Image.Image) -> datetime | None:
    """The camera's own clock; without an offset it is read as local time."""
    exif = picture.getexif()
    detail = exif.get_ifd(ExifTags.IFD.Exif)
    written = detail.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
    try:
        moment = datetime.strptime(str(written).strip("\0 "), "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
    if not 1990 <= moment.year <= 2100:
        return None
    zone = _offset(str(detail.get(ExifTags.Base.OffsetTimeOriginal, ""))) or LocalTime.zone
    return moment.replace(tzinfo=zone).astimezone(UTC)


def _offset(written: str) -> timezone | None:
    """`+08:00` as a zone."""
    try:
        return timezone(datetime.strptime(written.strip("\0 "), "%z").utcoffset() or timedelta())
    except ValueError:
        return None


def _pdf(data: bytes) -> str:
    if b"%%EOF" not in data[-2048:]:
        raise Refused("这个 PDF 不完整，可能没有传完。请重新导出或重新选择文件。")
    if b"/Encrypt" in data:
        raise Refused("这个 PDF 加了密，别人打不开。请去掉密码后再上传。")
    return PDF


def _office(data: bytes) -> str:
    """A .docx or .xlsx by its parts' names; nothing is unpacked."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = {f"/{name.lower()}" for name in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Refused(_BROKEN_OFFICE) from error
    if any(part in name for name in names for part in _MACRO_PARTS):
        raise Refused("这个文件带有宏（程序），不能作佐证。请另存为不带宏的 .docx 或 .xlsx 再上传。")
    for part, media_type in (("/word/document.xml", DOCX), ("/xl/workbook.xml", XLSX)):
        if part in names:
            return media_type
    raise Refused(f"这是压缩包，不能作佐证。{_WHAT_IS_TAKEN}")


def _on_white(picture: Image.Image) -> Image.Image:
    """JPEG knows no transparency."""
    if picture.mode in ("RGB", "L"):
        return picture
    layered = picture.convert("RGBA")
    paper = Image.new("RGB", layered.size, "white")
    paper.paste(layered, mask=layered.getchannel("A"))
    return paper


def _sync_folder(folder: Path) -> None:
    """The new name itself must survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
