"""The addresses of what customers meet from afar."""

from __future__ import annotations

from django.urls import path

from lamplighter.web.desk.online import (
    happenings,  # noqa: F401 - tells the timeline
    seen,
    views,
)

ONLINE = [
    path("accounts/<str:number>/online/", views.online, name="account-online"),
    path("accounts/<str:number>/online/links/<uuid:link>/", views.as_they_see_it, name="seen-link"),
    path("accounts/<str:number>/online/pages/<slug:kind>/<str:key>/", seen.page_behind, name="seen-page"),
    path("accounts/<str:number>/online/<str:username>/do/unlock/", views.unlock_sign_in, name="do-unlock"),
]
