"""The addresses of requirements."""

from __future__ import annotations

from django.urls import path

from lamplighter.web.desk.requirements import acts, views

REQUIREMENTS = [
    path("requirements/", views.listed, name="requirements"),
    path("requirements/do/raise/", acts.begin, name="do-raise-requirement"),
    path("requirements/<int:pk>/", views.one, name="requirement"),
    path("requirements/<int:pk>/do/<slug:to>/", acts.move, name="do-move-requirement"),
]
