"""What the timeline and the history of a whole life tell of it, oldest first."""

CELL, B, ELSEWHERE = "Chi bộ Văn phòng", "Chi bộ Thanh tra tỉnh", "Đảng bộ huyện Lộc Sơn"

# Up to the death.
MOMENTS = [
    ("12/04/1955", "Sinh"),
    ("01/09/1983", f"Mở hồ sơ kết nạp, {CELL} đề nghị"),
    ("05/09/1983", "Kết nạp: Phân công người giúp đỡ"),
    ("03/10/1983", "Học lớp nhận thức về Đảng khóa 7 – Đạt"),
    ("15/10/1983", "Kết nạp: Học lớp bồi dưỡng nhận thức về Đảng (giấy chứng nhận số GCN-83/07)"),
    ("01/11/1983", "Kết nạp: Đơn xin vào Đảng, lý lịch tự khai"),
    ("10/11/1983", "Kết nạp: Giới thiệu của đảng viên, đoàn thể"),
    ("25/11/1983", "Kết nạp: Thẩm tra lý lịch"),
    ("05/12/1983", "Kết nạp: Lấy ý kiến đoàn thể và nơi cư trú"),
    ("04/01/1984", "Kết nạp: Nghị quyết của chi bộ đề nghị kết nạp, tán thành 3/3 (số 01-NQ/CB)"),
    ("20/01/1984", "Kết nạp: Nghị quyết của đảng ủy cơ sở đề nghị kết nạp, tán thành 5/5 (số 02-NQ/ĐU)"),
    ("01/02/1984", "Kết nạp: Thẩm định ở cơ quan giúp việc của cấp ủy cấp trên"),
    ("03/02/1984", f"Quyết định kết nạp vào Đảng tại {CELL} (quyết định số 15-QĐ/ĐUK)"),
    ("19/02/1984", "Lễ kết nạp"),
    ("05/03/1984", "Kết nạp: Khai lý lịch đảng viên, phiếu đảng viên"),
    ("03/09/1984", "Học lớp đảng viên mới khóa 3 – Đạt"),
    ("20/09/1984", "Kết nạp: Học lớp bồi dưỡng đảng viên mới (giấy chứng nhận số GCN-84/11)"),
    ("19/02/1985", "Được công nhận đảng viên chính thức (quyết định số 41-QĐ/ĐUK)"),
    ("20/02/1985", "Kết nạp: Hết thời gian dự bị: tự kiểm điểm và nhận xét"),
    ("25/02/1985", "Kết nạp: Nghị quyết của chi bộ đề nghị công nhận chính thức, tán thành 3/3 (số 03-NQ/CB)"),
    (
        "10/03/1985",
        "Kết nạp: Nghị quyết của đảng ủy cơ sở đề nghị công nhận chính thức, tán thành 5/5 (số 04-NQ/ĐU)",
    ),
    ("25/03/1985", "Kết nạp: Quyết định công nhận chính thức, tán thành 9/9 (số 41-QĐ/ĐUK)"),
    ("10/06/1992", f"Chuyển nội bộ đến {B}, từ {CELL} (quyết định số 12-QĐ/ĐU)"),
    ("02/03/1998", f"Chuyển sinh hoạt đảng đi, từ {B}, đến {ELSEWHERE} (giấy giới thiệu số 0012/98)"),
    ("20/03/1998", f"{ELSEWHERE} báo đã tiếp nhận (phiếu báo số 31/LS)"),
    ("01/07/2004", f"Chuyển sinh hoạt đảng đến {B}, từ {ELSEWHERE} (giấy giới thiệu số 0208/04)"),
    ("03/02/2014", "Được tặng Huy hiệu 30 năm tuổi Đảng (quyết định số 88-QĐ/TU)"),
    ("01/04/2016", "Được miễn công tác và sinh hoạt đảng (quyết định số 05-QĐ/CB)"),
    ("20/05/2021", "Từ trần"),
]
# What is told of the file, on the day of the test.
OF_THE_FILE = [
    "Hoàn tác: miễn công tác và sinh hoạt ngày 01/04/2015. Lý do: Ghi nhầm năm",
    "Đưa vào hồ sơ giấy tờ đã quét: Đơn xin vào Đảng",
]

_A_SAID, _B_SAID, _OFFICE_SAID = "Trần Cơ Sở", "Phạm Chi Bộ", "Lê Văn Phòng"


def _step(name: str) -> str:
    return f"ghi bước kết nạp “{name}”: {{}}"


# Who did what; the name of her whose life it is stands where braces are.
EVENTS = [
    (_A_SAID, "thêm hồ sơ {}"),
    (_OFFICE_SAID, "thêm học viên của {}"),
    (_A_SAID, "mở hồ sơ kết nạp: {}"),
    (_A_SAID, _step("Phân công người giúp đỡ")),
    (_A_SAID, _step("Học lớp bồi dưỡng nhận thức về Đảng")),
    (_A_SAID, _step("Đơn xin vào Đảng, lý lịch tự khai")),
    (_A_SAID, "thêm giấy tờ của {}"),
    (_A_SAID, _step("Giới thiệu của đảng viên, đoàn thể")),
    (_A_SAID, _step("Thẩm tra lý lịch")),
    (_A_SAID, _step("Lấy ý kiến đoàn thể và nơi cư trú")),
    (_A_SAID, _step("Nghị quyết của chi bộ đề nghị kết nạp")),
    (_A_SAID, _step("Nghị quyết của đảng ủy cơ sở đề nghị kết nạp")),
    (_OFFICE_SAID, _step("Thẩm định ở cơ quan giúp việc của cấp ủy cấp trên")),
    (_OFFICE_SAID, _step("Quyết định kết nạp")),
    (_A_SAID, _step("Lễ kết nạp")),
    (_A_SAID, _step("Khai lý lịch đảng viên, phiếu đảng viên")),
    (_OFFICE_SAID, "thêm học viên của {}"),
    (_A_SAID, _step("Học lớp bồi dưỡng đảng viên mới")),
    *((_A_SAID, f"nhận xét đảng viên dự bị, Quý {quarter}/1984: {{}}") for quarter in (1, 2, 3, 4)),
    (_A_SAID, _step("Hết thời gian dự bị: tự kiểm điểm và nhận xét")),
    (_A_SAID, _step("Nghị quyết của chi bộ đề nghị công nhận chính thức")),
    (_A_SAID, _step("Nghị quyết của đảng ủy cơ sở đề nghị công nhận chính thức")),
    (_OFFICE_SAID, _step("Quyết định công nhận chính thức")),
    (_A_SAID, "ghi biến động: Chuyển nội bộ – {}"),
    (_B_SAID, "xác nhận nơi đến đã tiếp nhận: {}"),
    (_B_SAID, "ghi biến động: Chuyển sinh hoạt đi – {}"),
    (_B_SAID, "xác nhận nơi đến đã tiếp nhận: {}"),
    (_B_SAID, "ghi biến động: Chuyển sinh hoạt đến – {}"),
    (_OFFICE_SAID, "thêm đề nghị tặng Huy hiệu Đảng của {}"),
    (_OFFICE_SAID, "thêm Huy hiệu Đảng của {} (và 1 mục khác)"),
    (_B_SAID, "ghi biến động: Miễn công tác và sinh hoạt – {}"),
    (_B_SAID, "hoàn tác biến động: Miễn công tác và sinh hoạt – {}"),
    (_B_SAID, "ghi biến động: Miễn công tác và sinh hoạt – {}"),
    (_B_SAID, "ghi biến động: Từ trần – {}"),
]
