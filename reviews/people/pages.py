"""The pages of the lists of people: the list, its Excel, and the lists that were saved."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from config.access import Permission, holds
from config.downloads import download
from config.pages import requires
from config.submissions import act_once
from members import audit
from members.lists_of_words import ETHNIC_GROUPS, RELIGIONS
from reviews.models import SavedView
from reviews.models.saved_views import LONGEST_QUERY
from reviews.people import saved
from reviews.people.listing import PeopleList
from reviews.people.workbook import people_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@requires(Permission.VIEW_RECORDS)
def people(request: HttpRequest) -> HttpResponse:
    """The list that the address asks for; an address written in another way is sent to the one way."""
    listing = PeopleList(request.user, request.GET)
    if listing.is_understood and _parts(request.GET) != _parts(QueryDict(listing.own_address[1:])):
        return redirect(reverse("people") + listing.own_address)
    context = {
        "listing": listing,
        "may_export": holds(request.user, Permission.EXPORT),
        "may_add": holds(request.user, Permission.CHANGE_RECORDS),
        "saved_views": SavedView.objects.visible_to(request.user).select_related("owner"),
        "ethnic_groups": [*ETHNIC_GROUPS, "Thiểu số"],
        "religions": [*RELIGIONS, "Có tôn giáo"],
    }
    return render(request, "reviews/people.html", context)


def _parts(query: QueryDict) -> list[tuple[str, list[str]]]:
    return sorted(query.lists())


@require_GET
@requires(Permission.VIEW_RECORDS, Permission.EXPORT)
def people_excel(request: HttpRequest) -> HttpResponse:
    """The list as a workbook: the same columns and order, of the people whose records the user may export."""
    listing = PeopleList(request.user, request.GET, permission=Permission.EXPORT)
    if not listing.is_understood:
        raise Http404
    content, keys = people_workbook(listing)
    name = f"danh-sach-{listing.standing.value}-{listing.day:%Y-%m-%d}.xlsx"
    audit.record_export(
        title=f"danh sách: {listing.sentence}",
        organisation=listing.organisation or saved.own_organisation(request.user),
        name=name,
        content=content,
        people=keys,
    )
    return download(content, name, XLSX)


# --- Saved lists -----------------------------------------------------------------------------------


class SavedViewForm(forms.Form):
    """A name, and whether the list is shared."""

    ten = forms.CharField(
        label="Tên danh sách", max_length=100, error_messages={"required": "Hãy đặt tên cho danh sách."}
    )
    chung = forms.BooleanField(label="Chia sẻ với mọi người trong tổ chức", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ten"].widget.attrs.update({"class": "form-control medium", "autocomplete": "off"})
        self.fields["chung"].widget.attrs["class"] = "form-check-input"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_RECORDS)
def saved_views(request: HttpRequest) -> HttpResponse:
    """Saved lists: keep the one that the address holds (`luu`), rename, share and delete one's own."""
    if request.method == "POST":
        return act_once(request, lambda: _act(request))
    return _show(request, SavedViewForm())


def _show(request: HttpRequest, form: SavedViewForm, changed: SavedView | None = None) -> HttpResponse:
    """The page, with the form of the list that is being saved or changed."""
    views = SavedView.objects.visible_to(request.user).select_related("owner", "organisation")
    query = request.POST.get("danh_sach", request.GET.get("luu", ""))[:LONGEST_QUERY]
    own = [view for view in views if view.owner_id == request.user.pk]
    context = {
        "form": form,
        "changed": changed,
        "own": [(view, form if changed == view else _form_of(view)) for view in own],
        "shared": [view for view in views if view.owner_id != request.user.pk],
        "is_saving": "luu" in request.GET or "danh_sach" in request.POST,
        "query": query,
        "listing": PeopleList(request.user, QueryDict(query)),
        "organisation": saved.own_organisation(request.user),
    }
    return render(request, "reviews/saved_views.html", context)


def _form_of(view: SavedView) -> SavedViewForm:
    initial = {"ten": view.name, "chung": view.organisation_id is not None}
    return SavedViewForm(initial=initial, auto_id=f"id_%s_{view.pk}")


def _act(request: HttpRequest) -> HttpResponse:
    """Save a list, or change or delete one of one's own."""
    key = request.POST.get("khoa", "")
    if not key:
        return _save(request)
    view = SavedView.objects.changeable_by(request.user).filter(pk=int(key) if _is_key(key) else -1).first()
    if view is None:
        raise Http404
    if request.POST.get("viec") == "xoa":
        saved.delete_view(view=view, by=request.user)
        messages.success(request, f"Đã xóa danh sách “{view.name}”. Hồ sơ của những người trong đó giữ nguyên.")
        return redirect("saved_views")
    form = SavedViewForm(request.POST, auto_id=f"id_%s_{view.pk}")
    return _write(request, form, lambda **values: saved.change_view(view=view, by=request.user, **values), changed=view)


def _save(request: HttpRequest) -> HttpResponse:
    query = PeopleList(request.user, QueryDict(request.POST.get("danh_sach", "")[:LONGEST_QUERY])).own_query
    form = SavedViewForm(request.POST)
    return _write(request, form, lambda **values: saved.save_view(query=query, by=request.user, **values))


def _write(request: HttpRequest, form: SavedViewForm, service: Any, changed: SavedView | None = None) -> HttpResponse:
    if form.is_valid():
        try:
            view = service(name=form.cleaned_data["ten"], is_shared=form.cleaned_data["chung"])
        except ValidationError as refused:
            form.add_error("ten", "; ".join(refused.messages))
        else:
            messages.success(request, f"Đã lưu danh sách “{view.name}”.")
            return redirect("saved_views" if changed else f"{reverse('people')}?{view.query}")
    return _show(request, form, changed)


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
