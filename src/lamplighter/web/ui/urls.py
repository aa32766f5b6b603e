"""Pages that belong to every face: preferences, progress of long work, the gallery."""

from __future__ import annotations

from django.urls import path

from lamplighter.web.ui.gallery import acts, views
from lamplighter.web.ui.preferences import preferences
from lamplighter.web.ui.runs import run

urlpatterns = [
    path("preferences/", preferences, name="preferences"),
    path("runs/<int:pk>/", run, name="run"),
    path("ui/", views.overview, name="gallery"),
    path("ui/table/", views.table, name="gallery-table"),
    path("ui/colleagues/", views.colleagues, name="gallery-colleagues"),
    path("ui/plot.json", views.plot_data, name="gallery-plot"),
    path("ui/plot.csv", views.plot_csv, name="gallery-plot-csv"),
    path("ui/plot/table/", views.plot_table, name="gallery-plot-table"),
    path("ui/errors/", views.errors, name="gallery-errors"),
    path("ui/errors/<int:status>/", views.error, name="gallery-error"),
    path("ui/undo/", views.undo, name="gallery-undo"),
    path("ui/do/<slug:kind>/", acts.do, name="gallery-do"),
]
