"""Addresses of `dispatch`."""

from django.urls import path

from paricha.dispatch import pages

app_name = "dispatch"
urlpatterns = [
    path("", pages.list_page, name="list"),
    path("send/<id16:tip>/", pages.send, name="send"),
    path("<id16:dispatch>/", pages.one, name="one"),
    path("<id16:dispatch>/acknowledge/", pages.acknowledge, name="acknowledge"),
    path("<id16:dispatch>/report/", pages.report, name="report"),
    path("<id16:dispatch>/return/", pages.give_back, name="return"),
    path("<id16:dispatch>/letter.pdf", pages.letter, name="letter"),
]
