"""The stock way to bring people in: django-import-export in Django's admin, with its preview and confirmation."""

from __future__ import annotations

import re
from pathlib import Path

from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.test import Client, override_settings
from django.urls import path
from import_export import fields, resources, widgets
from import_export.admin import ImportMixin
from import_export.formats.base_formats import XLSX

from bench.stock import StockSite
from config.urls import urlpatterns as product_urls
from members.models import Organisation, Person, User


class PlainPerson(models.Model):
    """The table of people as a plain model: nothing is recorded when it is saved."""

    class Meta:
        app_label = "members"
        managed = False
        db_table = Person._meta.db_table

    def __str__(self) -> str:
        return self.full_name


for _field in Person._meta.concrete_fields:
    if not _field.primary_key and not _field.is_relation:
        PlainPerson.add_to_class(_field.name, _field.clone())
PlainPerson.add_to_class("followed_by", models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+"))

COLUMNS = {
    "Số lý lịch": "file_number", "Họ và tên": "full_name", "Tên gọi khác": "other_names", "Giới tính": "sex",
    "Ngày sinh": "born_on", "Dân tộc": "ethnicity", "Tôn giáo": "religion", "Quê quán": "home_town",
    "Nơi ở hiện nay": "residence", "Số định danh cá nhân": "national_id_number", "Nghề nghiệp chức vụ": "occupation",
    "Trình độ phổ thông": "general_education", "Trình độ chuyên môn": "professional_education",
    "Lý luận chính trị": "theory_level", "Mã tổ chức": "followed_by", "Số thẻ đảng viên": "card_number",
    "Ngày cấp thẻ": "card_issued_on",
}  # fmt: skip


class Words(widgets.CharWidget):
    """A word of the file as the table holds it."""

    def __init__(self, field: str) -> None:
        super().__init__()
        self.words = {str(label): value for value, label in Person._meta.get_field(field).choices}

    def clean(self, value: str, row: object = None, **kwargs: object) -> str:
        return self.words[value]


_WIDGETS = {
    "sex": Words("sex"),
    "theory_level": Words("theory_level"),
    "born_on": widgets.DateWidget(),
    "card_issued_on": widgets.DateWidget(),
    "followed_by": widgets.ForeignKeyWidget(Organisation, "code"),
}
_columns = {
    attribute: fields.Field(attribute, name, widget=_WIDGETS.get(attribute, widgets.CharWidget()))
    for name, attribute in COLUMNS.items()
}


class PersonAdmin(ImportMixin, admin.ModelAdmin):
    """People, to be brought in from .xlsx: each column of the file in a field."""

    formats = (XLSX,)
    skip_import_confirm = False

    def has_import_permission(self, request: object) -> bool:
        return True

    def get_import_resource_classes(self, request: object) -> list[type]:
        """What somebody would write for these columns."""
        about = {"model": self.model, "import_id_fields": ("file_number",), "fields": tuple(COLUMNS.values())}
        return [type("PersonResource", (resources.ModelResource,), {**_columns, "Meta": type("Meta", (), about)})]


site = StockSite(name="stock_import")
for _model in (PlainPerson, Person):
    site.register(_model, PersonAdmin)
urlpatterns = [path("stock/", site.urls), *product_urls]


def bring_in(file: Path, user: User, model: type[models.Model]) -> None:
    """Upload, preview, confirmation, as somebody does in the admin."""
    address = f"/stock/members/{model._meta.model_name}"
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    content = SimpleUploadedFile(file.name, file.read_bytes())
    with override_settings(ROOT_URLCONF=__name__):
        previewed = client.post(f"{address}/import/", {"import_file": content, "format": "0"}).content.decode()
        confirm = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', previewed))
        client.post(f"{address}/process_import/", confirm)
