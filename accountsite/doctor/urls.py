"""Where the doctor asks how a request arrives."""

from django.urls import path

from accountsite.doctor import views

app_name = "doctor"

urlpatterns = [path("doctor/echo/", views.echo, name="echo")]
