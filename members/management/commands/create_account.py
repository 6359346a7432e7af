"""Makes an account from the command line: the first one, which has nobody to make it in the browser."""

from __future__ import annotations

from getpass import getpass
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from config.access import Role
from members import audit
from members.accounts.services import create_account, first_password_path, set_password
from members.audit import AuditAction
from members.models import Organisation, OrganisationKind, RoleAssignment, User
from members.services import found_organisation

NO_ORGANISATION = (
    "Chưa có tổ chức nào. Tạo tổ chức đầu tiên (đảng bộ dùng hệ thống này) cùng lúc với tài khoản bằng: "
    '--root-code MÃ --root-name "Tên đảng bộ".'
)


class Command(BaseCommand):
    """Tạo tài khoản."""

    help = "Tạo tài khoản với một vai trò và in liên kết để người dùng tự đặt mật khẩu (dùng một lần, trong 72 giờ)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="tên đăng nhập")
        parser.add_argument("--role", required=True, choices=Role.values, help="vai trò")
        parser.add_argument("--organisation", metavar="MÃ", help="mã tổ chức; mặc định: tổ chức cao nhất")
        parser.add_argument("--full-name", default="", help="họ và tên")
        parser.add_argument("--email", default="", help="thư điện tử")
        parser.add_argument("--root-code", metavar="MÃ", help="tạo tổ chức cao nhất với mã này")
        parser.add_argument("--root-name", metavar="TÊN", help="tên của tổ chức cao nhất")
        parser.add_argument("--url", help="địa chỉ của hệ thống, ví dụ https://hoso.example.vn")
        parser.add_argument("--ask-password", action="store_true", help="hỏi mật khẩu ngay thay vì in liên kết")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make all of it or, with CommandError, nothing."""
        try:
            with transaction.atomic():
                user = self._create(options)
                if options["ask_password"]:
                    set_password(user=user, password=_asked_password(user), by=None)
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from refused
        self.stdout.write(f"Đã tạo tài khoản {user.username}.")
        if not options["ask_password"]:
            self.stdout.write("Liên kết đặt mật khẩu (dùng một lần, trong 72 giờ):")
            self.stdout.write(_base(options["url"]) + first_password_path(user))

    def _create(self, options: dict[str, Any]) -> User:
        with audit.event(AuditAction.ACCOUNT, note=f"Tạo tài khoản: {options['name']}"):
            organisation = _organisation(options)
            user = User(
                username=User.normalize_username(options["name"]),
                full_name=options["full_name"] or options["name"],
                email=options["email"],
            )
            role = RoleAssignment(user=user, role=options["role"], organisation=organisation)
            return create_account(user=user, roles=[role], by=None)


def _organisation(options: dict[str, Any]) -> Organisation:
    """The organisation that is named, a new root, or the only root there is."""
    if options["root_code"] or options["root_name"]:
        return _new_root(options)
    if options["organisation"]:
        found = Organisation.objects.filter(code=options["organisation"]).first()
        if found is None:
            raise CommandError(f"Không có tổ chức với mã {options['organisation']!r}.")
        return found
    roots = list(Organisation.objects.roots())
    if not roots:
        raise CommandError(NO_ORGANISATION)
    if len(roots) > 1:
        codes = ", ".join(root.code for root in roots)
        raise CommandError(f"Có nhiều tổ chức cao nhất; hãy chọn một bằng --organisation MÃ (ví dụ: {codes}).")
    return roots[0]


def _new_root(options: dict[str, Any]) -> Organisation:
    if not (options["root_code"] and options["root_name"]):
        raise CommandError("Muốn tạo tổ chức cao nhất, hãy ghi cả --root-code và --root-name.")
    if Organisation.objects.exists():
        raise CommandError("Đã có tổ chức; hãy bỏ --root-code, --root-name và chọn tổ chức bằng --organisation MÃ.")
    return found_organisation(
        code=options["root_code"],
        name=options["root_name"],
        kind=OrganisationKind.UPPER_COMMITTEE,
        parent=None,
        by=None,
    )


def _asked_password(user: User) -> str:
    """A password typed twice; ValidationError for a weak one."""
    password = getpass("Mật khẩu: ")
    if password != getpass("Nhập lại: "):
        raise CommandError("Hai lần nhập không giống nhau. Chưa tạo gì.")
    validate_password(password, user)
    return password


def _base(url: str | None) -> str:
    """Where the program is reached: as said, else the first host it answers to."""
    if url:
        return url.rstrip("/")
    host = next((host.lstrip(".") for host in settings.ALLOWED_HOSTS if host != "*"), "localhost")
    return f"{'https' if settings.SECURE else 'http'}://{host}"
