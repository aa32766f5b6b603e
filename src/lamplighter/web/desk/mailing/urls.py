"""The addresses of bills on paper."""

from __future__ import annotations

from django.urls import path

from lamplighter.web.desk.mailing import acts, views

MAILING = [
    path("mailing/", views.listed, name="mailing"),
    path("mailing/bills/", views.bills, name="mailing-bills"),
    path("mailing/do/print/", acts.make, name="do-print-bills"),
    path("mailing/do/find/", acts.find, name="do-find-piece"),
    path("mailing/inserts/", views.inserts, name="inserts"),
    path("mailing/inserts/do/add/", acts.insert, name="do-insert"),
    path("mailing/inserts/<int:pk>/do/change/", acts.insert, name="do-change-insert"),
    path("mailing/jobs/<int:pk>/", views.job, name="print-job"),
    path("mailing/jobs/<int:pk>/file/", views.job_file, name="print-job-file"),
    path("mailing/jobs/<int:pk>/do/report/", acts.report, name="do-mailing-report"),
    path("mailing/pieces/<int:pk>/", views.piece, name="bill-piece"),
    path("mailing/pieces/<int:pk>/do/returned/", acts.returned, name="do-piece-returned"),
    path("mailing/pieces/<int:pk>/do/again/", acts.again, name="do-piece-again"),
]
