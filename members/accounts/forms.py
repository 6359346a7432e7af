"""Forms of accounts and of one's own account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.password_validation import get_default_password_validators
from django.forms import inlineformset_factory

from config.access import Permission, Role
from config.forms import ValidatedInlineFormSet, ValidatedModelForm
from members.form_fields import WRONG_DAY
from members.models import Organisation, RoleAssignment, User

NO_HELP = {"autocomplete": "off"}
TO_WRITE, TO_CHOOSE = "Hãy ghi mục này.", "Hãy chọn mục này."


class AccountForm(ValidatedModelForm):
    """Whose account it is."""

    class Meta:
        model = User
        fields = ("username", "full_name", "email")
        widgets = {
            "username": forms.TextInput(attrs={**NO_HELP, "autocapitalize": "none", "spellcheck": "false"}),
            "full_name": forms.TextInput(attrs=NO_HELP),
            "email": forms.EmailInput(attrs=NO_HELP),
        }
        help_texts = {"username": "Không dấu, viết liền; chỉ gồm chữ, số và các dấu @ . + - _"}
        error_messages = {
            "username": {"required": TO_WRITE, "invalid": "Hãy viết không dấu, viết liền, ví dụ hoa.nt."},
            "full_name": {"required": TO_WRITE},
            "email": {"invalid": "Địa chỉ thư chưa đúng dạng, ví dụ hoa.nt@example.vn. Không có thì để trống."},
        }


class RoleForm(ValidatedModelForm):
    """A role on an organisation, within what `manager` manages."""

    class Meta:
        model = RoleAssignment
        fields = ("role", "organisation", "starts_on", "ends_on")
        widgets = {
            name: forms.DateInput(attrs={**NO_HELP, "placeholder": "ngày/tháng/năm", "size": 12})
            for name in ("starts_on", "ends_on")
        }
        error_messages = {
            "role": {"required": TO_CHOOSE},
            "organisation": {"required": TO_CHOOSE},
            "starts_on": {"invalid": WRONG_DAY},
            "ends_on": {"invalid": WRONG_DAY},
        }

    def __init__(self, *args: Any, manager: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.open_to(  # type: ignore[attr-defined]
            manager, Permission.MANAGE_ACCOUNTS
        ).order_by("path")
        self.fields["organisation"].empty_label = "– chọn tổ chức –"  # type: ignore[attr-defined]
        self.fields["role"].choices = [("", "– chọn vai trò –"), *Role.choices]  # type: ignore[attr-defined]


RoleFormSet = inlineformset_factory(
    User, RoleAssignment, form=RoleForm, formset=ValidatedInlineFormSet, extra=3, can_delete_extra=False
)


class FilterForm(forms.Form):
    """What the list of accounts shows."""

    STATES = (
        ("", "Mọi trạng thái"),
        ("active", "Đang dùng"),
        ("new", "Chưa đặt mật khẩu"),
        ("locked", "Đã khóa"),
    )
    q = forms.CharField(
        label="Tìm",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Tên (không cần dấu)"}),
    )
    role = forms.ChoiceField(label="Vai trò", required=False, choices=[("", "Mọi vai trò"), *Role.choices])
    state = forms.ChoiceField(label="Trạng thái", required=False, choices=STATES)


class ReasonForm(forms.Form):
    """Why something is done to an account."""

    reason = forms.CharField(label="Lý do", max_length=500, required=False, widget=forms.TextInput(attrs=NO_HELP))

    def __init__(self, *args: Any, required: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = required
        self.fields["reason"].error_messages["required"] = "Hãy ghi lý do, căn cứ của việc này."


# --- One's own -------------------------------------------------------------------------------------


class NewPasswordForm(SetPasswordForm):
    """A password, typed twice; may be pasted."""

    error_messages = {"password_mismatch": "Hai lần nhập không giống nhau. Hãy nhập lại cả hai ô."}  # nosec B105

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        helps = (validator.get_help_text() for validator in get_default_password_validators())
        self.fields["new_password1"].help_text = " ".join(helps)
        self.fields["new_password1"].label, self.fields["new_password2"].label = "Mật khẩu mới", "Nhập lại lần nữa"
        self.fields["new_password2"].help_text = ""

    def validate_password_for_user(self, user: Any, *_: Any, **__: Any) -> None:
        """Say what is wrong with it beside the first of the two."""
        super().validate_password_for_user(user, "new_password1")

    def save(self, commit: bool = True) -> Any:
        """Not from here: members.accounts.services.set_password writes it."""
        raise NotImplementedError


class OwnPasswordField(forms.CharField):
    """The password that one signs in with, to confirm what follows."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
        super().__init__(label="Mật khẩu hiện tại", strip=False, widget=widget, **kwargs)


class ChangePasswordForm(NewPasswordForm):
    """The present password and a new one."""

    password = OwnPasswordField()
    field_order = ("password", "new_password1", "new_password2")


class OwnPasswordForm(forms.Form):
    """Only the present password."""

    password = OwnPasswordField()


class FirstCodeForm(forms.Form):
    """The first code of an authenticator that is being set up."""

    otp = forms.CharField(
        label="Mã sáu chữ số trong ứng dụng",
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
