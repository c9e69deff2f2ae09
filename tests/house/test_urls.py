"""Every URL with every role: nobody gets in without signing in, a role opens what it holds and nothing else, and no
page breaks on an id that does not exist. What a page *shows* is tested in its room."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, PathConverter, SlugConverter, StringConverter, UUIDConverter

from paricha.access.rights import ROLE_RIGHTS, Role
from paricha.audit.fields import Id16Converter
from paricha.site import rooms

# Pages that answer before anyone has signed in, each with why.
PUBLIC = {
    "access:sign_in": "signing in",
    "access:passkey": "signing in",
    "access:recover": "signing in",
    "access:sign_out": "signing out; does nothing for who is not in",
    "access:enrol": "the first sign-in, by a one-time code",
    "access:set_up": "the first sign-in, after its one-time code",
    "access:set_up_passkey": "the first sign-in, after its one-time code",
    "access:demo": "made-up folders only: choosing whom to be",
    "screens:look": "light, dark and language, for the sign-in page too; keeps a cookie and nothing else",
    "screens:states": "the sheet of components, for makers; shows no data",
}
# Whole groups of URLs that guard themselves in another way than by a session, each with why.
OTHER_GUARDS = {
    "trust": "the unit's own authority, handed out to phones that must trust it first",
    "field": "phones act with their enrolled keys",
    "api": "API clients act with scoped tokens",
}
ARGUMENTS: list[tuple[type, Any]] = [
    (Id16Converter, b"\xfe" * 16),
    (IntConverter, 999_999),
    (UUIDConverter, "01890000-0000-7000-8000-000000000000"),
    (SlugConverter, "nothing"),
    (PathConverter, "nothing"),
    (StringConverter, "0" * 64),
]


class Page(NamedTuple):
    name: str
    room: str
    view: Any
    address: str


def pages() -> Iterator[Page]:
    """Every URL that leads to a view, with arguments that name nothing that exists."""

    def walk(patterns: list[Any], space: str, route: str, converters: dict[str, Any]) -> Iterator[Page]:
        for pattern in patterns:
            all_converters = converters | getattr(pattern.pattern, "converters", {})
            here = route + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, pattern.namespace or space, here, all_converters)
            elif isinstance(pattern, URLPattern):
                assert pattern.name, f"{here} has no name"
                name = f"{space}:{pattern.name}" if space else pattern.name
                arguments = {word: argument_for(converter) for word, converter in all_converters.items()}
                yield Page(
                    name, space or route.strip("/").split("/")[0], pattern.callback, reverse(name, kwargs=arguments)
                )

    yield from walk(get_resolver().url_patterns, "", "", {})


def argument_for(converter: Any) -> Any:
    for kind, value in ARGUMENTS:
        if isinstance(converter, kind):
            return value
    raise AssertionError(f"no sample value for {type(converter).__name__}: add it to ARGUMENTS")


def guarded_pages() -> list[Page]:
    return [
        page for page in pages() if page.name not in PUBLIC and not set(page.address.split("/")) & set(OTHER_GUARDS)
    ]


def test_every_page_is_guarded_or_listed():
    bare = [page.name for page in guarded_pages() if not hasattr(page.view, "page_rights")]
    assert bare == [], "put `@officer_page` before the view, or list it in PUBLIC with its reason"


def test_listed_public_pages_exist():
    assert {name for name in PUBLIC if name.split(":")[0] in rooms.built()} - {page.name for page in pages()} == set()


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_gets_in_without_signing_in(method: str):
    client = Client()
    inside = {}
    for page in guarded_pages():
        answer = getattr(client, method)(page.address)
        to_sign_in = answer.status_code == 302 and answer["Location"].startswith(reverse("access:sign_in"))
        if not (to_sign_in or answer.status_code in (401, 403, 404, 405)):
            inside[page.address] = answer.status_code
    assert inside == {}


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_it_holds_and_nothing_else(role: Role, officer, make_officer):
    from paricha.access.models import UnitKind
    from paricha.access.verbs import add_unit

    district = add_unit(officer, "Other district", under=officer.unit, kind=UnitKind.DISTRICT)
    holder = make_officer(f"Holder of {role}", role, unit=district)
    client = Client(raise_request_exception=False)
    client.force_login(holder.user)
    wrong = {}
    for page in guarded_pages():
        if not hasattr(page.view, "page_rights"):
            continue  # named by the test above
        answer = client.get(page.address)
        status, fault = answer.status_code, getattr(answer, "exc_info", None)
        may = not page.view.page_rights or bool(set(page.view.page_rights) & ROLE_RIGHTS[role])
        if status >= 500 or (not may and status not in (403, 404, 405)) or (may and status == 403):
            wrong[page.address] = (
                f"{status}, {'holds' if may else 'lacks'} the right{f', {fault[1]!r}' if fault else ''}"
            )
    assert not wrong, "\n".join(f"{address}: {words}" for address, words in wrong.items())
