"""Word papers: filled from the records, out of templates that are checked before anybody uses them."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document as Word

from config.word import render_word
from members.models import AuditEvent, PaperKind, PaperTemplate, Person
from members.papers.defaults import default_template
from members.papers.facts import Letterhead, committee_name, date_in_words, paper_values
from members.papers.fields import FIELDS, sample
from members.papers.templates import add_template, check_template, template_content, use_template
from members.partial_dates import parse
from tests.builders import make_badge, make_member, make_organisation, make_person
from tests.conftest import Cast
from tests.pages import get, read

TRANSFER = PaperKind.TRANSFER_LETTER
every_kind = pytest.mark.parametrize("kind", PaperKind.values)


def word(*paragraphs: str, header: str = "", name: str = "mau.docx") -> SimpleUploadedFile:
    document, stream = Word(), io.BytesIO()
    for text in paragraphs:
        document.add_paragraph(text)
    document.sections[0].header.paragraphs[0].text = header
    document.save(stream)
    return SimpleUploadedFile(name, stream.getvalue())


def text_of(content: bytes) -> str:
    """All that a paper says, tables too."""
    paper = Word(io.BytesIO(content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in paper.paragraphs), *cells])


def refused(file: SimpleUploadedFile, kind: str = TRANSFER) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        check_template(kind, file)
    return list(caught.value.messages)


# --- Templates -------------------------------------------------------------------------------------


@every_kind
def test_programs_own_template_names_only_what_is_known_and_can_be_filled(kind):
    file = SimpleUploadedFile("mau.docx", default_template(kind))
    assert check_template(kind, file) == default_template(kind)
    filled = text_of(render_word(default_template(kind), sample(kind)))
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in filled
    assert "CỘNG HÒA" not in filled
    assert "{{" not in filled
    assert "{%" not in filled


@every_kind
def test_programs_own_template_is_laid_out_as_a_party_document(kind):
    paper = Word(io.BytesIO(default_template(kind)))
    assert (paper.styles["Normal"].font.name, paper.styles["Normal"].font.size.pt) == ("Times New Roman", 14)
    assert {round(side.mm) for side in (paper.sections[0].page_width, paper.sections[0].page_height)} == {210, 297}
    assert round(paper.sections[0].right_margin.mm) == 15


def test_unknown_fields_are_all_named_with_where_they_stand_and_what_was_meant():
    told = refused(word("Kính gửi: {{ noi_dem }}", "Tên {{ ho_ten|upper }} {{ la_gi }}", header="{{ co_quam }}"))
    assert len(told) == 3
    assert "«noi_dem»" in told[0]
    assert "Kính gửi" in told[0]
    assert "«noi_den»" in told[0]
    assert "«la_gi»" in told[1]
    assert "«co_quam»" in told[2]
    assert "«co_quan»" in told[2]


def test_fields_of_a_list_are_those_of_its_rows():
    good = word("{% for d in danh_sach %}{{ loop.index }} {{ d.ho_ten }}{% endfor %} {{ tong_so }}")
    assert check_template(PaperKind.BADGE_LIST, good)
    (told,) = refused(word("{% for d in danh_sach %}{{ d.luong }}{% endfor %}"), PaperKind.BADGE_LIST)
    assert "«d.luong»" in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Không có gì", "không có chỗ nào để điền"),
        ("{{ ho_ten }} {% if ho_ten %}", "viết sai"),
        ("{{ ho_ten", "không có chỗ nào"),
        ("{{ ho_ten.upper() }}", "chỉ dẫn"),
        ("{{ ho_ten|map('x') }}", "viết sai|chỉ dẫn"),
    ],
)
def test_what_cannot_be_filled_is_told(text, told):
    message = " ".join(refused(word(text))).lower()
    assert any(part.lower() in message for part in told.split("|"))


@pytest.mark.parametrize("content", [b"%PDF-1.7", b"<html>", b"", b"PK\x03\x04 not a package"])
def test_what_is_no_word_file_is_refused(content):
    assert refused(SimpleUploadedFile("mau.docx", content))


@pytest.mark.django_db
def test_new_template_is_used_and_the_older_ones_are_kept(cast: Cast):
    first = add_template(kind=TRANSFER, file=word("Một {{ ho_ten }}"), by=cast.office)
    second = add_template(kind=TRANSFER, file=word("Hai {{ ho_ten }}"), by=cast.office)
    assert template_content(TRANSFER) == bytes(second.content)
    use_template(kind=TRANSFER, template=first, by=cast.office)
    assert template_content(TRANSFER) == bytes(first.content)
    use_template(kind=TRANSFER, template=None, by=cast.office)
    assert template_content(TRANSFER) == default_template(TRANSFER)
    assert PaperTemplate.objects.count() == 2


@pytest.mark.django_db
def test_templates_are_kept_by_who_keeps_the_rules(cast: Cast, client_of):
    for user in (cast.grassroots_a, cast.leader, cast.inspector):
        with pytest.raises(PermissionDenied):
            add_template(kind=TRANSFER, file=word("{{ ho_ten }}"), by=user)
        address = reverse("paper_templates")
        assert client_of(user).post(f"{address}?loai={TRANSFER}", {"file": word("{{ ho_ten }}")}).status_code == 403
    assert not PaperTemplate.objects.exists()


@pytest.mark.django_db
def test_page_takes_a_template_names_what_is_wrong_and_hands_out_a_try(cast: Cast, client_of):
    client, address = client_of(cast.office), f"{reverse('paper_templates')}?loai={TRANSFER}"
    assert "«noi_dem»" in read(client.post(address, {"file": word("{{ noi_dem }}")})).text
    assert not PaperTemplate.objects.exists()
    assert client.post(address, {"file": word("Gửi {{ noi_den }}")}).status_code == 302
    stored = PaperTemplate.objects.get()
    file = f"{reverse('paper_template_file')}?loai={TRANSFER}"
    assert client.get(f"{file}&mau={stored.pk}").content == bytes(stored.content)
    assert "Gửi Đảng ủy phường Hồng Hà" in text_of(client.get(f"{file}&thu=1").content)
    assert "mau.docx" in get(client, address).text
    assert client.post(address, {"dung": "0"}).status_code == 302
    assert not PaperTemplate.objects.in_use().exists()
    for wrong in ("999999", "x", "-1"):
        assert client.post(address, {"dung": wrong}).status_code == 404
        assert client.get(f"{file}&mau={wrong}").status_code == 404


# --- Values ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("5/2/2026", "ngày 05 tháng 02 năm 2026"),
        ("15/10/2026", "ngày 15 tháng 10 năm 2026"),
        ("3/3/2026", "ngày 03 tháng 3 năm 2026"),
        ("9/2015", "tháng 9 năm 2015"),
        ("1975", "năm 1975"),
    ],
)
def test_dates_are_written_as_in_documents(text, words):
    assert date_in_words(parse(text)) == words


def test_committee_signs_for_its_organisation():
    assert committee_name("Đảng bộ Sở Nội vụ") == "Đảng ủy Sở Nội vụ"
    assert committee_name("Chi bộ Văn phòng") == "Chi bộ Văn phòng"


@pytest.mark.django_db
@every_kind
def test_records_fill_every_field_of_every_kind(cast: Cast, kind):
    people = [make_member(cast.a_cell_1, "Trần Thị Ánh"), make_person("Lê Bình", followed_by=cast.a_cell_2)]
    head = Letterhead(issuer=cast.a, on=dt.date(2026, 2, 5), more={"can_cu": "", "noi_den": "", "ly_do": ""})
    for values in paper_values(kind, people, head):
        known = {field.name for field in FIELDS[kind]} - {"dang_phi", "dot_trao"}
        assert known <= set(values)
        for field in FIELDS[kind]:
            for row in values.get(field.name, []) if field.rows else []:
                assert set(row) == {part.name for part in field.rows}
        assert values["co_quan"] == "Đảng ủy Sở Nội vụ"


# --- Pages -----------------------------------------------------------------------------------------


def sent(issuer, **values) -> dict[str, object]:
    return {"issuer": issuer.pk, "on": "05/02/2026", "number": "7-GT", "signer": "Vũ Ký", **values}


@pytest.mark.django_db
def test_paper_of_a_person_is_filled_and_recorded(cast: Cast, client_of):
    person = make_member(cast.a_cell_1, "Trần Thị Ánh", born_on="1975-09-05")
    address = f"{reverse('person_papers', args=[person.pk])}?loai={TRANSFER}"
    client = client_of(cast.grassroots_a)
    assert "Tổ chức đảng nơi đến" in get(client, address).text
    response = client.post(address, sent(cast.a, noi_den="Đảng ủy phường Hồng Hà"))
    text = text_of(response.content)
    for part in ("TRẦN THỊ ÁNH", "ngày 05 tháng 9 năm 1975", "Đảng ủy phường Hồng Hà", "ĐẢNG ỦY SỞ NỘI VỤ", "Vũ Ký"):
        assert part in text
    assert "ngày 05 tháng 02 năm 2026" in text
    assert "Tran-Thi-Anh" in response["Content-Disposition"]
    event = AuditEvent.objects.exporting(person.pk).get()
    assert event.user == cast.grassroots_a
    assert TRANSFER.label in event.note


@pytest.mark.django_db
def test_paper_is_for_who_may_change_or_export(cast: Cast, client_of):
    person = make_member(cast.a)
    address = reverse("person_papers", args=[person.pk])
    for user, status in ((cast.leader, 200), (cast.inspector, 403), (cast.grassroots_b, 404), (cast.office, 200)):
        assert client_of(user).get(address).status_code == status


@pytest.mark.django_db
def test_issuer_is_one_of_the_organisations_above_the_person(cast: Cast, client_of):
    person = make_member(cast.a)
    response = client_of(cast.office).post(reverse("person_papers", args=[person.pk]), sent(cast.b))
    assert response["Content-Type"].startswith("text/html")
    assert "Chọn một lựa chọn hợp lệ" in read(response).text or "hợp lệ" in read(response).text


@pytest.mark.django_db
def test_papers_of_several_people_come_as_one_archive(cast: Cast, client_of):
    people = [make_member(cast.a_cell_1, name) for name in ("Trần Thị Ánh", "Lê Bình")]
    stranger = make_member(cast.b, "Người nơi khác")
    address = f"{reverse('organisation_papers', args=['A'])}?loai=member_sheet"
    client = client_of(cast.grassroots_a)
    assert "đánh dấu từ 1" in read(client.post(address, sent(cast.a))).text
    response = client.post(address, sent(cast.a, nguoi=[person.pk for person in [*people, stranger]]))
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        names = archive.namelist()
        assert names == ["01-Phieu-dang-vien-Tran-Thi-Anh.docx", "02-Phieu-dang-vien-Le-Binh.docx"]
        assert "LÊ BÌNH" in text_of(archive.read(names[1]))
    assert not AuditEvent.objects.exporting(stranger.pk).exists()


@pytest.mark.django_db
def test_badge_list_holds_who_completes_a_milestone_without_its_badge(cast: Cast, client_of):
    due = make_member(cast.a, "Trần Thị Ánh", "1990-01-01")
    bearer = make_member(cast.a, "Lê Có", "1990-01-01")
    make_badge(bearer, 30)
    make_member(cast.a, "Vũ Trẻ", "2020-01-01")
    address = f"{reverse('organisation_papers', args=['A'])}?loai=badge_list"
    client = client_of(cast.grassroots_a)
    text = get(client, address).text
    assert due.full_name in text
    assert "Lê Có" not in text
    assert "Vũ Trẻ" not in text
    listed = text_of(client.post(address, sent(cast.a, nguoi=[due.pk], dot_trao="dịp 03/02/2026")).content)
    assert "dịp 03/02/2026" in listed
    assert "Trần Thị Ánh" in listed
    assert "Danh sách gồm 1 đồng chí." in listed


@pytest.mark.django_db
def test_page_takes_as_many_queries_for_many_as_for_few(cast: Cast, client_of, django_assert_max_num_queries):
    for number in range(30):
        make_member(make_organisation(f"Chi bộ {number}", parent=cast.a), f"Người {number}")
    client = client_of(cast.office)
    client.get(reverse("organisation_papers", args=["A"]))
    with django_assert_max_num_queries(20):
        client.get(f"{reverse('organisation_papers', args=['A'])}?loai=member_sheet")
    head = Letterhead(issuer=cast.a, on=dt.date(2026, 2, 5))
    with django_assert_max_num_queries(20):
        paper_values(PaperKind.MEMBER_SHEET, list(Person.objects.select_related("followed_by")), head)
