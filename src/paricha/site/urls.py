"""Every room's pages under its own name; `desk` stands at the root."""

from django.urls import include, path

from paricha.site.rooms import with_module

urlpatterns = [
    path("trust/", include("paricha.site.trust")),
    *(path("" if room == "desk" else f"{room}/", include(f"paricha.{room}.urls")) for room in with_module("urls")),
]

handler403 = "paricha.screens.pages.not_allowed"
handler404 = "paricha.screens.pages.not_found"
handler500 = "paricha.screens.pages.fault"
