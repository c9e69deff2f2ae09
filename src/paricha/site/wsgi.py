"""Django as a WSGI application; `site.application` puts it beside the event streams."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "paricha.site.settings")
application = get_wsgi_application()
