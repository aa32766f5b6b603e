"""A study's rows and a review stay; rules, studies and moves keep their history."""

from django.db import migrations

from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [("ratestudies", "0001_initial"), ("platform", "0002_guards")]
    operations = [
        *append_only("ratestudies_studyyear", "ratestudies_review"),
        *keep_history("ratestudies_raterule", "ratestudies_study", "ratestudies_move"),
    ]
