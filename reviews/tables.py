"""The columns of the lists of records behind the figures, used by the page and its Excel alike."""

from __future__ import annotations

from typing import Any, ClassVar

import django_tables2 as tables
from django.db.models import Case, F, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.urls import reverse

from members.models import Badge, Organisation, Person
from members.text import fold
from members.tree import Node
from reviews.indicators import Columns
from reviews.models import UnratedReason
from reviews.scope import Scope

MISSING = "–"


class PersonColumn(tables.Column):
    """The name of the row's person, a link to the person's page, in Vietnamese order."""

    def __init__(self) -> None:
        super().__init__(
            verbose_name="Họ và tên",
            accessor="person__full_name",
            order_by=("person__name_sort_key", "person__pk"),
            linkify=lambda record: reverse("person", args=[record.person_id]) if record.person_id else None,
            default="(không ghi tên)",
        )


class GrassrootsColumn(tables.Column):
    """The TCCSĐ that the organisation `place` belonged to on the day of the summary, under its name of then."""

    def __init__(self, place: str = "organisation_id", order_by: str = "organisation__name_sort_key") -> None:
        super().__init__(verbose_name="Tổ chức cơ sở đảng", accessor=place, order_by=(order_by,), empty_values=())

    def value(self, value: Any, table: RecordTable) -> str:
        node = table.scope.tree.grassroots_of(value)
        return node.name if node else table.outside_name(value)

    def render(self, value: Any, table: RecordTable) -> str:
        return self.value(value, table)


class CellColumn(tables.Column):
    """The cell or department committee `place` below its TCCSĐ; nothing where it is the TCCSĐ itself."""

    def __init__(self, place: str = "organisation_id", order_by: str = "organisation__name_sort_key") -> None:
        super().__init__(verbose_name="Chi bộ", accessor=place, order_by=(order_by,), empty_values=())

    def value(self, value: Any, table: RecordTable) -> str:
        node: Node | None = table.scope.tree.nodes.get(value)
        return "" if node is None or node == table.scope.tree.grassroots_of(value) else node.name

    def render(self, value: Any, table: RecordTable) -> str:
        return self.value(value, table) or MISSING


class DateColumn(tables.Column):
    """A date as it is known, sorted by its first day; `field` names the column that holds it."""

    def __init__(self, field: str, **kwargs: Any) -> None:
        accessor = kwargs.pop("accessor", field.removesuffix("_on"))
        super().__init__(
            accessor=accessor, order_by=(field,), attrs={"td": {"class": "n"}, "th": {"class": "n"}}, **kwargs
        )

    def render(self, value: Any) -> str:
        return f"{value:%d/%m/%Y}" if hasattr(value, "strftime") else str(value)

    def value(self, value: Any) -> Any:
        return value


class NumberColumn(tables.Column):
    """A whole number or score, to the right."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(attrs={"td": {"class": "n"}, "th": {"class": "n"}}, **kwargs)

    def value(self, value: Any) -> Any:
        return value


class RecordTable(tables.Table):
    """Base of the lists: `prepare` adds to the rows what the columns show, `search` finds rows by text."""

    class Meta:
        attrs: ClassVar[dict[str, str]] = {"class": "list"}
        default = MISSING
        empty_text = ""

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        self.scope = scope
        self._outside: dict[int, str] | None = None
        super().__init__(*args, **kwargs)

    @classmethod
    def prepare(cls, rows: QuerySet, scope: Scope) -> QuerySet:
        """The rows with what the columns need, in the list's own order."""
        return rows.select_related("person", "admission").order_by("person__name_sort_key", "pk")

    @classmethod
    def search(cls, rows: QuerySet, text: str) -> QuerySet:
        """The rows whose person's name or number matches `text`; accents and case aside."""
        return rows.filter(person__in=Person.objects.matching(text).values("pk"))

    def order_grassroots(self, rows: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        """Sorts by the name of the TCCSĐ as it is shown; who belongs to none comes last."""
        tree, place = self.scope.tree, str(self.columns["grassroots"].accessor)
        members: dict[int, list[int]] = {}
        for pk in tree.nodes:
            unit = tree.grassroots_of(pk)
            members.setdefault(unit.pk if unit else 0, []).append(pk)
        units = [pk for pk in tree.nodes if pk in members]
        cases = [When(**{f"{place}__in": members[pk]}, then=position) for position, pk in enumerate(units)]
        position = Case(*cases, default=len(units), output_field=IntegerField())
        rows = rows.annotate(unit_position=position)
        return rows.order_by("-unit_position" if is_descending else "unit_position", "pk"), True

    def outside_name(self, pk: int | None) -> str:
        """The name of an organisation that is not of the summary's tree on its day."""
        if pk is None:
            return ""
        if self._outside is None:
            self._outside = dict(Organisation.objects.values_list("pk", "name"))
        return self._outside.get(pk, "")


def _name_search(rows: QuerySet, field: str, text: str) -> QuerySet:
    for word in fold(text).split():
        rows = rows.filter(**{f"{field}__contains": word})
    return rows


def _with_home_order(rows: QuerySet) -> QuerySet:
    named = Organisation.objects.filter(pk=OuterRef("home")).values("name_sort_key")[:1]
    return rows.annotate(home_order=Subquery(named))


class StayTable(RecordTable):
    """Members by their stay."""

    name = PersonColumn()
    born = DateColumn("person__born_on", accessor="person__born", verbose_name="Ngày sinh")
    sex = tables.Column(accessor="person__get_sex_display", order_by=("person__sex",), verbose_name="Giới tính")
    grassroots = GrassrootsColumn()
    cell = CellColumn()
    decided = DateColumn("admission__decided_on", accessor="admission__decided", verbose_name="Kết nạp")
    official = DateColumn("admission__official_on", accessor="admission__official", verbose_name="Chính thức")
    occupation = tables.Column(accessor="person__occupation", verbose_name="Nghề nghiệp, chức vụ")


class ArrivalTable(StayTable):
    """Stays that began in the year."""

    began = DateColumn("began_on", verbose_name="Ngày đến")
    reason = tables.Column(accessor="get_start_reason_display", order_by=("start_reason",), verbose_name="Lý do")
    decision = tables.Column(accessor="start_decision_number", verbose_name="Số quyết định")

    class Meta(RecordTable.Meta):
        exclude = ("occupation", "official")


class DepartureTable(StayTable):
    """Stays that ended in the year."""

    ended = DateColumn("ended_on", verbose_name="Ngày đi")
    reason = tables.Column(accessor="get_end_reason_display", order_by=("end_reason",), verbose_name="Lý do")
    decision = tables.Column(accessor="end_decision_number", verbose_name="Số quyết định")

    class Meta(RecordTable.Meta):
        exclude = ("occupation", "decided")


class AdmissionTable(RecordTable):
    """Admissions by decision."""

    name = PersonColumn()
    born = DateColumn("person__born_on", accessor="person__born", verbose_name="Ngày sinh")
    sex = tables.Column(accessor="person__get_sex_display", order_by=("person__sex",), verbose_name="Giới tính")
    grassroots = GrassrootsColumn()
    cell = CellColumn()
    number = tables.Column(accessor="decision_number", verbose_name="Số quyết định")
    decided = DateColumn("decided_on", verbose_name="Ngày quyết định")
    ceremony = DateColumn("ceremony_on", verbose_name="Lễ kết nạp")
    official = DateColumn("official_on", verbose_name="Chính thức")

    @classmethod
    def prepare(cls, rows: QuerySet, scope: Scope) -> QuerySet:
        return rows.select_related("person").order_by("person__name_sort_key", "pk")


class ClassTable(RecordTable):
    """Training classes."""

    code = tables.Column(verbose_name="Mã lớp")
    name = tables.Column(verbose_name="Tên lớp", order_by=("name_search",))
    programme = tables.Column(accessor="programme__name", order_by=("programme__position",), verbose_name="Loại lớp")
    provider = tables.Column(verbose_name="Cơ sở đào tạo")
    opens = DateColumn("opens_on", accessor="opens_on", verbose_name="Khai giảng")
    closes = DateColumn("closes_on", accessor="closes_on", verbose_name="Bế giảng")

    @classmethod
    def prepare(cls, rows: QuerySet, scope: Scope) -> QuerySet:
        return rows.select_related("programme").order_by("opens_on", "code")

    @classmethod
    def search(cls, rows: QuerySet, text: str) -> QuerySet:
        return _name_search(rows, "name_search", text)


class LearnerTable(RecordTable):
    """Learners of classes."""

    name = PersonColumn()
    born = DateColumn("person__born_on", accessor="person__born", verbose_name="Ngày sinh")
    grassroots = GrassrootsColumn("home", "home_order")
    cell = CellColumn("home", "home_order")
    training_class = tables.Column(
        accessor="training_class__name",
        order_by=("training_class__opens_on", "training_class"),
        verbose_name="Lớp",
    )
    result = tables.Column(accessor="get_result_display", order_by=("result",), verbose_name="Kết quả")
    grade = tables.Column(verbose_name="Xếp loại")
    certificate = tables.Column(accessor="certificate_number", verbose_name="Số giấy chứng nhận")

    @classmethod
    def prepare(cls, rows: QuerySet, scope: Scope) -> QuerySet:
        rows = _with_home_order(rows).select_related("person", "training_class")
        return rows.order_by("training_class", F("person__name_sort_key").asc(nulls_last=True), "pk")


class BadgeTable(RecordTable):
    """Badges awarded."""

    name = PersonColumn()
    born = DateColumn("person__born_on", accessor="person__born", verbose_name="Ngày sinh")
    grassroots = GrassrootsColumn("home", "home_order")
    cell = CellColumn("home", "home_order")
    milestone = NumberColumn(verbose_name="Mốc (năm)")
    awarded = DateColumn("awarded_on", verbose_name="Ngày trao")
    decision = tables.Column(accessor="decision_number", verbose_name="Số quyết định")

    def value_milestone(self, record: Badge) -> int:
        return record.milestone

    def render_milestone(self, record: Badge) -> str:
        return str(record.milestone)

    @classmethod
    def prepare(cls, rows: QuerySet, scope: Scope) -> QuerySet:
        return _with_home_order(rows).select_related("person").order_by("-milestone", "person__name_sort_key", "pk")


class LevelColumn(tables.Column):
    """The rating of the year, or the reason why there is none."""

    def __init__(self) -> None:
        super().__init__(
            verbose_name="Xếp loại", accessor="level_name", order_by=("level_rank", "reason"), empty_values=()
        )

    def value(self, record: Any) -> str:
        if record.level_name:
            return record.level_name
        if not record.reason:
            return "Chưa xếp loại"
        note = f": {record.reason_note}" if record.reason_note else ""
        return f"Không xếp loại – {UnratedReason(record.reason).label}{note}"

    def render(self, record: Any) -> str:
        return self.value(record)


def _with_level(rows: QuerySet) -> QuerySet:
    return rows.annotate(
        level_name=F("rating__level__name"),
        level_rank=F("rating__level__rank"),
        reason=F("rating__unrated_reason"),
        reason_note=F("rating__unrated_note"),
        decision=F("rating__decision_number"),
    )


class OrganisationRatingTable(RecordTable):
    """Grassroots organisations with their rating."""

    code = tables.Column(verbose_name="Mã")
    name = tables.Column(accessor="pk", verbose_name="Tổ chức cơ sở đảng", order_by=("name_sort_key",))
    kind = tables.Column(accessor="get_kind_display", order_by=("kind",), verbose_name="Loại tổ chức")
    level = LevelColumn()
    decision = tables.Column(verbose_name="Số quyết định")

    def value_name(self, value: int) -> str:
        node = self.scope.tree.nodes.get(value)
        return node.name if node else self.outside_name(value)

    def render_name(self, value: int) -> str:
        return self.value_name(value)

    @classmethod
    def prepare(cls, rows: QuerySet, scope: Scope) -> QuerySet:
        return _with_level(rows).order_by("name_sort_key", "pk")

    @classmethod
    def search(cls, rows: QuerySet, text: str) -> QuerySet:
        return _name_search(rows, "name_search", text)


class MemberRatingTable(RecordTable):
    """Members with their rating."""

    name = PersonColumn()
    born = DateColumn("person__born_on", accessor="person__born", verbose_name="Ngày sinh")
    grassroots = GrassrootsColumn()
    cell = CellColumn()
    level = LevelColumn()
    occupation = tables.Column(accessor="person__occupation", verbose_name="Nghề nghiệp, chức vụ")

    @classmethod
    def prepare(cls, rows: QuerySet, scope: Scope) -> QuerySet:
        return _with_level(rows).select_related("person").order_by("person__name_sort_key", "pk")


class MassRatingTable(RecordTable):
    """Mass organisations with their rating."""

    code = tables.Column(verbose_name="Mã")
    name = tables.Column(order_by=("name_sort_key",), verbose_name="Đoàn thể")
    kind = tables.Column(accessor="get_kind_display", order_by=("kind",), verbose_name="Loại")
    grassroots = GrassrootsColumn()
    level = LevelColumn()

    @classmethod
    def prepare(cls, rows: QuerySet, scope: Scope) -> QuerySet:
        return _with_level(rows).order_by("name_sort_key", "pk")

    @classmethod
    def search(cls, rows: QuerySet, text: str) -> QuerySet:
        return _name_search(rows, "name_search", text)


class CommendationTable(RecordTable):
    """Commendations."""

    subject = tables.Column(accessor="person", empty_values=(), orderable=False, verbose_name="Được khen thưởng")
    grassroots = GrassrootsColumn("home", "home_order")
    title = tables.Column(accessor="title_label", order_by=("title", "title_text"), verbose_name="Danh hiệu")
    decision = tables.Column(accessor="decision_number", verbose_name="Số quyết định")
    decided = DateColumn("decided_on", accessor="decided_on", verbose_name="Ngày quyết định")

    def value_subject(self, record: Any) -> str:
        if record.person:
            return record.person.full_name
        node = self.scope.tree.nodes.get(record.organisation_id)
        return node.name if node else record.organisation.name

    def render_subject(self, record: Any) -> str:
        return self.value_subject(record)

    @classmethod
    def prepare(cls, rows: QuerySet, scope: Scope) -> QuerySet:
        rows = _with_home_order(rows).select_related("person", "organisation")
        return rows.order_by("title", F("person__name_sort_key").asc(nulls_last=True), "home_order", "pk")

    @classmethod
    def search(cls, rows: QuerySet, text: str) -> QuerySet:
        people = Q(person__in=Person.objects.matching(text).values("pk"))
        return rows.filter(people | Q(pk__in=_name_search(rows, "organisation__name_search", text).values("pk")))


TABLES: dict[Columns, type[RecordTable]] = {
    Columns.STAYS: StayTable,
    Columns.ARRIVALS: ArrivalTable,
    Columns.DEPARTURES: DepartureTable,
    Columns.ADMISSIONS: AdmissionTable,
    Columns.CLASSES: ClassTable,
    Columns.LEARNERS: LearnerTable,
    Columns.BADGES: BadgeTable,
    Columns.ORGANISATION_RATINGS: OrganisationRatingTable,
    Columns.MEMBER_RATINGS: MemberRatingTable,
    Columns.MASS_RATINGS: MassRatingTable,
    Columns.COMMENDATIONS: CommendationTable,
}
