"""The addresses of the activity. Mails link to that of an event."""

from django.urls import path

from accountsite.activity import views

app_name = "activity"

urlpatterns = [
    path("activity/", views.activity, name="activity"),
    path("activity/<int:key>/", views.event, name="event"),
    path("activity/<int:key>/not-me/", views.not_me, name="not_me"),
]
