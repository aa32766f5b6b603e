"""Whom a campaign wrote to, what they replied, and lists with the lines refused are append-only; all else keeps its history."""

from django.db import migrations

from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [("outreach", "0001_initial"), ("platform", "0002_guards")]
    operations = [
        *append_only("outreach_target", "outreach_reply", "outreach_takenlist", "outreach_refusedline"),
        *keep_history(
            "outreach_campaign", "outreach_campaignwords", "outreach_lead", "outreach_materialrequest",
            "outreach_optout", "outreach_signup", "outreach_trait",
        ),
    ]  # fmt: skip
