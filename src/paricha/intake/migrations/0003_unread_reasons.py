"""Each file keeps how many of its unread blocks have which reason; files read before have none until read again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]
    operations = [
        migrations.AddField("fileread", "unread_reasons", models.TextField(default="")),
    ]
