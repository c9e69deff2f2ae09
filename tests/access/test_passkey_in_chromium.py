"""The whole way of a passkey in a real browser with a virtual authenticator: one-time code, enrolment, sign-in, an act.

The folder counts as a real one, so nothing but the passkey can sign. The page with the act is the test's own.
"""

import json
import sys

import pytest
from django.core.management import call_command
from django.http import HttpResponse
from django.urls import include, path

from paricha.access.events import Event
from paricha.access.pages import officer_page
from paricha.access.signing import sign_and_do
from paricha.access.verbs_of_the_house import verb


@verb(may=None, event=Event.OFFICERS_READ, signed=True)
def put_down(officer, what):
    return officer


@officer_page
def act(request):
    if request.method != "POST":
        from django.middleware.csrf import get_token

        return HttpResponse(
            f'<form method="post"><input name="csrfmiddlewaretoken" type="hidden" value="{get_token(request)}">'
            '<input name="what" value="ക്ഷേത്രം"><button>Do it</button></form>'
        )
    done = sign_and_do(request, put_down, request.POST["what"], words="Put it down")
    return done if isinstance(done, HttpResponse) else HttpResponse("<p>It is done</p>")


urlpatterns = [path("act/", act), path("", include("paricha.site.urls"))]


@pytest.fixture
def authenticator(browser):
    """A page in its own context with a platform authenticator that verifies its user."""
    context = browser.new_context()
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    yield page
    context.close()


@pytest.mark.django_db(transaction=True)
def test_a_new_officer_makes_a_passkey_signs_in_with_it_and_signs_an_act(
    authenticator, live_server, home, settings, real_folder
):
    from paricha.access.models import OfficerKey
    from paricha.access.verbs import FIRST_KEY, make_first_officer
    from paricha.access.verbs.officers import make_enrolment
    from paricha.audit.export import verify_database
    from paricha.audit.models import AuditRow
    from paricha.audit.stamp import stamp_all

    settings.ROOT_URLCONF = sys.modules[__name__]
    call_command("createcachetable", verbosity=0)
    (home / FIRST_KEY).unlink(missing_ok=True)
    officer, _key = make_first_officer(home, "Anila Kurian", "Malanad")
    page, address = authenticator, live_server.url.replace("127.0.0.1", "localhost")

    page.goto(f"{address}/access/enrol/")
    page.fill("input[name=code]", make_enrolment(officer, officer))
    page.click("button.main")
    page.fill("input[name=label]", "phone of the test")
    page.click("text=Make a passkey")
    page.wait_for_url("**/access/me/")
    assert OfficerKey.objects.get(kind="passkey").label == "phone of the test"

    page.locator("button:has-text('Sign out')").first.click()
    page.wait_for_url("**/access/sign-in/")
    page.click("text=Sign in with passkey")
    page.wait_for_url(lambda url: "sign-in" not in url)
    assert AuditRow.objects.filter(event=Event.SIGNED_IN, facts__contains='"how": "passkey"').count() == 1

    page.goto(f"{address}/act/")
    page.click("text=Do it")
    page.wait_for_selector("text=It is done")
    row = AuditRow.objects.get(event=Event.OFFICERS_READ)
    assert row.key == OfficerKey.objects.get(kind="passkey").id and json.loads(row.act)["verb"] == put_down.verb_name
    assert page.faults == []

    stamp_all()
    found = verify_database()
    assert found["first_bad"] is None, "the stand-alone verifier takes what Chromium signed"
