"""The exchange workbook as it is handed out: empty, as a template, or filled with the records of a scope."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from config.access import Permission, UserScope, scope_of
from config.downloads import safe_name
from config.workbook import new_workbook, workbook_bytes
from members import audit
from members.exchange.profile import Profile
from members.exchange.run import Run
from members.intake.contract import KINDS
from members.models import Organisation, User
from reviews.exchange.guide import write_guide
from reviews.exchange.kinds import IMPORTERS
from reviews.exchange.lists_out import Lists, Words, present_marks
from reviews.exchange.sheet_out import SheetOut

BY_KIND: dict[str, Any] = {importer.kind: importer for importer in IMPORTERS}

TITLE = "Tệp trao đổi hồ sơ đảng viên"
EMPTY_TITLE = "Tệp mẫu để nhập hồ sơ đảng viên"


@dataclass
class Handout:
    """A file that leaves the program: how many rows each sheet has, and the keys of the people in it."""

    name: str
    content: bytes
    counts: dict[str, int] = field(default_factory=dict)
    people: set[int] = field(default_factory=set)


def template(kinds: Iterable[str] = tuple(KINDS)) -> Handout:
    """The workbook without a record, to be filled in."""
    return _Writer(EMPTY_TITLE, kinds).handout("mau-nhap-ho-so.xlsx")


def exported(
    organisation: Organisation | None, *, by: User | None, kinds: Iterable[str] = tuple(KINDS), name: str = ""
) -> Handout:
    """The records of an organisation with all under it, or of all that `by` may export; noted in the trail.

    Who may export what is for the caller to ask. `by` None is the operator, who may do everything.
    """
    scope = scope_of(by, Permission.EXPORT) if by is not None else None
    if organisation is not None:
        scope = UserScope((organisation.path,))
    place = f"{organisation.code} " if organisation else ""
    day = timezone.localdate()
    writer = _Writer(f"{TITLE} {place}".strip(), kinds, present_marks())
    writer.fill(scope)
    handout = writer.handout(name or safe_name(f"ho-so {place}{day:%Y-%m-%d}.xlsx"))
    record(handout, title=f"tệp trao đổi {place}".strip(), organisation=organisation or _only_root(), by=by)
    return handout


def _only_root() -> Organisation | None:
    """Before whose inspectors an export of everything comes."""
    roots = list(Organisation.objects.roots()[:2])
    return roots[0] if len(roots) == 1 else None


def record(handout: Handout, *, title: str, organisation: Organisation | None, by: User | None) -> None:
    """Note in the trail who took the file away."""
    audit.record_export(
        title=title,
        organisation=organisation,
        name=handout.name,
        content=handout.content,
        people=sorted(handout.people),
        rows=sum(handout.counts.values()),
        by=by,
    )


def person_of(record: Any) -> int | None:
    """Whom a record is about."""
    person = record.person.pk if isinstance(record, Profile) else getattr(record, "person_id", None)
    key: int | None = person
    return key


class _Writer:
    """Makes the workbook: the guide, a sheet a kind, the hidden sheet."""

    def __init__(self, title: str, kinds: Iterable[str], marks: dict[str, str] | None = None) -> None:
        self.title = title
        self.marks = marks or {}
        wanted = set(kinds)
        self.kinds = [kind for kind in KINDS if kind in wanted]
        self.workbook = new_workbook(title=title, creator="Hồ sơ đảng viên", on=timezone.localdate())
        self.lists = Lists()
        words = Words()
        named = {kind: words.of(kind) for kind in self.kinds}
        write_guide(self.workbook, title=title, kinds=self.kinds, words=named)
        self.sheets = {
            kind: SheetOut(self.workbook, KINDS[kind], KINDS[kind].columns, self.lists, named[kind])
            for kind in self.kinds
        }
        self.people: set[int] = set()

    def fill(self, scope: UserScope | None) -> None:
        """Write the records of the scope."""
        run = Run.outward(scope)
        for kind, sheet in self.sheets.items():
            importer = BY_KIND[kind](run)
            for found in importer.records():
                sheet.add(importer.described(found))
                person = person_of(found)
                if person is not None:
                    self.people.add(person)

    def handout(self, name: str) -> Handout:
        """The finished file."""
        for sheet in self.sheets.values():
            sheet.finish(footer=self.title)
        self.lists.write(self.workbook, self.marks)
        content = workbook_bytes(self.workbook, {kind: sheet.rows for kind, sheet in self.sheets.items()})
        counts = {kind: sheet.rows.count for kind, sheet in self.sheets.items()}
        for sheet in self.sheets.values():
            sheet.rows.close()
        return Handout(name, content, counts, self.people)
