"""Addresses of `exhibits`."""

from django.urls import path

from paricha.exhibits import pages

app_name = "exhibits"
urlpatterns = [
    path("", pages.list_page, name="list"),
    path("clocks/", pages.clocks, name="clocks"),
    path("clocks/<id16:clock>/", pages.clock, name="clock"),
    path("<id16:exhibit>/", pages.one, name="one"),
    path("<id16:exhibit>/hand-over/", pages.hand_over, name="hand-over"),
    path("<id16:exhibit>/mark/", pages.mark, name="mark"),
    path("<id16:exhibit>/sem/", pages.sem, name="sem"),
    path("<id16:exhibit>/label.pdf", pages.label, name="label"),
    path("<id16:exhibit>/part-a.pdf", pages.part_a, name="part-a"),
    path("moves/<id16:move>/receive/", pages.receive, name="receive"),
    path("sites/<id16:site>/seizure-list.pdf", pages.seizure, name="seizure"),
]
