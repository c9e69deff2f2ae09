"""Addresses of `attribution`."""

from django.urls import path

from paricha.attribution.pages import desk_of_requests, doors

app_name = "attribution"
urlpatterns = [
    path("", doors.doors, name="doors"),
    path("door/<id16:identity>/", doors.door, name="door"),
    path("door/<id16:identity>/sheet.pdf", doors.sheet, name="sheet"),
    path("door/<id16:identity>/decide/<str:code>/", doors.decide, name="decide"),
    path("door/<id16:identity>/confirm/", doors.confirm, name="confirm"),
    path("door/<id16:identity>/sign/", doors.sign, name="sign"),
    path("door/<id16:identity>/task/", doors.task, name="task"),
    path("door/<id16:identity>/task.pdf", doors.task_paper, name="task_paper"),
    path("door/<id16:identity>/enquiry/", doors.enquiry, name="enquiry"),
    path("overrides/", doors.overrides, name="overrides"),
    path("requests/", desk_of_requests.requests, name="requests"),
    path("requests/make/", desk_of_requests.make, name="make"),
    path("request/<id16:identity>/", desk_of_requests.one, name="request"),
    path("request/<id16:identity>/write/", desk_of_requests.write, name="write"),
    path("request/<id16:identity>/sign/", desk_of_requests.sign, name="sign_request"),
    path("request/<id16:identity>/reply/", desk_of_requests.reply, name="reply"),
    path("request/<id16:identity>/file/<str:name>", desk_of_requests.file, name="file"),
]
