"""The addresses of the section."""

from django.urls import path

from accountsite.privacy import views

app_name = "privacy"

urlpatterns = [
    path("privacy/", views.privacy, name="privacy"),
    path("privacy/custom-data/", views.custom_data, name="custom_data"),
]
