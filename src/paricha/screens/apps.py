"""The Django application of this room."""

from django.apps import AppConfig


class ScreensConfig(AppConfig):
    """Templates, static files and translations of the design system; it has no tables."""

    name = "paricha.screens"
    label = "screens"
    verbose_name = "Screens"
