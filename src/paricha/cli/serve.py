"""`paricha serve`."""

from __future__ import annotations

import click

from paricha.cli.frame import command, require_house


@click.option("--host", default=None, help="The trusted name (see `tls make`); default: the setting `host`.")
@click.option("--port", type=int, default=None, help="Default: the setting `port`; 8000 on localhost.")
@click.option(
    "--bind", default=None, help="Address to listen on; default: 127.0.0.1 for localhost, else every address."
)
@click.option("--workers", type=click.IntRange(1, 32), default=1, help="Processes for long work.")
@command("serve", officer=False)
def serve(host: str | None, port: int | None, bind: str | None, workers: int, as_json: bool) -> int:
    """The whole workplace on this machine: pages, streams, clock and workers."""
    import json

    from django.conf import settings

    from paricha.site import serving

    require_house()
    chosen = settings.PARICHA
    name = host or chosen.host
    if port is None:
        port = serving.PLAIN_PORT if name == serving.LOCAL and chosen.port == type(chosen)().port else chosen.port

    def opened(address: str) -> None:
        click.echo(json.dumps({"schema": 1, "address": address}) if as_json else f"The workplace is open at {address}")

    return serving.serve(settings.HOME, name, port, bind=bind, workers=workers, opened=opened)


commands: list[click.Command] = [serve]
