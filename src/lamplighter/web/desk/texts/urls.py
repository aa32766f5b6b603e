"""The addresses of policies and knowledge."""

from __future__ import annotations

from django.urls import path

from lamplighter.web.desk.texts import acts, views

TEXTS = [
    path("policies/", views.policies, name="policies"),
    path("knowledge/", views.knowledge, name="knowledge"),
    path("texts/do/begin/<slug:kind>/", acts.begin, name="do-begin-text"),
    path("texts/<slug:slug>/", views.text, name="text"),
    path("texts/<slug:slug>/do/draft/", acts.draft, name="do-draft-text"),
    path("texts/<slug:slug>/do/review/", acts.review, name="do-review-text"),
    path("texts/<slug:slug>/do/give/", acts.give, name="do-give-text"),
    path("texts/<slug:slug>/<int:number>/", views.version, name="text-version"),
    path("texts/<slug:slug>/<int:number>/do/propose/", acts.propose, name="do-propose-text"),
    path("texts/<slug:slug>/<int:number>/do/withdraw/", acts.withdraw, name="do-withdraw-text"),
    path("texts/<slug:slug>/<int:number>/do/figures/<str:key>/", acts.figures, name="do-change-figures"),
]
