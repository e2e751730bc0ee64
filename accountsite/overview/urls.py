"""The first page."""

from django.urls import path

from accountsite.overview import views

app_name = "overview"

urlpatterns = [path("", views.overview, name="overview")]
