"""Addresses of `cases`."""

from django.urls import path

from paricha.cases import pages

app_name = "cases"
urlpatterns = [
    path("", pages.list_page, name="list"),
    path("<id16:case>/", pages.one, name="one"),
    path("<id16:case>/section/", pages.section, name="section"),
    path("sites/<id16:site>/", pages.site, name="site"),
]
