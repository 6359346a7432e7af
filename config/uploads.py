"""What may come in: how large a body, and which files. A file's kind is what it holds, not what it is called.

Nothing here reads a file's meaning. A package is opened part by part, never unpacked to disk, and read no further
than the size that it declares; rows and columns are the import reader's to count.
"""

from __future__ import annotations

import enum
import re
import struct
import zipfile
import zlib
from collections.abc import Collection
from pathlib import PurePosixPath
from typing import IO, Any
from zipfile import ZipFile, ZipInfo

from django.conf import settings
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.core.files.uploadhandler import FileUploadHandler

MEGABYTE = 2**20


class BodyTooLarge(SuspiciousOperation):
    """The body of a request is over the limit; it was not read."""

    def __init__(self, megabytes: int) -> None:
        super().__init__(f"Request body over {megabytes} MB.")
        self.megabytes = megabytes


class LimitedBody(FileUploadHandler):
    """The first upload handler: refuses a body by its declared length, more than which the server doesn't hand on."""

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any, **kwargs: Any) -> None:  # noqa: N803
        """Raise `BodyTooLarge` before anything is read."""
        if content_length > settings.UPLOAD_BYTES:
            raise BodyTooLarge(settings.UPLOAD_BYTES // MEGABYTE)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Hand the data on to the next handler."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler makes the file."""


# --- Kinds -----------------------------------------------------------------------------------------


class FileKind(enum.Enum):
    """A kind of file that the program can take: its name for people, and the endings it goes by."""

    XLSX = ("Excel (.xlsx)", ".xlsx")
    ODS = ("LibreOffice Calc (.ods)", ".ods")
    XLS = ("Excel 97–2003 (.xls)", ".xls")
    CSV = ("văn bản CSV (.csv)", ".csv .txt")
    DOCX = ("Word (.docx)", ".docx")
    PDF = ("PDF (.pdf)", ".pdf")
    JPEG = ("ảnh JPEG (.jpg)", ".jpg .jpeg")
    PNG = ("ảnh PNG (.png)", ".png")
    TIFF = ("ảnh TIFF (.tif)", ".tif .tiff")

    def __init__(self, label: str, endings: str) -> None:
        self.label = label
        self.endings = endings.split()


TABLES = frozenset({FileKind.XLSX, FileKind.ODS, FileKind.XLS, FileKind.CSV})
PAPERS = frozenset({FileKind.PDF, FileKind.JPEG, FileKind.PNG, FileKind.TIFF})

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PLAIN_BEGINNINGS = {
    b"%PDF-": FileKind.PDF,
    b"\xff\xd8\xff": FileKind.JPEG,
    b"\x89PNG\r\n\x1a\n": FileKind.PNG,
    b"II*\0": FileKind.TIFF,
    b"MM\0*": FileKind.TIFF,
}
_NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_CHUNK = 2**18


REFUSALS = {
    "broken": "Tệp hỏng hoặc tải lên chưa hết. Hãy mở tệp, lưu lại rồi gửi lần nữa.",
    "empty": "Tệp trống. Hãy mở tệp, kiểm tra nội dung rồi gửi lại.",
    "encrypted": "Tệp có mật khẩu. Hãy mở tệp, bỏ mật khẩu, lưu lại rồi gửi.",
    "kind": "Không nhận loại tệp này. Hãy lưu lại thành một trong các dạng: %(kinds)s.",
    "name": "Tên tệp có đuôi %(ending)s nhưng nội dung là %(kind)s. Hãy mở tệp, chọn Lưu thành (Save As) "
    "đúng dạng %(right)s rồi gửi lại.",
    "nested": "Tệp có tệp khác hoặc macro nhúng bên trong. Hãy xóa phần nhúng, lưu lại rồi gửi.",
    "size": "Tệp lớn hơn %(megabytes)s MB. Hãy chia nhỏ rồi gửi từng tệp.",
    "structure": "Tệp có cấu trúc lạ, không an toàn. Hãy chép nội dung sang một tệp mới rồi gửi tệp mới đó.",
    "unpacked": "Tệp chứa quá nhiều dữ liệu. Hãy chia bảng thành nhiều tệp nhỏ rồi gửi từng tệp.",
}


def refusal(code: str, **params: str) -> ValidationError:
    """The error that a form shows beside its file field."""
    return ValidationError(REFUSALS[code], code=code, params=params)


def check_upload(file: Any, kinds: Collection[FileKind], limit: int | None = None) -> FileKind:
    """The kind of an uploaded file, found by content.

    `limit` is in bytes; without it the limit of a whole body holds. The file is left at its beginning.
    Raises ValidationError, in words for the person who sent it, for a kind not in `kinds`, a name that says another
    kind, a size over the limit, and everything that `check_package` refuses.
    """
    limit = limit or settings.UPLOAD_BYTES
    if _size(file) > limit:
        raise refusal("size", megabytes=f"{limit / MEGABYTE:g}")
    if _size(file) == 0:
        raise refusal("empty")
    try:
        kind = _kind(file)
    finally:
        file.seek(0)
    if kind is None or kind not in kinds:
        raise refusal("kind", kinds=", ".join(choice.label for choice in FileKind if choice in kinds))
    _check_name(getattr(file, "name", None) or "", kind)
    return kind


def _size(file: Any) -> int:
    file.seek(0, 2)
    size: int = file.tell()
    file.seek(0)
    return size


def _check_name(name: str, kind: FileKind) -> None:
    ending = PurePosixPath(name).suffix.lower()
    if ending and ending not in kind.endings:
        raise refusal("name", ending=ending, kind=kind.label, right=kind.endings[0])


def _kind(file: IO[bytes]) -> FileKind | None:
    beginning = file.read(512)
    for signature, kind in _PLAIN_BEGINNINGS.items():
        if beginning.startswith(signature):
            return kind
    if beginning.startswith(ZIP):
        return check_package(file)
    if beginning.startswith(OLE):
        return _ole_kind(file, beginning)
    return FileKind.CSV if _is_text(file) else None


def _ole_kind(file: IO[bytes], beginning: bytes) -> FileKind | None:
    """An old workbook by the names in its directory; a new one with a password is such a file too."""
    sector = 4096 if beginning[30:31] == b"\x0c" else 512
    file.seek((int.from_bytes(beginning[48:52], "little") + 1) * sector)
    names = file.read(4096).decode("utf-16-le", "replace")
    if "EncryptedPackage" in names:
        raise refusal("encrypted")
    return FileKind.XLS if re.search(r"(Workbook|Book)\0", names) else None


def _is_text(file: IO[bytes]) -> bool:
    """No control characters, and no markup: old systems call a page of HTML .xls or .csv."""
    file.seek(0)
    if file.read(_CHUNK).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return False
    file.seek(0)
    return not any(_NO_TEXT.search(chunk) for chunk in iter(lambda: file.read(_CHUNK), b""))


# --- Packages (zip) --------------------------------------------------------------------------------

MOST_PARTS = 2000
MOST_UNPACKED = 100 * MEGABYTE
# Beyond this size a package may not be packed tighter than the ratio; honest tables reach 20 or 30.
MOST_RATIO, RATIO_FROM = 100, 5 * MEGABYTE
# Before its first element an honest part holds a line; a document type could stand only there.
PROLOG = 4096

# What zipfile and zlib raise for a file that is cut short, or that says untrue things about itself.
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, struct.error, ArithmeticError, EOFError, NotImplementedError, OSError, ValueError,
)  # fmt: skip
_CENTRAL, _ZIP64 = b"PK\x01\x02", b"PK\x06\x07"
_MARKED_PARTS = {"xl/workbook.xml": FileKind.XLSX, "word/document.xml": FileKind.DOCX}
_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_PACKED = re.compile(r"\.(zip|gz|7z|rar|jar|xls[xmb]?|doc[xm]?|ppt[xm]?|od[stp]|exe|dll)$")
_XML = re.compile(r"\.(xml|rels|vml|rdf|psmdcp)$")
# Blanks, comments and instructions, then an element; nothing is tried twice (`*+`), so nothing is skipped.
_BEFORE_ROOT = re.compile(
    r"\ufeff?(?:\s+|<!--(?:(?!-->).)*+-->|<\?(?:(?!\?>).)*+\?>)*+<[A-Za-z_]",
    re.DOTALL,
)
_ENCODING = re.compile(r"encoding\s*=\s*[\"']([^\"']*)")
_ENCODINGS = {"utf-8", "utf-16", "us-ascii", "ascii"}
# XML in a code that the check doesn't read: UTF-16 without mark, UTF-32, EBCDIC.
_ODD_BEGINNINGS = (b"<\0", b"\0<", b"\0\0", b"\xff\xfe\0\0", b"\x4c\x6f\xa7\x94")


def check_package(file: IO[bytes]) -> FileKind | None:
    """Which office file a zip package is, None for another one; ValidationError for one that is not safe to read.

    After it every part is known to be as long as declared, whole, and, where it is XML, free of a document type.
    The limits are judged from the directory, before a part is opened; the file is left anywhere.
    """
    _check_directory_size(file)
    try:
        with ZipFile(file) as package:
            parts = package.infolist()
            _check_directory(parts)
            for part in parts:
                _check_part(package, part)
            return _package_kind(package)
    except _UNREADABLE as error:
        raise refusal("broken") from error


def _check_directory_size(file: IO[bytes]) -> None:
    """Count what a directory's entries begin with: as many as that there can be, wherever it lies."""
    file.seek(0)
    entries, kept = 0, b""
    for chunk in iter(lambda: file.read(_CHUNK), b""):
        text = kept + chunk
        entries += text.count(_CENTRAL)
        if entries > MOST_PARTS or _ZIP64 in text:
            raise refusal("unpacked")
        kept = text[-3:]


def _check_directory(parts: list[ZipInfo]) -> None:
    names = [part.filename.casefold() for part in parts]
    if len(set(names)) < len(names) or any(_is_unsafe(part) for part in parts):
        raise refusal("structure")
    if any(part.flag_bits & 0x41 for part in parts):
        raise refusal("encrypted")
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if unpacked > MOST_UNPACKED or (unpacked > RATIO_FROM and unpacked > MOST_RATIO * packed):
        raise refusal("unpacked")
    if any(_is_nested(part.filename) for part in parts):
        raise refusal("nested")


def _is_unsafe(part: ZipInfo) -> bool:
    """A name that leads elsewhere, a link, or a way of packing that no office program uses."""
    name = part.orig_filename
    path = PurePosixPath(name)
    odd_name = re.search(r"[\\:\x00-\x1f\x7f]", name) or path.is_absolute() or ".." in path.parts
    is_link = part.external_attr >> 28 == 0o12
    return bool(odd_name) or is_link or part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


def _is_nested(name: str) -> bool:
    name = name.casefold().rpartition("/")[2]
    return _PACKED.search(name) is not None or name.startswith(("vbaproject", "oleobject"))


def _check_part(package: ZipFile, part: ZipInfo) -> None:
    """Read a part to its declared end, which also proves its checksum."""
    with package.open(part) as stream:
        beginning = stream.read(PROLOG)
        if beginning.startswith((ZIP, OLE)):
            raise refusal("nested")
        if _is_xml(part.filename, beginning) and not _is_plain_xml(beginning):
            raise refusal("structure")
        while stream.read(_CHUNK):
            pass


def _is_xml(name: str, beginning: bytes) -> bool:
    """By its name or by its look: a package can declare any part to be XML."""
    looks = beginning.startswith((*_ODD_BEGINNINGS, b"\xff\xfe", b"\xfe\xff"))
    looks = looks or beginning.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")
    return looks or (_XML.search(name.casefold()) is not None and bool(beginning))


def _is_plain_xml(beginning: bytes) -> bool:
    """In a code that can be told, and with an element before any document type."""
    if beginning.startswith(_ODD_BEGINNINGS):
        return False
    wide = beginning.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = beginning.decode("utf-16" if wide else "utf-8", "replace")
    named = {name.lower() for name in _ENCODING.findall(text.partition("?>")[0])}
    return named <= _ENCODINGS and _BEFORE_ROOT.match(text) is not None


def _package_kind(package: ZipFile) -> FileKind | None:
    names = set(package.namelist())
    if "[Content_Types].xml" in names:
        return next((kind for name, kind in _MARKED_PARTS.items() if name in names), None)
    if {"mimetype", "content.xml"} <= names and package.read("mimetype").strip() == _ODS_TYPE:
        return FileKind.ODS
    return None
