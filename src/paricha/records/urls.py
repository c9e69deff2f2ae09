"""Addresses of `records`."""

from django.urls import path

from paricha.records.pages import things, tip, tips

app_name = "records"
urlpatterns = [
    path("", tips.tips, name="tips"),
    path("search/", things.search, name="search"),
    path("groups/", tips.groups, name="groups"),
    path("group/<id16:group>/", things.group, name="group"),
    path("selector/<id16:selector>/", things.selector, name="selector"),
    path("tip/<id16:tip>/", tip.tip, name="tip"),
    path("tip/<id16:tip>/decide/", tip.decide, name="decide"),
    path("tip/<id16:tip>/note/", tip.note, name="note"),
]
