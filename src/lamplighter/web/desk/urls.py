"""The desk's addresses."""

from __future__ import annotations

from django.urls import path

from lamplighter.web.desk.accounts import (
    acts,
    contacting,
    crediting,
    depositing,
    finding,
    invoicing,
    off_cycle,
    rates,
    rebilling,
    refunding,
    usage,
    views,
)
from lamplighter.web.desk.amending.urls import AMENDING
from lamplighter.web.desk.assistance import acts as assistance_acts
from lamplighter.web.desk.assistance import pledging
from lamplighter.web.desk.assistance import views as assistance
from lamplighter.web.desk.autopay import acts as autopay_acts
from lamplighter.web.desk.autopay import bycard as autopay_by_card
from lamplighter.web.desk.autopay import correcting as autopay_correcting
from lamplighter.web.desk.autopay import drafts as autopay
from lamplighter.web.desk.autopay import happenings as autopay_happenings  # noqa: F401 - tells the timeline
from lamplighter.web.desk.bankruptcy import acts as case_acts
from lamplighter.web.desk.bankruptcy import views as cases
from lamplighter.web.desk.bills import explaining
from lamplighter.web.desk.bills import linking as bill_links
from lamplighter.web.desk.bills import views as bills
from lamplighter.web.desk.books import acts as book_acts
from lamplighter.web.desk.books import settling, standing, unbilled
from lamplighter.web.desk.books import views as books
from lamplighter.web.desk.cards import links as card_links
from lamplighter.web.desk.closed import acts as closed_acts
from lamplighter.web.desk.closed import furnishing, leaving
from lamplighter.web.desk.closed import views as closed
from lamplighter.web.desk.confidential.urls import CONFIDENTIAL
from lamplighter.web.desk.contacts.urls import CONTACTS
from lamplighter.web.desk.counter import closing, handing, moving, paying, receipts
from lamplighter.web.desk.counter import views as counter
from lamplighter.web.desk.credit import (
    arranging,
    budgeting,
    calendars,
    forgiving,
    protecting,
    relieving,
    securing,
    shutoff,
    turning,
)
from lamplighter.web.desk.credit import deposits as credit_pages
from lamplighter.web.desk.crews import acts as crew_acts
from lamplighter.web.desk.crews import views as crews
from lamplighter.web.desk.cycles import views as cycles
from lamplighter.web.desk.cycles import windows
from lamplighter.web.desk.funds.urls import FUNDS
from lamplighter.web.desk.interfaces import acts as incident_acts
from lamplighter.web.desk.interfaces import incidents as incident_pages
from lamplighter.web.desk.interfaces import views as interface_pages
from lamplighter.web.desk.letters.urls import LETTERS
from lamplighter.web.desk.mailing import happenings as mail_happenings  # noqa: F401 - tells the timeline
from lamplighter.web.desk.mailing.urls import MAILING
from lamplighter.web.desk.metertests import asking as asking_tests
from lamplighter.web.desk.metertests import lots
from lamplighter.web.desk.metertests import recording as recording_tests
from lamplighter.web.desk.network import acts as network_acts
from lamplighter.web.desk.network import checking as meter_checks
from lamplighter.web.desk.network import commands as meter_commands
from lamplighter.web.desk.network import quality as meter_quality
from lamplighter.web.desk.online.urls import ONLINE
from lamplighter.web.desk.openitems.urls import OPEN_ITEMS
from lamplighter.web.desk.orders import acts as order_acts
from lamplighter.web.desk.orders import board
from lamplighter.web.desk.orders import views as orders
from lamplighter.web.desk.people import identity
from lamplighter.web.desk.places import adding as place_acts
from lamplighter.web.desk.places import notes as place_notes
from lamplighter.web.desk.places import reading as reads
from lamplighter.web.desk.places import stock
from lamplighter.web.desk.places import views as places
from lamplighter.web.desk.programs import account as account_programs
from lamplighter.web.desk.programs import acts as program_acts
from lamplighter.web.desk.programs import happenings as program_happenings  # noqa: F401 - tells the timeline
from lamplighter.web.desk.programs import views as programs
from lamplighter.web.desk.readings import alike, curve, deciding, imported
from lamplighter.web.desk.readings import views as readings
from lamplighter.web.desk.rebates.urls import REBATES
from lamplighter.web.desk.refunds import acts as refund_acts
from lamplighter.web.desk.refunds import bank as refund_bank
from lamplighter.web.desk.refunds import papers as refund_papers
from lamplighter.web.desk.refunds import payables as refund_payables
from lamplighter.web.desk.refunds import unclaimed as refund_unclaimed
from lamplighter.web.desk.refunds import views as refunds
from lamplighter.web.desk.requests.urls import REQUESTS
from lamplighter.web.desk.requirements.urls import REQUIREMENTS
from lamplighter.web.desk.service.urls import SERVICE
from lamplighter.web.desk.texts.urls import TEXTS
from lamplighter.web.desk.today.urls import TODAY
from lamplighter.web.desk.unauthorized import acts as use_acts
from lamplighter.web.desk.unauthorized import views as unauthorized
from lamplighter.web.desk.work import views as work
from lamplighter.web.key.issues import hand_over

app_name = "desk"
urlpatterns = [
    path("accounts/", finding.search, name="accounts"),
    path("accounts/<str:number>/", views.account, name="account"),
    path("accounts/<str:number>/money/", views.money, name="account-money"),
    path("accounts/<str:number>/bills/<str:bill>/", bills.bill, name="bill"),
    path("accounts/<str:number>/bills/<str:bill>/pdf/", bills.pdf, name="bill-pdf"),
    path("accounts/<str:number>/bills/<str:bill>/do/send-link/", bill_links.send_link, name="do-send-bill-link"),
    path("accounts/<str:number>/bills/<str:bill>/do/revoke-link/", bill_links.revoke_link, name="do-revoke-bill-link"),
    path("accounts/<str:number>/bills/<str:bill>/lines/<int:segment>/<int:place>/", explaining.line, name="bill-line"),
    path(
        "accounts/<str:number>/bills/<str:bill>/lines/<int:segment>/<int:place>/<int:measure>/<str:day>/",
        explaining.readings,
        name="bill-readings",
    ),
    path("accounts/<str:number>/ledger/", views.ledger, name="account-ledger"),
    path("accounts/<str:number>/usage/", usage.usage, name="account-usage"),
    path("accounts/<str:number>/usage/intervals.json", usage.usage_json, name="account-usage-json"),
    path("accounts/<str:number>/usage/intervals.csv", usage.usage_csv, name="account-usage-csv"),
    path("accounts/<str:number>/usage/intervals/", usage.usage_table, name="account-usage-table"),
    path("accounts/<str:number>/service/", views.service, name="account-service"),
    path("accounts/<str:number>/rates/", rates.compare, name="account-rates"),
    path("accounts/<str:number>/rates/<int:agreement>/do/change/", rates.change, name="do-change-rate"),
    path("accounts/<str:number>/history/", views.history, name="account-history"),
    path("accounts/<str:number>/do/pay/", paying.pay, name="do-pay"),
    path("accounts/<str:number>/do/hand-over/", hand_over, name="do-hand-over"),
    path("accounts/<str:number>/do/note/", acts.note, name="do-note"),
    path("accounts/<str:number>/do/contact/", contacting.contact, name="do-contact"),
    path("accounts/<str:number>/do/rebill/", rebilling.rebill, name="do-rebill"),
    path("accounts/<str:number>/do/bill/", off_cycle.bill, name="do-bill-now"),
    path("accounts/<str:number>/do/credit/", crediting.give_credit, name="do-credit"),
    path("accounts/<str:number>/do/invoice/", invoicing.give_invoice, name="do-invoice"),
    path("accounts/<str:number>/do/refund/", refunding.give_refund, name="do-refund"),
    path("accounts/<str:number>/do/deposit/", depositing.deposit, name="do-deposit"),
    path("books/", books.listed, name="books"),
    path("books/as-of/", standing.standing, name="books-stood"),
    path("books/as-of/<slug:key>/", standing.under, name="books-under"),
    path("books/ageing/", standing.ageing, name="books-ageing"),
    path("books/departments/", settling.listed, name="departments"),
    path("books/departments/due/", settling.due, name="department-due"),
    path("books/departments/do/code/", settling.name_department, name="do-department"),
    path("books/departments/do/settle/", settling.settle, name="do-settle"),
    path("books/settlements/<int:pk>/", settling.show, name="settlement"),
    path("books/settlements/<int:pk>/do/back/", settling.take_back, name="do-settlement-back"),
    path("books/<str:month>/", books.book, name="book"),
    path("books/<str:month>/codes/<slug:key>/", books.postings, name="book-code"),
    path("books/<str:month>/taxes/", standing.taxes, name="book-taxes"),
    path("books/<str:month>/taxes/<slug:tax>/", standing.tax_rows, name="book-tax"),
    path("books/<str:month>/unbilled/", unbilled.listed, name="book-unbilled"),
    path("books/<str:month>/do/accrue/", unbilled.accrue, name="do-accrue"),
    path("books/<str:month>/do/close/", book_acts.close, name="do-close-book"),
    path("books/<str:month>/do/reopen/", book_acts.reopen, name="do-reopen-book"),
    path("books/<str:month>/do/extract/", book_acts.extract, name="do-extract"),
    path("books/<str:month>/ledger.<str:form>", book_acts.file, name="book-extract"),
    path("accounts/<str:number>/do/autopay/", autopay_acts.begin, name="do-autopay"),
    path("accounts/<str:number>/do/autopay-by-card/", autopay_by_card.invite, name="do-autopay-card"),
    path("accounts/<str:number>/do/stop-autopay/", autopay_acts.end, name="do-stop-autopay"),
    path("accounts/<str:number>/do/lift-autopay/", autopay_acts.lift, name="do-lift-autopay"),
    path("accounts/<str:number>/do/card-link/", card_links.send, name="do-card-link"),
    path("card-links/", card_links.listed, name="card-links"),
    path("autopay/", autopay.listed, name="autopay"),
    path("autopay/do/send/", autopay.send, name="do-send-drafts"),
    path("autopay/do/returns/", autopay.read, name="do-ach-returns"),
    path("autopay/<int:pk>/", autopay.show, name="draft"),
    path("autopay/<int:pk>/do/again/", autopay_acts.again, name="do-draw-again"),
    path("autopay/<int:pk>/do/correct/", autopay_correcting.correct, name="do-correct-draft"),
    path("autopay/<int:pk>/do/call-off/", autopay_correcting.stop_one, name="do-call-off-draft"),
    path("refunds/", refunds.listed, name="refunds"),
    path("refunds/do/write/", refund_acts.write, name="do-write-checks"),
    path("refunds/do/send/", refund_acts.send, name="do-ach-file"),
    path("refunds/do/bank/", refund_bank.own_account, name="do-own-bank"),
    path("refunds/do/way/", refund_payables.who_pays, name="do-refund-way"),
    path("refunds/do/hand-over/", refund_payables.hand_over, name="do-hand-over-vouchers"),
    path("refunds/do/answer/", refund_payables.read_answer, name="do-payables-answer"),
    path("refunds/positive-pay.csv", refund_papers.positive_pay_file, name="positive-pay"),
    path("refunds/files/<str:sha256>.ach", refund_papers.ach_file, name="ach-file"),
    path("refunds/vouchers/<str:sha256>.csv", refund_papers.voucher_file, name="voucher-file"),
    path("refunds/<str:number>/", refunds.show, name="refund"),
    path("refunds/<str:number>/check/", refund_papers.check, name="check"),
    path("refunds/<str:number>/do/void/", refund_acts.void, name="do-void-check"),
    path("refunds/<str:number>/do/unclaimed/", refund_unclaimed.hold, name="do-unclaimed"),
    path("refunds/<str:number>/do/claim/", refund_unclaimed.asked_for, name="do-claim-refund"),
    path("refunds/<str:number>/do/take-over/", refund_unclaimed.take_over, name="do-take-over-refund"),
    path("refunds/<str:number>/do/returned/", refund_acts.returned, name="do-refund-returned"),
    path("accounts/<str:number>/do/arrange/", arranging.arrange, name="do-arrange"),
    path("accounts/<str:number>/do/budget/", budgeting.begin, name="do-budget"),
    path("accounts/<str:number>/do/change-budget/", budgeting.change, name="do-change-budget"),
    path("accounts/<str:number>/do/leave-budget/", budgeting.leave, name="do-leave-budget"),
    path("accounts/<str:number>/do/more-time/", arranging.more_time, name="do-more-time"),
    path("accounts/<str:number>/do/cancel-plan/", arranging.cancel, name="do-cancel-plan"),
    path("accounts/<str:number>/do/hardship/", relieving.hardship, name="do-hardship"),
    path("accounts/<str:number>/do/end-hardship/", relieving.end_hardship_early, name="do-end-hardship"),
    path("accounts/<str:number>/do/set-aside/", forgiving.set_aside, name="do-set-aside"),
    path("accounts/<str:number>/do/end-set-aside/", forgiving.end_it, name="do-end-set-aside"),
    path("hardships/<int:pk>/paper/", relieving.paper, name="hardship-paper"),
    path("accounts/<str:number>/do/protect/", protecting.hold, name="do-protect"),
    path("accounts/<str:number>/do/tenants/", protecting.tenants, name="do-tenants"),
    path("accounts/<str:number>/holds/<int:pk>/do/end/", protecting.end, name="do-end-hold"),
    path("accounts/<str:number>/do/call/", protecting.called, name="do-call"),
    path("accounts/<str:number>/do/turn-off/", turning.turn_off, name="do-turn-off"),
    path("accounts/<str:number>/do/restore/", turning.give_back, name="do-restore"),
    path("accounts/<str:number>/credit/", credit_pages.credit, name="account-credit"),
    path("accounts/<str:number>/credit/do/decide/", securing.decide_on, name="do-decide-deposit"),
    path("accounts/<str:number>/credit/do/bureau/", securing.bureau, name="do-bureau"),
    path("accounts/<str:number>/credit/securities/<int:pk>/do/end/", securing.end, name="do-end-security"),
    path("accounts/<str:number>/do/pledge/", pledging.take, name="do-pledge"),
    path("accounts/<str:number>/pledges/<int:pk>/do/end/", pledging.take_back, name="do-end-pledge"),
    path("assistance/", assistance.listed, name="assistance"),
    path("assistance/do/add/", assistance_acts.add, name="do-add-assistance-agency"),
    path("assistance/checks/<int:pk>/", assistance.check, name="assistance-check"),
    path("assistance/lines/<int:pk>/do/put/", assistance_acts.put, name="do-put-line"),
    *FUNDS,
    *OPEN_ITEMS,
    path("assistance/<slug:key>/", assistance.agency, name="assistance-agency"),
    path("assistance/<slug:key>/do/check/", assistance_acts.remit, name="do-agency-check"),
    path("assistance/<slug:key>/do/typed/", assistance_acts.type_in, name="do-typed-check"),
    path("assistance/<slug:key>/do/person/", assistance_acts.add_worker, name="do-add-worker"),
    path("assistance/<slug:key>/people/<int:pk>/do/end/", assistance_acts.end_worker, name="do-end-worker"),
    path("accounts/<str:number>/shutoff/", shutoff.shutoff, name="shutoff"),
    path("accounts/<str:number>/collection-calendar/", calendars.calendar, name="collection-calendar"),
    *CONFIDENTIAL,
    *CONTACTS,
    *SERVICE,
    *AMENDING,
    *REQUESTS,
    *REQUIREMENTS,
    *TEXTS,
    *TODAY,
    *LETTERS,
    *MAILING,
    *ONLINE,
    *REBATES,
    path("accounts/<str:number>/do/write-off/", closed_acts.write_off, name="do-write-off"),
    path("accounts/<str:number>/do/move-debt/", closed_acts.move, name="do-move-debt"),
    path("accounts/<str:number>/do/look-for/", leaving.look, name="do-look-for"),
    path("accounts/<str:number>/do/end-search/", leaving.end, name="do-end-search"),
    path("accounts/<str:number>/do/guarantor/<int:pk>/", leaving.tell, name="do-tell-guarantor"),
    path("accounts/<str:number>/do/move-claim/", leaving.move, name="do-move-claim"),
    path("accounts/<str:number>/do/withdraw-claim/", leaving.withdraw, name="do-withdraw-claim"),
    path("accounts/<str:number>/do/refer/", closed_acts.refer, name="do-refer"),
    path("accounts/<str:number>/do/recall/", closed_acts.recall, name="do-recall"),
    path("accounts/<str:number>/do/bankruptcy/", case_acts.enter, name="do-bankruptcy"),
    path("bankruptcies/", cases.listed, name="bankruptcies"),
    path("bankruptcies/<int:pk>/", cases.case, name="bankruptcy"),
    path("bankruptcies/<int:pk>/claim.pdf", cases.pdf, name="bankruptcy-claim"),
    path("bankruptcies/<int:pk>/do/claim/", case_acts.claim, name="do-claim"),
    path("bankruptcies/<int:pk>/do/assurance/", case_acts.assure, name="do-assurance"),
    path("bankruptcies/<int:pk>/do/plan-payment/", case_acts.plan, name="do-plan-payment"),
    path("bankruptcies/<int:pk>/do/set-off/", case_acts.set_off, name="do-set-off"),
    path("bankruptcies/<int:pk>/do/relief/", case_acts.relief, name="do-relief"),
    path("bankruptcies/<int:pk>/do/end/", case_acts.end, name="do-end-case"),
    path("unauthorized/", unauthorized.listed, name="unauthorized"),
    path("unauthorized/<int:pk>/", unauthorized.investigation, name="investigation"),
    path("unauthorized/<int:pk>/do/safety/", use_acts.safety, name="do-safety"),
    path("unauthorized/<int:pk>/do/visited/", use_acts.visited, name="do-visited"),
    path("unauthorized/<int:pk>/do/bill/", use_acts.bill_user, name="do-bill-user"),
    path("unauthorized/<int:pk>/do/estimate/", use_acts.bill_loss, name="do-bill-loss"),
    path("unauthorized/<int:pk>/do/damage/", use_acts.restitution, name="do-restitution"),
    path("unauthorized/<int:pk>/do/close/", use_acts.close, name="do-close-investigation"),
    path("premises/<str:number>/do/unauthorized/", use_acts.report, name="do-report-use"),
    path("closed/", closed.listed, name="closed"),
    path("bureaus/", furnishing.bureaus, name="bureaus"),
    path("bureaus/do/begin/", furnishing.begin, name="do-furnish"),
    path("bureaus/do/end/", furnishing.end, name="do-end-furnishing"),
    path("bureaus/do/write/", furnishing.write, name="do-bureau-file"),
    path("bureaus/do/stop/", furnishing.stop, name="do-stop-furnishing"),
    path("bureaus/files/<int:pk>/", furnishing.file, name="bureau-file"),
    path("agencies/", closed.agencies, name="agencies"),
    path("agencies/do/add/", closed_acts.add, name="do-add-agency"),
    path("agencies/<slug:key>/", closed.agency, name="agency"),
    path("agencies/<slug:key>/files/<int:pk>/", closed.file, name="agency-file"),
    path("agencies/<slug:key>/do/file/", closed_acts.write_file, name="do-agency-file"),
    path("agencies/<slug:key>/do/payments/", closed_acts.payments, name="do-agency-payments"),
    path("accounts/<str:number>/programs/", account_programs.programs, name="account-programs"),
    path("accounts/<str:number>/programs/<slug:program>/do/apply/", program_acts.apply, name="do-apply"),
    path("accounts/<str:number>/programs/<slug:program>/do/offer/", program_acts.offer, name="do-offer"),
    path("programs/", programs.applications, name="programs"),
    path("programs/recertify/", programs.recertify, name="recertify"),
    path("programs/enrolled/", programs.enrolled, name="enrolled"),
    path("programs/enrollments/<int:pk>/do/end/", program_acts.end, name="do-end-enrollment"),
    path("programs/applications/<str:number>/", programs.application, name="application"),
    path("programs/applications/<str:number>/papers/<str:key>/", programs.paper, name="paper"),
    path("programs/applications/<str:number>/do/papers/", program_acts.add_papers, name="do-add-papers"),
    path("programs/applications/<str:number>/do/decide/", program_acts.decide, name="do-decide"),
    path("programs/applications/<str:number>/do/withdraw/", program_acts.withdraw, name="do-withdraw"),
    path("counter/", counter.counter, name="counter"),
    path("counter/do/open/", counter.open_drawer, name="do-open-drawer"),
    path("counter/do/count/", closing.count, name="do-count"),
    path("counter/do/explain/", closing.say_why, name="do-explain"),
    path("counter/do/turn-in/", closing.hand_over, name="do-turn-in"),
    path("counter/tapes/<int:pk>/", closing.own_tape, name="tape"),
    path("work/", work.work, name="work"),
    path("work/<int:pk>/", work.item, name="item"),
    path("work/<int:pk>/do/hold/", work.hold, name="do-hold"),
    path("work/<int:pk>/do/finish/", work.finish_item, name="do-finish"),
    path("work/<int:pk>/do/dismiss/", work.dismiss_item, name="do-dismiss"),
    path("billing/", cycles.cycles, name="cycles"),
    path("billing/parked/", cycles.parked, name="parked"),
    path("billing/again/", cycles.rebills, name="rebills"),
    path("billing/again/do/run/", cycles.bill_again, name="do-bill-again"),
    path("billing/years/<int:year>/", windows.year, name="windows"),
    path("billing/do/cycle/", windows.add_cycle, name="do-define-cycle"),
    path("billing/do/define/", windows.define, name="do-define-windows"),
    path("billing/<int:pk>/do/change/", windows.change, name="do-change-window"),
    path("billing/<int:pk>/", cycles.window, name="window"),
    path("billing/<int:pk>/do/run/", cycles.run, name="do-run"),
    path("readings/", readings.listed, name="exceptions"),
    path("readings/channels/<int:channel>/", readings.listed, name="exceptions"),
    path("readings/<int:pk>/", readings.exception, name="exception"),
    path("readings/<int:pk>/curve.json", curve.data, name="curve"),
    path("readings/<int:pk>/curve.csv", curve.csv, name="curve-csv"),
    path("readings/<int:pk>/curve/", curve.table, name="curve-table"),
    path("readings/<int:pk>/do/accept/", deciding.accept, name="do-accept"),
    path("readings/<int:pk>/do/renew/", deciding.renew, name="do-renew"),
    path("readings/<int:pk>/do/estimate/", deciding.estimate, name="do-estimate"),
    path("readings/<int:pk>/do/alike/", alike.alike, name="do-alike"),
    path("readings/<int:pk>/do/edit/", deciding.edit, name="do-edit"),
    path("readings/imports/<int:pk>/", imported.show, name="import"),
    path("readings/imports/<int:pk>/do/again/", imported.again, name="do-import-again"),
    path("accounts/<str:number>/do/order/", order_acts.raise_on_account, name="do-order"),
    path("orders/", orders.listed, name="orders"),
    path("orders/board/", board.board, name="board"),
    path("orders/board/<str:day>/", board.board, name="board"),
    path("orders/board/do/places/", board.set_places, name="do-places"),
    path("crews/", crews.listed, name="crews"),
    path("crews/do/area/", crew_acts.add_area, name="do-add-area"),
    path("crews/do/crew/", crew_acts.add_crew, name="do-add-crew"),
    path("crews/areas/<slug:key>/do/change/", crew_acts.change_area, name="do-change-area"),
    path("crews/members/<int:pk>/do/end/", crew_acts.leave, name="do-leave-crew"),
    path("crews/<slug:key>/", crews.crew, name="crew"),
    path("crews/<slug:key>/do/change/", crew_acts.change_crew, name="do-change-crew"),
    path("crews/<slug:key>/do/join/", crew_acts.join, name="do-join-crew"),
    path("crews/<slug:key>/do/days/", crew_acts.open_days, name="do-open-days"),
    path("crews/<slug:key>/do/end/", crew_acts.end, name="do-end-crew"),
    path("orders/route/<str:crew>/<str:day>/", board.route_sheet, name="route-sheet"),
    path("orders/<str:number>/", orders.order, name="order"),
    path("orders/<str:number>/photos/<str:key>/", orders.photo, name="order-photo"),
    path("orders/<str:number>/do/book/", order_acts.book, name="do-book"),
    path("orders/<str:number>/do/assign/", order_acts.assign, name="do-assign"),
    path("orders/<str:number>/do/give-up/", order_acts.give_up, name="do-give-up"),
    path("orders/<str:number>/do/cancel/", order_acts.cancel, name="do-cancel-order"),
    path("orders/<str:number>/do/check/", order_acts.check, name="do-check-order"),
    path("orders/<str:number>/do/note/", order_acts.note, name="do-site-note"),
    path("people/<str:number>/identity/", identity.identity, name="identity"),
    path("people/<str:number>/identity/do/enter/", identity.enter, name="do-enter-identity"),
    path("people/<str:number>/identity/<int:pk>/do/show/", identity.show, name="do-show-identity"),
    path("premises/do/add/", place_acts.premise, name="do-add-premise"),
    path("premises/<str:number>/do/point/", place_acts.point, name="do-add-point"),
    path("premises/<str:number>/", places.premise, name="premise"),
    path("premises/<str:number>/notes/<int:pk>/do/end/", place_notes.end_note, name="do-end-note"),
    path("premises/<str:number>/do/order/", order_acts.raise_at_premise, name="do-order-at-premise"),
    path("meters/", stock.listed, name="stock"),
    path("meters/do/receive/", stock.receive, name="do-receive-meters"),
    path("meters/do/move/", stock.move, name="do-move-meters"),
    path("meters/lots/", lots.listed, name="lots"),
    path("meters/lots/<str:number>/", lots.lot, name="lot"),
    path("meters/<str:badge>/do/ask-test/", asking_tests.ask, name="do-ask-test"),
    path("meters/<str:badge>/do/test/", recording_tests.record, name="do-test"),
    path("meters/<str:badge>/", places.meter, name="meter"),
    path("accounts/<str:number>/meter/", meter_checks.of_account, name="meter-check"),
    path("meters/<str:badge>/network/", meter_checks.of_meter, name="meter-network"),
    path("meters/<str:badge>/quality/", meter_quality.of_meter, name="meter-quality"),
    path("meters/<str:badge>/do/check/", network_acts.step, name="do-check"),
    path("meters/<str:badge>/do/finish-check/", network_acts.finish, name="do-finish-check"),
    path("meters/<str:badge>/do/switch-on/", network_acts.switch_on, name="do-switch-on"),
    path("meters/<str:badge>/do/read-now/", network_acts.read_now, name="do-read-now"),
    path("meters/<str:badge>/do/ask-state/", network_acts.ask_state, name="do-ask-state"),
    path("interfaces/", interface_pages.listed, name="interfaces"),
    path("interfaces/<slug:key>/", interface_pages.interface, name="interface"),
    path("interfaces/<slug:key>/do/retry/", incident_acts.retry, name="do-retry"),
    path("interfaces/<slug:key>/do/retry-all/", incident_acts.retry_all, name="do-retry-all"),
    path("interfaces/<slug:key>/do/report/", incident_acts.report_at, name="do-report-incident"),
    path("accounts/<str:number>/do/report-error/", incident_acts.report_of_customer, name="do-report-error"),
    path("incidents/", incident_pages.listed, name="incidents"),
    path("incidents/<int:pk>/", incident_pages.incident, name="incident"),
    path("incidents/<int:pk>/ticket.eml", incident_pages.ticket_file, name="incident-ticket"),
    path("incidents/<int:pk>/do/sent/", incident_acts.sent, name="do-ticket-sent"),
    path("incidents/<int:pk>/do/note/", incident_acts.note, name="do-incident-note"),
    path("incidents/<int:pk>/do/fix/", incident_acts.fix, name="do-fix-incident"),
    path("incidents/<int:pk>/do/reopen/", incident_acts.reopen, name="do-reopen-incident"),
    path("commands/<str:key>/", meter_commands.command, name="command"),
    path("meters/<str:badge>/do/read/", reads.enter, name="do-read"),
    path("meters/<str:badge>/reads/<int:pk>/do/correct/", reads.correct, name="do-correct-read"),
    path("receipts/<str:number>/", receipts.show, name="receipt"),
    path("receipts/<str:number>/do/take-back/", receipts.take_back, name="do-take-back"),
    path("receipts/<str:number>/do/move/", moving.move, name="do-move-payment"),
    path("receipts/<str:number>/do/send/", handing.send, name="do-send-receipt"),
    path("receipts/<str:number>/slip.escpos", handing.printer, name="receipt-printer"),
]
