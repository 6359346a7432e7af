"""The page of a case, and the forms that record its steps, one at a time; what the page tells is in case_page.py."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from config.access import Permission
from config.pages import get_visible, requires
from members.admission import ending, keeping, services
from members.admission.case_page import CasePage
from members.admission.forms import (
    CloseForm,
    HelperEndForm,
    HelperForm,
    ReasonForm,
    RemarkForm,
    ReopenForm,
    SendBackForm,
    StepForm,
)
from members.admission.pipeline import Pipeline, rule_in_words
from members.audit import record_view
from members.models import AdmissionCase, AdmissionStage, CaseHelper, CaseStep, ProbationRemark
from members.models.admission_cases import CaseState, StepState
from members.models.admission_stages import StageActor, StageEffect
from members.months import add_months
from members.pages import FormPage
from members.partial_dates import PartialDate


@require_GET
@requires(Permission.VIEW_RECORDS)
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """What was done, what is waited for, and what may be done."""
    found = get_case(request, pk)
    record_view(found.person, note="Xem hồ sơ kết nạp")
    return render(request, "admission/case.html", {"case": found, "page": CasePage(request.user, found)})


def get_case(request: HttpRequest, pk: int) -> AdmissionCase:
    """The case that the user may see; 404 else."""
    found: AdmissionCase = get_visible(AdmissionCase, request.user, pk=pk)
    return AdmissionCase.objects.select_related(
        "person", "organisation__parent", "admission", "stage", "due_stage", "due_rule"
    ).get(pk=found.pk)


class CaseFormPage(FormPage):
    """A form on a case: what was refused stands on the form, and what has to be confirmed is asked."""

    template = "admission/form.html"
    said = "Đã ghi."
    action = "Ghi"
    title = ""

    def changeable(self) -> AdmissionCase:
        """The case; 403 for who may not change it."""
        found = get_case(self.request, self.kwargs["pk"])
        if not self.user.has_perm(self.permission, found):
            raise PermissionDenied
        return found

    def _save(self, form: Any) -> HttpResponse:
        try:
            self.write(form)
        except services.NeedsConfirmationError as told:
            form.warnings = told.warnings
            raise ValidationError({"is_confirmed": services.CONFIRM}) from told
        messages.success(self.request, self.said)
        return redirect(self.address(form.instance))

    def address(self, row: Any) -> str:
        return reverse("admission_case", args=[self.kwargs["pk"]])

    def context(self, form: Any) -> dict[str, Any]:
        return {
            "title": self.title,
            "back": self.address(form.instance),
            "action": self.action,
            "case": form.case,
            "stage": self.stage(form),
        }

    def stage(self, form: Any) -> AdmissionStage | None:
        """The step that the form is about, for what is said of it."""
        return None


class RecordStep(CaseFormPage):
    """A step of a case."""

    form_class = StepForm
    action = "Ghi bước này"

    def row(self) -> CaseStep:
        case = self.changeable()
        self.pipeline = Pipeline.load()
        stage = self.pipeline.stage(self.kwargs["code"])
        if stage is None:
            raise Http404
        if not services.may_record(self.user, case, stage):
            raise PermissionDenied
        return CaseStep(case=case, stage=stage)

    def _form(self, data: Any = None) -> StepForm:
        row = self.row()
        is_received = any(one.due_from == row.stage.code for one in self.pipeline.stages)
        return StepForm(data, instance=row, user=self.user, is_received=is_received)

    def write(self, form: StepForm) -> CaseStep:
        step = services.record_step(
            case=form.instance.case,
            step=form.instance,
            helpers=form.helpers,
            is_confirmed=form.cleaned_data["is_confirmed"],
            seen=form.version_seen,
            by=self.user,
        )
        self.said = f"Đã ghi “{step.stage}” của {step.case.person}, ngày {step.done}."
        return step

    def stage(self, form: Any) -> AdmissionStage:
        found: AdmissionStage = form.instance.stage
        return found

    def context(self, form: StepForm) -> dict[str, Any]:
        stage, case = form.instance.stage, form.instance.case
        way = self.pipeline.way(case, list(case.steps.select_related("stage").order_by("pk")))
        due = way.due(stage)
        told: dict[str, Any] = {
            "title": f"{stage.name}: {case.person.full_name}",
            "due": due,
            "rule": rule_in_words(due.rule) if due else "",
        }
        if stage.effect == StageEffect.RECOGNITION and way.probation is not None:
            told["official_on"] = way.probation.on
        return super().context(form) | told


class WaiveStep(CaseFormPage):
    """Why a step is left out."""

    form_class = ReasonForm
    action = "Ghi là không phải làm"

    def row(self) -> CaseStep:
        case = self.changeable()
        stage = Pipeline.load().stage(self.kwargs["code"])
        if stage is None:
            raise Http404
        if not services.may_record(self.user, case, stage):
            raise PermissionDenied
        return CaseStep(case=case, stage=stage, state=StepState.WAIVED)

    def write(self, form: ReasonForm) -> CaseStep:
        self.said = f"Đã ghi là không phải làm “{form.instance.stage}”."
        reason = form.cleaned_data["reason"]
        row = form.instance
        return services.waive_step(case=row.case, stage=row.stage, reason=reason, seen=form.version_seen, by=self.user)

    def context(self, form: ReasonForm) -> dict[str, Any]:
        return super().context(form) | {"title": f"Không phải làm: {form.instance.stage}"}


class SendBack(CaseFormPage):
    """Sends a case back to an earlier step."""

    form_class = SendBackForm
    title = "Trả lại hồ sơ"
    action = "Trả lại hồ sơ"

    def row(self) -> CaseStep:
        case = self.changeable()
        if not case.is_open or case.stage is None:
            raise Http404
        if not services.may_record(self.user, case, case.stage):
            raise PermissionDenied
        return CaseStep(case=case, stage=case.stage, state=StepState.SENT_BACK)

    def _form(self, data: Any = None) -> SendBackForm:
        row = self.row()
        way = Pipeline.load().way(row.case, list(row.case.steps.select_related("stage").order_by("pk")))
        if data is None:
            row.done = PartialDate(timezone.localdate())
        return SendBackForm(data, instance=row, user=self.user, targets=way.targets())

    def write(self, form: SendBackForm) -> CaseStep:
        row, typed = form.instance, form.cleaned_data
        self.said = f"Đã trả lại hồ sơ về bước “{typed['to']}”."
        return services.send_back(
            case=row.case,
            to=typed["to"],
            on=row.done.first_day,
            reason=typed["reason"],
            keeps_between=typed["keeps_between"],
            seen=form.version_seen,
            by=self.user,
        )


class UndoStep(CaseFormPage):
    """Takes back what was recorded last."""

    form_class = ReasonForm
    action = "Rút lại"

    def row(self) -> CaseStep:
        case = self.changeable()
        step = services.last_recorded(case)
        if step is None or case.state in {CaseState.STOPPED, CaseState.REMOVED}:
            raise Http404
        if not services.may_record(self.user, case, step.stage):
            raise PermissionDenied
        return CaseStep(case=case, stage=step.stage, state=StepState.UNDONE, done_on=step.done_on)

    def write(self, form: ReasonForm) -> CaseStep:
        row = form.instance
        self.said = f"Đã rút lại “{row.stage}”. Bước đã rút vẫn còn trong lịch sử của hồ sơ."
        return services.undo_last(
            case=row.case, reason=form.cleaned_data["reason"], seen=form.version_seen, by=self.user
        )

    def context(self, form: ReasonForm) -> dict[str, Any]:
        row = form.instance
        told = CONSEQUENCES.get(row.stage.effect, "")
        return super().context(form) | {"title": f"Rút lại: {row.stage}", "consequence": told}


CONSEQUENCES = {
    StageEffect.DECISION.value: "Người này sẽ không còn trong danh sách đảng viên, số liệu kết nạp giảm một.",
    StageEffect.CEREMONY.value: "Ngày lễ kết nạp và ngày hết dự bị sẽ bị xóa.",
    StageEffect.RECOGNITION.value: "Ngày chính thức sẽ bị xóa, người này trở lại là đảng viên dự bị.",
}


class CloseCase(CaseFormPage):
    """Stops a case or, after admission, strikes the person off."""

    form_class = CloseForm

    def row(self) -> AdmissionCase:
        found = self.changeable()
        if not found.is_open:
            raise Http404
        self.is_removal = found.state == CaseState.ADMITTED and ending.is_member(found)
        if self.is_removal and StageActor.OFFICE not in services.stages_open_to(self.user, found):
            raise PermissionDenied
        found.state = CaseState.REMOVED if self.is_removal else CaseState.STOPPED
        found.stage = found.due_stage = found.due_rule = found.due_on = None
        return found

    def write(self, form: CloseForm) -> AdmissionCase:
        typed, end = form.cleaned_data, ending.remove_probationer if self.is_removal else ending.stop_case
        self.said = "Đã xóa tên trong danh sách đảng viên." if self.is_removal else "Đã dừng xét hồ sơ này."
        return end(
            case=form.instance,
            on=typed["closed_on"],
            reason=typed["close_reason"],
            number=typed["close_number"],
            seen=form.version_seen,
            by=self.user,
        )

    def context(self, form: CloseForm) -> dict[str, Any]:
        if not self.is_removal:
            is_gone = form.instance.admission_id is not None
            words = "Kết thúc theo dõi" if is_gone else "Dừng xét"
            return super().context(form) | {"title": f"{words}: {form.instance.person}", "action": words}
        told = f"Thời gian sinh hoạt đảng của {form.instance.person} kết thúc vào ngày này, lý do “Xóa tên”."
        return super().context(form) | {
            "title": f"Xóa tên: {form.instance.person}",
            "action": "Xóa tên",
            "consequence": told,
        }


class ReopenCase(CaseFormPage):
    """Goes on with a case that had ended."""

    form_class = ReopenForm
    title = "Mở lại hồ sơ kết nạp"
    action = "Mở lại hồ sơ"
    said = "Đã mở lại hồ sơ."

    def row(self) -> AdmissionCase:
        return self.changeable()

    def write(self, form: ReopenForm) -> AdmissionCase:
        return ending.reopen_case(
            case=form.instance, reason=form.cleaned_data["reason"], seen=form.version_seen, by=self.user
        )


class AddHelper(CaseFormPage):
    """Assigns another helper."""

    form_class = HelperForm
    title = "Phân công người giúp đỡ"
    action = "Phân công"
    said = "Đã phân công người giúp đỡ."

    def row(self) -> CaseHelper:
        return CaseHelper(case=self.changeable())

    def write(self, form: HelperForm) -> CaseHelper:
        return keeping.add_helper(helper=form.instance, by=self.user)


class EndHelper(CaseFormPage):
    """Ends the work of a helper."""

    form_class = HelperEndForm
    action = "Ghi ngày thôi giúp đỡ"
    said = "Đã ghi ngày thôi giúp đỡ."

    def row(self) -> CaseHelper:
        found = CaseHelper.objects.filter(case=self.changeable(), pk=self.kwargs["helper"]).first()
        if found is None:
            raise Http404
        return found

    def write(self, form: HelperEndForm) -> CaseHelper:
        return keeping.end_helper(helper=form.instance, by=self.user)

    def context(self, form: HelperEndForm) -> dict[str, Any]:
        return super().context(form) | {"title": f"Thôi giúp đỡ: {form.instance}"}


class WriteRemark(CaseFormPage):
    """A new remark, or one that is changed."""

    form_class = RemarkForm
    title = "Nhận xét đảng viên dự bị"
    action = "Ghi nhận xét"
    said = "Đã ghi nhận xét."

    def row(self) -> ProbationRemark:
        case, key = self.changeable(), self.kwargs.get("remark")
        if key is None:
            return _new_remark(case, self.request.GET.get("quy", ""), timezone.localdate())
        found = ProbationRemark.objects.filter(case=case, pk=key).first()
        if found is None:
            raise Http404
        return found

    def write(self, form: RemarkForm) -> ProbationRemark:
        return keeping.write_remark(remark=form.instance, by=self.user)


def _new_remark(case: AdmissionCase, asked: str, today: dt.date) -> ProbationRemark:
    """A remark of the quarter asked for, as in “1/2026”, else of this one; one of long ago wasn't made today."""
    quarter, year = (today.month - 1) // 3 + 1, today.year
    if found := re.fullmatch(r"([1-4])/((?:19|20)\d\d)", asked, re.ASCII):
        quarter, year = int(found[1]), int(found[2])
    is_recent = today < add_months(dt.date(year, 3 * quarter - 2, 1), 6)
    remark = ProbationRemark(case=case, year=year, quarter=quarter)
    if is_recent:
        remark.remarked_on = today
    return remark


_change = requires(Permission.CHANGE_RECORDS)
record_step = _change(RecordStep.as_view())
waive_step = _change(WaiveStep.as_view())
send_back = _change(SendBack.as_view())
undo_step = _change(UndoStep.as_view())
close_case = _change(CloseCase.as_view())
reopen_case = _change(ReopenCase.as_view())
add_helper = _change(AddHelper.as_view())
end_helper = _change(EndHelper.as_view())
write_remark = _change(WriteRemark.as_view())
