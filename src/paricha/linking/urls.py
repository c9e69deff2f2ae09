"""Addresses of `linking`."""

from django.urls import path

from paricha.linking import pages

app_name = "linking"
urlpatterns = [
    path("", pages.list_page, name="list"),
    path("<id16:link>/", pages.one, name="one"),
    path("<id16:link>/decide/", pages.decide, name="decide"),
]
