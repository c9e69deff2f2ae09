"""Addresses of `operations`."""

app_name = "operations"
urlpatterns: list[object] = []
