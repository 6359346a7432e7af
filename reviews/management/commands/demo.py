"""Loads the demonstration data into an empty database; what it consists of stands in reviews/demo/."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from members.models import AdmissionCase
from reviews.demo import load
from reviews.demo.accounts import ACCOUNTS, PASSWORD
from reviews.demo.organisations import ROOT_NAME
from reviews.demo.records import LAST_YEAR, World, end_of

OTHER_DATA = (
    "Cơ sở dữ liệu này đã có dữ liệu khác (tổ chức, người hoặc tài khoản) nên không nạp dữ liệu trình diễn. "
    "Hãy dùng một cơ sở dữ liệu trống (đặt biến DATABASE_URL)."
)


class Command(BaseCommand):
    """Nạp dữ liệu trình diễn 2010-2015."""

    help = "Nạp dữ liệu trình diễn (không có thật) vào một cơ sở dữ liệu trống."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, or say that it is there; CommandError where the database holds anything else."""
        if load.is_loaded():
            self.stdout.write("Dữ liệu trình diễn đã có sẵn, không nạp lại.")
        elif load.holds_anything():
            raise CommandError(OTHER_DATA)
        else:
            self._say_what_was_loaded(load.load())
        self._list_accounts()

    def _say_what_was_loaded(self, world: World) -> None:
        last = end_of(LAST_YEAR)
        units = [unit for unit in world.units if unit.exists_on(last)]
        cells = [cell for cell in world.cells if not cell.is_grassroots]
        counts = (
            (len(units), f"tổ chức cơ sở đảng đến {last:%d/%m/%Y}"),
            (len(cells), "chi bộ trực thuộc"),
            (len([mass for mass in world.mass if mass.exists_on(last)]), "hội, đoàn thể"),
            (len(world.members_on(last)), f"đảng viên đến {last:%d/%m/%Y}"),
            (len(world.candidates), "quần chúng ưu tú"),
            (len(world.courses), "lớp bồi dưỡng"),
            (len(world.marks), "kết quả xếp loại 2011-2015"),
            (len(world.awards), "Huy hiệu Đảng"),
            (len(world.praises), "khen thưởng"),
            (AdmissionCase.objects.unfinished().count(), "hồ sơ kết nạp đang theo dõi"),
        )
        self.stdout.write(f"Đã nạp dữ liệu trình diễn của {ROOT_NAME} (mọi tên người đều không có thật):")
        for count, what in counts:
            self.stdout.write(f"  {f'{count:,}'.replace(',', '.'):>7} {what}")

    def _list_accounts(self) -> None:
        self.stdout.write(f"\nTài khoản để thử (mật khẩu ban đầu của tất cả: {PASSWORD}):")
        self.stdout.write(f"  {'Tên đăng nhập':<15}{'Mật khẩu':<17}{'Vai trò':<20}Họ và tên")
        for account in ACCOUNTS:
            line = f"  {account.username:<15}{PASSWORD:<17}{account.role.label:<20}{account.full_name}"
            self.stdout.write(line)
