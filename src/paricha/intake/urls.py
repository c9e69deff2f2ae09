"""Pages of intake."""

from django.urls import path

from paricha.intake.pages import batches, entering, mapping

app_name = "intake"
urlpatterns = [
    path("", batches.batches, name="batches"),
    path("upload/", batches.upload, name="upload"),
    path("enter/", entering.enter, name="enter"),
    path("batch/<id16:id>/", batches.batch, name="batch"),
    path("batch/<id16:id>/upload/", batches.upload, name="upload_more"),
    path("batch/<id16:id>/file/<int:position>/", batches.file, name="file"),
    path("batch/<id16:id>/file/<int:position>/mapping/", mapping.mapping, name="mapping"),
    path("batch/<id16:id>/file/<int:position>/retry/", batches.retry, name="retry"),
]
