"""Pages of the vault: an original, marked at a place."""

from django.urls import path

from . import pages

app_name = "vault"
urlpatterns = [path("original/<str:sha>/", pages.original, name="original")]
