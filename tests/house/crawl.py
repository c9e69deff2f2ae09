"""Walks the workplace as one officer and looks for rows that are not his to see. Run as another process:

`python tests/house/crawl.py --district N` with the environment of a house that may be changed adds an officer to its Nth
district (by name, from 0) who holds every role, so that no right stands in the way and only need to know does, and prints
`{"officer", "pages": n, "hidden": n, "visible": n, "opened_by_state": n, "shut": n, "lists": {address: [rows for him,
rows for the State]}, "leaks": [[address, what]], "faults": [[address, status]]}`.

Every address that takes an id is first opened by the State's officer with ids of the other district, one of each kind of
row; what opens for him must be shut for the district's officer. So the walk can't pass by trying ids that no page knows.
"""

import csv
import io
import json
import os
import re
import sys
from collections import deque
from importlib import import_module
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

MOST_PAGES = 220
NOTHING = "fe" * 16
# Following these would change who looks or end the session.
LEFT_ALONE = ("/access/sign-out", "/access/demo", "/static/", "/trust/")
# The log is one for the whole house: it holds ids, codes and counts, and who holds the auditor's role reads all of it.
OF_THE_WHOLE_HOUSE = ("/access/log/",)
# Rooms whose rows are an officer's also in another way than by their owning unit: who says so.
SEEN_BY = {"exhibits.Clock": "paricha.exhibits.queries:clocks", "exhibits.Exhibit": "paricha.exhibits.queries:exhibits"}
SEEN_BY["operations.Site"] = f"{__name__}:sites_of_his_district"
# A district that takes part knows an operation's number without being in its compartment.
NUMBERS_TOLD = {"operations.Operation"}


def words_of(rows: Any) -> set[str]:
    """What would betray each row on a page: its id in hex, the number that people say, the number its sender gave it,
    a selector's normal form."""
    found: set[str] = set()
    for row in rows.iterator(chunk_size=1000):
        for name in ("id", "id16"):
            value = getattr(row, name, None)
            if isinstance(value, bytes | memoryview):
                found.add(bytes(value).hex())
        for name, least in (("report_number", 6), ("number", 6), ("normal_form", 9)):
            value = getattr(row, name, None)
            if isinstance(value, str) and len(value) >= least and row._meta.label not in NUMBERS_TOLD:
                found.add(value)
    return found


def sites_of_his_district(officer: Any) -> Any:
    """After the morning a case of his district names its site; the site's own page stays with the operation."""
    from paricha.access.scope import units_seen
    from paricha.operations.models import Site

    return Site.objects.visible_to(officer) | Site.objects.filter(district_id__in=units_seen(officer))


def told_by_dispatch(officer: Any) -> set[str]:
    """Report numbers of the tips that were sent to him: the letter names its tip."""
    from paricha.dispatch.queries import dispatches
    from paricha.records.models import Tip

    sent = Tip.objects.filter(id16__in=dispatches(officer).values("tip"))
    return {str(number) for number in sent.values_list("report_number", flat=True)}


def hidden_rows(officer: Any) -> dict[Any, Any]:
    """Table -> the rows of case data that are not his."""
    from django.apps import apps

    from paricha.access.scope import CaseData, CaseQuerySet

    found = {}
    for model in apps.get_models():
        if issubclass(model, CaseData) or isinstance(model._default_manager.all(), CaseQuerySet):
            module, _, name = SEEN_BY.get(model._meta.label, "").partition(":")
            seen = getattr(import_module(module), name)(officer) if module else model.objects.visible_to(officer)
            found[model] = (model.objects.exclude(pk__in=seen.values("pk")), seen)
    return found


def ids_of(rows: dict[Any, Any]) -> dict[str, list[str]]:
    """Room -> ids in hex, one of each of its tables."""
    found: dict[str, list[str]] = {}
    for model, (hidden, _seen) in rows.items():
        row = hidden.order_by("pk").first()
        value = row and (getattr(row, "id16", None) or row.pk)
        if isinstance(value, bytes | memoryview):
            found.setdefault(model._meta.app_label, []).append(bytes(value).hex())
    return found


def shut_to(client: Any, state: Any, templates: list[str], ids: dict[str, list[str]]) -> tuple[int, list[list[str]]]:
    """(addresses that the State's officer opens by another district's id, what the client opens or acts on of all).
    Tried are the ids of the room itself and of tips."""
    opened, leaks = 0, []
    for template in templates:
        absent = {"post": client.post(template), "get": client.get(template)}
        for one in dict.fromkeys(ids.get(template.split("/")[1], []) + ids["records"]):
            address = template.replace(NOTHING, one)
            answers = {"post": client.post(address)}
            if state.get(address).status_code == 200:
                opened += 1
                answers["get"] = client.get(address)
            leaks += [
                [address, f"{method}: {answer.status_code}"]
                for method, answer in answers.items()
                # A refusal tells nothing where an id that does not exist is refused alike.
                if answer.status_code not in (403, 404, 405)
                and (answer.status_code < 400 or answer.status_code != absent[method].status_code)
            ]
    return opened, leaks


def rows_of_lists(client: Any, state: Any, addresses: list[str]) -> dict[str, list[int]]:
    """Address -> rows in its exported sheet, for the officer and for the State; lists only."""
    found = {}
    for address in addresses:
        counts = []
        for who in (client, state):
            answer = who.get(f"{address}?view=all&export=csv")
            if answer.status_code != 200 or not answer.get("Content-Type", "").startswith("text/csv"):
                break
            text = b"".join(answer).decode("utf-8-sig")
            counts.append(len(list(csv.reader(io.StringIO(text)))))
        if len(counts) == 2:
            found[address] = counts
    return found


def links(address: str, text: str) -> list[str]:
    found = []
    for target in re.findall(r'(?:href|hx-get|action)="([^"#]+)"', text):
        onward = urlsplit(urljoin(address, target.replace("&amp;", "&")))
        if not onward.netloc and not onward.path.startswith(LEFT_ALONE + OF_THE_WHOLE_HOUSE):
            found.append(onward.path + (f"?{onward.query}" if onward.query else ""))
    return found


def crawl(officer: Any, first: Any) -> dict[str, Any]:
    from django.test import Client

    from tests.house.test_urls import guarded_pages

    client, state = (Client(raise_request_exception=False) for _ in range(2))
    client.force_login(officer.user)
    state.force_login(first.user)
    rows = hidden_rows(officer)
    visible = set().union(*(words_of(seen) for _hidden, seen in rows.values())) | told_by_dispatch(officer)
    hidden = set().union(*(words_of(others) for others, _seen in rows.values())) - visible
    betrayed = re.compile(r"(?<![\w.:-])(?:" + "|".join(sorted(map(re.escape, hidden))) + r")(?![\w:-])")
    templates = [page.address for page in guarded_pages() if not page.address.startswith(OF_THE_WHOLE_HOUSE)]
    plain = [address for address in templates if NOTHING not in address]
    numbers = sorted(word for word in hidden if not re.fullmatch(r"[0-9a-f]{32}", word))
    asked = numbers[:: max(1, len(numbers) // 3)][:3]
    opened, leaks = shut_to(client, state, [one for one in templates if NOTHING in one], ids_of(rows))
    waiting = deque(["/", *plain, *(f"{address}?q={quote(word)}" for address in plain for word in asked)])
    seen: set[str] = set()
    faults, pages = [], 0
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
        typed = unquote(address)
        leaks += [[address, word] for word in sorted(set(betrayed.findall(text)))[:3] if word not in typed]
        if kind.startswith("text/html"):
            waiting.extend(link for link in links(address, text) if link not in seen)
    return {
        "pages": pages, "hidden": len(hidden), "visible": len(visible), "opened_by_state": opened,
        "lists": rows_of_lists(client, state, plain), "leaks": leaks, "faults": faults,
    }  # fmt: skip


def main() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "paricha.site.settings"
    django.setup()
    from django.conf import settings

    from paricha.access.acting import acting
    from paricha.access.keys import officer_of, signer_of
    from paricha.access.models import Unit, UnitKind
    from paricha.access.rights import Role
    from paricha.access.verbs import FIRST_KEY, add_officer

    districts = Unit.objects.filter(kind=UnitKind.DISTRICT).order_by("name")
    district = districts[int(sys.argv[sys.argv.index("--district") + 1])]
    first, key, private = officer_of(settings.HOME / FIRST_KEY)
    with acting("cli", signer_of(key, private)):
        name = f"All roles in {district.name}"
        officer = add_officer(
            first, name, rank="", unit=district, roles=list(Role), key_out=settings.HOME / "all-roles.key"
        )[0]
    print(json.dumps({"officer": officer.name} | crawl(officer, first)))


if __name__ == "__main__":
    main()
