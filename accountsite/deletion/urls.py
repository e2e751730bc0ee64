"""The end of an account."""

from django.urls import path

from accountsite.deletion import views

app_name = "deletion"

urlpatterns = [
    path("privacy/deletion/", views.deletion, name="deletion"),
    path("privacy/deletion/keep/", views.keep, name="keep"),
]
