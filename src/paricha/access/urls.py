"""Pages of this room: sign-in, setting it up, officers, units, keys, tokens, break-glass."""

from django.urls import path

from paricha.access import enrol, own_pages, sign_in

app_name = "access"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/passkey/", sign_in.sign_in_by_passkey, name="passkey"),
    path("sign-in/recovery/", sign_in.recover, name="recover"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("demo/", sign_in.demo, name="demo"),
    path("enrol/", enrol.enrol, name="enrol"),
    path("enrol/set-up/", enrol.set_up, name="set_up"),
    path("enrol/set-up/passkey/", enrol.set_up_passkey, name="set_up_passkey"),
    path("me/", own_pages.me, name="me"),
    path("codes/", enrol.new_codes, name="new_codes"),
]
