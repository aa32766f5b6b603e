"""Addresses of the corrections of facts."""

from __future__ import annotations

from django.urls import path

from lamplighter.web.desk.amending import views

AMENDING = [
    path("meters/<str:badge>/do/multiplier/", views.multiplier, name="do-correct-multiplier"),
    path("meters/<str:badge>/tests/<int:pk>/do/correct/", views.after_test, name="do-correct-test"),
    path("meters/<str:badge>/do/uncross/", views.crossed, name="do-uncross"),
    path("accounts/<str:number>/services/<int:agreement>/do/rate/", views.rate, name="do-correct-rate"),
    path("accounts/<str:number>/services/<int:agreement>/do/fact/", views.fact, name="do-correct-fact"),
    path("accounts/<str:number>/services/<int:agreement>/do/shares/", views.shares, name="do-share-out"),
]
