"""What comes in: bodies over the limit are not read, and files are what their content says, or refused."""

from __future__ import annotations

import io
import random
import struct
import time
import zipfile
import zlib
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile, ZipInfo

import pytest
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse
from docx import Document
from openpyxl import Workbook

from config.errors import bad_request
from config.uploads import MOST_PARTS, OLE, PAPERS, REFUSALS, TABLES, BodyTooLarge, FileKind, LimitedBody, check_upload

EVERY_KIND = frozenset(FileKind)
XML = b'<?xml version="1.0" encoding="UTF-8"?><r/>'


# --- Files -----------------------------------------------------------------------------------------


def named(content: bytes, name: str = "") -> SimpleUploadedFile | io.BytesIO:
    return SimpleUploadedFile(name, content) if name else io.BytesIO(content)


def workbook(rows: int = 3, columns: int = 3) -> bytes:
    book, stream = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet()
    for row in range(rows):
        sheet.append([f"Nguyễn Văn {row} {column}" for column in range(columns)])
    book.save(stream)
    return stream.getvalue()


def paper() -> bytes:
    document, stream = Document(), io.BytesIO()
    document.add_paragraph("Tờ trình")
    document.save(stream)
    return stream.getvalue()


def package(parts: dict[str | ZipInfo, bytes] | None = None, *, packing: int = ZIP_DEFLATED) -> bytes:
    """A workbook's package with `parts` besides what every workbook has."""
    stream = io.BytesIO()
    with ZipFile(stream, "w", packing) as made:
        for name in ("[Content_Types].xml", "xl/workbook.xml"):
            made.writestr(name, XML)
        for name, content in (parts or {}).items():
            made.writestr(name, content)
    return stream.getvalue()


def calc(mimetype: bytes = b"application/vnd.oasis.opendocument.spreadsheet") -> bytes:
    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as made:
        made.writestr("mimetype", mimetype, ZIP_STORED)
        made.writestr("content.xml", XML)
    return stream.getvalue()


def old_workbook(*names: str) -> bytes:
    """The beginning of an OLE file whose directory, in the first sector after the head, has these names."""
    head = OLE + bytes(22) + b"\x09\0" + bytes(16) + struct.pack("<I", 0)
    entries = b"".join(name.encode("utf-16-le").ljust(64, b"\0") + bytes(64) for name in names)
    return head.ljust(512, b"\0") + entries.ljust(512, b"\0")


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF"
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(100)
TIFF = b"MM\0*\0\0\0\x08" + bytes(100)
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(100)
CSV = "Họ và tên;Năm sinh\r\nTrần Thị Ánh;1990\r\n".encode()

HONEST = {
    FileKind.XLSX: (workbook(), "danh sách.xlsx"),
    FileKind.ODS: (calc(), "danh sách.ODS"),
    FileKind.XLS: (old_workbook("Root Entry", "Workbook"), "cũ.xls"),
    FileKind.CSV: (CSV, "danh sách.csv"),
    FileKind.DOCX: (paper(), "mẫu.docx"),
    FileKind.PDF: (PDF, "quyết định.pdf"),
    FileKind.JPEG: (JPEG, "ảnh.JPG"),
    FileKind.PNG: (PNG, "ảnh.png"),
    FileKind.TIFF: (TIFF, "bản quét.TIFF"),
}


def refused(content: bytes, name: str = "", kinds=EVERY_KIND, limit: int | None = None) -> str:
    """The code of the refusal, which always says what to do."""
    with pytest.raises(ValidationError) as caught:
        check_upload(named(content, name), kinds, limit)
    (message,) = caught.value.messages
    assert "ãy " in message
    assert "%(" not in message
    assert caught.value.code in REFUSALS
    return caught.value.code


@pytest.mark.parametrize("kind", FileKind, ids=lambda kind: kind.name)
def test_honest_file_is_known_by_its_content_and_left_at_its_beginning(kind):
    content, name = HONEST[kind]
    for file in (named(content), named(content, name)):
        assert check_upload(file, EVERY_KIND) is kind
        assert file.read() == content


def test_large_file_on_disk_is_read_too():
    file = TemporaryUploadedFile("a.xlsx", "", 0, None)
    file.write(workbook(200))
    file.size = file.tell()
    assert check_upload(file, TABLES) is FileKind.XLSX
    file.close()


@pytest.mark.parametrize("kind", FileKind, ids=lambda kind: kind.name)
def test_kind_that_is_not_asked_for_is_refused(kind):
    assert refused(HONEST[kind][0], kinds=EVERY_KIND - {kind}) == "kind"


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\0" + bytes(100),
        b"<html><table><tr><td>1</td></tr></table></html>",
        b"\xef\xbb\xbf \n<?xml version='1.0'?><Workbook/>",
        "Họ tên".encode("utf-16"),
        b"a;b\0c",
        calc(b"application/vnd.oasis.opendocument.text"),
        old_workbook("Root Entry", "WordDocument"),
        b"\x1f\x8b\x08" + bytes(50),
    ],
)
def test_anything_else_is_refused_whatever_it_is_called(content):
    assert refused(content, "danh sách.csv") == "kind"


@pytest.mark.parametrize(
    ("content", "name"),
    [(workbook(), "a.xls"), (PDF, "a.jpg"), (CSV, "a.xlsx"), (paper(), "a.xlsx"), (PDF, "a.pdf.exe")],
)
def test_name_that_says_another_kind_is_refused(content, name):
    assert refused(content, name) == "name"


def test_size_is_limited_for_all_and_for_one_field(settings):
    assert refused(PDF + bytes(100), limit=64) == "size"
    settings.UPLOAD_BYTES = 20
    assert refused(PDF) == "size"
    assert refused(b"") == "empty"


# --- Packages that are not what they seem ----------------------------------------------------------


def declared(content: bytes, name: str, size: int) -> bytes:
    """The package with another unpacked size of one part in its directory."""
    at = content.index(b"PK\x01\x02")
    while content[at + 46 : at + 46 + len(name)] != name.encode():
        at = content.index(b"PK\x01\x02", at + 4)
    return content[: at + 24] + struct.pack("<I", size) + content[at + 28 :]


def many_parts() -> bytes:
    return package({f"xl/media/{number}.png": b"" for number in range(MOST_PARTS)}, packing=ZIP_STORED)


def symlink() -> ZipInfo:
    link = ZipInfo("xl/media/link.png")
    link.external_attr = 0o120777 << 16
    return link


def with_zip64() -> bytes:
    stream = io.BytesIO()
    with ZipFile(stream, "w") as made:
        made.writestr("[Content_Types].xml", XML)
        made.writestr("xl/workbook.xml", XML)
        made.start_dir = made.fp.tell()
    content = stream.getvalue()
    end = content.rindex(b"PK\x05\x06")
    return content[:end] + b"PK\x06\x07" + bytes(16) + content[end:]


def encrypted() -> bytes:
    content = bytearray(package())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def twice() -> bytes:
    return package({"XL/Workbook.xml": XML})


def dtd(text: str, encoding: str = "utf-8") -> bytes:
    return package({"xl/sharedStrings.xml": text.encode(encoding)})


BOMB = "<!DOCTYPE r [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><r>&b;</r>"
EXTERNAL = '<!DOCTYPE r SYSTEM "file:///etc/passwd"><r/>'

LONG = XML + random.Random(1).randbytes(2 * 2**20)

HOSTILE = {
    "declares a little over the limit": (declared(package({"xl/s.xml": LONG}), "xl/s.xml", 101 * 2**20), "unpacked"),
    "long part, declares less": (declared(package({"xl/s.xml": LONG}), "xl/s.xml", 2**20), "broken"),
    "declares a gigabyte": (declared(package({"xl/s.xml": XML}), "xl/s.xml", 2**30), "unpacked"),
    "packed a thousandfold": (package({"xl/s.xml": XML + bytes(6 * 2**20)}), "unpacked"),
    "thousands of parts": (many_parts(), "unpacked"),
    "zip64": (with_zip64(), "unpacked"),
    "declares less than it holds": (declared(package({"xl/s.xml": XML * 50}), "xl/s.xml", 60), "broken"),
    "cut short": (package({"xl/s.xml": XML})[:-30], "broken"),
    "no directory": (b"PK\x03\x04" + bytes(200), "broken"),
    "password": (encrypted(), "encrypted"),
    "password, in an old file": (old_workbook("Root Entry", "EncryptedPackage"), "encrypted"),
    "lzma": (package({"xl/s.xml": XML}, packing=ZIP_LZMA), "structure"),
    "parent folder": (package({"../../etc/cron.d/x": b"a"}), "structure"),
    "absolute path": (package({"/etc/passwd": b"a"}), "structure"),
    "drive": (package({"C:x.xml": XML}), "structure"),
    "backslash": (package({"xl\\..\\..\\x.xml": XML}), "structure"),
    "link": (package({symlink(): b"/etc/passwd"}), "structure"),
    "the same part twice": (twice(), "structure"),
    "zip within": (package({"xl/embeddings/a.zip": b"a"}), "nested"),
    "zip within, as a picture": (package({"xl/media/a.png": package()}), "nested"),
    "old file within": (package({"xl/media/a.bin": OLE + bytes(600)}), "nested"),
    "macros": (package({"xl/vbaProject.bin": b"a"}), "nested"),
    "entity bomb": (dtd(BOMB), "structure"),
    "external entity": (dtd('<?xml version="1.0"?>\n<!-- a -->' + EXTERNAL), "structure"),
    "type between two comments": (dtd("<!-- a -->" + EXTERNAL.replace("<r/>", "<!-- b --><r/>")), "structure"),
    "type within an instruction's reach": (dtd("<?a?>" + EXTERNAL.replace("<r/>", "<?b?><r/>")), "structure"),
    "type behind much": (dtd("<!--" + "a" * 9000 + "-->" + EXTERNAL), "structure"),
    "many comments": (dtd("<!--a-->" * 480 + BOMB), "structure"),
    "type in UTF-16": (dtd('<?xml version="1.0"?>' + EXTERNAL, "utf-16"), "structure"),
    "type in UTF-16 without mark": (dtd(EXTERNAL, "utf-16-le"), "structure"),
    "type in EBCDIC": (dtd('<?xml version="1.0" encoding="cp037"?>' + EXTERNAL, "cp037"), "structure"),
    "UTF-7": (dtd('<?xml version="1.0" encoding="UTF-7"?>+ADw-r/>'), "structure"),
    "entities in a picture": (package({"xl/media/a.png": b"\xef\xbb\xbf \n" + BOMB.encode()}), "structure"),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_hostile_package_is_refused_at_once(name):
    content, code = HOSTILE[name]
    began = time.perf_counter()
    assert refused(content) == code
    assert time.perf_counter() - began < 0.5


def test_part_in_utf_16_and_an_empty_part_are_no_harm():
    content = package({"xl/a.xml": '<?xml version="1.0" encoding="utf-16"?><r/>'.encode("utf-16"), "xl/b.xml": b""})
    assert check_upload(io.BytesIO(content), TABLES) is FileKind.XLSX


def test_honest_table_of_ten_thousand_rows_passes_in_a_moment():
    content = workbook(10_000, 30)
    began = time.perf_counter()
    assert check_upload(io.BytesIO(content), TABLES) is FileKind.XLSX
    assert time.perf_counter() - began < 2


def outcome(content: bytes) -> FileKind | str | None:
    try:
        return check_upload(io.BytesIO(content), EVERY_KIND)
    except ValidationError as error:
        return error.code


def test_damage_anywhere_ends_in_a_refusal_or_an_honest_kind():
    """Bytes of a good package changed by chance: never another error, never a wrong kind."""
    chance = random.Random(2015)
    good = package({"xl/worksheets/sheet1.xml": XML * 20, "xl/media/a.png": bytes(range(256))})
    for _ in range(2000):
        content = bytearray(good)
        for _ in range(chance.randint(1, 6)):
            content[chance.randrange(4, len(content))] = chance.choice((0, 1, 127, 255, chance.randrange(256)))
        assert outcome(bytes(content)) in {FileKind.XLSX, *REFUSALS}


def test_every_byte_of_a_part_is_checked():
    """A part's checksum is compared, so that a reader later meets what was looked at."""
    content = package({"xl/s.xml": XML}, packing=ZIP_STORED)
    at = content.rindex(XML)
    assert refused(content[:at] + XML.replace(b"<r/>", b"<q/>") + content[at + len(XML) :]) == "broken"
    assert zlib.crc32(XML) != zlib.crc32(XML.replace(b"<r/>", b"<q/>"))


def test_papers_are_files_to_read_and_tables_files_to_count():
    assert not PAPERS & TABLES
    assert zipfile.is_zipfile(io.BytesIO(HONEST[FileKind.XLSX][0]))


# --- Bodies ----------------------------------------------------------------------------------------


class Unreadable(io.BytesIO):
    """A body that fails the test when it is read."""

    def read(self, *args):
        raise AssertionError("the body was read")


def test_body_over_the_limit_is_refused_before_it_is_read(settings):
    settings.UPLOAD_BYTES = 2 * 2**20
    request = RequestFactory().post("/", {"file": io.BytesIO(b"a")})
    request.META["CONTENT_LENGTH"] = str(2 * 2**20 + 1)
    request._stream = Unreadable()
    with pytest.raises(BodyTooLarge):
        request.FILES  # noqa: B018


def test_body_within_the_limit_arrives_whole():
    request = RequestFactory().post("/", {"file": SimpleUploadedFile("a.csv", CSV * 70_000), "name": "Ánh"})
    assert isinstance(request.upload_handlers[0], LimitedBody)
    assert request.FILES["file"].read() == CSV * 70_000
    assert request.POST["name"] == "Ánh"
    request.close()


@pytest.mark.django_db
def test_page_for_a_large_body_says_the_limit(settings, cast, client_of):
    settings.UPLOAD_BYTES = 2**20
    client = client_of(cast.leader)
    client.get(reverse("summary", args=[2015, "A"]))
    client.handler.enforce_csrf_checks = True
    response = client.post(reverse("sign_out"), {"file": SimpleUploadedFile("a.xlsx", bytes(2**20))})
    assert response.status_code == 413
    assert "tối đa 1 MB" in response.content.decode()
    assert client.get(reverse("summary", args=[2015, "A"])).status_code == 200


def with_cookie() -> Client:
    """A browser that has seen a form, so that the body is looked at for its token."""
    client = Client(enforce_csrf_checks=True)
    client.get(reverse("sign_in"))
    return client


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"note": "a" * 3 * 2**20}, "quá dài"),
        ({f"field-{number}": "" for number in range(1100)}, "quá nhiều ô"),
    ],
)
def test_form_over_its_limits_gets_a_page_that_says_so(values, words):
    client = with_cookie()
    for content_type in ("multipart/form-data", "application/x-www-form-urlencoded"):
        body = {"data": values}
        if content_type != "multipart/form-data":
            body = {"data": "&".join(f"{key}={value}" for key, value in values.items()), "content_type": content_type}
        response = client.post(reverse("sign_in"), **body)
        assert response.status_code == 400
        assert words in response.content.decode()


@pytest.mark.django_db
def test_too_many_files_get_a_page_that_says_so():
    files = {f"file-{number}": SimpleUploadedFile("a.csv", CSV) for number in range(11)}
    response = with_cookie().post(reverse("sign_in"), files)
    assert response.status_code == 400
    assert "quá nhiều tệp" in response.content.decode()


# --- Error pages -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_form_without_its_token_gets_a_page_that_says_what_to_do(cast):
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("sign_in"), {"username": "a", "password": "mật khẩu đã gõ"})
    text = response.content.decode()
    assert response.status_code == 403
    assert "Chưa có gì được ghi" in text
    assert "Tải lại trang" in text
    assert "mật khẩu đã gõ" not in text


@pytest.mark.django_db
def test_wrong_host_and_other_bad_requests_get_a_page_without_data():
    response = Client().get("/", {"q": "Bí Mật"}, headers={"host": "evil.example"})
    text = response.content.decode()
    assert response.status_code == 400
    assert "không đọc được" in text
    assert "evil.example" not in text
    assert "Bí Mật" not in text


@pytest.mark.django_db
def test_reasons_are_named_by_type_only(rf):
    response = bad_request(rf.get("/"), RequestDataTooBig("Bí Mật"))
    assert "Bí Mật" not in response.content.decode()
    assert "quá dài" in response.content.decode()
