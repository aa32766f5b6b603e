"""Developments with their load letters, stages and needs; meetings and tasks about them; planning figures."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import lamplighter.platform.columns
from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [
        ("keyaccounts", "0008_papers"),
        ("platform", "0004_remarks_searched"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AdoptedPlanning',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('since', models.DateField()),
                ('text', models.TextField()),
                ('adopted_at', models.DateTimeField()),
                ('adopted_by', lamplighter.platform.columns.ActorField(max_length=80)),
            ],
            options={
                'indexes': [models.Index(fields=['-since', '-id'], name='planning_newest')],
            },
        ),
        migrations.CreateModel(
            name='Development',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('place', models.CharField(max_length=120)),
                ('feeder', models.CharField(max_length=20)),
                ('customer_class', models.CharField(max_length=20)),
                ('wanted_on', models.DateField()),
                ('ramp_months', models.PositiveSmallIntegerField()),
                ('opened_at', models.DateTimeField()),
                ('opened_by', lamplighter.platform.columns.ActorField(max_length=80)),
                ('developer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='developments', to='keyaccounts.organisation')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddField(
            model_name='step',
            name='development',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='keyaccounts.development'),
        ),
        migrations.AddField(
            model_name='touch',
            name='development',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='touches', to='keyaccounts.development'),
        ),
        migrations.CreateModel(
            name='DevelopmentStage',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('stage', models.CharField(choices=[('asked', 'Service asked for'), ('letter', 'Load letter in'), ('study', 'Being studied'), ('offered', 'Offer made'), ('agreed', 'Agreed and paid'), ('building', 'Being built'), ('energised', 'Energised'), ('withdrawn', 'Withdrawn')], max_length=9)),
                ('on', models.DateField()),
                ('at', models.DateTimeField()),
                ('by', lamplighter.platform.columns.ActorField(max_length=80)),
                ('development', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stages', to='keyaccounts.development')),
                ('words', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='platform.remark')),
            ],
        ),
        migrations.CreateModel(
            name='LoadLetter',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('received_on', models.DateField()),
                ('stated_kva', models.DecimalField(decimal_places=1, max_digits=10, null=True)),
                ('uses', models.JSONField()),
                ('kept_at', models.DateTimeField()),
                ('kept_by', lamplighter.platform.columns.ActorField(max_length=80)),
                ('development', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='keyaccounts.development')),
            ],
        ),
        migrations.CreateModel(
            name='DevelopmentNeed',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('fee', 'Fee'), ('contribution', 'Contribution'), ('easement', 'Easement'), ('transformer', 'Transformer'), ('permit', 'Permit'), ('drawing', 'Drawings'), ('other', 'Something else')], max_length=12)),
                ('words', models.CharField(max_length=120)),
                ('waits_on', models.CharField(choices=[('developer', 'The developer'), ('city', 'The city'), ('ourselves', 'Ourselves'), ('supplier', 'A supplier')], max_length=9)),
                ('since', models.DateField()),
                ('expected_on', models.DateField(null=True)),
                ('amount', lamplighter.platform.columns.MoneyField(null=True)),
                ('reference', models.CharField(blank=True, max_length=60)),
                ('met_on', models.DateField(null=True)),
                ('set_by', lamplighter.platform.columns.ActorField(max_length=80)),
                ('met_by', lamplighter.platform.columns.ActorField(max_length=80, null=True)),
                ('development', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='needs', to='keyaccounts.development')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('met_by__isnull', True), ('met_on__isnull', True)), models.Q(('met_by__isnull', False), ('met_on__isnull', False)), _connector='OR'), name='need_met_by_somebody')],
            },
        ),
        *append_only(
            "keyaccounts_adoptedplanning", "keyaccounts_developmentstage", "keyaccounts_loadletter",
        ),
        *keep_history("keyaccounts_development", "keyaccounts_developmentneed"),
    ]  # fmt: skip
