"""Passkeys: enrolled, then they sign in and sign acts on screens; copied, foreign or unverified ones do not."""

import hashlib
import json

import pytest
from django.core.management import call_command
from django.http import HttpResponse
from django.test import RequestFactory

from paricha.access.events import Event
from paricha.access.models import OfficerKey
from paricha.access.signing import sign_and_do
from paricha.access.verbs.officers import make_enrolment
from paricha.access.verbs_of_the_house import verb
from paricha.audit.models import AuditRow
from paricha.grounds.refusals import Refused


@verb(may=None, event=Event.OFFICERS_READ, signed=True)
def put_down(officer, what):
    return officer


@pytest.fixture(autouse=True)
def cache_table(db):
    call_command("createcachetable", verbosity=0)


@pytest.fixture
def enrolled(client, officer, make_officer, make_passkey, read_options):
    """An officer who made his passkey with his one-time code, as the browser does it."""
    basil, passkey = make_officer("Basil"), make_passkey()
    client.post("/access/enrol/", {"code": make_enrolment(officer, basil)}, secure=True)
    options = read_options(client.get("/access/enrol/set-up/", secure=True).content)
    answer = client.post(
        "/access/enrol/set-up/passkey/", {"credential": passkey.create(options), "label": "my phone"}, secure=True
    )
    assert answer.status_code == 302, answer.content.decode()
    return basil, passkey


def test_a_passkey_is_enrolled_with_a_one_time_code_and_opens_the_session(client, enrolled):
    basil, passkey = enrolled
    key = OfficerKey.objects.get(officer=basil, kind="passkey")
    assert (bytes(key.credential), key.label, key.on_server) == (passkey.credential, "my phone", False)
    assert client.get("/access/me/", secure=True).status_code == 200
    assert AuditRow.objects.filter(event=Event.KEY_ENROLLED, facts__contains='"kind": "passkey"').exists()


@pytest.mark.parametrize("how", ["right", "copied", "another site", "not verified", "replayed", "revoked"])
def test_a_passkey_signs_in_only_as_it_should(client, enrolled, read_options, how):
    basil, passkey = enrolled
    client.post("/access/sign-out/", secure=True)
    options = read_options(client.get("/access/sign-in/", secure=True).content)
    if how == "copied":  # the copy counts on its own, so its counter is behind
        passkey.count = 0
    if how == "revoked":
        from paricha.access.verbs.keys import revoke_key

        revoke_key(basil, OfficerKey.objects.get(officer=basil, kind="passkey"), "lost")
    origin = "https://other.example.com" if how == "another site" else "https://testserver"
    credential = passkey.get(options, origin, flags=1 if how == "not verified" else 5)
    if how == "replayed":
        client.get("/access/sign-in/", secure=True)  # a new challenge: the old answer is worth nothing
    answer = client.post("/access/sign-in/passkey/", {"credential": credential}, secure=True)
    assert answer.status_code == (302 if how == "right" else 403)
    assert ("_auth_user_id" in client.session) == (how == "right")


@pytest.fixture
def post(real_folder):
    """Posts a page's form as an officer, in a real folder."""

    def send(who, **fields):
        request = RequestFactory().post("/doors/4/sign/", fields, secure=True)
        request.officer, request.token = who, None
        return request

    return send


def ask(post, who, read_options, what="a"):
    page = sign_and_do(post(who, note="kept"), put_down, what, words="Put down a")
    assert isinstance(page, HttpResponse)
    text = page.content.decode()
    assert 'name="note" value="kept"' in text and "Put down a" in text
    return read_options(page.content), text.split('name="signed_act" value="')[1][:32]


@pytest.mark.parametrize("algorithm", [-7, -8])
def test_a_passkey_signs_the_act_and_the_log_carries_it(officer, give_passkey, post, read_options, algorithm):
    passkey, key = give_passkey(officer, algorithm)
    options, prepared = ask(post, officer, read_options)
    done = sign_and_do(post(officer, signed_act=prepared, credential=passkey.get(options)), put_down, "a")
    assert done == officer
    row = AuditRow.objects.get(event=Event.OFFICERS_READ)
    client_data = json.loads(bytes.fromhex(json.loads(bytes(row.signature))["client"]))
    import base64

    wanted = base64.urlsafe_b64encode(hashlib.sha256(row.act.encode()).digest()).decode().rstrip("=")
    assert row.key == key.id and client_data["challenge"] == wanted


def test_what_was_signed_is_done_and_nothing_else(officer, give_passkey, post, read_options):
    passkey, _key = give_passkey(officer)
    options, prepared = ask(post, officer, read_options, "a")
    with pytest.raises(Refused, match="arguments"):
        sign_and_do(post(officer, signed_act=prepared, credential=passkey.get(options)), put_down, "b")
    with pytest.raises(Refused, match="used before"):  # and that prepared act is gone
        sign_and_do(post(officer, signed_act=prepared, credential=passkey.get(options)), put_down, "a")


def test_a_signature_from_the_sign_in_page_signs_no_act(officer, give_passkey, post, read_options, client):
    passkey, _key = give_passkey(officer)
    _options, prepared = ask(post, officer, read_options)
    other = read_options(client.get("/access/sign-in/", secure=True).content)
    with pytest.raises(Refused, match="ACCESS-SIGN-IN"):
        sign_and_do(post(officer, signed_act=prepared, credential=passkey.get(other)), put_down, "a")


def test_another_officer_cannot_use_what_was_prepared(officer, make_officer, give_passkey, post, read_options):
    passkey, _key = give_passkey(officer)
    basil = make_officer("Basil")
    options, prepared = ask(post, officer, read_options)
    with pytest.raises(Refused, match="ACCESS-SIGNATURE-WRONG"):
        sign_and_do(post(basil, signed_act=prepared, credential=passkey.get(options)), put_down, "a")


def test_without_a_passkey_the_page_says_what_to_do(officer, post):
    with pytest.raises(Refused, match="ACCESS-NO-KEY"):
        sign_and_do(post(officer), put_down, "a")


def test_in_a_made_up_folder_the_key_file_in_the_folder_signs(officer):
    request = RequestFactory().post("/doors/4/sign/")
    request.officer, request.token = officer, None
    assert sign_and_do(request, put_down, "a") == officer
    assert AuditRow.objects.get(event=Event.OFFICERS_READ).via == "screen"
