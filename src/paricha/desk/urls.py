"""Addresses of `desk`."""

from django.urls import path

from paricha.desk import pages

app_name = "desk"
urlpatterns = [
    path("", pages.home, name="home"),
    path("notices/", pages.notices, name="notices"),
    path("notices/seen/", pages.notices_seen, name="notices-seen"),
    path("search/", pages.search, name="search"),
]
