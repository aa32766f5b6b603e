"""The gateways of this installation: the utility's mail server and text gateway, or files where none is set."""

from __future__ import annotations

from django.conf import settings

from lamplighter.notices.channels import Channel
from lamplighter.notices.gateways import Gateway
from lamplighter.notices.gateways.files import FileGateway, outbox_folder
from lamplighter.notices.gateways.smtp import SmtpGateway
from lamplighter.notices.gateways.texting import TextGateway


def smtp() -> SmtpGateway | None:
    return SmtpGateway(settings.MAIL_OUT) if settings.MAIL_OUT else None


def texts() -> TextGateway | None:
    if not settings.TEXTS_OUT:
        return None
    callback = f"{settings.PUBLIC_URL}/hooks/texts/told/" if settings.PUBLIC_URL else ""
    return TextGateway(settings.TEXTS_OUT, settings.TEXTS_FROM, callback)


def gateway_of(channel: Channel) -> Gateway:
    """By which way notices of a channel leave. Letters are files for whoever prints them."""
    files = FileGateway(outbox_folder())
    match channel:
        case Channel.EMAIL:
            return smtp() or files
        case Channel.TEXT:
            return texts() or files
        case Channel.LETTER:
            return files
        case Channel.PAGE:
            raise AssertionError("a page goes to nobody")
