"""What stands on the people's files: numbers, home towns, posts, education."""

from __future__ import annotations

import datetime as dt
from random import Random

from members.models.people import ProfessionalLevel, Sex, TheoryLevel
from members.partial_dates import Precision
from reviews.demo.names import ETHNICITIES, OTHER_NAMES, RELIGIONS, make_home_town, make_residence, pick
from reviews.demo.records import LAST_YEAR, Life, Place, World, end_of

LAST = end_of(LAST_YEAR)
SUBJECTS = (
    "Luật", "Kinh tế", "Kế toán", "Hành chính công", "Quản trị kinh doanh", "Công nghệ thông tin", "Sư phạm",
    "Xây dựng Đảng", "Triết học", "Tài chính - Ngân hàng", "Nông học", "Xây dựng", "Y khoa", "Báo chí",
)  # fmt: skip
# By how the name of a cell's office begins.
CELL_POSTS = (
    ("Văn phòng", ("Chánh Văn phòng", "Phó Chánh Văn phòng")),
    ("Trung tâm", ("Giám đốc Trung tâm", "Phó Giám đốc Trung tâm")),
    ("Chi cục", ("Chi cục trưởng", "Phó Chi cục trưởng")),
    ("Phòng", ("Trưởng phòng", "Phó Trưởng phòng")),
    ("Khoa", ("Trưởng khoa", "Phó Trưởng khoa")),
    ("Ban", ("Trưởng ban", "Phó Trưởng ban")),
    ("Đội", ("Đội trưởng", "Phó Đội trưởng")),
    ("Tổ", ("Tổ trưởng", "Tổ phó")),
    ("Tòa", ("Chánh tòa", "Phó Chánh tòa")),
    ("Thanh tra", ("Chánh Thanh tra", "Phó Chánh Thanh tra")),
)
# What these posts cannot be had without.
EDUCATION = {
    "Bác sĩ": "Đại học Y khoa",
    "Điều dưỡng": "Cao đẳng Điều dưỡng",
    "Dược sĩ": "Đại học Dược",
    "Hộ sinh": "Trung cấp Hộ sinh",
    "Kỹ thuật viên": "Cao đẳng Kỹ thuật y học",
    "Kỹ sư": "Đại học Bách khoa",
    "Kiến trúc sư": "Đại học Kiến trúc",
    "Kế toán viên": "Đại học Kế toán",
    "Giảng viên": "Thạc sĩ Khoa học giáo dục",
    "Giảng viên chính": "Thạc sĩ Quản lý giáo dục",
    "Giáo viên": "Đại học Sư phạm",
    "Phóng viên": "Đại học Báo chí",
    "Biên tập viên": "Đại học Báo chí",
    "Thẩm phán": "Đại học Luật",
    "Thư ký tòa án": "Đại học Luật",
    "Kiểm sát viên": "Đại học Luật",
    "Chấp hành viên": "Đại học Luật",
    "Luật sư": "Đại học Luật",
    "Công chứng viên": "Đại học Luật",
    "Kiểm lâm viên": "Đại học Lâm nghiệp",
    "Thống kê viên": "Đại học Thống kê",
}
CARDS_SINCE = dt.date(2004, 2, 3)


def set_theory_levels(rng: Random, world: World) -> None:
    """Before the classes: what people had learned by 2010 or elsewhere."""
    for life in world.lives:
        seniority = 2010 - life.entries[0].decided_on.year
        chance = rng.random()
        if seniority > 8 and life.merit > 0.75:
            life.theory_level = TheoryLevel.ADVANCED if chance < 0.35 else TheoryLevel.INTERMEDIATE
        elif seniority > 3 and chance < 0.3:
            life.theory_level = TheoryLevel.INTERMEDIATE
        elif chance < 0.55:
            life.theory_level = TheoryLevel.ELEMENTARY


def fill_files(rng: Random, world: World) -> None:
    """Numbers and details of members and candidates; the classes must be over."""
    for number, life in enumerate([*world.lives, *world.candidates], start=1):
        life.file_number = f"0990{number * 7 + 100_000:06}"
        life.details = _details(rng, life)
        if life.entries:
            _give_card(rng, life, number)
    _give_posts(rng, world)
    for life in (*world.lives, *world.candidates):
        education = str(life.details["professional_education"])
        life.details["permanent_residence"] = life.details["residence"]
        life.details["professional_level"] = next(
            (value for value, label in ProfessionalLevel.choices if education.startswith(str(label))), ""
        )


def _details(rng: Random, life: Life) -> dict[str, object]:
    birth = _precision_of_birth(rng, life)
    degree = "Đại học" if rng.random() < 0.78 else rng.choice(("Cao đẳng", "Trung cấp", "Thạc sĩ", "Thạc sĩ"))
    education = f"{degree} {rng.choice(SUBJECTS)}"
    is_old = life.born_on.year < 1955
    return {
        "born_on": _first_day(life.born_on, birth),
        "born_on_precision": birth,
        "other_names": rng.choice(OTHER_NAMES) if is_old and rng.random() < 0.12 else "",
        "ethnicity": pick(rng, ETHNICITIES),
        "religion": pick(rng, RELIGIONS),
        "home_town": make_home_town(rng),
        "residence": make_residence(rng),
        "general_education": "10/10" if life.born_on.year < 1966 else "12/12",
        "professional_education": education,
    }


def _precision_of_birth(rng: Random, life: Life) -> str:
    chance = rng.random()
    if life.born_on.year > 1962 or chance > 0.09:
        return Precision.DAY
    return Precision.YEAR if chance < 0.06 else Precision.MONTH


def _first_day(day: dt.date, precision: str) -> dt.date:
    if precision == Precision.YEAR:
        return day.replace(month=1, day=1)
    return day.replace(day=1) if precision == Precision.MONTH else day


def _give_card(rng: Random, life: Life, number: int) -> None:
    """Officials have a card of eight digits; from elsewhere it begins with another province's two."""
    official = life.entries[-1].official_on
    if not official:
        return
    region = "99" if life.entries[0].place else rng.choice(("95", "96", "97", "98"))
    life.card_number = f"{region}{number * 11 + 200_000:06}"
    issued = official + dt.timedelta(days=rng.randint(40, 150))
    life.details["card_issued_on"] = max(issued, CARDS_SINCE)


# Posts


def _give_posts(rng: Random, world: World) -> None:
    """A head and two deputies of every office, a head and a deputy of every cell's unit, staff."""
    of_unit: dict[str, list[Life]] = {}
    of_cell: dict[str, list[Life]] = {}
    for life in world.lives:
        stay = life.stays[-1]
        unit = stay.place.unit_on(stay.ended_on or LAST)
        _set_post(life, _ordinary_post(rng, life, stay.place))
        if life.stay_on(LAST) and 36 <= life.age_on(LAST) < 60:
            of_unit.setdefault(unit.code, []).append(life)
            of_cell.setdefault(stay.place.code, []).append(life)
    units = {unit.code: unit for unit in world.units}
    for lives in of_cell.values():
        place = lives[0].stays[-1].place
        if not place.is_grassroots:
            _promote(lives, _cell_posts(place))
    for code, lives in of_unit.items():
        head = units[code].head
        _promote(lives, [head, f"Phó {head}", f"Phó {head}"])
    for life in world.candidates:
        if life.followed_by:
            _set_post(life, rng.choice(life.followed_by.staff))


def _promote(lives: list[Life], posts: list[str]) -> None:
    for life, post in zip(sorted(lives, key=lambda life: -life.merit), posts, strict=False):
        _set_post(life, post)


def _cell_posts(place: Place) -> list[str]:
    """Trưởng and Phó of what the cell is of."""
    name = place.name.removeprefix("Chi bộ ")
    for start, posts in CELL_POSTS:
        if name.startswith(start):
            return list(posts)
    return ["Trưởng bộ phận", "Phó Trưởng bộ phận"]


def _ordinary_post(rng: Random, life: Life, place: Place) -> str:
    retires_at = 60 if life.sex == Sex.MALE else 55
    if life.age_on(life.stays[-1].ended_on or LAST) >= retires_at:
        return "Cán bộ nghỉ hưu"
    return rng.choice(place.staff)


def _set_post(life: Life, post: str) -> None:
    life.details["occupation"] = post
    if post in EDUCATION:
        life.details["professional_education"] = EDUCATION[post]
