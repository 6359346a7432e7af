"""Several people moved at once by one decision."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from config.access import Permission, under_path
from config.pages import requires
from members.models import Membership, Movement, Organisation, Person
from members.models.movements import MovementKind
from members.movements import services
from members.movements.account import account
from members.movements.acts import BY_KIND
from members.movements.advice import advice
from members.movements.forms import SeveralForm
from members.movements.pages import PreviewPage

# How many people of an organisation are offered to be marked, and how many moved at once.
MOST_OFFERED, MOST_MOVED = 400, 200
# How many sentences of a preview are told one by one.
MOST_TOLD = 12
COPIED = (
    "kind",
    "decision_number",
    "letter_number",
    "cause_on",
    "to_organisation",
    "to_place",
    "answer_number",
    "reason",
    "note",
)


class RecordSeveral(PreviewPage):
    """Marks people of an organisation, or takes their numbers, and moves them all or none."""

    form_class = SeveralForm
    template = "movements/several.html"

    # The kind; set where the address is.
    act: Any = None

    def row(self) -> Movement:
        return Movement(kind=self.act.kind)

    # Who

    @property
    def organisations(self) -> Any:
        """Those whose members may be marked."""
        today = timezone.localdate()
        return Organisation.objects.changeable_by(self.user).existing_on(today).order_by("path")

    @property
    def organisation(self) -> Organisation | None:
        """The one whose members are shown."""
        code = self.request.GET.get("to-chuc", "") or self.request.POST.get("to-chuc", "")
        return self.organisations.filter(code=code).first()

    def members(self) -> list[Membership]:
        """The members of the organisation and all under it, today."""
        place = self.organisation
        if place is None:
            return []
        stays = Membership.objects.changeable_by(self.user).filter(
            under_path("organisation__path", place.path), ended_on__isnull=True
        )
        return list(
            stays.select_related("person", "organisation").order_by("person__name_sort_key", "pk")[:MOST_OFFERED]
        )

    def marked(self) -> set[int]:
        """The keys of the people that were marked."""
        sent = self.request.POST.getlist("nguoi")
        return {int(key) for key in sent if key.isascii() and key.isdigit() and len(key) < 19}

    def people(self, form: SeveralForm) -> list[Person]:
        """Whom to move, by mark or number; raises ValidationError for a number that names nobody of the scope."""
        mine = Person.objects.changeable_by(self.user)
        numbers = {line.strip() for line in form.cleaned_data["numbers"].splitlines() if line.strip()}
        named = Q(file_number__in=numbers) | Q(card_number__in=numbers)
        found = list(mine.filter(Q(pk__in=self.marked()) | named).order_by("name_sort_key", "pk"))
        known = {number for person in found for number in (person.file_number, person.card_number)}
        if unknown := sorted(numbers - known):
            told = f"Không có ai trong phạm vi của bạn mang số {', '.join(unknown)}. Hãy xem lại số."
            raise ValidationError({"numbers": told})
        if len(found) > MOST_MOVED:
            raise ValidationError(f"Mỗi lần ghi nhiều nhất {MOST_MOVED} người. Hãy chia thành nhiều đợt.")
        return found

    # What

    def write(self, form: SeveralForm) -> list[Movement]:
        movements = []
        for person in self.people(form):
            movement = Movement(person=person)
            for name in COPIED:
                setattr(movement, name, getattr(form.instance, name))
            if form.cleaned_data.get("to_named"):
                movement.to_organisation = form.cleaned_data["to_organisation"]
            movement.happened, movement.arrived = form.instance.happened, form.instance.arrived
            movements.append(movement)
        return services.record_movements(movements=movements, by=self.user)

    def foretell(self, row: list[Movement]) -> tuple[list[str], list[str]]:
        first, rest = row[:MOST_TOLD], len(row) - MOST_TOLD
        deeds = [f"Ghi cho {len(row)} người:", *(account(movement)[0] for movement in first)]
        more = [f"… và {rest} người khác như vậy."] if rest > 0 else []
        return [*deeds, *more, *account(row[0])[1:]], sorted({told for movement in row for told in advice(movement)})

    def kept(self, row: list[Movement]) -> Movement:
        return row[0]

    def said(self, row: Any) -> str:
        return f"Đã ghi: {self.act.label} của {len(row)} người, {row[0].happened}."

    def address(self, row: list[Movement]) -> str:
        return f"{reverse('movements')}?nam={row[0].happened_on.year}&dot={row[0].batch}"

    def context(self, form: SeveralForm) -> dict[str, Any]:
        return {
            "title": f"{self.act.label}: nhiều người theo một quyết định",
            "act": self.act,
            "organisations": self.organisations.select_related("parent"),
            "organisation": self.organisation,
            "members": self.members(),
            "marked": self.marked(),
            "most": MOST_OFFERED,
            "back": reverse("movements"),
            "action": "Xem trước khi ghi",
        }


changing = requires(Permission.CHANGE_RECORDS)
move_several = changing(RecordSeveral.as_view(act=BY_KIND[MovementKind.MOVE]))
transfer_several = changing(RecordSeveral.as_view(act=BY_KIND[MovementKind.TRANSFER_OUT]))
