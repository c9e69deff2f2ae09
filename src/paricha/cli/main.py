"""The program: finds the verb groups beside this file and runs one, as the officer of a key file."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from typing import Any

import click

from paricha import cli
from paricha.grounds.refusals import Refused

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "paricha.site.settings")


@click.group()
@click.version_option(package_name="paricha")
def main() -> None:
    """Paricha: one road from the first tip to the last statistic."""


def _collect() -> None:
    """Each module `cli/NAME.py` may define `commands: list[click.Command]`; they become verbs of the program."""
    for found in pkgutil.iter_modules(cli.__path__):
        if found.name in {"main", "frame"}:
            continue
        module = importlib.import_module(f"paricha.cli.{found.name}")
        for command in getattr(module, "commands", []):
            main.add_command(command)


class _Program:
    """The entry point: a refusal before start is exit code 3, wrong use is click's 2."""

    def __call__(self, *args: Any, **kwargs: Any) -> None:
        try:
            _collect()
            main(*args, **kwargs)
        except Refused as refused:
            from paricha.cli.frame import show_refusal

            show_refusal(refused.refusal)
            sys.exit(3)


run = _Program()
