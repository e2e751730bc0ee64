"""The addresses of the export, under those of the section."""

from django.urls import path

from accountsite.exports import views

app_name = "exports"

urlpatterns = [
    path("privacy/export/", views.exports, name="exports"),
    path("privacy/export/progress/", views.progress, name="progress"),
    path("privacy/export/file/", views.file, name="file"),
    path("privacy/export/removal/", views.removal, name="removal"),
]
