"""Words that columns of free text usually hold; offered where one types, never required."""

from __future__ import annotations

from members.text import fold

# The 54 ethnic groups of the list of the statistics office (121-TCTK/PPCĐ, 1979), as they are written today.
ETHNIC_GROUPS = (
    "Kinh", "Tày", "Thái", "Mường", "Khmer", "Hoa", "Nùng", "Mông", "Dao", "Gia Rai", "Ê Đê", "Ba Na", "Sán Chay",
    "Chăm", "Cơ Ho", "Xơ Đăng", "Sán Dìu", "Hrê", "Ra Glai", "Mnông", "Thổ", "Xtiêng", "Khơ Mú", "Bru - Vân Kiều",
    "Cơ Tu", "Giáy", "Tà Ôi", "Mạ", "Giẻ Triêng", "Co", "Chơ Ro", "Xinh Mun", "Hà Nhì", "Chu Ru", "Lào", "La Chí",
    "Kháng", "Phù Lá", "La Hủ", "La Ha", "Pà Thẻn", "Lự", "Ngái", "Chứt", "Lô Lô", "Mảng", "Cơ Lao", "Bố Y", "Cống",
    "Si La", "Pu Péo", "Rơ Măm", "Brâu", "Ơ Đu",
)  # fmt: skip
MAJORITY = "Kinh"
RELIGIONS = ("Không", "Phật giáo", "Công giáo", "Tin lành", "Cao Đài", "Phật giáo Hòa Hảo", "Hồi giáo")
NO_RELIGION = "Không"


def as_listed(text: str, words: tuple[str, ...]) -> str:
    """The word of the list that `text` is but for case and accents, else `text` itself."""
    folded = fold(text)
    return next((word for word in words if word == text), None) or next(
        (word for word in words if fold(word) == folded), text
    )


def cases_of(text: str) -> list[str]:
    """`text` as it may stand on record: as typed, with a small or a capital first letter, each word capitalised."""
    lower = text.lower()
    return list(dict.fromkeys([text, lower, lower[:1].upper() + lower[1:], lower.title()]))
