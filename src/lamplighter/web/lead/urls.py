"""The supervisor's addresses."""

from __future__ import annotations

from django.urls import path

from lamplighter.web.desk.counter import closing
from lamplighter.web.lead.approvals import views as approvals
from lamplighter.web.lead.cash import bank, deposits, remitted, sources, watch
from lamplighter.web.lead.cash import views as cash
from lamplighter.web.lead.collections import views as collections
from lamplighter.web.lead.compliance import views as compliance
from lamplighter.web.lead.conditions import views as conditions
from lamplighter.web.lead.deposits import views as deposit_terms
from lamplighter.web.lead.duties import acts as duty_acts
from lamplighter.web.lead.duties import views as duties
from lamplighter.web.lead.goals import acts as goals
from lamplighter.web.lead.programs import acts as program_acts
from lamplighter.web.lead.programs import defining as program_defining
from lamplighter.web.lead.programs import forgiving as program_forgiving
from lamplighter.web.lead.programs import views as programs
from lamplighter.web.lead.rates import better, exports, reviews, studies
from lamplighter.web.lead.today import views as today
from lamplighter.web.lead.training import views as training
from lamplighter.web.lead.work import acts as work_acts
from lamplighter.web.lead.work import views as work

app_name = "lead"
urlpatterns = [
    path("approvals/", approvals.listed, name="approvals"),
    path("approvals/<int:pk>/", approvals.decide, name="approval"),
    path("cash/", cash.cash, name="cash"),
    path("cash/drawers/<int:pk>/do/verify/", cash.verify_drawer, name="do-verify"),
    path("cash/drawers/<int:pk>/do/surprise/", cash.surprise, name="do-surprise"),
    path("cash/drawers/<int:pk>/tape/", closing.any_tape, name="tape"),
    path("cash/do/deposit/", deposits.make, name="do-deposit"),
    path("cash/deposits/<str:number>/", deposits.show, name="deposit"),
    path("cash/deposits/<str:number>/do/scan/", deposits.scan, name="do-scan"),
    path("cash/deposits/<str:number>/letter.x937", deposits.icl, name="icl"),
    path("cash/do/statement/", bank.read, name="do-statement"),
    path("cash/statements/<int:pk>/", bank.statement, name="statement"),
    path("cash/differences/", bank.differences, name="bank"),
    path("cash/lines/<int:pk>/do/settle/", bank.line, name="do-line"),
    path("cash/sources/", sources.sources, name="sources"),
    path("cash/sources/<int:pk>/do/total/", sources.say, name="do-total"),
    path("cash/remittances/", remitted.listed, name="remittances"),
    path("cash/remittances/do/take/", remitted.take, name="do-remittance"),
    path("cash/remittances/<int:pk>/", remitted.show, name="remittance"),
    path("cash/remittances/lines/<int:pk>/do/settle/", remitted.settle, name="do-remitted"),
    path("cash/watch/", watch.watch, name="watch"),
    path("cash/journal/", bank.journal, name="journal"),
    path("cash/journal/<slug:key>/", bank.journal_code, name="journal-code"),
    path("", today.today, name="today"),
    path("duties/", duties.listed, name="duties"),
    path("duties/do/set/", duty_acts.define, name="do-set-duty"),
    path("duties/<int:pk>/", duties.one, name="duty"),
    path("duties/<int:pk>/do/end/", duty_acts.end, name="do-end-duty"),
    path("duties/<int:pk>/<str:day>/do/turn/", duty_acts.turn, name="do-turn"),
    path("goals/do/set/", goals.set_one, name="do-goal"),
    path("work/", work.listed, name="work"),
    path("work/finished/", work.finished, name="work-finished"),
    path("work/do/move/", work_acts.move, name="do-rebalance"),
    path("work/items/<int:pk>/do/assign/", work_acts.give, name="do-assign"),
    path("work/items/<int:pk>/do/review/", work_acts.look, name="do-review-work"),
    path("training/", training.listed, name="training"),
    path("training/do/make/", training.make, name="do-module"),
    path("training/<int:pk>/do/assign/", training.assign, name="do-assign-module"),
    path("collections/", collections.listed, name="collections"),
    path("collections/counted/<slug:key>/", collections.counted, name="collections-counted"),
    path("collections/ageing/<slug:kind>/", collections.aged, name="collections-aged"),
    path("compliance/", compliance.register, name="compliance"),
    path("conditions/", conditions.listed, name="conditions"),
    path("conditions/do/weather/", conditions.weather, name="do-weather"),
    path("conditions/do/cover/", conditions.cover, name="do-cover"),
    path("deposits/", deposit_terms.listed, name="deposit-terms"),
    path("deposits/do/set/", deposit_terms.change, name="do-set-deposit-terms"),
    path("rates/", studies.listed, name="ratelab"),
    path("rates/do/study/", studies.begin, name="do-study"),
    path("rates/do/check/", studies.check, name="check-study"),
    path("rates/studies/<int:pk>/", studies.study, name="study"),
    path("rates/studies/<int:pk>/spreadsheet/", exports.spreadsheet, name="study-workbook"),
    path("rates/studies/<int:pk>/pdf/", exports.paper, name="study-pdf"),
    path("rates/studies/<int:pk>/do/compare/", exports.choose, name="do-compare"),
    path("rates/studies/<int:pk>/beside/<int:other>/", exports.compared, name="study-compared"),
    path("rates/better/", better.listed, name="better"),
    path("rates/better/do/look/", better.look, name="do-look"),
    path("rates/better/do/write/", better.tell, name="do-tell-better"),
    path("rates/review/", reviews.listed, name="rate-reviews"),
    path("rates/review/do/review/", reviews.begin, name="do-review"),
    path("rates/review/<int:pk>/do/notice/", reviews.notice, name="do-notice"),
    path("rates/review/moves/<int:pk>/do/keep/", reviews.keep, name="do-keep-on-rate"),
    path("programs/", programs.report, name="programs"),
    path("programs/samples/", programs.drawn, name="samples"),
    path("programs/samples/do/draw/", program_acts.draw, name="do-draw"),
    path("programs/samples/<int:pk>/", programs.sample, name="sample"),
    path("programs/samples/<int:pk>/cases/<int:case>/do/find/", program_acts.find, name="do-find"),
    path("programs/terms/", programs.terms, name="program-terms"),
    path("programs/terms/do/define/", program_defining.define, name="do-define-program"),
    path("programs/terms/do/set/", program_acts.change_terms, name="do-set-terms"),
    path("programs/terms/do/guideline/", program_acts.change_guideline, name="do-set-guideline"),
    path("programs/terms/do/forgiveness/", program_forgiving.set_terms, name="do-set-forgiveness"),
    path("programs/terms/do/budget/", program_acts.change_budget, name="do-set-budget"),
]
