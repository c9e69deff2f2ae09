"""API clients: a token acts as its officer with its rights, by means `api`, until it ends."""

import json

import pytest
from django.http import JsonResponse
from django.test import RequestFactory
from django.utils import timezone

from paricha.access.acting import means
from paricha.access.middleware import OfficerMiddleware
from paricha.access.models import ApiToken
from paricha.access.rights import Right
from paricha.access.tokens import TokenAuth, token_page
from paricha.access.verbs.officers import retire_officer
from paricha.access.verbs.tokens import make_token, revoke_token


@token_page(Right.READ_RECORDS)
def page(request):
    return JsonResponse({"who": request.officer.name, "via": means().via, "rights": sorted(request.officer.rights)})


@pytest.fixture
def ask(db):
    def get(header: str, view=page):
        from django.contrib.auth.models import AnonymousUser

        request = RequestFactory().get("/api/", headers={"Authorization": header} if header else {})
        request.user = AnonymousUser()
        answer = OfficerMiddleware(view)(request)
        return answer.status_code, json.loads(answer.content)

    return get


def test_a_token_acts_as_its_officer_with_its_rights_only(officer, ask):
    _made, text = make_token(officer, label="script", scopes=[Right.READ_RECORDS])
    status, said = ask(f"Bearer {text}")
    assert (status, said) == (200, {"who": officer.name, "via": "api", "rights": ["read-records"]})
    _made, other = make_token(officer, label="script", scopes=[Right.AUDIT])
    status, said = ask(f"Bearer {other}")
    assert status == 403 and said["refusals"][0]["code"] == "ACCESS-RIGHT"


@pytest.mark.parametrize("how", ["none", "wrong", "basic", "revoked", "over", "officer retired"])
def test_no_token_or_a_dead_one_opens_nothing(officer, make_officer, ask, how):
    from paricha.access.rights import Role

    basil = make_officer("Basil", Role.ANALYST)
    made, text = make_token(basil, label="script", scopes=[Right.READ_RECORDS])
    header = {"none": "", "wrong": "Bearer par_wrong", "basic": f"Basic {text}"}.get(how, f"Bearer {text}")
    if how == "revoked":
        revoke_token(basil, made)
    elif how == "over":
        ApiToken.objects.filter(pk=made.pk).update(until=timezone.now())
    elif how == "officer retired":
        retire_officer(officer, basil)
    status, said = ask(header)
    assert status == 401 and said["refusals"][0]["code"] == "ACCESS-TOKEN"


def test_only_the_hash_of_a_token_is_kept(officer):
    made, text = make_token(officer, label="script", scopes=[Right.AUDIT])
    assert text.encode() not in bytes(made.digest) and len(made.digest) == 32


def test_a_token_opens_no_page_of_officers(officer, client):
    _made, text = make_token(officer, label="script", scopes=[Right.ADMIN, Right.AUDIT])
    assert client.get("/access/log/", headers={"Authorization": f"Bearer {text}"}).status_code == 302


def test_the_same_for_ninja(officer, ask):
    _made, text = make_token(officer, label="script", scopes=[Right.AUDIT])

    def view(request):
        return JsonResponse({right: TokenAuth(right)(request) is not None for right in (Right.AUDIT, Right.ADMIN)})

    assert ask(f"Bearer {text}", view)[1] == {"audit": True, "admin": False}
    assert ask("", view)[1] == {"audit": False, "admin": False}
