"""A place written in one line, as the national template wants it: country, province, and the rest."""

from __future__ import annotations

from functools import lru_cache

from members.intake.national import COUNTRY, DETAIL, PROVINCE
from members.intake.values import plain_key

HOME = "Việt Nam"
# The provinces and cities under the central government before July 2025; those of today are among them, or named here.
_PROVINCES = (
    "An Giang, Bà Rịa - Vũng Tàu, Bạc Liêu, Bắc Giang, Bắc Kạn, Bắc Ninh, Bến Tre, Bình Dương, Bình Định, Bình Phước, "
    "Bình Thuận, Cà Mau, Cao Bằng, Cần Thơ, Đà Nẵng, Đắk Lắk, Đắk Nông, Điện Biên, Đồng Nai, Đồng Tháp, Gia Lai, "
    "Hà Giang, Hà Nam, Hà Nội, Hà Tĩnh, Hải Dương, Hải Phòng, Hậu Giang, Hòa Bình, Hồ Chí Minh, Hưng Yên, Khánh Hòa, "
    "Kiên Giang, Kon Tum, Lai Châu, Lạng Sơn, Lào Cai, Lâm Đồng, Long An, Nam Định, Nghệ An, Ninh Bình, Ninh Thuận, "
    "Phú Thọ, Phú Yên, Quảng Bình, Quảng Nam, Quảng Ngãi, Quảng Ninh, Quảng Trị, Sóc Trăng, Sơn La, Tây Ninh, "
    "Thái Bình, Thái Nguyên, Thanh Hóa, Thừa Thiên Huế, Huế, Tiền Giang, Trà Vinh, Tuyên Quang, Vĩnh Long, Vĩnh Phúc, "
    "Yên Bái, Bắc Cạn, Đắc Lắc, Đắc Nông, Kontum, "
    # Former ones, as older files have them.
    "Bắc Thái, Cửu Long, Hà Bắc, Hà Nam Ninh, Hà Sơn Bình, Hà Tây, Hải Hưng, Hoàng Liên Sơn, Minh Hải, Nam Hà, "
    "Nghệ Tĩnh, Nghĩa Bình, Phú Khánh, Quảng Nam - Đà Nẵng, Sông Bé, Thuận Hải, Vĩnh Phú, Bình Trị Thiên"
)
_KEYS = frozenset(plain_key(name) for name in _PROVINCES.split(", "))


@lru_cache(maxsize=8192)
def parts_of(place: str) -> dict[str, str]:
    """The parts of a place by the template's labels, as far as it says them; nothing is guessed.

    The province is the last part, where it is one by its name or says that it is (tỉnh …).
    """
    said = [part.strip() for part in place.split(",") if part.strip()]
    country = ""
    if said and plain_key(said[-1]) in {"viet nam", "vn"}:
        country = HOME
        said = said[:-1]
    province = said[-1] if said and _is_province(said[-1]) else ""
    return {
        COUNTRY: HOME if province else country,
        PROVINCE: province,
        DETAIL: ", ".join(said[:-1] if province else said),
    }


def _is_province(part: str) -> bool:
    words = plain_key(part)
    for before in ("tinh ", "thanh pho ", "tp "):
        words = words.removeprefix(before)
    return words in _KEYS or plain_key(part).startswith("tinh ")
