"""The addresses of contacts, of who is on the line, and of what is known of people."""

from __future__ import annotations

from django.urls import path

from lamplighter.web.desk.contacts import line, more, people, verifying, wrapping, writing
from lamplighter.web.desk.contacts import views as contacts

CONTACTS = [
    path("accounts/<str:number>/contacts/", contacts.of_account, name="account-contacts"),
    path("accounts/<str:number>/do/more/", more.more, name="do-more"),
    path("accounts/<str:number>/do/verify/", verifying.verify_caller, name="do-verify"),
    path("accounts/<str:number>/do/wrap/", wrapping.wrap, name="do-wrap"),
    path("accounts/<str:number>/do/write/", writing.write, name="do-write"),
    path("accounts/<str:number>/do/person/", people.add_person, name="do-add-person"),
    path("accounts/<str:number>/do/end-person/", people.end_person, name="do-end-person"),
    path("accounts/<str:number>/do/language/", people.language, name="do-language"),
    path("accounts/<str:number>/do/consent/", people.consent, name="do-consent"),
    path("accounts/<str:number>/do/alert/", people.alert, name="do-alert"),
    path("accounts/<str:number>/alerts/<int:pk>/do/end/", people.stop_alert, name="do-end-alert"),
    path("watch/", line.watch, name="watch"),
    path("calls/<int:pk>/", line.pop, name="call"),
    path("contacts/", contacts.listed, name="contacts"),
    path("contacts/<int:pk>/", contacts.contact, name="contact"),
    path("contacts/<int:pk>/files/<str:sha256>/", contacts.file, name="contact-file"),
    path("contacts/<int:pk>/do/answer/", writing.answer, name="do-answer"),
    path("contacts/<int:pk>/do/attach/", writing.attach, name="do-attach"),
]
