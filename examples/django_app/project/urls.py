"""URLs of the project."""

from comments import views
from django.contrib import admin
from django.urls import path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("comments", views.create_comment),
    path("notifications", views.notifications),
]
