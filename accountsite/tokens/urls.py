"""Personal access tokens."""

from django.urls import path

from accountsite.tokens import views

app_name = "tokens"

urlpatterns = [
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/new/", views.new, name="new"),
    path("tokens/<slug:token_id>/name/", views.rename, name="rename"),
    path("tokens/<slug:token_id>/removal/", views.removal, name="removal"),
]
