"""Addresses of `operators`."""

from django.urls import path

from paricha.operators import pages

app_name = "operators"
urlpatterns = [path("", pages.operators, name="operators")]
