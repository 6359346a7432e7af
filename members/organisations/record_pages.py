"""Pages that correct an organisation, and keep its committee and its mass organisations."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse

from config.access import Permission
from config.pages import requires
from members import services
from members.models import CommitteePost, MassOrganisation, Organisation
from members.organisation_pages import get_organisation
from members.organisations.record_forms import CorrectionForm, EndMassForm, EndPostForm, MassForm, PostForm
from members.pages import ChangePage, FormPage
from members.partial_dates import PartialDate


class _OnOrganisation(FormPage):
    """What the pages share: they lead back to the organisation."""

    # The section of the organisation's page that shows the record.
    section = ""

    def organisation(self) -> Organisation:
        """The organisation of the address; 403 for who may not change it."""
        found = get_organisation(self.request, self.kwargs["code"])
        if not self.user.has_perm(self.permission, found):
            raise PermissionDenied
        return found

    def address(self, row: Any) -> str:
        place = row if isinstance(row, Organisation) else row.organisation
        return reverse("organisation", args=[place.code]) + (f"#{self.section}" if self.section else "")


class CorrectOrganisation(_OnOrganisation):
    """What was entered wrongly."""

    form_class = CorrectionForm

    def row(self) -> Organisation:
        return self.organisation()

    def write(self, form: CorrectionForm) -> Organisation:
        return services.correct_organisation(organisation=form.instance, reason=form.typed_reason, by=self.user)

    def context(self, form: CorrectionForm) -> dict[str, Any]:
        stored = self.row()
        lead = "Chỉ để sửa điều đã ghi sai. Thay đổi theo quyết định thì ghi bằng các mục “Việc về tổ chức”."
        return {
            "title": f"Sửa thông tin ghi sai: {stored}",
            "back": self.address(stored),
            "action": "Ghi sửa đổi",
            "lead": lead,
        }


class AddPost(_OnOrganisation):
    """Somebody takes a post in the committee."""

    form_class = PostForm
    section = "cap-uy"
    template = "members/organisations/post.html"

    def row(self) -> CommitteePost:
        organisation = self.organisation()
        if organisation.ended_on is not None:
            raise PermissionDenied
        return CommitteePost(organisation=organisation)

    def write(self, form: PostForm) -> CommitteePost:
        return services.write_post(post=form.instance, by=self.user)

    def context(self, form: PostForm) -> dict[str, Any]:
        title = f"Thêm người vào cấp ủy: {form.instance.organisation}"
        return {"title": title, "back": self.address(form.instance), "action": "Thêm vào cấp ủy"}


class ChangePost(_OnOrganisation, ChangePage):
    """A post is corrected."""

    model = CommitteePost
    form_class = PostForm
    section = "cap-uy"

    def write(self, form: PostForm) -> CommitteePost:
        return services.write_post(post=form.instance, by=self.user)

    def context(self, form: PostForm) -> dict[str, Any]:
        stored = self.row()
        return {"title": f"Sửa: {stored}", "back": self.address(stored), "action": "Ghi sửa đổi"}


class EndPost(_OnOrganisation, ChangePage):
    """A post is given up."""

    model = CommitteePost
    form_class = EndPostForm
    section = "cap-uy"

    def write(self, form: EndPostForm) -> CommitteePost:
        values = form.cleaned_data
        ended: PartialDate = values["ended"]
        return services.end_post(
            post=self._running(form.instance.pk),
            ended=ended,
            reason=values["end_reason"],
            decision_number=values["end_decision_number"],
            by=self.user,
        )

    def _running(self, pk: int) -> CommitteePost:
        return CommitteePost.objects.select_for_update().get(pk=pk)

    def context(self, form: EndPostForm) -> dict[str, Any]:
        stored = self.row()
        lead = f"{stored.person} giữ chức vụ này từ {stored.began}."
        return {
            "title": f"Thôi giữ chức vụ: {stored}",
            "back": self.address(stored),
            "action": "Ghi thôi giữ",
            "lead": lead,
        }


class AddMassOrganisation(_OnOrganisation):
    """A mass organisation that the organisation leads."""

    form_class = MassForm
    section = "doan-the"

    def row(self) -> MassOrganisation:
        organisation = self.organisation()
        if organisation.ended_on is not None:
            raise PermissionDenied
        return MassOrganisation(organisation=organisation)

    def write(self, form: MassForm) -> MassOrganisation:
        return services.write_mass_organisation(mass_organisation=form.instance, by=self.user)

    def context(self, form: MassForm) -> dict[str, Any]:
        title = f"Thêm đoàn thể: {form.instance.organisation}"
        return {"title": title, "back": self.address(form.instance), "action": "Thêm đoàn thể"}


class ChangeMassOrganisation(_OnOrganisation, ChangePage):
    """A mass organisation is changed."""

    model = MassOrganisation
    form_class = MassForm
    section = "doan-the"

    def write(self, form: MassForm) -> MassOrganisation:
        return services.write_mass_organisation(mass_organisation=form.instance, by=self.user)

    def context(self, form: MassForm) -> dict[str, Any]:
        stored = self.row()
        return {"title": f"Sửa đoàn thể: {stored}", "back": self.address(stored), "action": "Ghi sửa đổi"}


class EndMassOrganisation(_OnOrganisation, ChangePage):
    """A mass organisation ends."""

    model = MassOrganisation
    form_class = EndMassForm
    section = "doan-the"

    def write(self, form: EndMassForm) -> MassOrganisation:
        return services.write_mass_organisation(mass_organisation=form.instance, by=self.user)

    def context(self, form: EndMassForm) -> dict[str, Any]:
        stored = self.row()
        return {"title": f"Kết thúc đoàn thể: {stored}", "back": self.address(stored), "action": "Ghi kết thúc"}


_may_change = requires(Permission.CHANGE_RECORDS)
correct_organisation = _may_change(CorrectOrganisation.as_view())
add_post = _may_change(AddPost.as_view())
change_post = _may_change(ChangePost.as_view())
end_post = _may_change(EndPost.as_view())
add_mass_organisation = _may_change(AddMassOrganisation.as_view())
change_mass_organisation = _may_change(ChangeMassOrganisation.as_view())
end_mass_organisation = _may_change(EndMassOrganisation.as_view())
