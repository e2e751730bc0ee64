"""The addresses of the profile."""

from django.urls import path

from accountsite.profile import views

app_name = "profile"
urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("profile/avatar/", views.avatar, name="avatar"),
    path("profile/avatar/removal/", views.avatar_removal, name="avatar_removal"),
    path("profile/preferences/<slug:name>/", views.preference, name="preference"),
    path("profile/<slug:name>/", views.field, name="field"),
    path("avatars/<str:name>", views.avatar_file, name="avatar_file"),
]
