"""Scans of a person's papers: who gets them, what is taken, what is missing, and how they leave."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse

from config.uploads import MEGABYTE
from members import document_files, services
from members.documents import Stage, missing
from members.models import AuditEvent, AuditItem, Document, DocumentKind
from members.models.rules import AdmissionStep
from tests.builders import PDF, make_document, make_member, make_person, make_scan, make_stay
from tests.conftest import Cast
from tests.pages import get, read

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 28)
JPEG, PNG, TIFF = b"\xff\xd8\xff\xe0" + b"a" * 99, b"\x89PNG\r\n\x1a\n" + b"a" * 99, b"II*\0" + b"a" * 99
HTML, SVG = b"<html><script>alert(1)</script></html>", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
ACTIVE = b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    """The documents of each test lie by themselves."""
    settings.DOCUMENT_FOLDER = tmp_path / "documents"
    return settings.DOCUMENT_FOLDER


def sent(*files, kind="application", **values):
    """What the form for new documents sends."""
    return {"kind": DocumentKind.objects.get(code=kind).pk, "files_sent": list(files), **values}


def stored_count() -> int:
    return len(list(document_files.stored_keys()))


def zip_bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"0" * 50 * MEGABYTE)
    return stream.getvalue()


# --- In --------------------------------------------------------------------------------------------


def test_several_scans_come_in_at_once_each_whole_and_described(cast: Cast, client_of):
    person = make_member(cast.a_cell_1, "Trần Thị Ánh")
    files = [
        make_scan("trang 1.pdf"),
        make_scan("trang 2.jpg", JPEG),
        make_scan("3.png", PNG),
        make_scan("4.tif", TIFF),
    ]
    values = sent(*files, number="12-NQ/CB", dated="9/2015", title="Bản gốc", page_count="3")
    response = client_of(cast.grassroots_a).post(reverse("add_documents", args=[person.pk]), values)
    assert response.url == reverse("person_documents", args=[person.pk])
    found = list(person.documents.order_by("pk"))
    assert [document.content_type for document in found] == ["application/pdf", "image/jpeg", "image/png", "image/tiff"]
    assert {(document.number, str(document.dated), document.title, document.page_count) for document in found} == {
        ("12-NQ/CB", "09/2015", "Bản gốc", 3)
    }
    assert {document.uploaded_by for document in found} == {cast.grassroots_a}
    for document in found:
        with document_files.open_whole(document.storage_key, document.sha256) as file:
            content = file.read()
        assert (len(content), sha256(content).hexdigest()) == (document.size, document.sha256)
    items = AuditItem.objects.filter(model="members.document", person=person.pk)
    assert items.count() == 4
    assert items.values("event").distinct().count() == 1


def test_file_lies_under_a_random_key_and_is_nobody_elses_to_read(cast: Cast, folder):
    document = make_document(make_member(cast.a), file=make_scan("../../etc/Đơn xin vào Đảng.pdf"))
    (path,) = [path for path in folder.rglob("*") if path.is_file()]
    assert path.name == document.storage_key
    assert path.stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o077 == 0
    assert document.file_name == "Đơn xin vào Đảng.pdf"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("don.pdf", HTML, "Không nhận loại tệp này"),
        ("anh.svg", SVG, "Không nhận loại tệp này"),
        ("anh.png", SVG, "Không nhận loại tệp này"),
        ("ke.xlsx", b"PK\x03\x04", "hỏng"),
        ("bom.zip", zip_bomb(), "quá nhiều dữ liệu"),
        ("a.csv", b"a,b\n1,2\n", "Không nhận loại tệp này"),
        ("chay.exe", b"MZ" + b"\0" * 99, "Không nhận loại tệp này"),
        ("anh.jpg", PDF, "đuôi .jpg nhưng nội dung là PDF"),
        ("web.html", PDF, "đuôi .html nhưng nội dung là PDF"),
        ("trong.pdf", b"", "rỗng|trống"),
    ],
)
def test_what_is_no_scan_is_refused_by_its_name_and_nothing_is_kept(cast: Cast, client_of, name, content, told):
    person = make_member(cast.a)
    values = sent(make_scan("tot.pdf"), make_scan(name, content))
    response = client_of(cast.office).post(reverse("add_documents", args=[person.pk]), values)
    text = read(response).text
    assert response.status_code == 200
    assert any(part in text for part in told.split("|"))
    assert (person.documents.count(), stored_count()) == (0, 0)


def test_scan_over_the_limit_is_refused(cast: Cast, client_of, settings):
    settings.UPLOAD_BYTES = MEGABYTE
    person = make_member(cast.a)
    values = sent(make_scan("to.pdf", PDF + b"a" * MEGABYTE))
    response = client_of(cast.office).post(reverse("add_documents", args=[person.pk]), values)
    assert response.status_code == 413
    assert not person.documents.exists()


def test_same_scan_twice_is_refused_until_the_first_is_withdrawn(cast: Cast, client_of):
    person = make_member(cast.a)
    document = make_document(person, file=make_scan("1.pdf", PDF))
    client, address = client_of(cast.office), reverse("add_documents", args=[person.pk])
    assert "đã có trong hồ sơ" in read(client.post(address, sent(make_scan("2.pdf", PDF)))).text
    assert stored_count() == 1
    services.withdraw_document(document=document, reason="Quét mờ", by=cast.office)
    assert client.post(address, sent(make_scan("2.pdf", PDF))).status_code == 302
    with pytest.raises(ValidationError, match="đã có trong hồ sơ"):
        services.restore_document(document=document, by=cast.office)


def test_full_disk_is_told_and_leaves_nothing(cast: Cast, client_of, settings, tmp_path):
    blocked = tmp_path / "tep"
    blocked.write_text("")
    settings.DOCUMENT_FOLDER = blocked / "trong-tep"
    person = make_member(cast.a)
    response = client_of(cast.office).post(reverse("add_documents", args=[person.pk]), sent(make_scan()))
    assert "không ghi được tệp" in read(response).text
    assert not person.documents.exists()


def test_file_goes_with_the_row_that_was_not_written(cast: Cast):
    person = make_member(cast.a)
    like = Document(kind=DocumentKind.objects.get(code="application"), number="x" * 99)
    with pytest.raises(ValidationError), transaction.atomic():
        services.add_documents(person=person, files=[make_scan()], like=like, by=None)
    assert stored_count() == 0


# --- Who -------------------------------------------------------------------------------------------


def test_only_who_may_change_the_person_adds_describes_and_withdraws(cast: Cast):
    document = make_document(make_member(cast.a))
    for user in (cast.grassroots_b, cast.leader, cast.inspector, cast.administrator):
        with pytest.raises(PermissionDenied):
            services.add_documents(person=document.person, files=[make_scan()], like=document, by=user)
        with pytest.raises(PermissionDenied):
            services.change_document(document=document, by=user)
        with pytest.raises(PermissionDenied):
            services.withdraw_document(document=document, reason="Nhầm", by=user)


def test_foreign_scan_is_not_found(cast: Cast, client_of):
    document = make_document(make_member(cast.a))
    for route in ("document_file", "change_document", "withdraw_document", "restore_document"):
        assert client_of(cast.grassroots_b).get(reverse(route, args=[document.pk])).status_code == 404


def test_who_lost_a_person_to_others_reads_but_changes_nothing(cast: Cast, client_of):
    person = make_person("Người đã chuyển")
    stay = make_stay(person, cast.a, "2010-01-01", "2015-01-01", end_reason="moved")
    make_stay(person, cast.b, "2015-01-01", start_reason="moved", admission=stay.admission)
    document = make_document(person)
    client = client_of(cast.grassroots_a)
    assert client.get(reverse("document_file", args=[document.pk])).status_code == 200
    assert client.get(reverse("add_documents", args=[person.pk])).status_code == 403
    assert client.get(reverse("withdraw_document", args=[document.pk])).status_code == 403


# --- Out -------------------------------------------------------------------------------------------


def test_scan_is_saved_never_run_and_its_reading_is_recorded(cast: Cast, client_of):
    document = make_document(make_member(cast.a), file=make_scan('a";\r\nX: b.pdf', ACTIVE))
    response = client_of(cast.leader).get(reverse("document_file", args=[document.pk]))
    assert b"".join(response.streaming_content) == ACTIVE
    assert response["Content-Disposition"].startswith("attachment; ")
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert "X" not in response.headers
    event = AuditEvent.objects.first()
    assert (event.action, event.user) == ("viewed", cast.leader)
    assert document.kind.name in event.note


@pytest.mark.parametrize("fault", ["gone", "changed"])
def test_file_that_is_not_what_was_uploaded_is_not_handed_out(cast: Cast, client_of, fault):
    document = make_document(make_member(cast.a))
    path = document_files.path_of(document.storage_key)
    path.unlink() if fault == "gone" else path.write_bytes(PDF + b"khac")
    client = client_of(cast.office)
    for address in (
        reverse("document_file", args=[document.pk]),
        reverse("documents_archive", args=[document.person_id]),
    ):
        assert "không còn nguyên vẹn" in get(client, address, 410).text


def test_archive_is_named_as_the_digitisation_rules_want(cast: Cast, client_of):
    person = make_member(cast.a, "Đỗ Thị Ánh", national_id_number="036170001234")
    make_document(person, "application", file=make_scan("x.pdf", PDF))
    first = make_document(person, "yearly_sheet", dated_on="2014-12-01", file=make_scan("2014.jpg", JPEG))
    make_document(person, "yearly_sheet", dated_on="2015-12-01", file=make_scan("2015.png", PNG))
    gone = make_document(person, "discipline")
    services.withdraw_document(document=gone, reason="Nhầm người", by=None)
    response = client_of(cast.office).get(reverse("documents_archive", args=[person.pk]))
    content = b"".join(response.streaming_content)
    assert 'filename="036170001234_DoThiAnh.zip"' in response["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == [
            "036170001234_DoThiAnh/02.Don xin vao Dang.pdf",
            f"036170001234_DoThiAnh/{first.kind.order_number}.Phieu bo sung ho so dang vien.1.jpg",
            f"036170001234_DoThiAnh/{first.kind.order_number}.Phieu bo sung ho so dang vien.2.png",
        ]
        assert archive.read(archive.namelist()[1]) == JPEG
    event = AuditEvent.objects.exporting(person.pk).get()
    assert event.details["sha256"] == sha256(content).hexdigest()
    assert event.details["rows"] == 3
    assert event.user == cast.office


def test_archive_is_for_who_may_export(cast: Cast, client_of):
    person = make_member(cast.a)
    make_document(person)
    address = reverse("documents_archive", args=[person.pk])
    assert client_of(cast.grassroots_a).get(address).status_code == 403
    assert client_of(cast.inspector).get(address).status_code == 403
    assert client_of(cast.leader).get(address).status_code == 200
    empty = reverse("documents_archive", args=[make_member(cast.a).pk])
    assert "chưa có giấy tờ" in read(client_of(cast.leader).get(empty, follow=True)).text


# --- Withdrawn -------------------------------------------------------------------------------------


def test_withdrawn_document_stays_with_its_reason_and_can_come_back(cast: Cast, client_of):
    person = make_member(cast.a)
    document = make_document(person)
    client, page = client_of(cast.grassroots_a), reverse("person_documents", args=[person.pk])
    address = reverse("withdraw_document", args=[document.pk])
    assert "Hãy ghi" in read(client.post(address, {"reason": " ", "version": 1})).text
    assert client.post(address, {"reason": "Quét nhầm người", "version": 1}).url == page
    text = get(client, page).text
    assert "Quét nhầm người" in text
    assert document.kind in missing(person)
    assert client.get(reverse("document_file", args=[document.pk])).status_code == 200
    assert client.post(reverse("restore_document", args=[document.pk]), {"version": 2}).url == page
    document.refresh_from_db()
    assert (document.is_withdrawn, document.withdrawn_reason) == (False, "")
    assert document.kind not in missing(person)


def test_description_is_changed_with_its_trace(cast: Cast, client_of):
    document = make_document(make_member(cast.a), number="1-NQ")
    values = {"kind": document.kind_id, "number": "2-NQ", "dated": "5/9/2015", "version": 1}
    client_of(cast.grassroots_a).post(reverse("change_document", args=[document.pk]), values)
    document.refresh_from_db()
    assert (document.number, str(document.dated)) == ("2-NQ", "05/09/2015")
    item = AuditItem.objects.filter(model="members.document", verb="changed").get()
    assert (item.before["number"], item.after["number"]) == ("1-NQ", "2-NQ")


# --- What is missing -------------------------------------------------------------------------------


def codes(kinds) -> set[str]:
    return {kind.code for kind in kinds}


def test_more_is_needed_the_further_somebody_has_come(cast: Cast):
    candidate = make_person(followed_by=cast.a)
    probationary = make_member(cast.a, is_official=False)
    official = make_member(cast.a)
    of_candidate, of_probationary, of_official = (
        codes(missing(p, on=TODAY)) for p in (candidate, probationary, official)
    )
    assert "application" in of_candidate
    assert "member_sheet" not in of_candidate
    assert of_candidate < of_probationary < of_official
    assert "self_review" in of_official - of_probationary
    assert "yearly_sheet" not in of_official


def test_a_step_is_asked_for_by_itself_and_what_is_there_is_not_missing(cast: Cast):
    person = make_member(cast.a, is_official=False)
    step = AdmissionStep.OFFICIAL_DECISION
    assert "self_review" in codes(missing(person, step))
    make_document(person, "self_review")
    assert "self_review" not in codes(missing(person, step))
    assert "application" not in codes(missing(person, step))


def test_kind_is_asked_for_while_it_is_in_force(cast: Cast):
    person = make_person(followed_by=cast.a)
    DocumentKind.objects.filter(code="application").update(ends_on="2027-01-01")
    assert "application" in codes(missing(person, on=TODAY))
    assert "application" not in codes(missing(person, on=dt.date(2027, 1, 1)))


def test_checklist_of_an_organisation_names_who_lacks_what(cast: Cast, client_of):
    whole, lacking = make_person("Lê Đủ", followed_by=cast.a_cell_1), make_person("Vũ Thiếu", followed_by=cast.a_cell_2)
    for kind in missing(whole):
        make_document(whole, kind.code)
    make_document(lacking, "application")
    make_person("Người nơi khác", followed_by=cast.b)
    client, address = client_of(cast.grassroots_a), reverse("organisation_documents", args=["A"])
    text = get(client, address).text
    assert "Vũ Thiếu" in text
    assert "Lê Đủ" not in text
    assert "1 / 2 người" in text
    assert "Lê Đủ" in get(client, f"{address}?tat-ca=1").text
    assert "Không còn ai thiếu" in get(client, f"{address}?loai=application").text
    assert "Vũ Thiếu" in get(client, f"{address}?loai=candidate_history&dien={Stage.CANDIDATE}").text
    assert "Không có ai" in get(client, f"{address}?dien={Stage.OFFICIAL}").text
    assert "Người nơi khác" not in get(client, f"{address}?tat-ca=1").text


def test_checklist_by_kind_counts_files_that_lack_it(cast: Cast, client_of):
    for number in range(3):
        person = make_member(cast.a, f"Người {number}")
        if number:
            make_document(person, "application")
            make_document(person, "application")
    page = get(client_of(cast.office), reverse("organisation_documents", args=["K"]))
    counts = {row[0]: row[1:] for row in (_cells(row) for row in page.all("table")[0].first("tbody").all("tr"))}
    assert counts["02. Đơn xin vào Đảng"] == ["1", "3"]
    assert counts["03. Lý lịch của người xin vào Đảng"] == ["3", "3"]


def _cells(row) -> list[str]:
    return [cell.text for cell in row.all("th", "td")]


def test_excel_of_the_checklist_is_the_whole_list(cast: Cast, client_of):
    from openpyxl import load_workbook

    people = [make_member(cast.a, f"Người {number}") for number in range(60)]
    address = reverse("organisation_documents_workbook", args=["A"])
    response = client_of(cast.office).get(address)
    sheet = load_workbook(io.BytesIO(response.content)).active
    names = [row[1] for row in sheet.iter_rows(values_only=True) if row[1] and str(row[1]).startswith("Người ")]
    assert len(names) == len(people)
    assert AuditEvent.objects.exporting(people[59].pk).exists()
    assert client_of(cast.grassroots_a).get(address).status_code == 403


def test_pages_take_as_many_queries_for_many_as_for_few(cast: Cast, client_of, django_assert_max_num_queries):
    person = make_member(cast.a)
    for number in range(30):
        make_member(cast.a, f"Người {number}")
        make_document(person, "yearly_sheet")
    client = client_of(cast.office)
    client.get("/")
    for address in (reverse("organisation_documents", args=["A"]), reverse("person_documents", args=[person.pk])):
        with django_assert_max_num_queries(24):
            client.get(address)


# --- The folder ------------------------------------------------------------------------------------


def checked(**options) -> tuple[str, str]:
    out = io.StringIO()
    try:
        call_command("documents_check", stdout=out, **options)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def test_check_names_what_is_gone_changed_and_nobodys(cast: Cast, folder):
    import os

    person = make_member(cast.a)
    fine, gone, changed = (make_document(person) for _ in range(3))
    assert checked()[1] == ""
    document_files.path_of(gone.storage_key).unlink()
    document_files.path_of(changed.storage_key).write_bytes(PDF + b"khac")
    orphan, young, cut = folder / "ab" / ("ab" + "0" * 38), folder / "ab" / ("ab" + "1" * 38), folder / "ab" / ".tmp-x"
    orphan.parent.mkdir(exist_ok=True)
    for path in (orphan, young, cut):
        path.write_bytes(b"x")
    for path in (orphan, cut):
        os.utime(path, (1, 1))
    told, error = checked()
    assert "4 lỗi" in error
    assert f"giấy tờ {gone.pk}" in told
    assert f"giấy tờ {changed.pk}" in told
    assert fine.storage_key not in told
    assert young.name not in told
    checked(remove_orphans=True)
    assert not orphan.exists()
    assert not cut.exists()
    assert young.exists()
    assert document_files.path_of(fine.storage_key).exists()


@pytest.mark.parametrize("key", ["", "../" * 10, "/etc/passwd", "0" * 39, "0" * 40 + "/x", "A" * 40])
def test_only_keys_lead_to_files(key):
    with pytest.raises(ValueError, match=r"^"):
        document_files.path_of(key)
