"""What was done stays; what is set keeps its history."""

from django.db import migrations

from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [("workforce", "0001_initial"), ("platform", "0002_guards")]
    operations = [
        *append_only(
            "workforce_assignment",
            "workforce_attempt",
            "workforce_dutydone",
            "workforce_dutyhandover",
            "workforce_dutyreturn",
            "workforce_listfinish",
            "workforce_logline",
            "workforce_module",
            "workforce_workreview",
        ),
        *keep_history("workforce_deskduty", "workforce_goal", "workforce_log"),
    ]
