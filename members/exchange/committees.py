"""The sheet Cấp ủy: who held which post in the committee of an organisation, and when."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

from django.core.exceptions import ValidationError

from members.exchange.cells import choice, partial_day, partial_of, shown, text
from members.exchange.organisation_index import lines_of
from members.exchange.people_index import NUMBER
from members.exchange.plan import Line
from members.exchange.records import MISSING, RecordImporter
from members.models import CommitteePosition, CommitteePost, PostEndReason
from members.services import refuse_post

PLACE, POSITION, BEGAN, ENDED, REASON = "Mã tổ chức", "Chức vụ cấp ủy", "Từ ngày", "Đến ngày", "Lý do thôi"
_POSITIONS = {str(label): value for value, label in CommitteePosition.choices}


class CommitteePostImporter(RecordImporter):
    """Posts by person, organisation, position and the day on which they began."""

    kind = "Cấp ủy"
    model = CommitteePost
    key_column = BEGAN
    key_cells = (
        shown(NUMBER, lambda row: row.person.file_number),
        shown(PLACE, lambda row: row.organisation.code),
        shown(POSITION, lambda row: row.get_position_display()),
        shown(BEGAN, lambda row: row.began.isoformat()),
    )
    cells = (
        text("Nhiệm kỳ", "term"),
        text("Số quyết định", "decision_number"),
        partial_day(ENDED, "ended"),
        choice(REASON, "end_reason", PostEndReason),
        text("Số quyết định thôi", "end_decision_number"),
    )
    columns_by_field = {"person": NUMBER, "organisation": PLACE, "position": POSITION, "began_on": BEGAN}

    def resolve(self, lines: list[Line]) -> None:
        for line in lines:
            for column in (PLACE, POSITION, BEGAN):
                if not line.values.get(column):
                    line.fail(column, MISSING.format(column.lower()))
            if line.values.get(POSITION) and line.values[POSITION] not in _POSITIONS:
                line.fail(POSITION, f"Không có chức vụ này. Hãy ghi một trong các chức vụ: {'; '.join(_POSITIONS)}.")
        lines_of(self.run.organisations, lines, PLACE)
        self.run.people.match(lines, may_be_new=False)

    def key(self, line: Line) -> Hashable:
        position = _POSITIONS[line.values[POSITION]]
        return line.person.pk, line.organisation.pk, position, line.values[BEGAN]

    def stored(self, lines: list[Line]) -> dict[Hashable, Any]:
        rows = CommitteePost.objects.select_for_update().filter(person__in={line.person.pk for line in lines})
        return {(row.person_id, row.organisation_id, row.position, row.began.isoformat()): row for row in rows}

    def begin(self, line: Line) -> CommitteePost:
        post = CommitteePost(
            person_id=line.person.pk,
            organisation_id=line.organisation.pk,
            position=_POSITIONS[line.values[POSITION]],
        )
        post.began = partial_of(line.values[BEGAN])
        return post

    def check(self, line: Line, record: CommitteePost) -> None:
        """What the service asks, too; a post on record was asked for when it came."""
        if not line.is_new or not line.is_good:
            return
        try:
            refuse_post(record)
        except ValidationError as refused:
            for field, messages in refused.message_dict.items():
                line.fail(self.column_of(field), " ".join(messages))

    def records(self) -> Iterable[CommitteePost]:
        rows = CommitteePost.objects.select_related("person", "organisation")
        return self.run.within(rows.order_by("organisation__path", "began_on", "pk")).iterator()
