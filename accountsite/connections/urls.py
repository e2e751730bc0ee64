"""The addresses of connections. A provider goes by its key, such as `github`."""

from django.urls import path

from accountsite.connections import link_views, views

app_name = "connections"

urlpatterns = [
    path("connections/", views.connections, name="connections"),
    path("connections/link/<slug:key>/", link_views.link, name="link"),
    path("connections/leave/<slug:key>/", link_views.leave, name="leave"),
    path("connections/callback/", link_views.callback, name="callback_of_none"),
    path("connections/callback/<slug:key>/", link_views.callback, name="callback"),
    path("connections/replacement/<slug:key>/", link_views.replacement, name="replacement"),
    path("connections/removal/<slug:key>/", views.removal, name="removal"),
    path("connections/access/<slug:secret_id>/", views.access, name="access"),
]
