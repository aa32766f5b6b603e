"""Negotiations with their drafts, what was signed, alarms that were told, and adopted costs."""

import django.db.models.deletion
from django.db import migrations, models

import lamplighter.platform.columns
from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_petitions"),
        ("customers", "0004_consent_stays"),
        ("keyaccounts", "0006_steps_of_people"),
        ("platform", "0004_remarks_searched"),
    ]

    operations = [
        migrations.CreateModel(
            name='AdoptedCosts',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('since', models.DateField()),
                ('text', models.TextField()),
                ('adopted_at', models.DateTimeField()),
                ('adopted_by', lamplighter.platform.columns.ActorField(max_length=80)),
            ],
            options={
                'indexes': [models.Index(fields=['-since', '-id'], name='costs_newest')],
            },
        ),
        migrations.CreateModel(
            name='Negotiation',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=80)),
                ('opened_at', models.DateTimeField()),
                ('opened_by', lamplighter.platform.columns.ActorField(max_length=80)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_by', lamplighter.platform.columns.ActorField(max_length=80, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('signed', 'Signed'), ('given-up', 'Given up')], max_length=8)),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='negotiations', to='accounts.agreement')),
                ('amends', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='amendments', to='keyaccounts.contract')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='negotiations', to='keyaccounts.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='TermsDraft',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('alternative', models.CharField(max_length=40)),
                ('version', models.PositiveIntegerField()),
                ('side', models.CharField(choices=[('ours', 'We offer'), ('theirs', 'They ask')], max_length=6)),
                ('terms', models.JSONField()),
                ('kept_at', models.DateTimeField()),
                ('kept_by', lamplighter.platform.columns.ActorField(max_length=80)),
                ('clauses', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='platform.remark')),
                ('negotiation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='keyaccounts.negotiation')),
                ('words', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='platform.remark')),
            ],
        ),
        migrations.CreateModel(
            name='ContractSigning',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('signed_on', models.DateField()),
                ('since', models.DateField()),
                ('signed_at', models.DateTimeField()),
                ('signed_by', lamplighter.platform.columns.ActorField(max_length=80)),
                ('approval', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='platform.approval')),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signings', to='keyaccounts.contract')),
                ('signer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.person')),
                ('draft', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='signing', to='keyaccounts.termsdraft')),
            ],
        ),
        migrations.CreateModel(
            name='ContractAlarm',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('ends', models.DateField()),
                ('mark', models.PositiveSmallIntegerField()),
                ('told_at', models.DateTimeField()),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='alarms', to='keyaccounts.contract')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('contract', 'ends', 'mark'), name='alarm_told_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='negotiation',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('code',), name='one_negotiation_of_a_code'),
        ),
        migrations.AddConstraint(
            model_name='negotiation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('outcome', '')), models.Q(('closed_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='negotiation_closed_with_an_outcome'),
        ),
        migrations.AddConstraint(
            model_name='termsdraft',
            constraint=models.UniqueConstraint(fields=('negotiation', 'version'), name='version_of_a_negotiation_once'),
        ),
        *append_only(
            "keyaccounts_termsdraft", "keyaccounts_contractsigning", "keyaccounts_contractalarm",
            "keyaccounts_adoptedcosts",
        ),
        *keep_history("keyaccounts_negotiation"),
    ]  # fmt: skip
