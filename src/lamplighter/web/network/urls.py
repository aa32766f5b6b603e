"""The addresses that head-ends call."""

from __future__ import annotations

from django.urls import path

from lamplighter.web.network import views

app_name = "network"
urlpatterns = [
    path("", views.message, name="message"),
    path("files/<str:name>", views.file, name="file"),
]
