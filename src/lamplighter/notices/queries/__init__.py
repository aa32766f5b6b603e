"""Questions to templates and notices."""

from lamplighter.notices.queries.drafts import CannotCompose, Draft, Drafted, Refused, Request, draft, drafts
from lamplighter.notices.queries.outbox import Parcel, outbox, parcel_of
from lamplighter.notices.queries.proofs import Proof, notices_of, proof_of_mailing, proofs, undelivered
from lamplighter.notices.queries.templates import adopted, content_of, sample, sender

__all__ = [
    "CannotCompose",
    "Draft",
    "Drafted",
    "Parcel",
    "Proof",
    "Refused",
    "Request",
    "adopted",
    "content_of",
    "draft",
    "drafts",
    "notices_of",
    "outbox",
    "parcel_of",
    "proof_of_mailing",
    "proofs",
    "sample",
    "sender",
    "undelivered",
]
