"""Pages of this room: sign-in, setting it up, officers, units, keys, tokens, break-glass."""

from django.urls import path

from paricha.access import enrol, log_pages, officer_pages, own_pages, sign_in

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
    path("me/roles/", own_pages.give_up, name="give_up"),
    path("me/keys/", own_pages.add_key, name="add_key"),
    path("keys/<id16:key>/revoke/", own_pages.end_key, name="end_key"),
    path("me/tokens/", own_pages.add_token, name="add_token"),
    path("tokens/<id16:token>/revoke/", own_pages.end_token, name="end_token"),
    path("glass/", own_pages.glass, name="glass"),
    path("glass/seen/", own_pages.glass_seen, name="glass_seen"),
    path("glass/<id16:glass>/seen/", own_pages.see, name="see"),
    path("officers/", officer_pages.officers, name="officers"),
    path("officers/add/", officer_pages.officer_add, name="officer_add"),
    path("officers/<id16:officer>/", officer_pages.officer, name="officer"),
    path("officers/<id16:officer>/roles/", officer_pages.officer_roles, name="officer_roles"),
    path("officers/<id16:officer>/code/", officer_pages.officer_code, name="officer_code"),
    path("officers/<id16:officer>/key/", officer_pages.officer_key, name="officer_key"),
    path("officers/<id16:officer>/retire/", officer_pages.officer_retire, name="officer_retire"),
    path("units/", officer_pages.units, name="units"),
    path("compartments/", officer_pages.compartments, name="compartments"),
    path("compartments/<id16:compartment>/", officer_pages.compartment_member, name="compartment_member"),
    path("log/", log_pages.log, name="log"),
    path("log/rows/<id16:row>/", log_pages.log_row, name="log_row"),
    path("log/things/<id16:thing>/", log_pages.thing, name="thing"),
    path("log/stamps/", log_pages.stamps, name="stamps"),
    path("log/head.pdf", log_pages.head_of_day, name="head_of_day"),
    path("codes/", enrol.new_codes, name="new_codes"),
]
