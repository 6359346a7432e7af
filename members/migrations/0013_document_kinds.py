"""The kinds of documents of a member's file and the steps that need them."""

from django.db import migrations

FILES = "Hướng dẫn 12-HD/BTCTW ngày 18/01/2022 (nghiệp vụ công tác đảng viên)"
FORMS = f"{FILES}, biểu mẫu KNĐ"

DECISION, OFFICIAL, MEMBER_FILE, TRANSFER = "decision", "official_decision", "member_file", "transfer"

# Code, name, part of the file, steps that need it, source, confidence; in the order of the file.
KINDS = (
    ("class_certificate", "Giấy chứng nhận học lớp bồi dưỡng nhận thức về Đảng", "admission", (DECISION,), FILES),
    ("application", "Đơn xin vào Đảng", "admission", (DECISION,), f"{FORMS} (mẫu 1)"),
    ("candidate_history", "Lý lịch của người xin vào Đảng", "admission", (DECISION,), f"{FORMS} (mẫu 2)"),
    ("history_checks", "Văn bản thẩm tra lý lịch", "admission", (DECISION,), FILES),
    ("sponsor_letter", "Giấy giới thiệu người vào Đảng của đảng viên", "admission", (DECISION,), f"{FORMS} (mẫu 3)"),
    (
        "union_resolution",
        "Nghị quyết giới thiệu của Đoàn Thanh niên hoặc công đoàn cơ sở",
        "admission",
        (),
        f"{FORMS} (mẫu 4)",
    ),
    (
        "opinions",
        "Tổng hợp ý kiến nhận xét của đoàn thể nơi làm việc và chi ủy nơi cư trú",
        "admission",
        (DECISION,),
        f"{FORMS} (mẫu 5)",
    ),
    ("cell_resolution", "Nghị quyết của chi bộ xét kết nạp đảng viên", "admission", (DECISION,), f"{FORMS} (mẫu 6)"),
    ("department_report", "Báo cáo thẩm định của đảng ủy bộ phận (kết nạp)", "admission", (), f"{FORMS} (mẫu 7)"),
    ("committee_resolution", "Nghị quyết của đảng ủy cơ sở xét kết nạp đảng viên", "admission", (), f"{FORMS} (mẫu 8)"),
    ("admission_decision", "Quyết định kết nạp đảng viên", "admission", (MEMBER_FILE,), f"{FORMS} (mẫu 9)"),
    ("member_history", "Lý lịch đảng viên", "probation", (MEMBER_FILE, TRANSFER), f"{FILES}, mẫu 1-HSĐV"),
    ("member_sheet", "Phiếu đảng viên", "probation", (MEMBER_FILE, TRANSFER), f"{FILES}, mẫu 2-HSĐV"),
    (
        "new_member_certificate",
        "Giấy chứng nhận học lớp bồi dưỡng đảng viên mới",
        "probation",
        (OFFICIAL,),
        FILES,
    ),
    ("self_review", "Bản tự kiểm điểm của đảng viên dự bị", "probation", (OFFICIAL,), f"{FORMS} (mẫu 10)"),
    (
        "helper_review",
        "Bản nhận xét đảng viên dự bị của đảng viên được phân công giúp đỡ",
        "probation",
        (OFFICIAL,),
        f"{FORMS} (mẫu 11)",
    ),
    (
        "probation_opinions",
        "Tổng hợp ý kiến nhận xét đảng viên dự bị của đoàn thể và chi ủy nơi cư trú",
        "probation",
        (OFFICIAL,),
        f"{FORMS} (mẫu 12)",
    ),
    (
        "official_cell_resolution",
        "Nghị quyết của chi bộ đề nghị công nhận đảng viên chính thức",
        "probation",
        (OFFICIAL,),
        f"{FORMS} (mẫu 13)",
    ),
    (
        "official_department_report",
        "Báo cáo thẩm định của đảng ủy bộ phận (chính thức)",
        "probation",
        (),
        f"{FORMS} (mẫu 14)",
    ),
    (
        "official_committee_resolution",
        "Nghị quyết của đảng ủy cơ sở đề nghị công nhận đảng viên chính thức",
        "probation",
        (),
        f"{FORMS} (mẫu 15)",
    ),
    ("official_decision", "Quyết định công nhận đảng viên chính thức", "official", (), f"{FORMS} (mẫu 16)"),
    ("yearly_sheet", "Phiếu bổ sung hồ sơ đảng viên", "official", (), f"{FILES}, mẫu 3-HSĐV"),
    ("yearly_review", "Bản kiểm điểm cá nhân hằng năm", "official", (), FILES),
    ("transfer_letter", "Giấy giới thiệu sinh hoạt đảng", "official", (), FILES),
    ("exemption_decision", "Quyết định miễn công tác và sinh hoạt đảng", "official", (), FILES),
    ("badge_decision", "Quyết định tặng Huy hiệu Đảng", "official", (), FILES),
    ("honours", "Quyết định khen thưởng", "official", (), FILES),
    ("discipline", "Quyết định kỷ luật", "official", (), FILES),
    ("appointment", "Quyết định điều động, bổ nhiệm, chuyển công tác", "official", (), FILES),
    ("diplomas", "Văn bằng, chứng chỉ", "other", (), FILES),
    ("identity_card", "Căn cước công dân", "other", (), "Yêu cầu của cơ sở dữ liệu đảng viên"),
    ("other", "Giấy tờ khác", "other", (), FILES),
)
# Steps and forms are quoted by other sources; the rest was not compared with any text.
QUOTED = "mẫu"


def load(apps, schema_editor):
    """Kinds that are there stay as they are."""
    kinds, needs = apps.get_model("members", "DocumentKind"), apps.get_model("members", "DocumentNeed")
    known = set(kinds.objects.values_list("code", flat=True))
    for number, (code, name, group, steps, source) in enumerate(KINDS, 1):
        if code in known:
            continue
        confidence = "secondary" if QUOTED in source else "unverified"
        values = {"name": name, "group": group, "source": source, "confidence": confidence}
        kind = kinds.objects.create(code=code, order_number=number, **values)
        needs.objects.bulk_create([needs(kind=kind, step=step) for step in steps])


def unload(apps, schema_editor):
    """Kinds of which there are documents stay."""
    kinds, needs = apps.get_model("members", "DocumentKind"), apps.get_model("members", "DocumentNeed")
    gone = kinds.objects.filter(code__in=[code for code, *_ in KINDS], documents__isnull=True)
    keys = list(gone.values_list("pk", flat=True))
    needs.objects.filter(kind__in=keys).delete()
    kinds.objects.filter(pk__in=keys).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0012_documents"),
    ]

    operations = [migrations.RunPython(load, unload)]
