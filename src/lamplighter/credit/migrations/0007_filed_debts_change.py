"""What is from before a filing becomes less, too, when its bill is made again."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("credit", "0006_bankruptcies_stay")]
    operations = [
        migrations.RemoveConstraint(model_name="fileddebt", name="filed_debt_positive"),
        migrations.RemoveConstraint(model_name="fileddebt", name="segment_divided_once"),
        migrations.AddConstraint(
            model_name="fileddebt",
            constraint=models.CheckConstraint(
                name="filed_debt_positive_at_first",
                condition=Q(amount__gt=0) | Q(amount__lt=0, segment__isnull=False),
            ),
        ),
    ]
