"""The phone app as the server gives it out: its shell, its service worker with the list of files it keeps."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.cache import never_cache

FILES = (
    "built/fonts.css",
    "screens/tokens.css",
    "screens/paricha.css",
    "screens/icon.svg",
    "built/field-app.js",
)


def app(request: HttpRequest) -> HttpResponse:
    """The one page of the app. It holds nothing of a case: everything comes from the phone's own store."""
    return render(request, "field/app.html")


@never_cache
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; a change of any file it keeps changes its text, so that phones take the new build."""
    files, build, source = _worker()
    head = f"const PARICHA_FILES = {json.dumps(files)};\nconst PARICHA_BUILD = {json.dumps(build)};\n"
    return HttpResponse(
        head + source, content_type="text/javascript", headers={"Service-Worker-Allowed": "/field/app/"}
    )


@lru_cache(maxsize=1)
def _worker() -> tuple[list[str], str, str]:
    names = list(FILES)
    fonts = finders.find("built/fonts")
    if fonts:
        names += [f"built/fonts/{file.name}" for file in sorted(Path(fonts).iterdir()) if file.suffix == ".woff2"]
    digest = hashlib.sha256()
    for name in [*names, "built/field-worker.js"]:
        found = finders.find(name)
        if found:
            digest.update(name.encode() + Path(found).read_bytes())
    source = finders.find("built/field-worker.js")
    text = Path(source).read_text(encoding="utf-8") if source else ""
    return [static(name) for name in names], digest.hexdigest()[:16], text
