"""The steps of the admission, the conditions on people and helpers, and which deadlines run from receipt."""

from django.db import migrations

STATUTES = (
    "Điều lệ Đảng và quy định thi hành (29-QĐ/TW ngày 25/7/2016, 232-QĐ/TW ngày 20/01/2025, 294-QĐ/TW ngày 26/5/2025)"
)
FILES = "Hướng dẫn nghiệp vụ công tác đảng viên (12-HD/BTCTW ngày 18/01/2022, 38-HD/BTCTW năm 2025)"
GUIDE = "Hướng dẫn 06-HD/TW ngày 09/6/2025, mục 5"
VOTES = "Quy định 294-QĐ/TW ngày 26/5/2025, mục 9.3.2 (theo nguồn dẫn lại)"
DECIDES = (
    "Quy định 29-QĐ/TW ngày 25/7/2016, mục 4.3; Quy định 232-QĐ/TW ngày 20/01/2025, mục 4.1 và 4.3 "
    "(208-QĐ/TW ngày 26/7/2026 giao ban thường vụ đảng ủy cơ sở: chưa đối chiếu)"
)
COMMITTEE = "Quy định thi hành Điều lệ Đảng: đảng ủy cơ sở đề nghị bằng đa số; khi được ủy quyền quyết định thì từ 2/3"

TWO_THIRDS = {"majority_numerator": 2, "majority_denominator": 3, "majority_is_exceeded": False}
OVER_HALF = {"majority_numerator": 1, "majority_denominator": 2, "majority_is_exceeded": True}
NUMBER, GATE = {"has_number": True}, {"is_gate": True}
BELOW = {"below_committee_only": True}

# Code, name, phase, who does it, source, confidence, papers by line, and what else is set.
STAGES = (
    (
        "helpers", "Phân công người giúp đỡ", "consideration", "cell", STATUTES, "secondary",
        "", {"effect": "helpers"},
    ),
    (
        "candidate_class", "Học lớp bồi dưỡng nhận thức về Đảng", "consideration", "cell", GUIDE, "secondary",
        "Giấy chứng nhận học lớp bồi dưỡng nhận thức về Đảng",
        {"effect": "certificate", "programme": "candidate"} | NUMBER,
    ),
    (
        "application", "Đơn xin vào Đảng, lý lịch tự khai", "consideration", "cell", FILES, "secondary",
        "Đơn xin vào Đảng (Mẫu 1-KNĐ)\nLý lịch của người xin vào Đảng (Mẫu 2-KNĐ)", {},
    ),
    (
        "introduction", "Giới thiệu của đảng viên, đoàn thể", "consideration", "cell", FILES, "secondary",
        "Giấy giới thiệu của đảng viên chính thức (Mẫu 3-KNĐ)\n"
        "Nghị quyết giới thiệu của Đoàn Thanh niên hoặc công đoàn cơ sở (Mẫu 4-KNĐ), nếu có", {},
    ),
    (
        "vetting", "Thẩm tra lý lịch", "consideration", "grassroots", f"{FILES}; Quy định 58-QĐ/TW năm 2022",
        "secondary", "Văn bản thẩm tra lý lịch", {},
    ),
    (
        "opinions", "Lấy ý kiến đoàn thể và nơi cư trú", "consideration", "cell", FILES, "secondary",
        "Tổng hợp ý kiến nhận xét của đoàn thể và chi ủy nơi cư trú (Mẫu 5-KNĐ)", {},
    ),
    (
        "cell_resolution", "Nghị quyết của chi bộ đề nghị kết nạp", "consideration", "cell", VOTES, "secondary",
        "Nghị quyết của chi bộ xét kết nạp đảng viên (Mẫu 6-KNĐ)", GATE | NUMBER | TWO_THIRDS,
    ),
    (
        "committee_proposal", "Nghị quyết của đảng ủy cơ sở đề nghị kết nạp", "consideration", "grassroots",
        COMMITTEE, "unverified", "Nghị quyết của đảng ủy cơ sở xét kết nạp đảng viên (Mẫu 8-KNĐ)",
        GATE | NUMBER | BELOW | OVER_HALF | {"due_from": "cell_resolution"},
    ),
    (
        "appraisal", "Thẩm định ở cơ quan giúp việc của cấp ủy cấp trên", "consideration", "office", STATUTES,
        "secondary", "", GATE,
    ),
    (
        "decision", "Quyết định kết nạp", "consideration", "office", DECIDES, "secondary",
        "Quyết định kết nạp đảng viên (Mẫu 9-KNĐ)",
        GATE | NUMBER | OVER_HALF | {"effect": "decision", "due_step": "decision", "due_from": "committee_proposal"},
    ),
    (
        "ceremony", "Lễ kết nạp", "probation", "cell", STATUTES, "secondary", "Biên bản lễ kết nạp",
        GATE | {"effect": "ceremony", "due_step": "ceremony", "due_from": "decision"},
    ),
    (
        "member_file", "Khai lý lịch đảng viên, phiếu đảng viên", "probation", "cell", FILES, "secondary",
        "Lý lịch đảng viên (Mẫu 1-HSĐV)\nPhiếu đảng viên (Mẫu 2-HSĐV)",
        {"due_step": "member_file", "due_from": "ceremony"},
    ),
    (
        "new_member_class", "Học lớp bồi dưỡng đảng viên mới", "probation", "cell",
        "Hướng dẫn 60-HD/BTGTW ngày 16/6/2022", "secondary", "Giấy chứng nhận học lớp bồi dưỡng đảng viên mới",
        {"programme": "new_member"} | NUMBER,
    ),
    (
        "probation", "Hết thời gian dự bị: tự kiểm điểm và nhận xét", "probation", "cell", FILES, "secondary",
        "Bản tự kiểm điểm của đảng viên dự bị (Mẫu 10-KNĐ)\n"
        "Nhận xét của đảng viên được phân công giúp đỡ (Mẫu 11-KNĐ)\n"
        "Tổng hợp ý kiến của đoàn thể và chi ủy nơi cư trú (Mẫu 12-KNĐ)",
        {"effect": "probation", "due_step": "probation", "due_from": "ceremony"},
    ),
    (
        "official_proposal", "Nghị quyết của chi bộ đề nghị công nhận chính thức", "probation", "cell", VOTES,
        "secondary", "Nghị quyết của chi bộ đề nghị công nhận đảng viên chính thức (Mẫu 13-KNĐ)",
        GATE | NUMBER | TWO_THIRDS | {"due_step": "official_proposal", "due_from": "probation"},
    ),
    (
        "official_committee_proposal", "Nghị quyết của đảng ủy cơ sở đề nghị công nhận chính thức", "probation",
        "grassroots", COMMITTEE, "unverified",
        "Nghị quyết của đảng ủy cơ sở đề nghị công nhận đảng viên chính thức (Mẫu 15-KNĐ)",
        GATE | NUMBER | BELOW | OVER_HALF | {"due_from": "official_proposal"},
    ),
    (
        "official_decision", "Quyết định công nhận chính thức", "probation", "office", DECIDES, "secondary",
        "Quyết định công nhận đảng viên chính thức (Mẫu 16-KNĐ)",
        GATE | NUMBER | OVER_HALF
        | {
            "effect": "recognition",
            "due_step": "official_decision",
            "due_from": "official_committee_proposal",
        },
    ),
)  # fmt: skip

# Kind, amount, source, confidence.
CONDITIONS = (
    ("least_age", 18, "Điều lệ Đảng, Điều 1", "secondary"),
    ("most_age", 60, "Quy định thi hành Điều lệ Đảng, mục 2.1 (tính theo tháng)", "secondary"),
    (
        "education",
        9,
        "Quy định thi hành Điều lệ Đảng, mục 2.2: trung học cơ sở trở lên, trừ nơi được phép khác",
        "secondary",
    ),
    ("helpers", 2, "Điều lệ Đảng, Điều 4: hai đảng viên chính thức, hoặc một đảng viên và đoàn thể", "secondary"),
    ("helper_months", 12, "Điều lệ Đảng, Điều 4: cùng công tác ít nhất một năm", "secondary"),
)
FROM_RECEIPT = "ngày nhận được"


def load(apps, schema_editor):
    stages = apps.get_model("members", "AdmissionStage")
    for position, (code, name, phase, actor, source, confidence, papers, rest) in enumerate(STAGES, 1):
        stages.objects.create(
            code=code, position=position * 10, name=name, phase=phase, actor=actor, source=source,
            confidence=confidence, papers=papers, **rest,
        )  # fmt: skip
    conditions = apps.get_model("members", "AdmissionCondition")
    for kind, amount, source, confidence in CONDITIONS:
        conditions.objects.create(kind=kind, amount=amount, source=source, confidence=confidence)
    apps.get_model("members", "AdmissionDeadline").objects.filter(counted_from__startswith=FROM_RECEIPT).update(
        counts_from_receipt=True
    )


def remove(apps, schema_editor):
    """What an office added or what cases use stops this, as it should."""
    apps.get_model("members", "AdmissionStage").objects.filter(code__in=[row[0] for row in STAGES]).delete()
    apps.get_model("members", "AdmissionCondition").objects.filter(kind__in=[row[0] for row in CONDITIONS]).delete()


class Migration(migrations.Migration):
    dependencies = [("members", "0021_admission_cases")]

    operations = [migrations.RunPython(load, remove)]
