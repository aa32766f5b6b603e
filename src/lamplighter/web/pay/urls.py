"""The addresses of links to pay."""

from __future__ import annotations

from django.urls import path

from lamplighter.web.pay import views

app_name = "pay"
urlpatterns = [
    path("<str:token>/", views.show, name="link"),
    path("<str:token>/card/", views.card, name="card"),
    path("<str:token>/thanks/", views.thanks, name="thanks"),
]
