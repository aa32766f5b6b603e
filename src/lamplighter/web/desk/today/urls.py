"""The desk's own day, its team, logs and training."""

from __future__ import annotations

from django.urls import path

from lamplighter.web.desk.logs import acts as log_acts
from lamplighter.web.desk.logs import views as logs
from lamplighter.web.desk.team import views as team
from lamplighter.web.desk.today import acts, views
from lamplighter.web.desk.training import views as training

TODAY = [
    path("", views.today, name="today"),
    path("duties/<int:pk>/<str:day>/do/done/", acts.done, name="do-duty"),
    path("lists/<slug:which>/do/finish/", acts.finish, name="do-finish-list"),
    path("team/", team.board, name="team"),
    path("team/<slug:key>/", team.rows, name="team-rows"),
    path("logs/", logs.listed, name="logs"),
    path("logs/do/begin/", log_acts.begin, name="do-begin-log"),
    path("logs/do/usual/", log_acts.usual, name="do-usual-logs"),
    path("logs/<slug:key>/", logs.one, name="log"),
    path("logs/<slug:key>/do/write/", log_acts.write, name="do-write-line"),
    path("logs/<slug:key>/<int:number>/do/correct/", log_acts.correct, name="do-correct-line"),
    path("training/", training.listed, name="training"),
    path("training/<int:pk>/", training.module, name="module"),
    path("training/<int:pk>/do/try/", training.answer, name="do-try"),
]
