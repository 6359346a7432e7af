"""Addresses of people, organisations, accounts and the audit trail."""

from django.urls import include, path, register_converter

from members import document_checklist_pages, document_pages, organisation_pages, person_pages, search_pages, views
from members.addresses import CodeConverter
from members.duplicates import pages as duplicate_pages
from members.organisations import act_pages, record_pages, tree_pages
from members.papers import pages as paper_pages
from members.trail import history_pages, who_may_see
from members.trail import pages as audit_pages
from members.work import pages as work_pages

register_converter(CodeConverter, "code")

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("members.accounts.urls")),
    path("viec-cua-toi/", work_pages.my_work, name="my_work"),
    path("viec-cua-toi/lich.ics", work_pages.my_calendar, name="my_calendar"),
    path("", include("members.badges.urls")),
    path("tim/", search_pages.search, name="search"),
    path("", include("members.movements.urls")),
    path("nguoi/<int:pk>/", views.person, name="person"),
    path("nguoi/<int:pk>/sua/", person_pages.change_person, name="change_person"),
    path("nguoi/<int:pk>/sua/<slug:key>/", person_pages.change_section, name="change_section"),
    path("nguoi/them/", person_pages.add_candidate, name="add_candidate"),
    path("nguoi/<int:pk>/nhat-ky/", history_pages.person_history, name="person_history"),
    path("nguoi/<int:pk>/ai-xem/", who_may_see.person_access, name="person_access"),
    path("nguoi/<int:pk>/giay-to/", document_pages.person_documents, name="person_documents"),
    path("nguoi/<int:pk>/giay-to/them/", document_pages.add_documents, name="add_documents"),
    path("nguoi/<int:pk>/giay-to/zip/", document_pages.documents_archive, name="documents_archive"),
    path("nguoi/<int:pk>/van-ban/", paper_pages.person_papers, name="person_papers"),
    path("to-chuc/<code:code>/van-ban/", paper_pages.organisation_papers, name="organisation_papers"),
    path("trung-ho-so/", duplicate_pages.duplicates, name="duplicates"),
    path("trung-ho-so/<int:pk>/<int:other>/", duplicate_pages.duplicate_pair, name="duplicate_pair"),
    path("gop-ho-so/<int:pk>/", duplicate_pages.person_merge, name="person_merge"),
    path("mau-van-ban/", paper_pages.paper_templates, name="paper_templates"),
    path("mau-van-ban/tep/", paper_pages.paper_template_file, name="paper_template_file"),
    path("giay-to/<int:pk>/tep/", document_pages.document_file, name="document_file"),
    path("giay-to/<int:pk>/sua/", document_pages.change_document, name="change_document"),
    path("giay-to/<int:pk>/rut/", document_pages.withdraw_document, name="withdraw_document"),
    path("giay-to/<int:pk>/dua-lai/", document_pages.restore_document, name="restore_document"),
    path("to-chuc/", tree_pages.organisations, name="organisations"),
    path("to-chuc/tep/excel/", tree_pages.organisations_workbook, name="organisations_excel"),
    path("to-chuc/<code:code>/", organisation_pages.organisation, name="organisation"),
    path("to-chuc/<code:code>/viec/<slug:name>/", act_pages.organisation_act, name="organisation_act"),
    path("to-chuc/<code:code>/sua/", record_pages.correct_organisation, name="correct_organisation"),
    path("to-chuc/<code:code>/cap-uy/them/", record_pages.add_post, name="add_post"),
    path("to-chuc/<code:code>/doan-the/them/", record_pages.add_mass_organisation, name="add_mass_organisation"),
    path("cap-uy/<int:pk>/sua/", record_pages.change_post, name="change_post"),
    path("cap-uy/<int:pk>/thoi/", record_pages.end_post, name="end_post"),
    path("doan-the/<int:pk>/sua/", record_pages.change_mass_organisation, name="change_mass_organisation"),
    path("doan-the/<int:pk>/ket-thuc/", record_pages.end_mass_organisation, name="end_mass_organisation"),
    path("to-chuc/<code:code>/ai-xem/", who_may_see.organisation_access, name="organisation_access"),
    path(
        "to-chuc/<code:code>/giay-to/", document_checklist_pages.organisation_documents, name="organisation_documents"
    ),
    path(
        "to-chuc/<code:code>/giay-to/excel/",
        document_checklist_pages.organisation_documents_workbook,
        name="organisation_documents_workbook",
    ),
    path("ket-nap/", include("members.admission.urls")),
    path("nhat-ky/", audit_pages.log, name="audit_log"),
    path("nhat-ky/excel/", audit_pages.log_workbook, name="audit_workbook"),
    path("nhat-ky/<int:sequence>/", audit_pages.event, name="audit_event"),
]
