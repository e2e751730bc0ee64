"""Where Logto sends its events."""

from django.urls import path

from accountsite.webhooks import views

app_name = "webhooks"

urlpatterns = [path("webhooks/logto/", views.logto, name="logto")]
