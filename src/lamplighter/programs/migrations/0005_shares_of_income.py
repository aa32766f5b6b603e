"""Terms by share of income, the plans by them, and what their funds bore of bills."""

import django.db.models.deletion
from django.db import migrations, models

import lamplighter.platform.columns


class Migration(migrations.Migration):
    dependencies = [("billing", "0011_lines_refer"), ("programs", "0004_funds_stay")]

    operations = [
        migrations.AddField(
            model_name="programterms",
            name="income_share",
            field=models.DecimalField(decimal_places=2, max_digits=5, null=True),
        ),
        migrations.CreateModel(
            name="IncomePlan",
            fields=[
                (
                    "enrollment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="income_plan",
                        serialize=False, to="programs.enrollment",
                    ),
                ),
                ("share", models.DecimalField(decimal_places=2, max_digits=5)),
                ("yearly", lamplighter.platform.columns.MoneyField()),
                ("begun_at", models.DateTimeField()),
                ("begun_by", lamplighter.platform.columns.ActorField(max_length=80)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("share__gt", 0), ("yearly__gte", 0)), name="income_plan_of_something"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BorneShare",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("amount", lamplighter.platform.columns.MoneyField()),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                ("by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "adjustment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.adjustment"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="borne", to="programs.incomeplan"
                    ),
                ),
            ],
        ),
    ]  # fmt: skip
