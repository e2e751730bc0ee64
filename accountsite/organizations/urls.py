"""Organizations, invitations to them, and roles."""

from django.urls import path

from accountsite.organizations import views

app_name = "organizations"

urlpatterns = [
    path("organizations/", views.organizations, name="organizations"),
    path("organizations/<slug:organization_id>/leave/", views.leave, name="leave"),
    path("organizations/invitations/<slug:invitation_id>/accept/", views.accept, name="accept"),
    path("organizations/invitations/<slug:invitation_id>/decline/", views.decline, name="decline"),
]
