"""Append-only tables, history of mutable ones, and the number series."""

from django.db import migrations

from lamplighter.platform.schema import (
    DROP_FUNCTIONS,
    FUNCTIONS,
    append_only,
    create_sequences,
    erase_only,
    keep_history,
    retention_only,
)


class Migration(migrations.Migration):
    dependencies = [("platform", "0001_initial")]
    operations = [
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        *append_only("platform_event", "platform_accessrecord"),
        retention_only("platform_pastrow"),
        erase_only("platform_remark"),
        *keep_history("platform_user", but=("last_login",)),
        *keep_history("platform_rolegrant", "platform_approval", "platform_approvallimit"),
        *create_sequences(account=204000, bill=1, receipt=20000, person=8000, premise=1000, order=55000),
    ]
