"""Devices."""

from django.urls import path

from accountsite.devices import views

app_name = "devices"

urlpatterns = [
    path("devices/", views.devices, name="devices"),
    path("devices/others/", views.others, name="others"),
    path("devices/trusted/<str:device_id>/", views.trusted, name="trusted"),
    path("devices/<str:device_id>/", views.device, name="device"),
]
