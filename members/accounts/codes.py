"""The second factor: codes of an authenticator app, and recovery codes that stand in for it."""

from __future__ import annotations

import re
import secrets
from base64 import b32encode
from hashlib import sha256

import segno
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django_otp import verify_token
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from members.models import RecoveryCode, User

RECOVERY_CODES = 10
# Without letters and digits that look alike; four groups of four carry 79 bits, so a plain digest is enough.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP = 4, 4


def authenticator_of(user: User) -> TOTPDevice | None:
    """The account's authenticator, where one is set up."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def accept(user: User, typed: str) -> bool:
    """Whether `typed` is a current code of the authenticator or an unused recovery code; it is then used up."""
    device = authenticator_of(user)
    if device is None:
        return False
    code = re.sub(r"[\s-]", "", typed).lower()
    if re.fullmatch(r"[0-9]{6}", code):
        return verify_token(user, device.persistent_id, code) is not None
    return _use_recovery_code(user, code)


def _use_recovery_code(user: User, code: str) -> bool:
    found = RecoveryCode.objects.filter(user=user, digest=_digest(user, code), used_at__isnull=True)
    if not found.update(used_at=timezone.now()):
        return False
    reset_throttle(user)
    return True


def reset_throttle(user: User) -> None:
    """Let codes of the authenticator be tried again at once."""
    TOTPDevice.objects.filter(user=user).update(throttling_failure_count=0, throttling_failure_timestamp=None)


def recovery_codes_left(user: User) -> int:
    """How many recovery codes haven't been used."""
    return RecoveryCode.objects.filter(user=user, used_at__isnull=True).count()


# --- Setting up ------------------------------------------------------------------------------------


def new_key() -> str:
    """A key for an authenticator that is about to be set up, in hexadecimal digits."""
    key: str = default_key()
    return key


def key_as_text(key: str) -> str:
    """The key as people type it into an app: Base32 in groups of four."""
    text = b32encode(bytes.fromhex(key)).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def qr_code(user: User, key: str) -> str:
    """The key as a picture for the app's camera: the address of an SVG."""
    picture: str = segno.make(TOTPDevice(user=user, key=key).config_url, error="m").svg_data_uri(scale=5, border=4)
    return picture


@transaction.atomic
def set_up(user: User, key: str, code: str) -> None:
    """Make `key` the account's authenticator; ValidationError unless `code` is a current code of it."""
    if authenticator_of(user) is not None:
        raise ValidationError("Tài khoản đã có xác thực hai bước. Muốn đổi ứng dụng, hãy gỡ cái cũ trước.")
    TOTPDevice.objects.filter(user=user).delete()
    device = TOTPDevice.objects.create(user=user, key=key, name="Ứng dụng xác thực", confirmed=True)
    if not device.verify_token(re.sub(r"\s", "", code)):
        raise ValidationError("Mã chưa đúng. Hãy xem mã mới nhất trong ứng dụng và kiểm tra giờ của điện thoại.")


@transaction.atomic
def renew_recovery_codes(user: User) -> list[str]:
    """Ten new recovery codes; the old ones no longer count, and of the new ones only digests are kept."""
    RecoveryCode.objects.filter(user=user).delete()
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, digest=_digest(user, code.replace("-", ""))) for code in codes
    )
    return codes


@transaction.atomic
def remove(user: User) -> None:
    """Take the second factor away from the account."""
    TOTPDevice.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()


def _new_code() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))


def _digest(user: User, code: str) -> str:
    return sha256(f"{user.pk}:{code}".encode()).hexdigest()
