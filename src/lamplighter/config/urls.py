"""Every URL of the program, by face."""

from __future__ import annotations

from django.urls import include, path

from lamplighter.web.desk.accounts.finding import palette

urlpatterns = [
    path("", include("lamplighter.web.signin.urls")),
    path("", include("lamplighter.web.ui.urls")),
    path("desk/find/", palette, name="find"),
    path("desk/", include("lamplighter.web.desk.urls")),
    path("hooks/", include("lamplighter.web.hooks.urls")),
    path("replies/", include("lamplighter.web.replies.urls")),
    path("bill/", include("lamplighter.web.ebill.urls")),
    path("pay/", include("lamplighter.web.pay.urls")),
    path("network/", include("lamplighter.web.network.urls")),
    path("field/", include("lamplighter.web.field.urls")),
    path("key/", include("lamplighter.web.key.urls")),
    path("lead/", include("lamplighter.web.lead.urls")),
    path("api/v1/", include("lamplighter.web.api.urls")),
    path("admin-desk/", include("lamplighter.web.administration.urls")),
]
handler400 = "lamplighter.web.ui.errors.bad_request"
handler403 = "lamplighter.web.ui.errors.forbidden"
handler404 = "lamplighter.web.ui.errors.not_found"
handler500 = "lamplighter.web.ui.errors.our_fault"
