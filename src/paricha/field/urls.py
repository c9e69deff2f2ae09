"""Addresses of `field`: the board for officers, the app and its calls for phones."""

from django.urls import path

from paricha.field import api, pages, phone

app_name = "field"
urlpatterns = [
    path("", pages.index, name="index"),
    path("events/", pages.events, name="events"),
    path("events/<id16:event>/", pages.event, name="event"),
    path("events/<id16:event>/same/", pages.same, name="same"),
    path("refused/", pages.refused, name="refused"),
    path("board/<id16:operation>/", pages.board, name="board"),
    path("board/<id16:operation>/enter/", pages.enter, name="enter"),
    path("board/<id16:operation>/heard/", pages.heard, name="heard"),
    path("app/", phone.app, name="app"),
    path("app/worker.js", phone.worker, name="worker"),
    path("app/manifest.json", pages.manifest, name="manifest"),
    path("api/enrol", api.enrol, name="api-enrol"),
    path("api/packages", api.packages, name="api-packages"),
    path("api/packages/<id16:package>", api.sealed, name="api-sealed"),
    path("api/events", api.events, name="api-events"),
]
