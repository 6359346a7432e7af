"""Passwords: how they are kept, and which ones are refused. No rules about kinds of characters."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from members.text import fold, nfc


class Argon2id(Argon2PasswordHasher):
    """Argon2id with Django's parameters (100 MiB, 2 passes).

    Passwords are taken in NFC: keyboards differ in how they send the same Vietnamese letter.
    """

    def encode(self, password: str, salt: str) -> str:
        return super().encode(nfc(password), salt)

    def verify(self, password: str, encoded: str) -> bool:
        return super().verify(nfc(password), encoded)


class LengthValidator:
    """Long enough, and not without end."""

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def validate(self, password: str, user: Any = None) -> None:
        if len(nfc(password)) < self.least:
            raise ValidationError(f"Mật khẩu quá ngắn: cần ít nhất {self.least} ký tự.", code="password_too_short")
        if len(password) > self.most:
            raise ValidationError(f"Mật khẩu quá dài: nhiều nhất {self.most} ký tự.", code="password_too_long")

    def get_help_text(self) -> str:
        return (
            f"Ít nhất {self.least} ký tự; có thể là một câu dễ nhớ, có dấu và dấu cách. Không bắt buộc số hay ký hiệu."
        )


class KnownPasswordValidator(CommonPasswordValidator):
    """Not one of those that everybody tries first, also when written with accents, blanks or signs between."""

    def validate(self, password: str, user: Any = None) -> None:
        for text in (password, squeezed(password)):
            super().validate(text, user)

    def get_error_message(self) -> str:
        return "Mật khẩu này có trong danh sách mật khẩu hay bị đoán. Hãy chọn mật khẩu khác."

    def get_help_text(self) -> str:
        return "Không dùng mật khẩu mà nhiều người dùng."


# Words that stand near at hand here, without accents and blanks.
# fmt: off
NEAR_WORDS = frozenset((
    "matkhau", "password", "passwd", "dangvien", "hosodangvien", "hoso", "dangbo", "chibo", "danguy",
    "tochucdang", "capuy", "dangcongsan", "congsan", "vietnam", "quantri", "admin", "administrator", "vanphong",
    "banthuongvu", "bantochuc", "tongket", "ketnap", "hochiminh", "hanoi", "qwertyuiop", "qwerty", "asdfghjkl",
    "asdfgh", "zxcvbnm", "abcdefghijkl", "abcdef", "abcd", "1234567890", "123456789", "12345678", "1234567",
    "123456", "12345", "1234", "123", "987654321", "654321", "0987654321",
))
# fmt: on
# What must be left of a password when such words and years are taken out of it.
LEAST_LEFT, LEAST_DIFFERENT = 6, 4


class ContextWordsValidator:
    """More than the account's own names, those of its committee, years, and words that everybody here would try."""

    def validate(self, password: str, user: Any = None) -> None:
        left = squeezed(password)
        for word in sorted({*NEAR_WORDS, *context_words(user)}, key=len, reverse=True):
            left = left.replace(word, "")
        left = re.sub(r"(19|20)\d\d", "", left)
        if len(left) < LEAST_LEFT or len(set(left)) < LEAST_DIFFERENT:
            raise ValidationError(
                "Mật khẩu dễ đoán: phần lớn là tên người, tên cơ quan, năm, chữ lặp lại hoặc từ quen thuộc. "
                "Hãy thêm những từ không liên quan.",
                code="password_of_context",
            )

    def get_help_text(self) -> str:
        return "Không dựa vào tên đăng nhập, họ tên, tên cơ quan, năm."


def squeezed(text: str) -> str:
    """`text` without accents, case, blanks and signs."""
    return "".join(char for char in fold(nfc(text)) if char.isalnum())


def context_words(user: Any) -> set[str]:
    """The names around an account, whole and in parts of three letters and more, squeezed."""
    texts = [settings.PARENT_COMMITTEE_NAME, settings.PLACE_NAME]
    if user is not None:
        texts += [user.username, user.full_name, user.email]
        if user.pk:
            texts += user.role_assignments.values_list("organisation__name", flat=True)
    parts = [part for text in texts for part in (text, *re.split(r"[\W_]+", text))]
    return {word for word in map(squeezed, parts) if len(word) >= 3}
