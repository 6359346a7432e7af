"""One pass of files over the records: kinds of record one after the other, in the order of dependence.

The same for the preview, which is rolled back, and for the import. Who calls it holds the transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar, Protocol

from django.core.exceptions import ValidationError

from config.access import Permission, UserScope, scope_of
from members import audit
from members.exchange.organisation_index import OrganisationIndex, Place, UnknownPlaceError
from members.exchange.people_index import PeopleIndex
from members.exchange.plan import Line, Options
from members.exchange.since import Since
from members.models import Person


class Source(Protocol):
    """Where the lines come from and where they go back to."""

    def chunks(self, kind: str) -> Iterator[list[Line]]:
        """The rows of a kind of record, some hundred at a time, in the order of the files."""

    def texts(self, kind: str, column: str) -> set[str]:
        """All that a column of a kind says."""

    def take_back(self, lines: list[Line]) -> None:
        """What became of lines; afterwards they may be forgotten."""


class _NoSource:
    """An export has no lines."""

    def chunks(self, kind: str) -> Iterator[list[Line]]:
        return iter(())

    def texts(self, kind: str, column: str) -> set[str]:
        return set()

    def take_back(self, lines: list[Line]) -> None:
        """Nothing comes back."""


class Run:
    """What the importers of a pass share. `user` None is the operator, who may do everything.

    `ceiling`, the path of an organisation, narrows the user's scope to it: others see what becomes of the rows.

    Raises ValidationError for an organisation in the options that isn't there or is out of scope.
    """

    def __init__(
        self,
        source: Source,
        *,
        user: Any,
        options: Options,
        since: dict[int, int] | None = None,
        ceiling: str = "",
        report: Callable[[str, int], None] = lambda kind, rows: None,
    ) -> None:
        self.source = source
        self.user = user
        self.options = options
        self.scope: UserScope | None = scope_of(user, Permission.CHANGE_RECORDS) if user is not None else None
        if self.scope is not None and ceiling:
            self.scope = _below(self.scope, ceiling)
        self.since = Since(since or {})
        self.report = report
        self.organisations = OrganisationIndex(self.scope)
        self.place = self._place(options.organisation)
        self.organisations.within = self.place.path if self.place else ""
        self.people = PeopleIndex(self.scope, self.organisations, self.place)

    def _place(self, text: str) -> Place | None:
        if not text:
            return None
        try:
            return self.organisations.find(text)
        except UnknownPlaceError as unknown:
            raise ValidationError({"organisation": str(unknown)}) from unknown

    @classmethod
    def outward(cls, scope: UserScope | None) -> Run:
        """For an export of what lies in a scope; None is everything."""
        run = cls(_NoSource(), user=None, options=Options())
        run.scope = scope
        return run

    @property
    def is_over_a_root(self) -> bool:
        """Whether the user may write what belongs to no single organisation, such as a class."""
        return self.scope is None or any(path.count("/") == 1 for path in self.scope.paths)

    def within(self, rows: Any, *, to_change: bool = False) -> Any:
        """The rows of a QuerySet that lie in the scope: to be read or, with `to_change`, to be changed."""
        return rows if self.scope is None else rows.within(self.scope, to_change=to_change)

    def changeable(self, model: Any, keys: list[int]) -> set[int]:
        """Which of these rows the user may change."""
        if self.scope is None:
            return set(keys)
        rows = model.objects.within(self.scope, to_change=True).filter(pk__among=keys)
        made = self.people.made if model is Person else set()
        return set(rows.order_by().values_list("pk", flat=True)) | made


def _below(scope: UserScope, ceiling: str) -> UserScope:
    """What of a scope lies under an organisation's path."""
    inside = tuple(path for path in scope.paths if path.startswith(ceiling))
    return UserScope((ceiling,) if any(ceiling.startswith(path) for path in scope.paths) else inside)


class Importer:
    """Brings the rows of one kind into the records."""

    kind: ClassVar[str]
    # Whether it can only act once it has all rows of its kind.
    waits: ClassVar[bool] = False

    def __init__(self, run: Run) -> None:
        self.run = run

    def take(self, lines: list[Line]) -> None:
        """Find out what the rows mean and, unless it waits, write them."""
        raise NotImplementedError

    def finish(self) -> None:
        """All rows of the kind were taken."""


def carry_out(run: Run, importers: Sequence[type[Importer]]) -> None:
    """Bring all rows of the source into the records, kind by kind in this order."""
    for importer_class in importers:
        importer = importer_class(run)
        waiting: list[Line] = []
        for lines in run.source.chunks(importer.kind):
            importer.take([line for line in lines if not line.is_left_out])
            waiting += lines
            if not importer.waits:
                run.source.take_back(waiting)
                waiting = []
            audit.settle()
            run.report(importer.kind, len(lines))
        importer.finish()
        run.source.take_back(waiting)
