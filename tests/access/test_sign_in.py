"""Signing in: who comes in, who does not, and what the log keeps of it."""

import time

import msgspec
import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from paricha.access.events import Event
from paricha.access.verbs.officers import make_enrolment
from paricha.access.verbs.sessions import make_recovery_codes, set_password_and_code
from paricha.audit.models import AuditRow

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "four quiet boats at noon"


@pytest.fixture(autouse=True)
def shared_cache(db, settings):
    """The cache all processes share is a table; allauth's limits count there."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # for pace: none of it is kept
    call_command("createcachetable", verbosity=0)
    cache.clear()


@pytest.fixture
def code_now():
    def now(ahead: int = 0) -> str:
        return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + ahead))

    return now


@pytest.fixture
def anila(officer):
    set_password_and_code(officer, PASSWORD, SECRET)
    return officer


@pytest.fixture
def real_folder(settings):
    settings.PARICHA = msgspec.structs.replace(settings.PARICHA, synthetic=False)


def sign_in(client, name, password, code, where="/access/sign-in/"):
    return client.post(where, {"name": name, "password": password, "code": code, "next": "/access/me/"})


def test_password_and_code_open_a_session_and_the_log_says_so(client, anila, code_now):
    answer = sign_in(client, anila.name, PASSWORD, code_now())
    assert (answer.status_code, answer["Location"]) == (302, "/access/me/")
    row = AuditRow.objects.get(event=Event.SIGNED_IN)
    assert row.officer == anila.id16 and '"how": "code"' in row.facts


@pytest.mark.parametrize("password,right_code", [(PASSWORD, False), ("another sentence here", True)])
def test_a_wrong_password_or_code_opens_nothing_and_is_logged_without_what_was_typed(
    client, anila, code_now, password, right_code
):
    code = code_now() if right_code else "000000"
    answer = sign_in(client, anila.name, password, code)
    assert answer.status_code == 403 and "_auth_user_id" not in client.session
    row = AuditRow.objects.get(event=Event.SIGN_IN_FAILED)
    assert password not in row.facts and row.officer is None


def test_a_code_is_good_once(client, anila, code_now):
    code = code_now()
    assert sign_in(client, anila.name, PASSWORD, code).status_code == 302
    assert sign_in(Client(), anila.name, PASSWORD, code).status_code == 403


def test_after_wrong_codes_the_right_one_waits_too_in_a_second_process_as_well(client, anila, code_now):
    for _try in range(10):
        assert sign_in(client, anila.name, PASSWORD, "000000").status_code == 403
    # Another process has no memory of its own to count in: everything stands in the table both share.
    from django.core.cache import caches

    assert caches["default"].__class__.__name__ == "DatabaseCache"
    del caches["default"]
    answer = sign_in(Client(), anila.name, PASSWORD, code_now())
    assert answer.status_code == 429 and "_auth_user_id" not in client.session


def test_codes_guessed_from_many_machines_stop_too(anila, code_now):
    for machine in range(10):
        answer = sign_in(Client(REMOTE_ADDR=f"192.0.2.{machine + 1}"), anila.name, PASSWORD, "000000")
        assert answer.status_code == 403
    assert sign_in(Client(REMOTE_ADDR="192.0.2.99"), anila.name, PASSWORD, code_now()).status_code == 429


def test_one_machine_that_guesses_passwords_locks_nobody_else_out(anila, code_now):
    guesser = Client(REMOTE_ADDR="192.0.2.7")
    codes = [sign_in(guesser, anila.name, f"guess {n} of many", "000000").status_code for n in range(12)]
    assert codes == [403] * 10 + [429] * 2
    assert sign_in(Client(REMOTE_ADDR="192.0.2.8"), anila.name, PASSWORD, code_now()).status_code == 302


def test_a_recovery_code_is_good_once(client, anila):
    first = make_recovery_codes(anila)[0]
    assert sign_in(client, anila.name, PASSWORD, first, "/access/sign-in/recovery/").status_code == 302
    assert sign_in(Client(), anila.name, PASSWORD, first, "/access/sign-in/recovery/").status_code == 403


def test_secrets_of_the_code_app_do_not_lie_open_in_the_database(anila):
    from allauth.mfa.models import Authenticator

    assert SECRET not in str(list(Authenticator.objects.values_list("data", flat=True)))


def test_a_retired_officer_comes_in_no_more_and_loses_his_session(client, make_officer, officer, code_now):
    from paricha.access.rights import Role
    from paricha.access.verbs.officers import retire_officer

    basil = make_officer("Basil", Role.ANALYST)
    set_password_and_code(basil, PASSWORD, SECRET)
    assert sign_in(client, "Basil", PASSWORD, code_now()).status_code == 302
    retire_officer(officer, basil)
    assert client.get("/access/me/").status_code == 302
    assert sign_in(Client(), "Basil", PASSWORD, code_now(1)).status_code == 403


def test_signing_out_is_logged_and_ends_the_session(client, anila, code_now):
    sign_in(client, anila.name, PASSWORD, code_now())
    assert client.get("/access/sign-out/").status_code == 405
    client.post("/access/sign-out/")
    assert AuditRow.objects.filter(event=Event.SIGNED_OUT, officer=anila.id16).count() == 1
    assert client.get("/access/me/").status_code == 302


def test_sign_in_goes_on_only_to_a_page_of_ours(client, anila, code_now):
    given = {"name": anila.name, "password": PASSWORD, "code": code_now(), "next": "https://evil.example.com/"}
    assert client.post("/access/sign-in/", given)["Location"] == "/"


def test_a_new_officer_sets_up_his_sign_in_with_a_code_that_is_good_once(client, officer, make_officer, code_now):
    from paricha.access.rights import Role

    basil = make_officer("Basil", Role.ANALYST)
    one_time = make_enrolment(officer, basil)
    assert client.post("/access/enrol/", {"code": one_time.lower()})["Location"] == "/access/enrol/set-up/"
    page = client.get("/access/enrol/set-up/").content.decode()
    assert "Basil" in page and "data:image/svg+xml" in page
    session = client.session
    session["paricha_secret"] = SECRET
    session.save()
    given = {"password": PASSWORD, "again": PASSWORD, "code": code_now()}
    page = client.post("/access/enrol/set-up/", given).content.decode()
    assert page.count("<li>") == 10
    assert client.get("/access/me/").status_code == 200
    assert Client().post("/access/enrol/", {"code": one_time}).status_code == 403
    assert sign_in(Client(), "Basil", PASSWORD, code_now(0)).status_code == 302


def test_an_enrolment_code_ends_and_a_new_one_ends_the_old(officer, make_officer, client):
    basil = make_officer("Basil")
    old, over = make_enrolment(officer, basil), make_enrolment(officer, basil, hours=0)
    for code in (old, over, "AAAAA-BBBBB-CCCCC-DDDDD"):
        assert client.post("/access/enrol/", {"code": code}).status_code == 403


def test_nobody_guesses_enrolment_codes(client, officer):
    tries = [client.post("/access/enrol/", {"code": f"GUESS-{n}"}).status_code for n in range(12)]
    assert tries == [403] * 10 + [429] * 2


def test_a_short_or_common_password_is_refused_with_words(client, officer, code_now, make_officer):
    one_time = make_enrolment(officer, make_officer("Basil"))
    client.post("/access/enrol/", {"code": one_time})
    client.get("/access/enrol/set-up/")
    session = client.session
    session["paricha_secret"] = SECRET
    session.save()
    page = client.post("/access/enrol/set-up/", {"password": "short", "again": "short", "code": code_now()})
    assert "too short" in page.content.decode()
    assert client.post("/access/enrol/", {"code": one_time}).status_code == 302, "the code is not spent by a refusal"


def test_in_a_made_up_folder_an_officer_is_chosen_and_switched(client, officer, make_officer):
    basil = make_officer("Basil")
    assert "Basil" in client.get("/access/sign-in/").content.decode()
    client.post("/access/demo/", {"officer": officer.pk})
    client.post("/access/demo/", {"officer": basil.pk})
    assert "Basil" in client.get("/access/me/").content.decode()
    assert AuditRow.objects.filter(event=Event.SIGNED_IN, facts__contains='"how": "demo"').count() == 2


def test_in_a_real_folder_nobody_is_chosen(client, officer, real_folder):
    assert "choose who you are" not in client.get("/access/sign-in/").content.decode()
    assert client.post("/access/demo/", {"officer": officer.pk}).status_code == 403
    assert "_auth_user_id" not in client.session


def test_a_mark_added_to_the_settings_of_a_real_folder_opens_nothing(client, db, home, settings, acting_as):
    from paricha.access.verbs import FIRST_KEY, make_first_officer

    made_up = settings.PARICHA
    settings.PARICHA = msgspec.structs.replace(made_up, synthetic=False)
    (home / FIRST_KEY).unlink(missing_ok=True)
    first, _key = make_first_officer(home, "Anila Kurian", "Malanad")
    settings.PARICHA = made_up
    assert client.post("/access/demo/", {"officer": first.pk}).status_code == 403
