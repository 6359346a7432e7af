"""Addresses of badges and discipline."""

from django.urls import path

from members.badges import discipline_pages, forecast_pages, person_badges, rounds

urlpatterns = [
    path("huy-hieu/", forecast_pages.badges, name="badges"),
    path("huy-hieu/du-kien/<code:code>/", forecast_pages.badge_forecast, name="badge_forecast"),
    path("huy-hieu/du-kien/<code:code>/danh-sach/", forecast_pages.badge_due, name="badge_due"),
    path("huy-hieu/du-kien/<code:code>/danh-sach/excel/", forecast_pages.badge_due_workbook, name="badge_due_workbook"),
    path("huy-hieu/dot/", rounds.badge_rounds, name="badge_rounds"),
    path("huy-hieu/dot/them/", rounds.badge_round_new, name="badge_round_new"),
    path("huy-hieu/dot/<int:pk>/", rounds.badge_round, name="badge_round"),
    path("huy-hieu/dot/<int:pk>/excel/", rounds.badge_round_workbook, name="badge_round_workbook"),
    path("huy-hieu/dot/<int:pk>/cap-nhat/", rounds.badge_round_fill, name="badge_round_fill"),
    path("huy-hieu/dot/<int:pk>/bo-sung/", rounds.badge_propose, name="badge_propose"),
    path("huy-hieu/dot/<int:pk>/quyet-dinh/", rounds.badge_decide, name="badge_decide"),
    path("huy-hieu/dot/<int:pk>/trao/", rounds.badge_award, name="badge_award"),
    path("huy-hieu/dot/<int:pk>/lui/", rounds.badge_step_back, name="badge_step_back"),
    path("huy-hieu/de-nghi/<int:pk>/dua-ra/", rounds.badge_leave_out, name="badge_leave_out"),
    path("huy-hieu/de-nghi/<int:pk>/dua-lai/", rounds.badge_put_back, name="badge_put_back"),
    path("huy-hieu/<int:pk>/sua/", person_badges.change_badge, name="change_badge"),
    path("nguoi/<int:pk>/huy-hieu/them/", person_badges.badge_new, name="badge_new"),
    path("ky-luat/", discipline_pages.disciplines, name="disciplines"),
    path("ky-luat/excel/", discipline_pages.disciplines_workbook, name="disciplines_workbook"),
    path("ky-luat/<int:pk>/sua/", discipline_pages.change_discipline, name="change_discipline"),
    path("nguoi/<int:pk>/ky-luat/them/", discipline_pages.discipline_of_person, name="discipline_of_person"),
    path(
        "to-chuc/<code:code>/ky-luat/them/",
        discipline_pages.discipline_of_organisation,
        name="discipline_of_organisation",
    ),
]
