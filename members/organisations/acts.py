"""What may be done to an organisation: who may, what will follow in words, and the service that does it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from config.access import Permission
from members import services
from members.models import CommitteePost, Membership, Organisation, OrganisationPeriod, Person, RoleAssignment
from members.models.memberships import covering
from members.models.organisations import OrganisationEvent, OrganisationKind
from members.organisations import act_forms
from members.organisations.act_forms import ENDS, ActForm, SplitForm

Values = dict[str, Any]


@dataclass(frozen=True)
class Act:
    """An act: its place in addresses, its words, its form; what follows from it and what does it."""

    slug: str
    title: str
    button: str
    form: type[ActForm]
    follows: Callable[[Organisation, Any], Iterator[str]]
    do: Callable[[Organisation, Any, Any], Organisation]
    # Whether it takes the right to change the organisation above, too.
    is_for_upper: bool = False

    def is_open_to(self, organisation: Organisation, user: Any) -> bool:
        """Whether `user` may do it to `organisation`; roots are founded and ended by commands alone."""
        if organisation.ended_on is not None or not user.has_perm(Permission.CHANGE_RECORDS, organisation):
            return False
        upper = organisation.parent
        return not self.is_for_upper or (upper is not None and user.has_perm(Permission.CHANGE_RECORDS, upper))


def offered_acts(organisation: Organisation, user: Any) -> list[Act]:
    """What `user` may do to it."""
    return [act for act in ACTS.values() if act.is_open_to(organisation, user)]


# --- Words -----------------------------------------------------------------------------------------


def _members(organisation: Organisation, day: dt.date) -> str:
    """12 đảng viên (10 chính thức, 2 dự bị)."""
    stays = Membership.objects.order_by().filter(covering(day), organisation=organisation)
    official = Count("pk", filter=Q(admission__official_on__lte=day))
    told = stays.aggregate(all=Count("pk"), official=official)
    rest = told["all"] - told["official"]
    return f"{told['all']} đảng viên ({told['official']} chính thức, {rest} dự bị)"


def _list(names: list[str], most: int = 6) -> str:
    rest = len(names) - most
    return ", ".join([*names[:most], *([f"và {rest} nữa"] if rest > 0 else [])])


def _with_all_below(organisation: Organisation, day: dt.date) -> tuple[int, int]:
    """How many organisations stand under it on that day, and how many members are there with its own."""
    keys = list(OrganisationPeriod.objects.under(organisation, on=day).values_list("organisation", flat=True))
    alive = Organisation.objects.existing_on(day).filter(pk__in=keys).exclude(pk=organisation.pk).count()
    return alive, Membership.objects.filter(covering(day), organisation__in=keys).count()


def _kept_past(organisation: Organisation, day: dt.date) -> str:
    return f"Trước ngày {day:%d/%m/%Y} mọi trang và số liệu vẫn giữ như cũ: {organisation.name}."


def _ends(organisation: Organisation, day: dt.date) -> Iterator[str]:
    yield f"{organisation.name} kết thúc hoạt động từ ngày {day:%d/%m/%Y}."
    posts = organisation.committee_posts.running().filter(began_on__lte=day).count()
    if posts:
        yield f"{posts} chức vụ cấp ủy của tổ chức này thôi từ ngày đó."
    roles = RoleAssignment.objects.not_ended_on(timezone.localdate()).filter(organisation=organisation).count()
    if roles:
        yield (
            f"{roles} vai trò của tài khoản được giao ở tổ chức này vẫn còn, nhưng chỉ thấy hồ sơ cũ; "
            "hãy báo người quản trị giao lại."
        )


# --- The acts --------------------------------------------------------------------------------------


def _found_follows(organisation: Organisation, form: Any) -> Iterator[str]:
    values: Values = form.cleaned_data
    kind = OrganisationKind(values["kind"]).label
    yield f"{values['name']} ({kind}, mã {values['code']}) được thành lập ngày {values['on']:%d/%m/%Y}."
    yield f"Trực thuộc: {organisation.name}. Chưa có đảng viên nào; sau đó hãy chuyển sinh hoạt hoặc kết nạp vào."


def _found(organisation: Organisation, form: Any, by: Any) -> Organisation:
    values: Values = form.cleaned_data
    return services.found_organisation(
        code=values["code"],
        name=values["name"],
        kind=values["kind"],
        sector=values["sector"],
        parent=organisation,
        founded_on=values["on"],
        decision_number=values["decision_number"],
        by=by,
    )


def _rename_follows(organisation: Organisation, form: Any) -> Iterator[str]:
    values: Values = form.cleaned_data
    if values["name"] != organisation.name:
        yield f"Từ ngày {values['on']:%d/%m/%Y}: {organisation.name} đổi tên thành {values['name']}."
    if values["kind"] != organisation.kind:
        kinds = OrganisationKind(organisation.kind).label, OrganisationKind(values["kind"]).label
        yield f"Từ ngày {values['on']:%d/%m/%Y}: {kinds[0]} chuyển thành {kinds[1]}."
    yield "Đảng viên, tổ chức trực thuộc, cấp ủy và mã tổ chức giữ nguyên."
    yield _kept_past(organisation, values["on"])


def _rename(organisation: Organisation, form: Any, by: Any) -> Organisation:
    values: Values = form.cleaned_data
    return services.change_organisation(
        organisation=organisation,
        on=values["on"],
        name=values["name"],
        kind=values["kind"],
        event=OrganisationEvent.RENAMED,
        decision_number=values["decision_number"],
        by=by,
    )


def _move_follows(organisation: Organisation, form: Any) -> Iterator[str]:
    values: Values = form.cleaned_data
    day, parent = values["on"], values["parent"]
    former = organisation.parent.name if organisation.parent else "không có cấp trên"
    yield f"Từ ngày {day:%d/%m/%Y}: {organisation.name} chuyển từ {former} về {parent.name}."
    below, members = _with_all_below(organisation, day)
    yield f"Đi theo: {below} tổ chức bên dưới, tất cả {members} đảng viên."
    posts = _posts_above(organisation, day)
    if posts:
        yield f"Chức vụ trong cấp ủy các cấp trên cũ mà người của tổ chức này đang giữ có thể thôi: {_list(posts)}."
    yield _kept_past(organisation, day)


def _posts_above(organisation: Organisation, day: dt.date) -> list[str]:
    """Posts in committees above it that its people hold."""
    upper = [int(key) for key in organisation.path[:-1].split("/")[:-1]]
    below = OrganisationPeriod.objects.under(organisation, on=day).values("organisation")
    people = Membership.objects.filter(covering(day), organisation__in=below).values("person")
    posts = CommitteePost.objects.running().filter(organisation__in=upper, person__in=people)
    return [str(post) for post in posts.select_related("person", "organisation")]


def _move(organisation: Organisation, form: Any, by: Any) -> Organisation:
    values: Values = form.cleaned_data
    return services.change_organisation(
        organisation=organisation,
        on=values["on"],
        parent=values["parent"],
        event=OrganisationEvent.MOVED,
        decision_number=values["decision_number"],
        by=by,
    )


def _merge_follows(organisation: Organisation, form: Any) -> Iterator[str]:
    values: Values = form.cleaned_data
    day, into = values["on"], values["into"]
    yield from _ends(organisation, day)
    yield f"{_members(organisation, day)} chuyển sang sinh hoạt ở {into.name} từ ngày đó."
    below = list(organisation.children.filter(ended_on__isnull=True).values_list("name", flat=True))
    if below:
        yield f"{len(below)} tổ chức trực thuộc chuyển về {into.name}: {_list(below)}."
    candidates = Person.objects.candidates().filter(followed_by=organisation).count()
    if candidates:
        yield f"{candidates} quần chúng ưu tú do {into.name} theo dõi tiếp."
    unions = list(organisation.mass_organisations.filter(ended_on__isnull=True).values_list("name", flat=True))
    if unions:
        yield f"{len(unions)} đoàn thể do {into.name} lãnh đạo: {_list(unions)}."
    yield _kept_past(organisation, day)


def _merge(organisation: Organisation, form: Any, by: Any) -> Organisation:
    values: Values = form.cleaned_data
    services.merge_organisation(
        organisation=organisation,
        into=values["into"],
        on=values["on"],
        decision_number=values["decision_number"],
        reason=values["reason"],
        by=by,
    )
    return organisation


def _split_follows(organisation: Organisation, form: SplitForm) -> Iterator[str]:
    values: Values = form.cleaned_data
    day = values["on"]
    for part in form.parts:
        kind = OrganisationKind(part.kind).label
        yield f"Thành lập {part.name} ({kind}, mã {part.code}) ngày {day:%d/%m/%Y}, cùng cấp trên."
        yield f"{part.name} nhận {_taken_along(part)}."
    if values["way"] == ENDS:
        yield from _ends(organisation, day)
    else:
        left = len(form.rows["dv"]) - sum(len(part.members) for part in form.parts)
        yield f"{organisation.name} tiếp tục hoạt động với {left} đảng viên sinh hoạt trực tiếp."
    yield _kept_past(organisation, day)


def _taken_along(part: services.Part) -> str:
    told = [
        f"{len(rows)} {noun}" + (f" ({_list([str(row) for row in rows])})" if rows else "")
        for noun, rows in (
            ("đảng viên", part.members),
            ("tổ chức trực thuộc", part.organisations),
            ("quần chúng ưu tú", part.candidates),
            ("đoàn thể", part.mass_organisations),
        )
        if rows or noun == "đảng viên"
    ]
    return "; ".join(told)


def _split(organisation: Organisation, form: SplitForm, by: Any) -> Organisation:
    values: Values = form.cleaned_data
    services.split_organisation(
        organisation=organisation,
        parts=form.parts,
        on=values["on"],
        ends=values["way"] == ENDS,
        decision_number=values["decision_number"],
        reason=values["reason"],
        by=by,
    )
    return organisation


def _end_follows(organisation: Organisation, form: Any) -> Iterator[str]:
    values: Values = form.cleaned_data
    yield from _ends(organisation, values["on"])
    yield "Không tổ chức nào kế thừa. Hồ sơ, số liệu các năm trước vẫn giữ nguyên."


def _end(organisation: Organisation, form: Any, by: Any) -> Organisation:
    values: Values = form.cleaned_data
    return services.end_organisation(
        organisation=organisation,
        on=values["on"],
        decision_number=values["decision_number"],
        reason=values["reason"],
        by=by,
    )


ACTS: dict[str, Act] = {
    act.slug: act
    for act in (
        Act("thanh-lap", "Thành lập tổ chức trực thuộc", "Thành lập", act_forms.FoundForm, _found_follows, _found),
        Act("doi-ten", "Đổi tên, loại tổ chức", "Đổi tên", act_forms.RenameForm, _rename_follows, _rename),
        Act("chuyen", "Chuyển cấp trên", "Chuyển", act_forms.MoveForm, _move_follows, _move, True),
        Act("sap-nhap", "Sáp nhập vào tổ chức khác", "Sáp nhập", act_forms.MergeForm, _merge_follows, _merge, True),
        Act("tach", "Chia, tách", "Chia, tách", act_forms.SplitForm, _split_follows, _split, True),
        Act("ket-thuc", "Kết thúc hoạt động", "Kết thúc hoạt động", act_forms.EndForm, _end_follows, _end, True),
    )
}
