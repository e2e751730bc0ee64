"""The one page of the directory that stands outside of the admin."""

from django.urls import path

from accountsite.directory import views

app_name = "directory"

urlpatterns = [path("invitation/", views.invitation, name="invitation")]
