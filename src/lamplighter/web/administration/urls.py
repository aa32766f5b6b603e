"""Administration's addresses."""

from __future__ import annotations

from django.urls import path

from lamplighter.web.administration.audit import views as audit
from lamplighter.web.administration.imports import views as imports
from lamplighter.web.administration.keys import views as keys
from lamplighter.web.administration.layouts import views as layouts
from lamplighter.web.administration.limits import views as limits
from lamplighter.web.administration.network import views as network
from lamplighter.web.administration.notices import acts as notice_acts
from lamplighter.web.administration.notices import beginning as notice_beginning
from lamplighter.web.administration.notices import views as notices
from lamplighter.web.administration.policies import views as policies
from lamplighter.web.administration.raterules import views as raterules
from lamplighter.web.administration.rates import peakhours as rate_peaks
from lamplighter.web.administration.rates import views as rates
from lamplighter.web.administration.readingrules import views as readingrules
from lamplighter.web.administration.retention import views as retention
from lamplighter.web.administration.users import acts as user_acts
from lamplighter.web.administration.users import views as users

app_name = "admin-desk"
urlpatterns = [
    path("users/", users.listed, name="users"),
    path("users/do/add/", user_acts.add, name="do-add-user"),
    path("users/<int:pk>/", users.user, name="user"),
    path("users/<int:pk>/do/invite/", user_acts.invited, name="do-invite"),
    path("users/<int:pk>/do/close/", user_acts.close, name="do-close-login"),
    path("users/<int:pk>/do/reopen/", user_acts.reopen, name="do-reopen-login"),
    path("users/<int:pk>/do/grant/", user_acts.grant, name="do-grant-role"),
    path("users/roles/<int:pk>/do/end/", user_acts.end, name="do-end-role"),
    path("retention/", retention.listed, name="retention"),
    path("keys/", keys.listed, name="keys"),
    path("keys/do/issue/", keys.issue, name="do-issue-key"),
    path("keys/<int:pk>/do/revoke/", keys.revoke, name="do-revoke-key"),
    path("network/", network.listed, name="head-ends"),
    path("network/do/add/", network.define, name="do-add-head-end"),
    path("network/<slug:key>/", network.shown, name="head-end"),
    path("network/<slug:key>/do/change/", network.define, name="do-change-head-end"),
    path("network/<slug:key>/do/try/", network.attempt, name="do-try-head-end"),
    path("rules/", limits.listed, name="rules"),
    path("rules/do/set/", limits.change, name="do-set-limit"),
    path("rules/billing/", policies.listed, name="policies"),
    path("rules/billing/do/set/", policies.change, name="do-set-policy"),
    path("rules/layouts/", layouts.listed, name="layouts"),
    path("rules/layouts/do/set/", layouts.change, name="do-set-layout"),
    path("rules/layouts/<int:pk>/", layouts.shown, name="layout"),
    path("rules/readings/", readingrules.listed, name="reading-rules"),
    path("rules/readings/do/adopt/", readingrules.adopt, name="do-adopt-reading-rule"),
    path("rules/readings/<slug:role>/<int:place>/do/drop/", readingrules.drop, name="do-drop-reading-rule"),
    path("rules/rates/", raterules.listed, name="rate-rules"),
    path("rules/rates/do/set/", raterules.change, name="do-set-rate-rule"),
    path("rates/", rates.schedules, name="rates"),
    path("rates/do/draft/", rates.draft, name="do-draft"),
    path("rates/versions/<int:pk>/", rates.version, name="version"),
    path("rates/versions/<int:pk>/do/propose/", rates.propose, name="do-propose"),
    path("rates/versions/<int:pk>/do/peak-hours/", rate_peaks.peak_hours, name="do-peak-hours"),
    path("rates/schedules/<path:key>/", rates.schedule, name="schedule"),
    path("templates/", notice_beginning.listed, name="templates"),
    path("templates/do/starters/", notice_beginning.bring, name="do-bring-starters"),
    path("templates/do/propose/", notice_beginning.propose_all, name="do-propose-all"),
    path("templates/<int:pk>/", notices.template, name="template"),
    path("templates/<int:pk>/do/draft/<slug:tag>/", notice_acts.draft, name="do-draft-template"),
    path("templates/<int:pk>/do/propose/", notice_acts.proposed, name="do-propose-template"),
    path("templates/<int:pk>/do/retire/", notice_acts.retired, name="do-retire-template"),
    path("imports/", imports.listed, name="imports"),
    path("imports/do/import/", imports.upload, name="do-import"),
    path("imports/runs/<int:pk>/", imports.run, name="import-run"),
    path("audit/", audit.happened, name="audit"),
    path("audit/events/<int:pk>/", audit.event, name="event"),
    path("audit/reads/", audit.read, name="audit-reads"),
    path("audit/rows/", audit.rows, name="audit-rows"),
    path("audit/rows/<slug:table>/<path:key>/", audit.row, name="row"),
]
