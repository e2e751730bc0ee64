"""Signing in and out."""

from django.urls import path

from accountsite.signin import backchannel, views

app_name = "signin"

urlpatterns = [
    path("sign-in/", views.start, name="start"),
    path("sign-in/again/", views.again, name="again"),
    path("sign-in/callback/", views.callback, name="callback"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("sign-out/backchannel/", backchannel.logout, name="backchannel"),
    path("signed-out/", views.signed_out, name="signed_out"),
]
