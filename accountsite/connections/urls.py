"""The addresses of connections. A provider goes by its key, such as `github`."""

from django.urls import path

from accountsite.connections import views

app_name = "connections"

urlpatterns = [
    path("connections/", views.connections, name="connections"),
    path("connections/link/<slug:key>/", views.link, name="link"),
    path("connections/leave/<slug:key>/", views.leave, name="leave"),
    path("connections/callback/", views.callback, name="callback_of_none"),
    path("connections/callback/<slug:key>/", views.callback, name="callback"),
    path("connections/replacement/<slug:key>/", views.replacement, name="replacement"),
    path("connections/removal/<slug:key>/", views.removal, name="removal"),
    path("connections/access/<slug:secret_id>/", views.access, name="access"),
]
