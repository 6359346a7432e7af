"""The registry of figures: what the year-end summary counts, in printed order, each said once.

Page, lists, JSON, workbook and report read it and know no code by name. The codes are stable.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet

from members.models.honours import Milestone
from members.models.memberships import EndReason, StartReason, is_exempt, is_official
from members.models.people import Sex
from reviews import sources
from reviews.models import CommendationTitle, RatingSubject
from reviews.scope import Scope
from training.models import Result


class Section(enum.Enum):
    """A part of the summary with its heading; in printed order."""

    MEMBERS = "Đảng viên"
    ADMISSION = "Kết nạp đảng viên"
    TRAINING = "Bồi dưỡng, đào tạo"
    BADGES = "Huy hiệu Đảng"
    RATINGS_ORGANISATIONS = "Xếp loại tổ chức cơ sở đảng"
    RATINGS_MEMBERS = "Xếp loại đảng viên"
    RATINGS_MASS = "Xếp loại đoàn thể"
    COMMENDATIONS = "Khen thưởng"


class Columns(enum.StrEnum):
    """Which list shows the records of a figure (reviews.tables)."""

    STAYS = "stays"
    ARRIVALS = "arrivals"
    DEPARTURES = "departures"
    ADMISSIONS = "admissions"
    CLASSES = "classes"
    LEARNERS = "learners"
    BADGES = "badges"
    ORGANISATION_RATINGS = "organisation_ratings"
    MEMBER_RATINGS = "member_ratings"
    MASS_RATINGS = "mass_ratings"
    COMMENDATIONS = "commendations"


@dataclass(frozen=True)
class Figure:
    """One figure: a named set of records inside a scope; its number is the length of that set.

    `where` says which records of the source belong to it (given D, 31 December of the year). `base` is the
    code of the figure that its share is over, `part_of` of the whole that it is a part of, `unit` what is
    counted. `rank` is set for a rating level, whose label comes from the scheme in force in the year.
    """

    code: str
    label: str
    section: Section
    source: sources.AnySource
    columns: Columns
    note: str
    unit: str
    where: Callable[[Any], Q] | None = None
    base: str | None = None
    part_of: str | None = None
    subject: RatingSubject | None = None
    rank: int | None = None

    def condition(self, day: dt.date) -> Q:
        """What a record of the source must meet, given D."""
        return self.where(day) if self.where else Q()

    def rows(self, scope: Scope) -> QuerySet[Any]:
        """The records that the figure counts in the scope, each once."""
        return self.source.within(scope).filter(self.condition(scope.day))


def _has(**lookups: Any) -> Callable[[Any], Q]:
    return lambda _day: Q(**lookups)


_member = partial(Figure, section=Section.MEMBERS, unit="đảng viên")
_total = partial(_member, source=sources.MEMBERS, columns=Columns.STAYS, part_of="members.total")
_arrival = partial(_member, source=sources.ARRIVALS, columns=Columns.ARRIVALS)
_departure = partial(_member, source=sources.DEPARTURES, columns=Columns.DEPARTURES)
_admission = partial(Figure, section=Section.ADMISSION, unit="người")
_award = partial(Figure, section=Section.BADGES, source=sources.BADGES, columns=Columns.BADGES, unit="huy hiệu")
_certificate = partial(
    Figure,
    section=Section.COMMENDATIONS,
    source=sources.COMMENDATIONS,
    columns=Columns.COMMENDATIONS,
    unit="giấy khen",
)


def _training(code: str, name: str) -> tuple[Figure, ...]:
    """The figures of one programme."""
    figure = partial(Figure, section=Section.TRAINING)
    prefix = f"training.{code}"
    return (
        figure(
            f"{prefix}.classes",
            f"{name}: số lớp",
            source=sources.CLASSES,
            columns=Columns.CLASSES,
            unit="lớp",
            where=_has(programme__code=code),
            note="Lớp khai giảng trong năm; ở tổ chức cấp dưới chỉ kể lớp có học viên của tổ chức đó.",
        ),
        figure(
            f"{prefix}.learners",
            f"{name}: học viên",
            source=sources.LEARNERS,
            columns=Columns.LEARNERS,
            unit="học viên",
            where=_has(training_class__programme__code=code),
            note="Học viên của các lớp khai giảng trong năm, không kể người bỏ học, theo tổ chức ngày khai giảng.",
        ),
        figure(
            f"{prefix}.passed",
            f"{name}: đạt",
            source=sources.LEARNERS,
            columns=Columns.LEARNERS,
            unit="học viên",
            where=_has(training_class__programme__code=code, result=Result.PASSED),
            part_of=f"{prefix}.learners",
            note="Trong số học viên, những người có kết quả Đạt.",
        ),
    )


def _ratings(
    subject: RatingSubject,
    section: Section,
    source: sources.AnySource,
    columns: Columns,
    unit: str,
    subject_note: str,
) -> tuple[Figure, ...]:
    """The figures of the ratings of one kind of subject."""
    prefix = f"ratings.{subject.value}"
    figure = partial(Figure, section=section, source=source, columns=columns, unit=unit, subject=subject)
    rated, whole = f"{prefix}.rated", f"{prefix}.subject"
    tiers = tuple(
        figure(
            f"{prefix}.tier{rank}",
            f"Mức {rank}",
            where=_has(rating__level__rank=rank),
            base=rated,
            part_of=rated,
            rank=rank,
            note=f"Được xếp ở mức thứ {rank} của quy định xếp loại có hiệu lực trong năm.",
        )
        for rank in (1, 2, 3, 4)
    )
    return (
        figure(whole, "Thuộc diện đánh giá", note=subject_note),
        figure(
            rated,
            "Đã xếp loại",
            where=_has(rating__level__isnull=False),
            part_of=whole,
            note="Có xếp loại của năm đã được duyệt. Đây là cơ sở của mọi tỷ lệ xếp loại.",
        ),
        *tiers,
        figure(
            f"{prefix}.good_or_better",
            "Khá trở lên" if subject == RatingSubject.MASS else "Hoàn thành tốt nhiệm vụ trở lên",
            where=_has(rating__level__rank__in=(1, 2)),
            base=rated,
            part_of=rated,
            note="Hai mức cao nhất cộng lại.",
        ),
        figure(
            f"{prefix}.unrated",
            "Chưa xếp loại",
            where=_has(rating__level__isnull=True),
            part_of=whole,
            note="Thuộc diện đánh giá mà không có xếp loại: có lý do, hoặc còn thiếu.",
        ),
        figure(
            f"{prefix}.unrated.missing",
            "Trong đó chưa có lý do",
            where=_has(rating__isnull=True),
            part_of=f"{prefix}.unrated",
            note="Chưa có xếp loại và cũng chưa ghi lý do: việc còn phải làm.",
        ),
    )


FIGURES: tuple[Figure, ...] = (
    _member(
        "members.total",
        "Tổng số đảng viên",
        source=sources.MEMBERS,
        columns=Columns.STAYS,
        note="Người đang sinh hoạt ngày 31/12, tính từ ngày quyết định kết nạp hoặc ngày chuyển đến.",
    ),
    _total(
        "members.official",
        "Chính thức",
        where=is_official,
        note="Có ngày công nhận chính thức từ 31/12 trở về trước.",
    ),
    _total(
        "members.probationary",
        "Dự bị",
        where=lambda day: ~is_official(day) | Q(admission__official_on__isnull=True),
        note="Chưa có ngày công nhận chính thức tính đến 31/12.",
    ),
    _total("members.women", "Nữ", where=_has(person__sex=Sex.FEMALE), note="Đảng viên nữ trong tổng số."),
    _total(
        "members.exempt",
        "Miễn công tác và sinh hoạt",
        where=is_exempt,
        note="Được miễn công tác và sinh hoạt đảng ngày 31/12.",
    ),
    _arrival(
        "members.increase.admitted",
        "Tăng: kết nạp",
        where=_has(start_reason__in=(StartReason.ADMITTED, StartReason.READMITTED)),
        note="Bắt đầu sinh hoạt trong năm do kết nạp hoặc kết nạp lại.",
    ),
    _arrival(
        "members.increase.transferred_in",
        "Tăng: chuyển đến",
        where=_has(start_reason__in=(StartReason.TRANSFERRED_IN, StartReason.MOVED)),
        note="Chuyển đến trong năm từ ngoài phạm vi; chuyển giữa hai tổ chức trong phạm vi không tính.",
    ),
    _arrival(
        "members.increase.restored",
        "Tăng: phục hồi",
        where=_has(start_reason=StartReason.RESTORED),
        note="Được phục hồi đảng tịch trong năm.",
    ),
    _departure(
        "members.decrease.transferred_out",
        "Giảm: chuyển đi",
        where=_has(end_reason__in=(EndReason.TRANSFERRED_OUT, EndReason.MOVED)),
        note="Chuyển đi trong năm ra ngoài phạm vi; chuyển giữa hai tổ chức trong phạm vi không tính.",
    ),
    _departure(
        "members.decrease.deceased",
        "Giảm: từ trần",
        where=_has(end_reason=EndReason.DECEASED),
        note="Từ trần trong năm.",
    ),
    _departure(
        "members.decrease.struck_off",
        "Giảm: xóa tên",
        where=_has(end_reason=EndReason.STRUCK_OFF),
        note="Bị xóa tên trong danh sách đảng viên trong năm.",
    ),
    _departure(
        "members.decrease.expelled",
        "Giảm: khai trừ",
        where=_has(end_reason=EndReason.EXPELLED),
        note="Bị khai trừ trong năm.",
    ),
    _departure(
        "members.decrease.withdrew",
        "Giảm: xin ra",
        where=_has(end_reason=EndReason.WITHDREW),
        note="Xin ra khỏi Đảng trong năm.",
    ),
    _admission(
        "admission.decided",
        "Kết nạp trong năm",
        source=sources.ADMISSIONS,
        columns=Columns.ADMISSIONS,
        note="Quyết định kết nạp ký trong năm, theo tổ chức kết nạp; không kể người kết nạp ở nơi khác chuyển đến.",
    ),
    _admission(
        "admission.confirmed",
        "Công nhận chính thức",
        source=sources.CONFIRMATIONS,
        columns=Columns.STAYS,
        note="Ngày chính thức trong năm, theo tổ chức đang sinh hoạt ngày đó.",
    ),
    *_training("candidate", "Bồi dưỡng đối tượng kết nạp Đảng"),
    *_training("new_member", "Bồi dưỡng đảng viên mới"),
    *_training("elementary", "Sơ cấp lý luận chính trị"),
    *_training("intermediate", "Trung cấp lý luận chính trị"),
    *_training("advanced", "Cao cấp lý luận chính trị"),
    *_training("committee", "Bồi dưỡng cấp ủy viên, bí thư chi bộ"),
    *_training("update", "Cập nhật kiến thức"),
    *_training("resolution", "Học tập, quán triệt nghị quyết"),
    _award(
        "badges.awarded",
        "Huy hiệu Đảng",
        note="Trao trong năm, theo tổ chức của người nhận ngày trao hoặc tổ chức cuối cùng trước đó.",
    ),
    *(
        _award(
            f"badges.awarded.{years}",
            f"{years} năm",
            where=_has(milestone=years),
            part_of="badges.awarded",
            note=f"Huy hiệu {years} năm tuổi Đảng trao trong năm.",
        )
        for years in Milestone.values
    ),
    *_ratings(
        RatingSubject.ORGANISATIONS,
        Section.RATINGS_ORGANISATIONS,
        sources.RATED_ORGANISATIONS,
        Columns.ORGANISATION_RATINGS,
        "tổ chức",
        "Đảng bộ cơ sở và chi bộ cơ sở tồn tại ngày 31/12.",
    ),
    *_ratings(
        RatingSubject.MEMBERS,
        Section.RATINGS_MEMBERS,
        sources.RATED_MEMBERS,
        Columns.MEMBER_RATINGS,
        "đảng viên",
        "Đảng viên ngày 31/12, và người rời đi trong năm đã được tổ chức trong phạm vi xếp loại.",
    ),
    *_ratings(
        RatingSubject.MASS,
        Section.RATINGS_MASS,
        sources.RATED_MASS,
        Columns.MASS_RATINGS,
        "đoàn thể",
        "Tổ chức hội, đoàn thể tồn tại ngày 31/12.",
    ),
    _certificate(
        "commendations.organisation_exemplary",
        "Giấy khen: TCCSĐ tiêu biểu trong năm",
        where=_has(title=CommendationTitle.ORGANISATION_EXEMPLARY),
        note="Tổ chức cơ sở đảng tiêu biểu, được Ban Thường vụ tặng giấy khen của năm.",
    ),
    _certificate(
        "commendations.cell_five_years",
        "Giấy khen: chi bộ tiêu biểu 5 năm liền",
        where=_has(title=CommendationTitle.CELL_FIVE_YEARS),
        note="Chi bộ thuộc đảng bộ cơ sở tiêu biểu 5 năm liền tính đến năm này.",
    ),
    _certificate(
        "commendations.member_five_years",
        "Giấy khen: đảng viên xuất sắc 5 năm liền",
        where=_has(title=CommendationTitle.MEMBER_FIVE_YEARS),
        note="Đảng viên hoàn thành xuất sắc nhiệm vụ 5 năm liền tính đến năm này.",
    ),
    _certificate(
        "commendations.other",
        "Giấy khen khác",
        where=_has(title=CommendationTitle.OTHER),
        note="Giấy khen với danh hiệu khác.",
    ),
)

BY_CODE: dict[str, Figure] = {figure.code: figure for figure in FIGURES}
