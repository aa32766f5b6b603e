"""The addresses of links to pay."""

from __future__ import annotations

from django.urls import path

from lamplighter.web.pay import keeping, views

app_name = "pay"
urlpatterns = [
    path("autopay/<str:token>/", keeping.show, name="keep"),
    path("autopay/<str:token>/agree/", keeping.agree, name="agree"),
    path("autopay/<str:token>/kept/", keeping.kept, name="kept"),
    path("<str:token>/", views.show, name="link"),
    path("<str:token>/card/", views.card, name="card"),
    path("<str:token>/thanks/", views.thanks, name="thanks"),
]
