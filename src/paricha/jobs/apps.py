"""Django app of `jobs`."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps


class JobsConfig(AppConfig):
    name = "paricha.jobs"

    def ready(self) -> None:
        from paricha.jobs import refusals  # noqa: F401  registers the codes


def load_kinds() -> None:
    """Import each room's `jobs.py`, so that its kinds of job and its scheduled work are known."""
    for config in apps.get_app_configs():
        if config.name.startswith("paricha.") and config.name != "paricha.jobs":
            if find_spec(f"{config.name}.jobs") is not None:
                import_module(f"{config.name}.jobs")
