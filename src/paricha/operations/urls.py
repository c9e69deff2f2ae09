"""Addresses of `operations`."""

from django.urls import path

from paricha.operations.pages import devices, nominating, planning, sealing, urgent

app_name = "operations"
urlpatterns = [
    path("", planning.operations, name="list"),
    path("make/", planning.make, name="make"),
    path("devices/", devices.devices, name="devices"),
    path("devices/<id16:device>/revoke/", devices.revoke, name="revoke-device"),
    path("demands/<id16:demand>/", nominating.demand, name="demand"),
    path("demands/<id16:demand>/<str:what>/", nominating.judge, name="judge"),
    path("sites/<id16:site>/", planning.site, name="site"),
    path("sites/<id16:site>/<str:what>/", planning.change_site, name="change-site"),
    path("teams/<id16:team>/", nominating.team, name="team"),
    path("teams/<id16:team>/seal/", sealing.seal_again, name="seal-again"),
    path("teams/<id16:team>/move/<id16:nominee>/", nominating.move_member, name="move-member"),
    path("packages/<id16:package>/", sealing.package, name="package"),
    path("packages/<id16:package>/revoke/", sealing.revoke, name="revoke"),
    path("urgent/<id16:tip>/", urgent.urgent, name="urgent"),
    path("<id16:operation>/", planning.one, name="one"),
    path("<id16:operation>/choose/", planning.choose, name="choose"),
    path("<id16:operation>/times/", planning.times, name="times"),
    path("<id16:operation>/let-in/", planning.let_in, name="let-in"),
    path("<id16:operation>/demand/", planning.demand, name="send-demand"),
    path("<id16:operation>/freeze/", planning.freeze, name="freeze"),
    path("<id16:operation>/close/", planning.close, name="close"),
    path("<id16:operation>/stop/", planning.stop, name="stop"),
    path("<id16:operation>/release/", sealing.release, name="release"),
    path("<id16:operation>/seal/", sealing.seal, name="seal"),
    path("<id16:operation>/sign/", sealing.sign, name="sign"),
    path("<id16:operation>/go/", sealing.go, name="go"),
]
