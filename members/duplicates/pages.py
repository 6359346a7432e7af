"""Pages of files that are on record twice: the pairs, one pair side by side, and what was merged."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from config.access import Permission
from config.conflicts import ConflictError
from config.pages import get_visible, requires
from config.submissions import act_once
from members import audit
from members.audit import record_view
from members.duplicates.finding import compare_people, find_pairs
from members.duplicates.forms import MergeForm, ReasonForm
from members.duplicates.merging import Merge, merge_people, tell_apart, undo_merge
from members.models import DistinctPair, Person, PersonMerge

PER_PAGE, LATEST = 50, 20


@require_GET
@requires(Permission.CHANGE_RECORDS)
def duplicates(request: HttpRequest) -> HttpResponse:
    """Pairs that may be one person, the likeliest first, and the latest merges."""
    pairs = find_pairs(request.user)
    text = request.GET.get("trang", "")
    pages = max(1, -(-len(pairs) // PER_PAGE))
    page = min(int(text), pages) if text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text) else 1
    shown = pairs[(page - 1) * PER_PAGE : page * PER_PAGE]
    people: Any = [one.person.pk for pair in shown for one in (pair.first, pair.second)]
    audit.record(audit.AuditAction.VIEWED, note="Xem danh sách hồ sơ có thể trùng", changes=_seen(people))
    context = {
        "pairs": shown,
        "count": len(pairs),
        "page": page,
        "pages": pages,
        "merges": PersonMerge.objects.changeable_by(request.user).select_related("person", "merged_by")[:LATEST],
        "apart": DistinctPair.objects.changeable_by(request.user).select_related("first", "second")[:LATEST],
    }
    return render(request, "members/duplicates/list.html", context)


def _seen(people: list[int]) -> list[audit.Change]:
    rows = Person.objects.filter(pk__in=people).order_by("pk").values_list("pk", "version")
    return [audit.Change(audit.Verb.VIEWED, "members.person", key, version, person=key) for key, version in rows]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CHANGE_RECORDS)
def duplicate_pair(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Two files side by side: merge the second into the first, or tell them apart."""
    people = [_changeable(request, key) for key in (pk, other)]
    if pk == other:
        raise Http404
    if request.method == "POST":
        work = _tell_apart if request.POST.get("viec") == "khac-nhau" else _merge
        return act_once(request, lambda: work(request, *people))
    merge = Merge(*people)
    return _show_pair(request, MergeForm(merge=merge), ReasonForm(prefix="khac"))


def _changeable(request: HttpRequest, key: int) -> Person:
    person = get_visible(Person, request.user, pk=key)
    if not request.user.has_perm(Permission.CHANGE_RECORDS, person):
        raise PermissionDenied
    return person


def _merge(request: HttpRequest, kept: Person, other: Person) -> HttpResponse:
    user: Any = request.user
    form = MergeForm(request.POST, merge=Merge(kept, other))
    if form.is_valid():
        try:
            done = merge_people(
                kept=kept,
                other=other,
                values=form.values,
                aside=form.aside,
                reason=form.cleaned_data["reason"],
                by=user,
            )
        except ConflictError:
            form.add_error(None, "Người khác vừa sửa một trong hai hồ sơ. Hãy xem lại rồi gộp lần nữa.")
        except ValidationError as refused:
            form.add_error(None, refused.messages)
        else:
            messages.success(request, f"Đã gộp hồ sơ {done.merged_number} vào hồ sơ của {kept}. Có thể tách lại.")
            return redirect("person_merge", done.pk)
    kept, other = (_changeable(request, key) for key in (request.resolver_match.kwargs[n] for n in ("pk", "other")))  # type: ignore[union-attr]
    form.merge = Merge(kept, other)
    return _show_pair(request, form, ReasonForm(prefix="khac"))


def _tell_apart(request: HttpRequest, first: Person, second: Person) -> HttpResponse:
    user: Any = request.user
    form = ReasonForm(request.POST, prefix="khac")
    if form.is_valid():
        try:
            tell_apart(first=first, second=second, reason=form.cleaned_data["reason"], by=user)
        except ValidationError as refused:
            form.add_error(None, refused.messages)
        else:
            messages.success(request, f"Đã ghi nhận {first} và {second} là hai người khác nhau.")
            return redirect("duplicates")
    return _show_pair(request, MergeForm(merge=Merge(first, second)), form)


def _show_pair(request: HttpRequest, form: MergeForm, apart: ReasonForm) -> HttpResponse:
    merge = form.merge
    for person in (merge.kept, merge.other):
        record_view(person, note="So sánh hai hồ sơ có thể trùng")
    context = {
        "kept": merge.kept,
        "other": merge.other,
        "pair": compare_people(merge.kept, merge.other),
        "form": form,
        "apart": apart,
        "swapped": reverse("duplicate_pair", args=[merge.other.pk, merge.kept.pk]),
    }
    return render(request, "members/duplicates/pair.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CHANGE_RECORDS)
def person_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """What a merge did, and parting the two again."""
    merge = get_visible(PersonMerge, request.user, pk=pk)
    if not request.user.has_perm(Permission.CHANGE_RECORDS, merge):
        raise PermissionDenied
    errors: list[str] = []
    if request.method == "POST":
        return act_once(request, lambda: _undo(request, merge, errors))
    return _show_merge(request, merge, errors)


def _undo(request: HttpRequest, merge: PersonMerge, errors: list[str]) -> HttpResponse:
    user: Any = request.user
    try:
        back = undo_merge(merge=merge, reason=f"Tách lại hồ sơ đã gộp: {merge.reason}"[:500], by=user)
    except ValidationError as refused:
        merge.refresh_from_db()
        return _show_merge(request, merge, refused.messages)
    except ConflictError:
        return _show_merge(request, merge, ["Người khác vừa sửa hồ sơ này. Hãy thử lại."])
    messages.success(request, f"Đã tách lại hai hồ sơ; hồ sơ {back.file_number} trở lại như trước khi gộp.")
    return redirect("person", back.pk)


def _show_merge(request: HttpRequest, merge: PersonMerge, errors: list[str]) -> HttpResponse:
    details = merge.details
    context = {
        "merge": merge,
        "errors": errors,
        "moved_count": len(details["moved"]),
        "aside_count": len(details["aside"]),
        "column_count": len([name for name in details["kept"] if not name.endswith("_precision")]),
    }
    return render(request, "members/duplicates/merge.html", context)
