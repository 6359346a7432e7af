"""Does a work of an import session that a page has begun; started by the program itself."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand

from members import audit
from members.exchange.jobs import perform
from members.models import ImportSession
from reviews.exchange.kinds import IMPORTERS


class Command(BaseCommand):
    """The work with the key, in the name of whoever began it."""

    help = "Việc nội bộ: chương trình tự gọi khi nhập tệp lớn."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("session", type=int)
        parser.add_argument("key", type=UUID)
        parser.add_argument("--page", default="")
        parser.add_argument("--client", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        session = ImportSession.objects.filter(pk=options["session"]).select_related("touched_by").first()
        if session is not None:
            actor = audit.Deputy(account=session.touched_by, page=options["page"], client=options["client"])
            with audit.acting_as(actor):
                perform(session.pk, options["key"], IMPORTERS)
