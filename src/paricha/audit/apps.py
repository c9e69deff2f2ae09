"""Django app of `audit`."""

from django.apps import AppConfig
from django.urls import register_converter


class AuditConfig(AppConfig):
    name = "paricha.audit"

    def ready(self) -> None:
        from paricha.audit.fields import Id16Converter

        register_converter(Id16Converter, "id16")
