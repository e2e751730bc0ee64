"""Confirm it's you."""

from django.urls import path

from accountsite.confirmation import views

app_name = "confirmation"

urlpatterns = [
    path("confirm/", views.confirmation, name="confirmation"),
    path("confirm/password/", views.password, name="password"),
    path("confirm/sign-in/", views.sign_in, name="sign_in"),
    path("confirm/signed-in/", views.signed_in, name="signed_in"),
    path("confirm/<slug:way>/send/", views.send, name="send"),
    path("confirm/<slug:way>/code/", views.code, name="code"),
]
