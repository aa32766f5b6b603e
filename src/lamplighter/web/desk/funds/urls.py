"""Addresses of funds, grants and gifts at the desk."""

from __future__ import annotations

from django.urls import path

from lamplighter.web.desk.funds import acts, views
from lamplighter.web.desk.funds import happenings as told  # noqa: F401 - tells the timeline

FUNDS = [
    path("assistance/funds/", views.listed, name="funds"),
    path("assistance/funds/do/open/", acts.open_one, name="do-open-fund"),
    path("assistance/funds/<slug:key>/", views.fund, name="fund"),
    path("assistance/funds/<slug:key>/do/terms/", acts.change_terms, name="do-fund-terms"),
    path("assistance/funds/<slug:key>/do/money/", acts.put_money, name="do-fund-money"),
    path("assistance/grants/<str:number>/", views.grant, name="grant"),
    path("assistance/grants/<str:number>/certificate/", views.certificate, name="grant-paper"),
    path("assistance/grants/<str:number>/do/certificate/", acts.bring, name="do-certificate"),
    path("assistance/grants/<str:number>/do/take-back/", acts.give_back, name="do-take-back-grant"),
    path("accounts/<str:number>/funds/<slug:key>/do/grant/", acts.ask, name="do-grant"),
    path("accounts/<str:number>/funds/<slug:key>/do/gift/", acts.give, name="do-gift"),
    path("accounts/<str:number>/funds/do/stop/", acts.stop, name="do-stop-gift"),
]
