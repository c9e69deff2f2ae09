"""Addresses of `trends`."""

from django.urls import path

from paricha.trends import pages

app_name = "trends"
urlpatterns = [
    path("", pages.list_page, name="list"),
    path("<id16:operation>/", pages.brief, name="brief"),
    path("<id16:operation>/brief.pdf", pages.paper, name="paper"),
    path("<id16:operation>/<slug:key>/", pages.figure, name="figure"),
]
