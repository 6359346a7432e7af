"""What is done to a session after a page that says what will happen: read, preview, write, stop, undo, give up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from config.access import Permission
from config.numbers import count_text
from config.pages import requires
from config.submissions import act_once
from members.exchange import jobs, sessions
from members.models import ImportJob, ImportSession, ImportState
from reviews.exchange.pages import begin
from reviews.exchange.pages_base import address_of, frame, get_session, running, user_of


@dataclass(frozen=True)
class Act:
    """Something done to a session: what its page says, and what it answers where it can't be done."""

    title: str
    button: str
    says: Callable[[ImportSession], list[str]]
    refusal: Callable[[ImportSession], str]
    do: Callable[[HttpRequest, ImportSession], None]
    step: int = 3
    is_dangerous: bool = False


def _counted(session: ImportSession) -> dict[str, int]:
    counted: dict[str, int] = session.counts.get("all", {})
    return counted


def to_write(session: ImportSession) -> int:
    """How many rows of the preview change something."""
    return sum(_counted(session).get(status, 0) for status in ("new", "changed"))


def not_to_write(session: ImportSession) -> int:
    """How many rows of the preview can't be written as they are."""
    return sum(_counted(session).get(status, 0) for status in ("wrong", "conflict"))


def _says_write(session: ImportSession) -> list[str]:
    counted = _counted(session)
    lines = [
        f"Sẽ ghi {count_text(to_write(session))} dòng vào hồ sơ: thêm mới {count_text(counted.get('new', 0))}, "
        f"thay đổi {count_text(counted.get('changed', 0))}."
    ]
    if counted.get("left_out"):
        lines.append(f"Không ghi {count_text(counted['left_out'])} dòng bạn đã chọn bỏ qua.")
    lines.append("Tất cả được ghi cùng một lúc: nếu có trục trặc thì không dòng nào được ghi. Sau đó hoàn tác được.")
    return lines


def _says_write_good(session: ImportSession) -> list[str]:
    first, *rest = _says_write(session)
    wrong = (
        f"Không ghi {count_text(not_to_write(session))} dòng sai hoặc chưa chọn; những dòng cần đến chúng cũng không "
        "được ghi. Danh sách các dòng này có ở trang kết quả, kèm tệp Excel để sửa rồi nhập sau."
    )
    return [first, wrong, *rest]


def _cannot_preview(session: ImportSession) -> str:
    if session.state not in {ImportState.READ, ImportState.PREVIEWED}:
        return "Phiên nhập chưa đọc xong tệp, hoặc đã xong, nên không xem trước được."
    return "Hãy trả lời các câu hỏi về cột trước khi xem trước." if session.understood.get("questions") else ""


def _cannot_write(session: ImportSession, *, only_good: bool = False) -> str:
    if session.state != ImportState.PREVIEWED:
        return "Chỉ ghi được khi đã xem trước và chưa ghi."
    if session.counts.get("is_stale"):
        return "Bảng xem trước đã cũ vì có sửa đổi sau đó. Hãy xem trước lại rồi ghi."
    if not_to_write(session) and not only_good:
        return "Còn dòng sai hoặc chưa chọn. Hãy sửa, bỏ qua các dòng đó, hoặc chỉ ghi các dòng đúng."
    return "" if to_write(session) else "Không có dòng nào cần ghi: hồ sơ đã có đúng như trong tệp."


def _cannot_read(session: ImportSession) -> str:
    return "Phiên nhập đã xong, không đọc lại tệp được." if session.is_over else ""


def _cannot_undo(session: ImportSession) -> str:
    return "" if session.state == ImportState.DONE else "Chỉ hoàn tác được lần nhập đã ghi."


def _abandon(request: HttpRequest, session: ImportSession) -> None:
    sessions.abandon(session=session, by=user_of(request))
    messages.success(request, "Đã bỏ phiên nhập. Không ghi gì vào hồ sơ.")


def _stop(request: HttpRequest, session: ImportSession) -> None:
    jobs.stop(session)
    messages.info(request, "Đã yêu cầu dừng. Việc sẽ dừng trong giây lát, trừ khi vừa kịp xong.")


def _starting(job: ImportJob, *, only_good: bool = False) -> Callable[[HttpRequest, ImportSession], None]:
    return lambda request, session: begin(request, session, job, only_good=only_good)


ACTS = {
    "doc": Act(
        "Đọc lại tệp",
        "Đọc lại tệp",
        lambda session: ["Tệp được đọc lại từ đầu. Không ghi gì vào hồ sơ."],
        _cannot_read,
        _starting(ImportJob.READ),
        step=1,
    ),
    "xem": Act(
        "Xem trước",
        "Xem trước",
        lambda session: ["Chương trình làm thử với từng dòng và cho xem kết quả. Không ghi gì vào hồ sơ."],
        _cannot_preview,
        _starting(ImportJob.PREVIEW),
        step=2,
    ),
    "ghi": Act("Ghi tất cả vào hồ sơ", "Ghi tất cả", _says_write, _cannot_write, _starting(ImportJob.COMMIT)),
    "ghi-dong-dung": Act(
        "Chỉ ghi các dòng đúng",
        "Ghi các dòng đúng",
        _says_write_good,
        lambda session: _cannot_write(session, only_good=True),
        _starting(ImportJob.COMMIT, only_good=True),
    ),
    "hoan-tac": Act(
        "Hoàn tác lần nhập này",
        "Hoàn tác",
        lambda session: [
            f"Những gì lần nhập này đã ghi ({count_text(to_write(session))} dòng) được trả lại như trước: bản ghi thêm "
            "mới bị xóa, giá trị thay đổi trở về giá trị cũ.",
            "Những gì người khác đã sửa sau đó được giữ nguyên và được liệt kê.",
        ],
        _cannot_undo,
        _starting(ImportJob.UNDO),
        is_dangerous=True,
    ),
    "bo": Act(
        "Bỏ phiên nhập",
        "Bỏ phiên nhập",
        lambda session: ["Phiên nhập đóng lại và không sửa tiếp được. Không ghi gì vào hồ sơ; tệp của bạn không đổi."],
        lambda session: "Phiên nhập đã xong, không bỏ được nữa." if session.is_over else "",
        _abandon,
        is_dangerous=True,
    ),
}
STOP = Act(
    "Dừng việc đang chạy",
    "Dừng",
    lambda session: ["Việc đang chạy dừng lại và không ghi gì vào hồ sơ, trừ khi vừa kịp xong."],
    lambda session: "" if running(session) else "Không có việc nào đang chạy.",
    _stop,
)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CHANGE_RECORDS)
def import_act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A page that names what will happen, then does it once."""
    act = STOP if name == "dung" else ACTS.get(name)
    session = get_session(request, pk)
    if act is None:
        raise Http404
    if request.method == "POST":
        return act_once(request, lambda: _do(request, session, name, act))
    return _confirm(request, session, name, act)


def _do(request: HttpRequest, session: ImportSession, name: str, act: Act) -> HttpResponse:
    refusal = _refusal(session, act)
    try:
        if refusal:
            raise ValidationError(refusal)
        act.do(request, session)
    except ValidationError as refused:
        return _confirm(request, session, name, act, " ".join(refused.messages))
    session.refresh_from_db()
    return redirect(reverse("import_session", args=[session.pk]) if name == "dung" else address_of(session))


def _refusal(session: ImportSession, act: Act) -> str:
    if act is not STOP and running(session) is not None:
        return sessions.RUNNING
    return act.refusal(session)


def _confirm(request: HttpRequest, session: ImportSession, name: str, act: Act, problem: str = "") -> HttpResponse:
    refusal = problem or _refusal(session, act)
    context: dict[str, Any] = {"act": act, "name": name, "refusal": refusal, "says": act.says(session)}
    back = address_of(session)
    return render(request, "exchange/act.html", frame(session, act.step) | context | {"back": back})
