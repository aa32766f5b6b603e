"""The addresses of rebates."""

from __future__ import annotations

from django.urls import path

from lamplighter.web.desk.rebates import acts, applying, goals, programs, setting, views
from lamplighter.web.desk.rebates import happenings as told  # noqa: F401 - tells the timeline

REBATES = [
    path("accounts/<str:number>/rebates/", views.of_account, name="account-rebates"),
    path("accounts/<str:number>/rebates/<slug:measure>/do/apply/", applying.apply, name="do-rebate-apply"),
    path("rebates/", views.listed, name="rebates"),
    path("rebates/budgets/", programs.budgets, name="rebate-budgets"),
    path("rebates/manual/", programs.manual, name="rebate-manual"),
    path("rebates/others/", programs.others, name="rebate-others"),
    path("rebates/goals/", goals.report, name="rebate-goals"),
    path("rebates/do/program/", setting.program, name="do-set-rebate-program"),
    path("rebates/do/terms/", setting.terms, name="do-set-rebate-terms"),
    path("rebates/do/budget/", setting.budget, name="do-set-rebate-budget"),
    path("rebates/do/measure/", setting.measure, name="do-set-rebate-measure"),
    path("rebates/do/entry/", setting.entry, name="do-set-rebate-entry"),
    path("rebates/do/incentive/", setting.incentive, name="do-set-rebate-incentive"),
    path("rebates/do/mandate/", goals.mandate, name="do-set-rebate-mandate"),
    path("rebates/do/goal/", goals.goal, name="do-set-rebate-goal"),
    path("rebates/<str:number>/", views.rebate, name="rebate"),
    path("rebates/<str:number>/papers/<str:key>/", views.paper, name="rebate-paper"),
    path("rebates/<str:number>/do/papers/", acts.bring, name="do-rebate-papers"),
    path("rebates/<str:number>/do/done/", acts.done, name="do-rebate-done"),
    path("rebates/<str:number>/do/review/", acts.review, name="do-rebate-review"),
    path("rebates/<str:number>/do/inspect/", acts.inspect, name="do-rebate-inspect"),
    path("rebates/<str:number>/do/measure/", acts.measure, name="do-rebate-measure"),
    path("rebates/<str:number>/do/pay/", acts.pay, name="do-rebate-pay"),
    path("rebates/<str:number>/do/claw/", acts.claw, name="do-rebate-claw"),
    path("rebates/<str:number>/do/deny/", acts.deny, name="do-rebate-deny"),
    path("rebates/<str:number>/do/withdraw/", acts.withdraw, name="do-rebate-withdraw"),
]
