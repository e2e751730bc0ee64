"""The addresses of the activity. Mails link to that of an event."""

from django.urls import path

from accountsite.activity import views

app_name = "activity"

urlpatterns = [
    path("activity/", views.activity, name="activity"),
    path("activity/download/", views.download, name="download"),
    path("activity/not-me/", views.anything_not_me, name="anything_not_me"),
    path("activity/<int:key>/", views.event, name="event"),
    path("activity/<int:key>/not-me/", views.not_me, name="not_me"),
    path("activity/sign-in-service/<slug:key>/", views.logged, name="logged"),
    path("activity/sign-in-service/<slug:key>/not-me/", views.logged_not_me, name="logged_not_me"),
]
