"""The outbox as rows of its own, with what waits at this moment; it was looked for among all notices ever written."""

import django.db.models.deletion
from django.db import migrations, models

WAITING = """
INSERT INTO notices_outgoing (notice_id, channel)
SELECT n.id, n.channel FROM notices_notice n
WHERE EXISTS (SELECT FROM notices_delivery d WHERE d.notice_id = n.id AND d.step = 'queued')
  AND NOT EXISTS (SELECT FROM notices_delivery d WHERE d.notice_id = n.id AND d.step <> 'queued')
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0002_words_stay")]
    operations = [
        migrations.CreateModel(
            name="Outgoing",
            fields=[
                (
                    "notice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="outgoing",
                        serialize=False,
                        to="notices.notice",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("letter", "Letter"), ("email", "Email"), ("text", "Text")], max_length=6
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["channel", "notice"], name="outgoing_of_channel")]},
        ),
        migrations.RunSQL(WAITING, migrations.RunSQL.noop),
    ]
