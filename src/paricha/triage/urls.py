"""Addresses of `triage`."""

from django.urls import path

from paricha.triage import pages

app_name = "triage"
urlpatterns = [
    path("", pages.queue, name="queue"),
    path("start/", pages.start, name="start"),
    path("rules/", pages.rules, name="rules"),
    path("<id16:tip>/preview/", pages.preview, name="preview"),
    path("<id16:tip>/next/", pages.following, name="next"),
    path("<id16:tip>/previous/", pages.previous, name="previous"),
    path("<id16:tip>/take/", pages.take, name="take"),
    path("<id16:tip>/give-back/", pages.give_back, name="give-back"),
    path("<id16:tip>/decide/", pages.decide, name="decide"),
    path("decision/<id16:decision>/undo/", pages.undo, name="undo"),
]
