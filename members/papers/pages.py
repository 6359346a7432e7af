"""Pages of papers: for one person, for people of an organisation, and of their templates."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from config.access import Permission, under_path
from config.downloads import download
from config.pages import get_visible, requires, requires_one_of
from config.submissions import act_once
from config.word import render_word
from members.documents import Stage, people_of
from members.models import Badge, BadgeMilestone, Membership, Organisation, PaperKind, PaperTemplate, Person
from members.organisation_pages import get_organisation
from members.papers.facts import homes_of
from members.papers.fields import FIELDS, sample
from members.papers.forms import PaperForm, TemplateForm
from members.papers.produce import DOCX, MOST_PEOPLE, produce
from members.papers.templates import add_template, template_content, use_template
from members.party_age import counts_by_person

TAKES_AWAY = (Permission.CHANGE_RECORDS, Permission.EXPORT)
# Kinds of papers that are about one person.
SINGLE = [kind for kind in PaperKind if kind != PaperKind.BADGE_LIST]
# Of whom papers are made by default.
OF_STANDING: dict[str, tuple[str, ...]] = {
    PaperKind.MEMBER_SHEET: (Stage.PROBATIONARY, Stage.OFFICIAL),
    PaperKind.ADMISSION_DECISION: (Stage.CANDIDATE,),
    PaperKind.OFFICIAL_DECISION: (Stage.PROBATIONARY,),
    PaperKind.TRANSFER_LETTER: (Stage.PROBATIONARY, Stage.OFFICIAL),
    PaperKind.BADGE_LIST: (Stage.PROBATIONARY, Stage.OFFICIAL),
}
# How far ahead a badge list looks.
AHEAD = dt.timedelta(days=183)
SHOWN = 500


def _kind(text: str, kinds: Any = PaperKind) -> str:
    values = [str(kind.value) for kind in kinds]
    return text if text in values else values[0]


def _above(organisation: Organisation) -> list[Organisation]:
    """The organisation below those above it, the root first."""
    keys = [int(key) for key in organisation.path.split("/") if key]
    found = Organisation.objects.select_related("parent").in_bulk(keys)
    return [found[key] for key in keys]


def _may_take(user: Any, row: Any) -> bool:
    return any(user.has_perm(permission, row) for permission in TAKES_AWAY)


def _handed_out(form: PaperForm, kind: str, people: list[Person], user: Any) -> HttpResponse | None:
    """The file; None where the template can't be filled, which the form then says."""
    try:
        content, name, of_type = produce(kind, people, form.letterhead, by=user)
    except ValidationError as refused:
        form.add_error(None, refused)
        return None
    return download(content, name, of_type)


@require_http_methods(["GET", "HEAD", "POST"])
@requires_one_of(*TAKES_AWAY)
def person_papers(request: HttpRequest, pk: int) -> HttpResponse:
    """A paper about one person (`loai`)."""
    person = get_visible(Person, request.user, pk=pk)
    if not _may_take(request.user, person):
        raise PermissionDenied
    kind = _kind(request.GET.get("loai", ""), SINGLE)
    home = homes_of([person]).get(person.pk)
    form = home and PaperForm(request.POST or None, kind=kind, above=_above(home), on=timezone.localdate())
    if form and form.is_bound and form.is_valid():
        answer = _handed_out(form, kind, [person], request.user)
        if answer is not None:
            return answer
    kinds = [(one.value, one.label, one == kind) for one in SINGLE]
    context = {"person": person, "kinds": kinds, "kind": PaperKind(kind), "form": form}
    return render(request, "members/papers/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires_one_of(*TAKES_AWAY)
def organisation_papers(request: HttpRequest, code: str) -> HttpResponse:
    """Papers about people of an organisation with all under it: one file each, or one list."""
    found = get_organisation(request, code)
    if not _may_take(request.user, found):
        raise PermissionDenied
    kind, today = _kind(request.GET.get("loai", "")), timezone.localdate()
    people = _candidates(found, kind, today)
    form = PaperForm(request.POST or None, kind=kind, above=_above(found), on=today)
    chosen = [person for person in people if str(person.pk) in set(request.POST.getlist("nguoi"))]
    if form.is_bound and form.is_valid():
        if not 0 < len(chosen) <= MOST_PEOPLE:
            form.add_error(None, f"Hãy đánh dấu từ 1 đến {MOST_PEOPLE} người.")
        elif (answer := _handed_out(form, kind, chosen, request.user)) is not None:
            return answer
    context = {
        "organisation": found,
        "kinds": [(one.value, one.label, one == kind) for one in PaperKind],
        "kind": PaperKind(kind),
        "people": people[:SHOWN],
        "left_out": max(0, len(people) - SHOWN),
        "chosen": {person.pk for person in chosen},
        "form": form,
        "most": MOST_PEOPLE,
    }
    return render(request, "members/papers/organisation.html", context)


def _candidates(organisation: Organisation, kind: str, today: dt.date) -> list[Any]:
    """Of whom papers of the kind can be made there: in the order of names, each with `home` and perhaps a `hint`."""
    members = Membership.objects.on(today).filter(under_path("organisation__path", organisation.path))
    followed = Person.objects.candidates().filter(under_path("followed_by__path", organisation.path))
    source = followed if kind == PaperKind.ADMISSION_DECISION else Person.objects.filter(
        pk__in=members.order_by().values("person")
    )  # fmt: skip
    of_all: Any = people_of(source, on=today)
    people: list[Any] = list(of_all.filter(standing__in=OF_STANDING[kind]).select_related("followed_by"))
    if kind == PaperKind.BADGE_LIST:
        people = _due_for_badges(people, today + AHEAD)
    homes = homes_of(people[:SHOWN])
    for person in people:
        home = homes.get(person.pk)
        person.home = home.name if home else ""
    return people


def _due_for_badges(people: list[Any], day: dt.date) -> list[Any]:
    """Those who complete a milestone by that day and don't bear its badge."""
    milestones = sorted(BadgeMilestone.objects.in_force(on=day).values_list("years", flat=True))
    counts = counts_by_person(people)
    borne = set(Badge.objects.filter(person__in=people).order_by().values_list("person", "milestone"))
    due = []
    for person in people:
        count = counts.get(person.pk)
        if count is None:
            continue
        reached = max((years for years in milestones if count.reaches(years) <= day), default=0)
        if reached and (person.pk, reached) not in borne:
            person.hint = f"{reached} năm, tròn ngày {count.reaches(reached):%d/%m/%Y}"
            due.append(person)
    return due


# --- Templates -------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_REFERENCE)
def paper_templates(request: HttpRequest) -> HttpResponse:
    """The templates of a kind (`loai`), its fields, and a new one."""
    kind = _kind(request.GET.get("loai", ""))
    can_change = request.user.has_perm(Permission.CHANGE_REFERENCE)
    form = TemplateForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        if not can_change:
            raise PermissionDenied
        return act_once(request, lambda: _act(request, kind, form))
    return _show_templates(request, kind, form, can_change=can_change)


def _act(request: HttpRequest, kind: str, form: TemplateForm) -> HttpResponse:
    """Take a template in, or use another one of those that are there."""
    user: Any = request.user
    label, back = PaperKind(kind).label, redirect(f"{request.path}?loai={kind}")
    wanted = request.POST.get("dung", "")
    if wanted:
        own = PaperTemplate.objects.filter(kind=kind)
        template = None if wanted == "0" else get_object_or_404(own, pk=wanted) if wanted.isdecimal() else None
        if wanted != "0" and template is None:
            raise Http404
        use_template(kind=kind, template=template, by=user)
        messages.success(request, f"“{label}” nay dùng {template.name if template else 'mẫu của chương trình'}.")
        return back
    if form.is_valid():
        try:
            add_template(kind=kind, file=form.cleaned_data["file"], by=user)
        except ValidationError as refused:
            form.add_error("file", refused)
        else:
            messages.success(request, f"Đã nhận mẫu “{label}”: điền thử được mọi trường, dùng từ bây giờ.")
            return back
    return _show_templates(request, kind, form, can_change=True)


def _show_templates(request: HttpRequest, kind: str, form: TemplateForm, *, can_change: bool) -> HttpResponse:
    templates = list(PaperTemplate.objects.filter(kind=kind).defer("content").select_related("uploaded_by"))
    context = {
        "kinds": [(one.value, one.label, one == kind) for one in PaperKind],
        "kind": PaperKind(kind),
        "templates": templates,
        "own_is_in_use": not any(template.is_in_use for template in templates),
        "fields": FIELDS[kind],
        "form": form,
        "can_change": can_change,
    }
    return render(request, "members/papers/templates.html", context)


@require_GET
@requires(Permission.VIEW_REFERENCE)
def paper_template_file(request: HttpRequest) -> HttpResponse:
    """The template in use of a kind (`loai`) or, with `mau`, one that was kept; with `thu` filled with sample data."""
    kind = _kind(request.GET.get("loai", ""))
    key = request.GET.get("mau", "")
    if key:
        found = PaperTemplate.objects.filter(kind=kind, pk=key).first() if key.isdecimal() and len(key) < 19 else None
        if found is None:
            raise Http404
        content = bytes(found.content)
    else:
        content = template_content(kind)
    is_tried = request.GET.get("thu") == "1"
    name = f"{'Thu-' if is_tried else 'Mau-'}{kind.replace('_', '-')}.docx"
    return download(render_word(content, sample(kind)) if is_tried else content, name, DOCX)
