"""What the exchange workbook tells people of its sheets and columns: one literal table of words."""
# ruff: noqa: E501  a table, read across

from __future__ import annotations

from members.intake.kinds import Column, Type

ABOUT: dict[str, str] = {
    "Tổ chức đảng": "Mỗi dòng một tổ chức đảng, tổ chức cấp trên ghi ở dòng khác hoặc đã có trong chương trình.",
    "Đoàn thể": "Mỗi dòng một hội, đoàn thể do tổ chức đảng lãnh đạo.",
    "Hồ sơ": "Mỗi dòng một người. Chưa có ngày quyết định kết nạp là quần chúng ưu tú do tổ chức theo dõi; có ngày đến là chuyển sinh hoạt đến từ ngày đó.",
    "Kết nạp": "Chỉ dùng cho người có nhiều lần kết nạp, hoặc kết nạp ở tổ chức khác với nơi bắt đầu sinh hoạt.",
    "Quá trình sinh hoạt": "Chỉ dùng cho người đã sinh hoạt ở nhiều tổ chức: mỗi dòng một thời gian, đủ từ đầu.",
    "Miễn sinh hoạt": "Chỉ dùng khi thời gian miễn đã hết hoặc có số quyết định; còn lại ghi ở trang Hồ sơ.",
    "Cấp ủy": "Mỗi dòng một người giữ một chức vụ cấp ủy của một tổ chức trong một thời gian.",
    "Quá trình tổ chức": "Mỗi dòng một lần đổi tên, chuyển, sáp nhập hoặc tách của một tổ chức.",
    "Lớp": "Mỗi dòng một lớp bồi dưỡng, đào tạo. Lớp mới do văn phòng cấp ủy thêm.",
    "Học viên": "Mỗi dòng một người trong một lớp; hoặc, không ghi người, mã tổ chức với số người dự.",
    "Xếp loại đảng viên": "Mỗi dòng một đảng viên trong một năm: mức xếp loại, hoặc lý do không xếp loại.",
    "Xếp loại tổ chức": "Mỗi dòng một tổ chức đảng trong một năm: mức xếp loại, hoặc lý do không xếp loại.",
    "Xếp loại đoàn thể": "Mỗi dòng một đoàn thể trong một năm: mức xếp loại, hoặc lý do không xếp loại.",
    "Khen thưởng": "Mỗi dòng một lần khen một người (ghi số lý lịch) hoặc một tổ chức (ghi mã tổ chức).",
    "Huy hiệu Đảng": "Mỗi dòng một Huy hiệu Đảng của một người.",
    "Kỷ luật": "Mỗi dòng một quyết định kỷ luật một người (ghi số lý lịch) hoặc một tổ chức (ghi mã tổ chức).",
    "Quá trình công tác": "Mỗi dòng một công việc của một người trong một thời gian, như trong lý lịch.",
    "Đào tạo, bồi dưỡng đã qua": "Mỗi dòng một trường, lớp của một người, như trong lý lịch. Lớp do đảng bộ mở ghi ở trang Lớp và trang Học viên.",
    "Đi nước ngoài": "Mỗi dòng một lần đi nước ngoài của một người.",
    "Quan hệ gia đình": "Mỗi dòng một người thân: số lý lịch là của đảng viên, không phải của người thân.",
    "Khen thưởng đã nhận": "Mỗi dòng một lần khen do nơi khác tặng: huân chương, bằng khen, danh hiệu. Khen thưởng của đảng bộ ghi ở trang Khen thưởng.",
    "Chỉ tiêu": "Mỗi dòng một chỉ tiêu của một tổ chức trong một năm.",
}

# Columns that mean something of their own in a sheet.
OWN_NOTES: dict[tuple[str, str], str] = {
    ("Tổ chức đảng", "Mã tổ chức"): "Mã riêng của tổ chức này.",
    ("Quá trình tổ chức", "Tên tổ chức"): "Tên mới từ ngày đó.",
    ("Quá trình tổ chức", "Mã tổ chức cấp trên"): "Tổ chức cấp trên từ ngày đó: ghi mã hoặc đúng tên.",
    ("Đoàn thể", "Mã đoàn thể"): "Mã riêng của đoàn thể này.",
    ("Lớp", "Mã lớp"): "Mã riêng của lớp này.",
    ("Học viên", "Xếp loại"): "Xếp loại học tập.",
    (
        "Học viên",
        "Mã tổ chức",
    ): "Nơi sinh hoạt hoặc theo dõi, để tìm đúng người; của người chưa có hồ sơ: tổ chức theo dõi.",
    ("Học viên", "Kết quả"): "Để trống khi lớp chưa xong.",
    ("Hồ sơ", "Mã tổ chức"): "Nơi đang sinh hoạt, với quần chúng ưu tú là nơi theo dõi: ghi mã hoặc đúng tên.",
    ("Xếp loại đảng viên", "Mã tổ chức"): "Tổ chức đã xếp loại; để trống là nơi sinh hoạt ngày 31/12 của năm đó.",
    ("Quan hệ gia đình", "Năm sinh"): "Năm sinh của người thân, bốn chữ số.",
    ("Chỉ tiêu", "Mã tổ chức"): "Để trống là tổ chức cao nhất.",
}

_WHOLE = "Ghi đủ ngày, tháng, năm."
NOTES: dict[str, str] = {
    "Mã tổ chức": "Ghi mã hoặc đúng tên của tổ chức.",
    "Mã tổ chức đảng": "Tổ chức đảng lãnh đạo đoàn thể này: ghi mã hoặc đúng tên.",
    "Mã tổ chức cấp trên": "Ghi mã hoặc đúng tên; để trống là tổ chức cao nhất.",
    "Mã tổ chức kế thừa": "Tổ chức nhận phần của tổ chức này khi sáp nhập, tách.",
    "Mã đoàn thể": "Ghi mã; nếu đã có trong chương trình thì có thể ghi đúng tên.",
    "Mã lớp": "Ghi mã; nếu đã có trong chương trình thì có thể ghi đúng tên.",
    "Số lý lịch": "Ghi đủ số 0 ở đầu. Chưa có số thì để trống và ghi họ và tên, ngày sinh, tổ chức.",
    "Họ và tên": "Ghi đủ dấu, như trong hồ sơ.",
    "Ngày sinh": "Chỉ biết năm thì ghi năm.",
    "Số định danh cá nhân": "12 chữ số; số chứng minh nhân dân cũ có 9 chữ số.",
    "Tên gọi khác": "Bí danh, tên thường dùng.",
    "Loại hình cơ sở": "Chọn trong danh sách, ví dụ: Phường; Cơ quan Nhà nước; Doanh nghiệp, hợp tác xã.",
    "Cơ sở đào tạo": "Nơi mở lớp.",
    "Số thẻ trước đây": "Số thẻ cũ của người đã đổi thẻ.",
    "Nhiệm kỳ": "Năm đầu và năm cuối.",
    "Chức vụ cấp ủy": "Mỗi lúc một tổ chức chỉ có một Bí thư.",
    "Lý do thôi": "Ghi cùng với ngày ở cột Đến ngày.",
    "Số quyết định thôi": "Số quyết định cho thôi giữ chức vụ.",
    "Số quyết định đi": "Số quyết định kết thúc sinh hoạt.",
    "Số quyết định kết thúc": "Số quyết định giải thể, sáp nhập hoặc chia tổ chức.",
    "Số quyết định chính thức": "Số quyết định công nhận đảng viên chính thức.",
    "Số huy hiệu": "Số khắc trên huy hiệu.",
    "Nội dung vi phạm": "Ghi ngắn gọn.",
    "Ngày hủy bỏ": "Chỉ khi quyết định bị hủy bỏ sau khiếu nại, hoặc đã ghi nhầm.",
    "Ngày đến": "Chỉ ghi khi người này chuyển sinh hoạt từ nơi khác đến.",
    "Ngày quyết định kết nạp": "Để trống là quần chúng ưu tú.",
    "Ngày ra khỏi": "Ghi cùng với lý do ra khỏi.",
    "Lý do ra khỏi": "Ghi cùng với ngày ra khỏi.",
    "Lý do đi": "Ghi cùng với ngày kết thúc ở cột Đến ngày.",
    "Đến ngày": "Để trống nếu vẫn đang tiếp tục.",
    "Loại lớp": "Tên loại lớp như trong danh mục.",
    "Ngày khai giảng": _WHOLE,
    "Ngày bế giảng": _WHOLE,
    "Ngày cấp": _WHOLE,
    "Điểm": "Từ 0 đến 10.",
    "Số người dự": "Chỉ ghi ở dòng không có số lý lịch và họ tên: bao nhiêu người của tổ chức đã dự.",
    "Năm": "Bốn chữ số.",
    "Xếp loại": "Đúng lời của quy định có hiệu lực trong năm đó, hoặc viết tắt: HTXS, HTT, HT, KHT, TSVM.",
    "Lý do không xếp loại": "Chỉ ghi khi không có mức xếp loại.",
    "Danh hiệu": "Một danh hiệu trong danh mục, hoặc danh hiệu khác.",
    "Mốc": "Số năm tuổi Đảng.",
    "Truy tặng": "Ghi khi trao sau khi người được tặng đã từ trần.",
    "Chỉ tiêu": "Tên chỉ tiêu như trong danh mục.",
    "Giá trị": "Số lượng; với chỉ tiêu tỷ lệ thì ghi số phần trăm, ghi 98 là 98 %.",
    "Từ ngày": "Ngày bắt đầu.",
    "Tên khai sinh": "Khi khác họ và tên đang dùng.",
    "Số CMND cũ": "Số chứng minh nhân dân trước khi có số định danh.",
    "Nơi thường trú": "Nơi đăng ký thường trú.",
    "Nơi tạm trú": "Nơi đăng ký tạm trú, nếu có.",
    "Hoàn cảnh gia đình": "Ghi tóm tắt; từng người thân ghi ở trang Quan hệ gia đình.",
    "Hoàn cảnh kinh tế": "Của bản thân và gia đình.",
    "Lịch sử bản thân": "Ghi tóm tắt; xuống dòng trong ô được đọc là dấu cách.",
    "Quan hệ": "Ví dụ: Cha, Mẹ, Vợ, Con.",
    "Sự việc": "Đổi tên, chuyển cấp trên, sáp nhập hoặc tách.",
}
EXAMPLES: dict[str, str] = {
    "Nhiệm kỳ": "2020–2025",
    "Mã tổ chức": "036.01",
    "Mã tổ chức đảng": "036.01",
    "Mã tổ chức cấp trên": "036",
    "Mã đoàn thể": "CĐ-036.01",
    "Mã lớp": "BD-2015-01",
    "Tên tổ chức": "Chi bộ Văn phòng",
    "Tên đoàn thể": "Công đoàn Sở Nội vụ",
    "Tên lớp": "Lớp bồi dưỡng đối tượng kết nạp Đảng khóa 1 năm 2015",
    "Số lý lịch": "0360001234",
    "Họ và tên": "Nguyễn Thị Hòa",
    "Dân tộc": "Kinh",
    "Tôn giáo": "Không",
    "Nơi ở hiện nay": "số 5, phố Hàng Tiện, phường Nam Định",
    "Nghề nghiệp chức vụ": "Chuyên viên, Sở Nội vụ",
    "Cơ sở đào tạo": "Trung tâm chính trị",
    "Số giấy chứng nhận": "01/2015",
    "Quê quán": "xã Yên Thắng, huyện Ý Yên, tỉnh Nam Định",
    "Trình độ phổ thông": "12/12",
    "Trình độ chuyên môn": "Đại học Luật",
    "Số thẻ đảng viên": "036000001234",
    "Năm": "2015",
    "Mốc": "30",
    "Điểm": "7,5",
    "Giá trị": "98",
    "Số người dự": "45",
    "Số quyết định": "125-QĐ/ĐUK",
    "Số quyết định kết nạp": "125-QĐ/ĐUK",
    "Nơi sinh": "Trạm y tế xã Yên Thắng, huyện Ý Yên, tỉnh Nam Định",
    "Nơi đăng ký khai sinh": "xã Yên Thắng, huyện Ý Yên, tỉnh Nam Định",
    "Nơi thường trú": "số 5, phố Hàng Tiện, phường Nam Định",
    "Nghề nghiệp khi vào Đảng": "Giáo viên",
    "Nơi vào Đoàn": "Trường cấp 3 Ý Yên",
    "Quân hàm cao nhất": "Thiếu úy, trung đội trưởng",
    "Học vị": "Tiến sĩ Luật",
    "Quản lý nhà nước": "Chuyên viên chính",
    "Ngoại ngữ": "Tiếng Anh B1",
    "Tiếng dân tộc thiểu số": "Tiếng Tày",
    "Tin học": "Tin học ứng dụng B",
    "Nơi cấp thẻ": "Tỉnh ủy Nam Định",
    "Tình trạng sức khỏe": "Tốt",
    "Thương binh, bệnh binh hạng": "3/4",
    "Gia đình chính sách": "Con liệt sĩ",
    "Thành phần gia đình": "Nông dân",
    "Làm việc gì": "Giáo viên",
    "Chức vụ": "Tổ trưởng chuyên môn",
    "Nơi công tác": "Trường THCS Yên Thắng",
    "Tên trường": "Trường Đại học Luật",
    "Ngành học": "Luật hành chính",
    "Hình thức học": "Chính quy",
    "Văn bằng, chứng chỉ": "Cử nhân",
    "Nước": "Lào",
    "Nội dung đi": "Tham quan, học tập",
    "Họ tên người thân": "Nguyễn Văn Bình",
    "Nghề nghiệp người thân": "Công nhân, đã nghỉ hưu",
    "Nơi ở người thân": "xã Yên Thắng, huyện Ý Yên",
    "Đặc điểm chính trị": "Đảng viên, cựu chiến binh",
    "Hình thức khen thưởng": "Bằng khen",
    "Cấp khen thưởng": "Thủ tướng Chính phủ",
}
_DATE = "Ngày, ví dụ 05/09/2015"
# Columns whose choices are told by their note: there are too many, or they depend on the year.
UNLISTED = frozenset({"Xếp loại", "Loại lớp", "Chỉ tiêu", "Danh hiệu", "Mốc", "Loại hình cơ sở"})


def explained(kind: str, column: Column, words: list[str]) -> str:
    """What a column holds, in a sentence or two with an example."""
    parts = []
    if words and column.name not in UNLISTED:
        parts.append(f"Một trong: {'; '.join(words)}{', hoặc ghi khác' if is_open(column) else ''}.")
    elif column.type == Type.DATE:
        parts.append(f"{_DATE}.")
    parts += filter(None, [OWN_NOTES.get((kind, column.name)) or NOTES.get(column.name)])
    if column.name in EXAMPLES:
        parts.append(f"Ví dụ: {EXAMPLES[column.name]}.")
    return " ".join(parts) or "Ghi chữ tùy ý."


def is_open(column: Column) -> bool:
    """Whether other text than the words of the drop-down is right too."""
    return column.name not in _CLOSED and (column.choices is None or column.choices.is_open)


# Readers know more words for them than records can hold.
_CLOSED = frozenset({"Lý luận chính trị", "Mốc", "Sự việc"})
