"""Rows of outreach."""

from lamplighter.outreach.models.campaigns import Campaign, CampaignWords, Reply, Target
from lamplighter.outreach.models.leads import Lead, MaterialRequest, SignUp, Topic
from lamplighter.outreach.models.lists import RefusedLine, TakenList
from lamplighter.outreach.models.traits import OptOut, Trait

__all__ = [
    "Campaign",
    "CampaignWords",
    "Lead",
    "MaterialRequest",
    "OptOut",
    "RefusedLine",
    "Reply",
    "SignUp",
    "TakenList",
    "Target",
    "Topic",
    "Trait",
]
