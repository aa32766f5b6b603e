"""The addresses of acts on service."""

from __future__ import annotations

from django.urls import path

from lamplighter.web.desk.service import changing, choosing, landlords, moving, opening, starting

SERVICE = [
    path("start/", opening.open_and_start, name="do-open"),
    path("accounts/<str:number>/do/service/", choosing.choose, name="do-service"),
    path("accounts/<str:number>/do/start/", starting.start, name="do-start"),
    path("accounts/<str:number>/do/stop/", starting.stop, name="do-stop"),
    path("accounts/<str:number>/do/move/", moving.move, name="do-move"),
    path("accounts/<str:number>/do/take-back/", moving.take_back, name="do-take-back-service"),
    path("accounts/<str:number>/do/standing/", landlords.agree, name="do-standing"),
    path("accounts/<str:number>/do/end-standing/", landlords.end, name="do-end-standing"),
    path("accounts/<str:number>/do/estate/", changing.estate, name="do-estate"),
    path("accounts/<str:number>/do/seasonal/", changing.seasonal, name="do-seasonal"),
    path("accounts/<str:number>/do/dispatch/", changing.dispatch, name="do-dispatch"),
]
