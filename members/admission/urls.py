"""Addresses of the board and of cases."""

from django.urls import path

from members.admission import board_pages, pages

urlpatterns = [
    path("", board_pages.board, name="admission_board"),
    path("excel/", board_pages.workbook, name="admission_workbook"),
    path("mo/", board_pages.open_cases, name="admission_open"),
    path("ghi-chung/", board_pages.batch, name="admission_batch"),
    path("<int:pk>/", pages.case, name="admission_case"),
    path("<int:pk>/buoc/<slug:code>/", pages.record_step, name="admission_step"),
    path("<int:pk>/bo-qua/<slug:code>/", pages.waive_step, name="admission_waive"),
    path("<int:pk>/tra-lai/", pages.send_back, name="admission_send_back"),
    path("<int:pk>/rut-lai/", pages.undo_step, name="admission_undo"),
    path("<int:pk>/ket-thuc/", pages.close_case, name="admission_stop"),
    path("<int:pk>/mo-lai/", pages.reopen_case, name="admission_reopen"),
    path("<int:pk>/giup-do/", pages.add_helper, name="admission_helper"),
    path("<int:pk>/giup-do/<int:helper>/", pages.end_helper, name="admission_helper_end"),
    path("<int:pk>/nhan-xet/", pages.write_remark, name="admission_remark"),
    path("<int:pk>/nhan-xet/<int:remark>/", pages.write_remark, name="admission_remark_change"),
]
