"""Rows of outreach."""

from lamplighter.outreach.models.announcements import Announcement, AnnouncementWords, Confirmation, Told
from lamplighter.outreach.models.campaigns import Campaign, CampaignWords, Reply, Target
from lamplighter.outreach.models.leads import Lead, MaterialRequest, SignUp, Topic
from lamplighter.outreach.models.lists import RefusedLine, TakenList
from lamplighter.outreach.models.surveys import Invitation, Survey, SurveyAnswer, SurveyWording
from lamplighter.outreach.models.traits import OptOut, Trait

__all__ = [
    "Announcement",
    "AnnouncementWords",
    "Campaign",
    "CampaignWords",
    "Confirmation",
    "Invitation",
    "Lead",
    "MaterialRequest",
    "OptOut",
    "RefusedLine",
    "Reply",
    "SignUp",
    "Survey",
    "SurveyAnswer",
    "SurveyWording",
    "TakenList",
    "Target",
    "Told",
    "Topic",
    "Trait",
]
