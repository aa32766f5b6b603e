"""The account manager's addresses."""

from __future__ import annotations

from django.urls import path

from lamplighter.web.key import accounts, acts, gatherings, issues, load, peaks, plans, portfolio, rates, today, visits

app_name = "key"
urlpatterns = [
    path("", today.today, name="today"),
    path("do/log/", acts.log_any, name="do-log-any"),
    path("steps/<int:pk>/done/", today.step_done, name="step-done"),
    path("portfolio/", portfolio.accounts, name="portfolio"),
    path("portfolio/do/add/", acts.add, name="do-add"),
    path("organisations/", portfolio.organisations, name="organisations"),
    path("events/", gatherings.listed, name="events"),
    path("events/do/plan/", gatherings.plan, name="do-event"),
    path("events/do/membership/", gatherings.membership, name="do-membership"),
    path("events/<slug:slug>/", gatherings.gathering, name="event"),
    path("events/<slug:slug>/do/met/", gatherings.met, name="do-met"),
    path("issues/<str:number>/", issues.issue, name="issue"),
    path("issues/<str:number>/do/take/", issues.take, name="do-take"),
    path("issues/<str:number>/do/note/", issues.note, name="do-note"),
    path("issues/<str:number>/do/promise/", issues.promise, name="do-promise"),
    path("issues/<str:number>/do/close/", issues.close, name="do-close"),
    path("visits/worker.js", visits.worker, name="visit-worker"),
    path("visits/<slug:slug>/", visits.page, name="visit"),
    path("visits/<slug:slug>/note/", visits.note, name="visit-note"),
    path("accounts/<slug:slug>/", accounts.account, name="account"),
    path("accounts/<slug:slug>/people/", accounts.people_page, name="people"),
    path("accounts/<slug:slug>/load/", load.load, name="load"),
    path("accounts/<slug:slug>/load/<int:pk>/<str:on>/", peaks.peak, name="peak"),
    path("accounts/<slug:slug>/load/<int:pk>/<str:on>/data/", peaks.peak_json, name="peak-json"),
    path("accounts/<slug:slug>/rates/", rates.rates, name="rates"),
    path("accounts/<slug:slug>/plan/", plans.plan, name="plan"),
    path("accounts/<slug:slug>/plan/do/start/", plans.start, name="do-plan"),
    path("accounts/<slug:slug>/plan/do/review/", plans.review, name="do-review"),
    path("accounts/<slug:slug>/plan/do/goal/", plans.goal, name="do-goal"),
    path("accounts/<slug:slug>/plan/do/goal/<int:pk>/drop/", plans.drop, name="do-drop"),
    path("accounts/<slug:slug>/plan/do/action/", plans.action, name="do-action"),
    path("accounts/<slug:slug>/plan/do/risk/", plans.risk, name="do-risk"),
    path("accounts/<slug:slug>/plan/do/risk/<int:pk>/end/", plans.end_risk, name="do-end-risk"),
    path("accounts/<slug:slug>/do/log/", acts.log, name="do-log"),
    path("accounts/<slug:slug>/do/step/", acts.step, name="do-step"),
    path("accounts/<slug:slug>/do/issue/", acts.issue, name="do-issue"),
    path("accounts/<slug:slug>/do/person/", acts.tie, name="do-tie"),
    path("accounts/<slug:slug>/do/person/<int:pk>/end/", acts.end_tie, name="do-end-tie"),
    path("accounts/<slug:slug>/do/assign/", acts.assign, name="do-assign"),
    path("accounts/<slug:slug>/do/describe/", acts.describe, name="do-describe"),
    path("accounts/<slug:slug>/do/contract/", acts.contract, name="do-contract"),
]
