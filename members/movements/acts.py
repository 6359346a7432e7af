"""The kinds of movements as pages know them: their address, their group in the menu, and what each form asks for."""

from __future__ import annotations

from dataclasses import dataclass

from members.models.movements import MovementKind

Section = tuple[str, tuple[str, ...]]

WHY: Section = ("Lý do, ghi chú", ("reason", "note"))


@dataclass(frozen=True)
class Act:
    """A kind: its name in addresses, its sections in the order of the paper, and what its day is called."""

    kind: MovementKind
    slug: str
    day: str
    sections: tuple[Section, ...]
    hint: str = ""

    @property
    def label(self) -> str:
        """The kind in words."""
        return str(self.kind.label)

    @property
    def fields(self) -> list[str]:
        """The fields of its form."""
        return [name for _, names in self.sections for name in names]


def _decided(kind: MovementKind, slug: str, *more: Section, day: str = "Có hiệu lực từ ngày", hint: str = "") -> Act:
    """A kind that rests on a decision."""
    return Act(kind, slug, day, (("Quyết định", ("decision_number", "happened")), *more, WHY), hint)


INSIDE = ("to_organisation", "to_named")
ELSEWHERE: Section = ("Nơi đến", (*INSIDE, "to_place"))

ACTS = (
    Act(
        MovementKind.MOVE,
        "chuyen-noi-bo",
        "Ngày chuyển",
        (
            ("Quyết định, giấy giới thiệu", ("decision_number", "letter_number", "happened", "cause_on")),
            ("Nơi đến", INSIDE),
            WHY,
        ),
        "Chuyển sinh hoạt chính thức giữa hai tổ chức trong đảng bộ.",
    ),
    Act(
        MovementKind.TRANSFER_OUT,
        "chuyen-di",
        "Ngày chuyển đi",
        (
            ("Giấy giới thiệu sinh hoạt đảng", ("letter_number", "decision_number", "happened", "cause_on")),
            ("Nơi đến", ("to_place",)),
            ("Phiếu báo của nơi đến, nếu đã có", ("answer_number", "arrived")),
            WHY,
        ),
        "Chuyển sinh hoạt chính thức ra ngoài đảng bộ.",
    ),
    Act(
        MovementKind.TRANSFER_IN,
        "chuyen-den",
        "Ngày tiếp nhận",
        (
            ("Giấy giới thiệu sinh hoạt đảng", ("letter_number", "happened", "from_place")),
            ("Nơi đến", ("to_organisation",)),
            ("Vào Đảng", ("decided", "official")),
            WHY,
        ),
        "Tiếp nhận người từ ngoài đảng bộ chuyển đến.",
    ),
    Act(
        MovementKind.TEMPORARY,
        "tam-thoi",
        "Từ ngày",
        (("Giấy giới thiệu", ("letter_number", "happened", "until_on", "is_study")), ELSEWHERE, WHY),
        "Vẫn tính ở nơi sinh hoạt chính thức; nơi sinh hoạt tạm thời không tính.",
    ),
    Act(
        MovementKind.TEMPORARY_EXTENSION,
        "gia-han-tam-thoi",
        "Ngày gia hạn",
        (("Giấy giới thiệu", ("letter_number", "happened", "until_on")), WHY),
    ),
    Act(MovementKind.TEMPORARY_END, "het-tam-thoi", "Ngày kết thúc", (("Kết thúc", ("happened",)), WHY)),
    _decided(
        MovementKind.EXEMPTION, "mien", day="Được miễn từ ngày", hint="Vẫn là đảng viên, không xếp loại cuối năm."
    ),
    _decided(MovementKind.EXEMPTION_END, "thoi-mien", day="Sinh hoạt trở lại từ ngày"),
    _decided(MovementKind.STRIKING_OFF, "xoa-ten"),
    _decided(MovementKind.WITHDRAWAL, "xin-ra"),
    _decided(
        MovementKind.EXPULSION,
        "khai-tru",
        hint="Là một hình thức kỷ luật: quyết định cũng được ghi vào phần Kỷ luật, không phải ghi hai lần.",
    ),
    Act(MovementKind.DEATH, "tu-tran", "Ngày từ trần", (("Từ trần", ("happened",)), WHY)),
    _decided(
        MovementKind.RESTORATION,
        "phuc-hoi",
        ("Nơi sinh hoạt", ("to_organisation",)),
        day="Phục hồi từ ngày",
        hint="Dành cho người bị xóa tên, khai trừ không đúng; tuổi đảng được tính liên tục.",
    ),
    _decided(
        MovementKind.READMISSION,
        "ket-nap-lai",
        ("Nơi sinh hoạt", ("to_organisation",)),
        day="Ngày quyết định",
        hint="Là một lần kết nạp mới, dự bị từ đầu.",
    ),
)
BY_SLUG = {act.slug: act for act in ACTS}
BY_KIND = {act.kind: act for act in ACTS}
# What several people may be moved by at once, and the route of the page.
FOR_SEVERAL = {MovementKind.MOVE: "move_several", MovementKind.TRANSFER_OUT: "transfer_several"}
