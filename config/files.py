"""A form field that takes several files at once; what they may be is the form's to say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError


class FilesInput(forms.ClearableFileInput):
    """A file field of a browser that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several uploaded files, at most `most`; that one is empty is told by the form, by its name."""

    widget: Any = FilesInput

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        self.most = most
        super().__init__(*args, allow_empty_file=True, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The files, each as a single field would take it."""
        sent = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if not sent:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(sent) > self.most:
            raise ValidationError(f"Mỗi lần chỉ gửi được {self.most} tệp. Hãy chia thành nhiều lần.", code="many")
        return [super(FilesField, self).clean(file, initial) for file in sent]
