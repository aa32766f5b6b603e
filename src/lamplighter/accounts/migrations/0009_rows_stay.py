"""Accounts and agreements stay: payments and bills refer to them without a foreign key."""

from django.db import migrations

from lamplighter.platform.schema import row_stays


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_forgiveness_kind"), ("platform", "0008_rows_stay")]
    operations = [row_stays("accounts_account"), row_stays("accounts_agreement")]
