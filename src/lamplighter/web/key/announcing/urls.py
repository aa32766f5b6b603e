"""The addresses of announcements."""

from __future__ import annotations

from django.urls import path

from lamplighter.web.key.announcing import acts, happenings, views

__all__ = ["NOTICES", "happenings"]
NOTICES = [
    path("notices/", views.listed, name="notices"),
    path("notices/do/plan/", acts.plan, name="do-plan-notice"),
    path("notices/<int:pk>/", views.one, name="notice"),
    path("notices/<int:pk>/do/words/", acts.words, name="do-word-notice"),
    path("notices/<int:pk>/do/ask/", acts.ask, name="do-ask-notice"),
    path("notices/<int:pk>/do/withdraw/", acts.withdraw, name="do-withdraw-notice"),
    path("notices/<int:pk>/do/drop/", acts.drop, name="do-drop-notice"),
    path("notices/<int:pk>/do/move/", acts.move, name="do-move-notice"),
    path("notices/<int:pk>/do/cancel/", acts.cancel, name="do-cancel-notice"),
    path("notices/<int:pk>/do/confirm/<str:number>/", acts.confirm, name="do-confirm-notice"),
    path("notices/<int:pk>/do/again/<int:told>/", acts.again, name="do-tell-again"),
]
