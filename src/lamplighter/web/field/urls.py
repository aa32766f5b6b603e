"""The addresses of the crew's phone."""

from __future__ import annotations

from django.urls import path

from lamplighter.web.field import acts, views

app_name = "field"
urlpatterns = [
    path("", views.route_of_today, name="route"),
    path("worker.js", views.worker, name="worker"),
    path("orders/<str:number>/", views.order, name="order"),
    path("orders/<str:number>/where/", acts.where, name="where"),
    path("orders/<str:number>/start/", acts.start, name="start"),
    path("orders/<str:number>/report/", acts.report, name="report"),
]
