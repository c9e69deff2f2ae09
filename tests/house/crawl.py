"""Walks the workplace as one officer and looks for rows that are not his to see. Run as another process:

`python tests/house/crawl.py --district N` with the environment of a house walks as an officer of its Nth district (by
name, from 0) who holds the role `district`, and prints
`{"officer", "pages": n, "hidden": n, "visible": n, "leaks": [[address, what]], "faults": [[address, status]]}`.
"""

import json
import os
import re
import sys
from collections import deque
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

MOST_PAGES = 700
# Following these would change who looks or end the session.
LEFT_ALONE = ("/access/sign-out", "/access/demo", "/static/", "/trust/")


def words_of(rows: Any) -> set[str]:
    """What would betray each row on a page: its id in hex and the number that its sender gave it."""
    found: set[str] = set()
    for row in rows.iterator():
        for name in ("id", "id16"):
            value = getattr(row, name, None)
            if isinstance(value, bytes | memoryview):
                found.add(bytes(value).hex())
        number = getattr(row, "report_number", None)
        if number and len(str(number)) >= 6:
            found.add(str(number))
    return found


def hidden_words(officer: Any) -> tuple[set[str], set[str]]:
    """(words of rows that are not his, words of rows that are): the two share none."""
    from django.apps import apps

    from paricha.access.scope import CaseData

    hidden: set[str] = set()
    visible: set[str] = set()
    for model in apps.get_models():
        if issubclass(model, CaseData):
            seen = model.objects.visible_to(officer)
            visible |= words_of(seen)
            hidden |= words_of(model.objects.exclude(pk__in=seen.values("pk")))
    return hidden - visible, visible


def links(address: str, text: str) -> list[str]:
    found = []
    for target in re.findall(r'(?:href|hx-get|action)="([^"#]+)"', text):
        onward = urlsplit(urljoin(address, target.replace("&amp;", "&")))
        if not onward.netloc and not onward.path.startswith(LEFT_ALONE):
            found.append(onward.path + (f"?{onward.query}" if onward.query else ""))
    return found


def crawl(officer: Any) -> dict[str, Any]:
    from django.test import Client

    from tests.house.test_urls import guarded_pages

    client = Client(raise_request_exception=False)
    client.force_login(officer.user)
    hidden, visible = hidden_words(officer)
    pattern = re.compile("|".join(sorted(map(re.escape, hidden)))) if hidden else None
    nothing = "fe" * 16
    templates = [page.address for page in guarded_pages()]
    sample = sorted(hidden)[:: max(1, len(hidden) // 12)][:12]
    waiting = deque(["/", *(address for address in templates if nothing not in address)])
    # By hand: another's id in each address that takes one, and another's number in each search.
    waiting += [address.replace(nothing, word) for address in templates for word in sample if nothing in address]
    waiting += [f"{address}?q={quote(word)}" for address in templates if nothing not in address for word in sample[:3]]
    seen: set[str] = set()
    leaks, faults, pages = [], [], 0
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.popleft()
        if address in seen:
            continue
        seen.add(address)
        answer = client.get(address)
        kind = answer.get("Content-Type", "")
        if answer.status_code >= 500:
            faults.append([address, f"{answer.status_code} {getattr(answer, 'exc_info', ('', ''))[1]!r}"])
            continue
        if answer.status_code != 200 or not kind.startswith(("text/", "application/json", "application/x-ndjson")):
            continue
        pages += 1
        text = b"".join(answer).decode(errors="replace")
        # What the address itself says is no news to who typed it.
        found = {word for word in pattern.findall(text) if word not in address} if pattern else set()
        leaks += [[address, word] for word in sorted(found)[:3]]
        if any(word in urlsplit(address).path for word in sample):
            leaks.append([address, "opened by another's id"])
        if kind.startswith("text/html"):
            waiting.extend(link for link in links(address, text) if link not in seen)
    return {"pages": pages, "hidden": len(hidden), "visible": len(visible), "leaks": leaks, "faults": faults}


def main() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "paricha.site.settings"
    django.setup()
    from paricha.access.models import Officer, UnitKind
    from paricha.access.rights import Role

    of_districts: dict[str, Any] = {}
    for officer in Officer.objects.filter(unit__kind=UnitKind.DISTRICT, active=True).select_related("unit", "user"):
        if Role.DISTRICT in officer.roles:
            of_districts.setdefault(officer.unit.name, officer)
    chosen = of_districts[sorted(of_districts)[int(sys.argv[sys.argv.index("--district") + 1])]]
    print(json.dumps({"officer": chosen.name} | crawl(chosen)))


if __name__ == "__main__":
    main()
