"""Files made to harm: each is refused in words, within seconds and little memory, and the next file is read."""

from __future__ import annotations

import io
import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time
import zipfile

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from config.uploads import OLE
from members.intake import child, reader
from members.intake.reader import read
from tests.intake.files import LIST, SHEET, only_table, repacked, with_sheet, xlsx

pytestmark = pytest.mark.filterwarnings("error")

GOOD = xlsx(LIST)
SECONDS = 20


def refusal(data: bytes, name: str = "ds.xlsx") -> str:
    """What the sender is told; it takes no longer than a person would wait."""
    started = time.monotonic()
    with pytest.raises(ValidationError) as caught:
        read(data, name)
    assert time.monotonic() - started < SECONDS
    (message,) = caught.value.messages
    return message


def assert_next_file_is_read() -> None:
    assert len(only_table(read(GOOD, "ds.xlsx")).rows) == 2


def test_one_cell_far_away_is_refused_by_its_place():
    data = with_sheet('<row r="20000"><c r="XFD20000" t="n"><v>1</v></c></row>')
    assert len(data) < 10_000
    assert "dòng 20000, cột XFD" in refusal(data)


def test_cell_far_away_in_another_prefix_and_quotes_is_refused():
    body = (
        b'<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        b"<x:row r='90000'><x:c t='n'\n r='ZZZ90000'><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    )
    assert "90000" in refusal(repacked(xlsx([["a"]]), {SHEET: body}))


def test_cell_that_hides_its_place_from_the_scan_ends_only_the_reading_process():
    """Blanks around the sign of equality: the scan looks past them, the limit on memory holds."""
    far = '<row r="1"><c r="A1"><v>1</v></c><c r = "XFD30000"><v>1</v></c></row>'
    assert refusal(with_sheet(far)) == reader.REFUSALS["large"]
    assert_next_file_is_read()


def test_rows_that_leave_out_their_places_are_limited_by_the_reading_process():
    assert refusal(with_sheet('<row r="1"><c><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>'))


def test_far_formatted_cells_without_values_are_no_harm():
    cells = "".join(f'<c r="{letter}1048576" s="0"/>' for letter in "ABCDEFGHIJ")
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>Họ và tên</t></is></c></row>'
    assert read(with_sheet(f'{rows}<row r="1048576">{cells}</row>'), "ds.xlsx").errors == []


def test_six_hundred_thousand_rows_are_refused():
    row = b'<row r="%d">' + b"<c><v>1</v></c>" * 30 + b"</row>"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        with zipfile.ZipFile(io.BytesIO(GOOD)) as good:
            for name in set(good.namelist()) - {SHEET}:
                package.writestr(name, good.read(name))
        with package.open(SHEET, "w") as sheet:
            sheet.write(b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>')
            for number in range(1, 600_001):
                sheet.write(row % number)
            sheet.write(b"</sheetData></worksheet>")
    assert "quá nhiều dữ liệu" in refusal(stream.getvalue())


def shared_strings(size: int, fresh: int) -> bytes:
    """A workbook with a part of shared strings of the size; of every 64 kB as many bytes are new."""
    stream, chance = io.BytesIO(GOOD), random.Random(1)
    with (
        zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as package,
        package.open("xl/SharedStrings.xml", "w", force_zip64=True) as part,
    ):
        part.write(b"<sst>")
        for _ in range(size // 2**16):
            part.write(chance.randbytes(fresh // 2).hex().encode().ljust(2**16, b"a"))
    return stream.getvalue()


@pytest.mark.parametrize(("size", "fresh"), [(80 * 2**20, 2**12), (300 * 2**20, 0)], ids=["80 MB", "300 MB"])
def test_shared_strings_beyond_measure_are_refused(size, fresh):
    assert "quá nhiều dữ liệu" in refusal(shared_strings(size, fresh))


def test_bomb_and_document_types_and_nested_packages_are_refused():
    bomb = repacked(GOOD, {"xl/media/a.bin": b"\0" * 90 * 2**20})
    assert "quá nhiều dữ liệu" in refusal(bomb)
    entity = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><worksheet>&b;</worksheet>'
    assert "cấu trúc lạ" in refusal(repacked(GOOD, {SHEET: entity}))
    outside = b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><sst/>'
    assert "cấu trúc lạ" in refusal(repacked(GOOD, {"xl/sharedStrings.xml": outside}))
    assert "nhúng" in refusal(repacked(GOOD, {"xl/embeddings/other.xlsx": GOOD}))


@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.98])
def test_truncated_workbook_is_refused(part):
    assert "hỏng" in refusal(GOOD[: int(len(GOOD) * part)])


def test_what_is_no_workbook_is_refused():
    assert refusal(b"%PDF-1.7 x", "a.pdf")
    assert refusal(b"<html><table><tr><td>x</table>", "a.xls")
    assert refusal(b"PK\x03\x04 nothing", "a.xlsx")
    assert refusal(b"", "a.csv")
    assert refusal(b"\xff\xfe\x00", "a.csv")
    assert refusal(bytes(range(256)), "a.csv")
    assert refusal(OLE + b"\0" * 4096, "a.xls")


def test_old_workbook_of_noise_is_refused():
    data = bytearray(OLE + random.Random(2).randbytes(40_000))
    data[30:32], data[48:52] = b"\x09\0", b"\0\0\0\0"
    name = "Workbook\0".encode("utf-16-le")
    data[512 : 512 + len(name)] = name
    assert refusal(bytes(data), "a.xls")
    assert_next_file_is_read()


def test_repeated_cells_of_a_calc_sheet_end_only_the_reading_process():
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="a"><table:table-row table:number-rows-repeated="1000000">'
        '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="16000">'
        "<text:p>1</text:p></table:table-cell></table:table-row></table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", content)
    assert refusal(stream.getvalue(), "a.ods")
    assert_next_file_is_read()


# --- The reading process ---------------------------------------------------------------------------


def run_child(monkeypatch: pytest.MonkeyPatch, script: str) -> str:
    """The refusal when the reading process is one that does this."""

    def start(file: object) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)

    monkeypatch.setattr(reader, "_start", start)
    return refusal(GOOD)


def test_crash_of_the_reading_process_is_a_refusal(monkeypatch):
    assert run_child(monkeypatch, "import os; os.kill(os.getpid(), 11)") == reader.REFUSALS["crash"]
    assert run_child(monkeypatch, "import os; os.abort()") == reader.REFUSALS["large"]
    assert run_child(monkeypatch, "raise SystemExit(1)") == reader.REFUSALS["crash"]
    assert run_child(monkeypatch, "print('[\"counts\",[0,0]]')") == reader.REFUSALS["crash"]
    assert run_child(monkeypatch, "print('nonsense')") == reader.REFUSALS["crash"]


def test_reading_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(reader, "SECONDS", 0.5)
    assert run_child(monkeypatch, "import time; time.sleep(60)") == reader.REFUSALS["slow"]


def test_answer_without_end_is_cut(monkeypatch):
    monkeypatch.setattr(reader, "MOST_ANSWER", 2**20)
    assert run_child(monkeypatch, "while True: print('[\"note\",', '1' * 99, ']')")
    monkeypatch.setattr(reader, "LONGEST_LINE", 2**16)
    assert run_child(monkeypatch, "import sys\nwhile True: sys.stdout.write('1' * 4096)")


def test_reading_process_is_limited_and_knows_no_secrets(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "not for you")
    script = (
        "from members.intake import child; child.limit(); import os, resource, sys;"
        "print('SECRET_KEY' in os.environ, 'django' in sys.modules, resource.getrlimit(resource.RLIMIT_AS)[0])"
    )
    monkeypatch.setattr(sys, "executable", sys.executable)
    environment = {"PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=settings.BASE_DIR,
        env=environment,
        check=True,
    )
    assert done.stdout.split() == ["False", "False", str(child.MEMORY)]
    started: list[dict[str, str]] = []
    real = subprocess.Popen
    monkeypatch.setattr(
        subprocess, "Popen", lambda *args, **options: started.append(options["env"]) or real(*args, **options)
    )
    read(GOOD, "ds.xlsx")
    assert set(started[0]) == {"PATH", "PYTHONIOENCODING", "PYTHONDONTWRITEBYTECODE"}


def test_files_are_read_by_several_threads_at_once():
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda: found.append(len(only_table(read(GOOD, "a.xlsx")).rows))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [2] * 4


def test_no_reading_process_is_left_behind(monkeypatch):
    processes: list[subprocess.Popen[bytes]] = []
    real = reader._start
    monkeypatch.setattr(reader, "_start", lambda file: processes.append(real(file)) or processes[-1])
    read(GOOD, "ds.xlsx")
    assert [process.returncode for process in processes] in ([0], [-signal.SIGKILL])


def test_hostile_file_costs_the_server_little_memory():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refusal(with_sheet('<row r="20000"><c r="XFD20000"><v>1</v></c></row>'))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024
