"""The addresses of letters and their batches."""

from __future__ import annotations

from django.urls import path

from lamplighter.web.desk.letters import reading
from lamplighter.web.desk.letters import views as letters
from lamplighter.web.desk.letters import writing as letter_writing

LETTERS = [
    path("accounts/<str:number>/do/letter/", letter_writing.choose, name="do-letters"),
    path("accounts/<str:number>/do/letter/<slug:code>/<slug:channel>/", letter_writing.write, name="do-letter"),
    path("letters/", letters.letters, name="letters"),
    path("letters/all/", letters.found, name="letters-all"),
    path("letters/do/print/", letters.print_batch, name="do-letter-batch"),
    path("letters/batches/<int:pk>/", letters.batch, name="letter-batch"),
    path("letters/batches/<int:pk>/paper/", letters.batch_paper, name="letter-batch-paper"),
    path("letters/batches/<int:pk>/do/mail/", letters.mailed, name="do-mail-batch"),
    path("letters/<int:pk>/", reading.letter, name="letter"),
    path("letters/<int:pk>/paper/", letters.paper, name="letter-paper"),
    path("letters/<int:pk>/do/returned/", letters.returned, name="do-returned"),
]
