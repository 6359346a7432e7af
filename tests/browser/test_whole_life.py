"""One whole life in the browser, from quần chúng ưu tú to từ trần: what clerks enter, and what follows from it.

After every step all numbers of all summaries that the life touches are read anew. What differs from before is what
tests.browser.life_figures says, worked out by hand, and nothing else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from tests.browser.clerk import Clerk, Sheets
from tests.browser.conftest import Served, served
from tests.browser.life_figures import CHANGES, OPENED, PLACES, SUMMARIES, difference, out_of_balance
from tests.browser.life_told import EVENTS, MOMENTS, OF_THE_FILE
from tests.builders import PDF

pytestmark = pytest.mark.browser

NAME = "Lâm Thị Trường Sinh"
FILE_NUMBER = "HS-1955-01"
HELPERS = {"Đảng viên giúp đỡ thứ nhất": "Trần Văn Dẫn", "Đảng viên giúp đỡ thứ hai": "Vũ Đình Hướng"}


APPLICATION = "02. Đơn xin vào Đảng"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The program with a committee of five members."""
    with served(tmp_path_factory.mktemp("life"), "-m", "tests.browser.small_world") as program:
        yield program


@pytest.fixture(scope="module")
def server(program: Served) -> str:
    return program.address


@dataclass
class Staff:
    """Those who keep the files: at the committee, at A, and at B."""

    office: Clerk
    a: Clerk
    b: Clerk


def candidate(staff: Staff) -> None:
    staff.a.page.goto("/dang-vien/")
    staff.a.follow("Thêm quần chúng ưu tú")
    staff.a.fill(
        {
            "Tổ chức theo dõi": "Chi bộ Văn phòng",
            "Họ và tên": NAME,
            "Giới tính": "Nữ",
            "Ngày sinh": "12/04/1955",
            "Số lý lịch": FILE_NUMBER,
            "Trình độ phổ thông": "10/10",
        }
    )
    staff.a.press("Thêm vào danh sách")
    staff.a.sees(f"Quần chúng ưu tú, Chi bộ Văn phòng theo dõi · Số lý lịch {FILE_NUMBER}")


def class_for_candidates(staff: Staff) -> None:
    held = ("BD-07", "Lớp nhận thức về Đảng khóa 7", "Bồi dưỡng đối tượng kết nạp Đảng", "03/10/1983", "07/10/1983")
    staff.office.bring_in(sheets_of(held, "GCN-83/07", "15/10/1983"))


def class_for_new_members(staff: Staff) -> None:
    held = ("DVM-03", "Lớp đảng viên mới khóa 3", "Bồi dưỡng đảng viên mới", "03/09/1984", "12/09/1984")
    staff.office.bring_in(sheets_of(held, "GCN-84/11", "20/09/1984"))


def sheets_of(held: tuple[str, ...], number: str, issued: str) -> Sheets:
    """The class and its one learner of the committee, as rows of the exchange workbook."""
    heading = ("Mã lớp", "Tên lớp", "Loại lớp", "Ngày khai giảng", "Ngày bế giảng")
    columns = ("Mã lớp", "Số lý lịch", "Họ và tên", "Kết quả", "Số giấy chứng nhận", "Ngày cấp")
    learner = (held[0], FILE_NUMBER, NAME, "Đạt", number, issued)
    return {"Lớp": (heading, held), "Học viên": (columns, learner)}


# --- The case of admission --------------------------------------------------------------------------


def case(staff: Staff) -> None:
    staff.a.person(NAME)
    staff.a.follow("Mở hồ sơ kết nạp")
    expect(staff.a.page.get_by_label(f"Chọn {NAME}")).to_be_checked()  # as whom one comes from
    staff.a.fill({"Ngày mở hồ sơ": "01/09/1983"})
    staff.a.press("Mở hồ sơ cho những người đã chọn")
    staff.a.says("Đã mở 1 hồ sơ kết nạp")
    staff.a.sees("Đang chờ: Phân công người giúp đỡ")
    take_step(staff.a, "Phân công người giúp đỡ", {"Ngày phân công": "05/09/1983", **HELPERS})


def to_the_decision(staff: Staff) -> None:
    a, office = staff.a, staff.office
    # What the class gave is filled in already.
    take_step(a, "Học lớp bồi dưỡng nhận thức về Đảng", {})
    a.sees("Ngày 15/10/1983, số GCN-83/07")
    take_step(a, "Đơn xin vào Đảng, lý lịch tự khai", {"Ngày": "01/11/1983"})
    scan(a)
    take_step(a, "Giới thiệu của đảng viên, đoàn thể", {"Ngày": "10/11/1983"})
    take_step(a, "Thẩm tra lý lịch", {"Ngày": "25/11/1983"})
    take_step(a, "Lấy ý kiến đoàn thể và nơi cư trú", {"Ngày": "05/12/1983"})
    take_step(a, "Nghị quyết của chi bộ đề nghị kết nạp", vote("04/01/1984", "01-NQ/CB", 3))
    take_step(a, "Nghị quyết của đảng ủy cơ sở đề nghị kết nạp", vote("20/01/1984", "02-NQ/ĐU", 5))
    take_step(office, "Thẩm định ở cơ quan giúp việc của cấp ủy cấp trên", {"Ngày": "01/02/1984"})


def scan(clerk: Clerk) -> None:
    """Put the scan of a paper into the file."""
    clerk.person(NAME)
    clerk.follow("Giấy tờ đã quét và giấy tờ còn thiếu")
    clerk.follow("Thêm giấy tờ")
    clerk.page.get_by_label("Loại giấy tờ").select_option(label=APPLICATION)
    clerk.fill({"Ngày của giấy tờ": "01/11/1983"})
    clerk.page.get_by_label("Tệp quét").set_input_files(
        [{"name": "don.pdf", "mimeType": "application/pdf", "buffer": PDF}]
    )
    clerk.press("Lưu tệp")


def decision(staff: Staff) -> None:
    paper = vote("03/02/1984", "15-QĐ/ĐUK", 9, day="Ngày quyết định")
    take_step(staff.office, "Quyết định kết nạp", paper)
    staff.office.sees("Đã kết nạp, đang dự bị")


def ceremony(staff: Staff) -> None:
    take_step(staff.a, "Lễ kết nạp", {"Ngày lễ kết nạp": "19/02/1984"})
    take_step(staff.a, "Khai lý lịch đảng viên, phiếu đảng viên", {"Ngày": "05/03/1984"})


def probation(staff: Staff) -> None:
    take_step(staff.a, "Học lớp bồi dưỡng đảng viên mới", {})
    staff.a.sees("Ngày 20/09/1984, số GCN-84/11")
    for quarter in ("1", "2", "3", "4"):
        staff.a.page.get_by_role("link", name=f"nhận xét Quý {quarter}/1984").click()
        expect(staff.a.field("Quý")).to_have_value(quarter)
        staff.a.fill({"Ngày nhận xét": f"20/{3 * int(quarter):02}/1984", "Người nhận xét": "Trần Văn Dẫn"})
        staff.a.fill({"Nội dung nhận xét": "Tích cực công tác."})
        staff.a.press("Ghi nhận xét")
    take_step(staff.a, "Hết thời gian dự bị: tự kiểm điểm và nhận xét", {"Ngày": "20/02/1985"})
    take_step(staff.a, "Nghị quyết của chi bộ đề nghị công nhận chính thức", vote("25/02/1985", "03-NQ/CB", 3))
    paper = vote("10/03/1985", "04-NQ/ĐU", 5)
    take_step(staff.a, "Nghị quyết của đảng ủy cơ sở đề nghị công nhận chính thức", paper)


def recognition(staff: Staff) -> None:
    paper = vote("25/03/1985", "41-QĐ/ĐUK", 9, day="Ngày quyết định")
    take_step(staff.office, "Quyết định công nhận chính thức", paper)
    staff.office.sees("Đã công nhận chính thức ngày 25/03/1985", "Ngày chính thức: 19/02/1985")


def vote(on: str, number: str, voters: int, *, day: str = "Ngày") -> dict[str, str]:
    """A paper that everybody voted for."""
    said = dict.fromkeys(("Được quyền biểu quyết", "Có mặt", "Tán thành"), str(voters))
    return {day: on, "Số văn bản": number, **said}


def take_step(clerk: Clerk, name: str, fields: dict[str, str]) -> None:
    """Record a step of the case, from the person's page on."""
    clerk.person(NAME)
    clerk.page.locator("main").get_by_role("link", name=re.compile("^(Đang xét|Đã) ")).click()
    clerk.page.locator("main li").filter(has=clerk.page.get_by_text(name, exact=True)).get_by_role(
        "link", name=re.compile("^Ghi bước này")
    ).click()
    clerk.fill(fields)
    clerk.press("Ghi bước này")
    clerk.says(f"Đã ghi “{name}” của {NAME}")


# --- Movements --------------------------------------------------------------------------------------


def move(staff: Staff) -> None:
    papers = {"Số quyết định": "12-QĐ/ĐU", "Số giấy giới thiệu": "0001/92", "Ngày chuyển": "01/06/1992"}
    record(staff.a, "Chuyển nội bộ", papers | {"Hoặc tổ chức khác trong đảng bộ": "Chi bộ Thanh tra tỉnh"})
    staff.a.sees("Chờ nơi đến tiếp nhận")


def reception(staff: Staff) -> None:
    staff.b.page.goto("/viec-cua-toi/")
    staff.b.page.locator("main").get_by_role("link", name=re.compile(NAME)).click()
    staff.b.follow("Ghi nơi đến đã tiếp nhận")
    staff.b.fill({"Ngày nơi đến tiếp nhận": "10/06/1992", "Số phiếu báo": "07/92"})
    staff.b.press("Ghi đã tiếp nhận")


def transfer_out(staff: Staff) -> None:
    papers = {"Số giấy giới thiệu": "0012/98", "Ngày chuyển đi": "02/03/1998"}
    record(staff.b, "Chuyển sinh hoạt đi", papers | {"Nơi chuyển đến": "Đảng bộ huyện Lộc Sơn"})


def answer(staff: Staff) -> None:
    staff.b.follow("Ghi nơi đến đã tiếp nhận")
    staff.b.fill({"Ngày nơi đến tiếp nhận": "20/03/1998", "Số phiếu báo": "31/LS"})
    staff.b.press("Ghi đã tiếp nhận")


def transfer_in(staff: Staff) -> None:
    papers = {"Số giấy giới thiệu": "0208/04", "Ngày tiếp nhận": "01/07/2004", "Chuyển từ": "Đảng bộ huyện Lộc Sơn"}
    record(staff.b, "Chuyển sinh hoạt đến", papers | {"Tổ chức": "Chi bộ Thanh tra tỉnh"})


def exemption_by_mistake(staff: Staff) -> None:
    record(staff.b, "Miễn công tác và sinh hoạt", {"Số quyết định": "05-QĐ/CB", "Được miễn từ ngày": "01/04/2015"})


def exemption_undone(staff: Staff) -> None:
    staff.b.follow("Hoàn tác…")
    staff.b.fill({"Vì sao hoàn tác": "Ghi nhầm năm"})
    staff.b.press("Hoàn tác biến động này")


def exemption(staff: Staff) -> None:
    record(staff.b, "Miễn công tác và sinh hoạt", {"Số quyết định": "05-QĐ/CB", "Được miễn từ ngày": "01/04/2016"})


def death(staff: Staff) -> None:
    record(staff.b, "Từ trần", {"Ngày từ trần": "20/05/2021"})


def record(clerk: Clerk, kind: str, fields: dict[str, str]) -> None:
    """Record a movement from the person's page on."""
    clerk.person(NAME)
    menu = clerk.page.locator("details.menu")
    menu.get_by_text("Ghi biến động").click()
    menu.get_by_role("link", name=kind, exact=True).click()
    clerk.fill(fields)
    clerk.press("Xem trước khi ghi")
    clerk.sees("Chưa ghi gì.")
    clerk.press("Ghi")
    clerk.says(f"Đã ghi: {kind} – {NAME}")


# --- The badge --------------------------------------------------------------------------------------


def proposal(staff: Staff) -> None:
    office = staff.office
    office.page.goto("/huy-hieu/dot/")
    office.follow("Lập danh sách mới")
    office.fill({"Tổ chức lập danh sách": "Chi bộ Thanh tra tỉnh", "Ngày trao tặng": "03/02/2014"})
    office.press("Lập danh sách")
    office.says("Đã lập danh sách 1 người đến hạn")
    office.sees(NAME)


def badge_decision(staff: Staff) -> None:
    staff.office.follow("Ghi quyết định")
    staff.office.fill({"Số quyết định": "88-QĐ/TU", "Ngày quyết định": "15/01/2014"})
    staff.office.press("Ghi quyết định")


def award(staff: Staff) -> None:
    staff.office.follow("Ghi đã trao")
    staff.office.press("Ghi đã trao cho tất cả")
    staff.office.says("Đã ghi 1 Huy hiệu Đảng")


STEPS: dict[str, Callable[[Staff], None]] = {
    "candidate": candidate,
    "class for candidates": class_for_candidates,
    "case": case,
    "to the decision": to_the_decision,
    "decision": decision,
    "ceremony": ceremony,
    "class for new members": class_for_new_members,
    "probation": probation,
    "recognition": recognition,
    "move": move,
    "reception": reception,
    "transfer out": transfer_out,
    "answer": answer,
    "transfer in": transfer_in,
    "proposal": proposal,
    "badge decision": badge_decision,
    "award": award,
    "exemption by mistake": exemption_by_mistake,
    "exemption undone": exemption_undone,
    "exemption": exemption,
    "death": death,
}


# --- What is seen of it -----------------------------------------------------------------------------


def see_what_is_told(clerk: Clerk) -> None:
    """The timeline tells every step in words, the history who entered it."""
    clerk.person(NAME)
    clerk.sees("Đã từ trần (20/05/2021)")
    clerk.follow("Cũ nhất ở trên")
    lines = clerk.page.locator(".timeline li li")
    found = list(zip(lines.locator("time").all_inner_texts(), lines.locator("span").all_inner_texts(), strict=True))
    assert found[: len(MOMENTS)] == MOMENTS
    assert [words for _, words in found[len(MOMENTS) :]] == OF_THE_FILE
    clerk.page.set_viewport_size({"width": 390, "height": 900})
    assert clerk.page.evaluate("document.documentElement.scrollWidth") <= 390
    clerk.page.set_viewport_size({"width": 1440, "height": 900})
    clerk.follow("Toàn bộ lịch sử")
    lines = clerk.page.locator(".trail-line > span")
    assert lines.all_inner_texts()[::-1] == [f"{who} {deed.format(NAME)}" for who, deed in EVENTS]


def see_the_audit(inspector: Clerk, program: Served) -> None:
    """The log finds her, and the trail and the scans are whole."""
    inspector.page.goto("/nhat-ky/")
    inspector.fill({"Hồ sơ của ai": FILE_NUMBER})
    inspector.page.get_by_label("Việc", exact=True).select_option(label="Nhập, sửa dữ liệu")
    inspector.page.locator("main").get_by_role("button", name="Tìm").click()
    inspector.sees(f"Phạm Chi Bộ ghi biến động: Từ trần – {NAME}")
    assert "Nhật ký nguyên vẹn" in program.manage("audit_verify")
    program.manage("documents_check")


def printed(program: Served, year: int) -> dict[str, int]:
    """The summary of B from the command line."""
    told = json.loads(program.manage("summary", str(year), "--organisation", "B", "--format", "json"))
    return {figure: number["count"] for figure, number in told["figures"].items()}


def open_number(clerk: Clerk, year: int, place: str, figure: str) -> None:
    """Open a number of a summary and see her in its list."""
    clerk.page.goto(f"/tong-ket/{year}/{place}/")
    expect(clerk.page.locator("select[name=nam]")).to_have_value(str(year))
    clerk.page.locator(f"[data-figure='{figure}'] >> visible=true").first.click()
    expect(clerk.page.locator(f"b[data-figure='{figure}']")).to_be_visible()
    expect(clerk.page.locator("table.list tbody").get_by_role("link", name=NAME)).to_have_count(1)


def test_whole_life_is_entered_counted_and_told(open_page, program):
    staff = Staff(*(Clerk(open_page(name)) for name in ("van-phong", "co-so-a", "co-so-b")))
    known = staff.office.figures(SUMMARIES, PLACES)
    for name, take in STEPS.items():
        take(staff)
        if name not in CHANGES:  # what it had changed after all would be found after the next step
            continue
        now = staff.office.figures(SUMMARIES, PLACES)
        assert difference(known, now) == CHANGES[name], name
        assert list(out_of_balance(now)) == [], name
        known = now
        if name in OPENED:
            open_number(Clerk(open_page("lanh-dao")), *OPENED[name])
    assert staff.office.figures(SUMMARIES, PLACES) == known
    assert set(CHANGES) <= set(STEPS)
    for year in (1984, 1992, 2021):
        assert printed(program, year) == {key[2]: count for key, count in known.items() if key[:2] == (year, "B")}
    see_what_is_told(staff.b)
    see_the_audit(Clerk(open_page("kiem-tra")), program)
