"""Django app of `places`."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "paricha.places"

    def ready(self) -> None:
        from paricha.places import refusals  # noqa: F401  registers the codes
