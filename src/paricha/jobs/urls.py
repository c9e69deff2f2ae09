"""Pages of `jobs`: what runs, and one job with its progress."""

from django.urls import path

from . import pages

app_name = "jobs"
urlpatterns = [
    path("", pages.jobs, name="jobs"),
    path("<id16:id>/", pages.job, name="job"),
    path("<id16:id>/progress/", pages.progress, name="progress"),
    path("<id16:id>/stop/", pages.stop, name="stop"),
    path("<id16:id>/again/", pages.again, name="again"),
]
