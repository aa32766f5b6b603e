"""The addresses of bills behind links."""

from __future__ import annotations

from django.urls import path

from lamplighter.web.ebill import views

app_name = "ebill"
urlpatterns = [
    path("<str:token>/", views.show, name="linked-bill"),
    path("<str:token>/pdf/", views.pdf, name="linked-pdf"),
    path("<str:token>/pay/", views.pay, name="linked-pay"),
    path("<str:token>/paper/", views.paper, name="linked-paper"),
]
