"""The addresses of confidential addresses."""

from __future__ import annotations

from django.urls import path

from lamplighter.web.desk.confidential import (
    acts,
    happenings,  # noqa: F401 - tells the timeline
    views,
)

CONFIDENTIAL = [
    path("confidential/", views.listed, name="confidential"),
    path("confidential/told/", views.told, name="addresses-told"),
    path("accounts/<str:number>/do/protect-address/", acts.begin, name="do-protect-address"),
    path("accounts/<str:number>/do/open-address/", acts.finish, name="do-open-address"),
    path("premises/<str:number>/do/show-address/", acts.show, name="do-show-address"),
]
