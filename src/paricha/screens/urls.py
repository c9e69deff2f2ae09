"""Pages of this room: the choice of language and light, and the sheet of all components."""

from django.urls import path

from paricha.screens import pages

app_name = "screens"
urlpatterns = [
    path("look/", pages.look, name="look"),
    path("states/", pages.states, name="states"),
]
