"""Django REST framework in one file: a model, its serializer, its view set."""

import os
import uuid
from datetime import date

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.utils.timezone import now

# Django wants the parts of an address by themselves: its documentation names no way to give it whole.
_, _, ADDRESS = os.environ["DATABASE_URL"].partition("://")
(USER, PASSWORD), (HOST, PORT) = (part.split(":") for part in ADDRESS.partition("/")[0].split("@"))
settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.postgres", "rest_framework"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": ADDRESS.partition("/")[2],
            "USER": USER,
            "PASSWORD": PASSWORD,
            "HOST": HOST,
            "PORT": PORT,
            "OPTIONS": {"pool": {"max_size": 16}, "options": "-c search_path=peers"},
        }
    },
    REST_FRAMEWORK={
        "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "DEFAULT_PERMISSION_CLASSES": [],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "UNAUTHENTICATED_USER": None,
        "PAGE_SIZE": 50,
    },
)
django.setup()

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from rest_framework import routers, serializers, viewsets


class Challenge(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    reference = models.TextField(unique=True)
    state = models.TextField(default="open")
    theme = models.TextField()
    person_ids = ArrayField(models.TextField())
    about = models.TextField()
    team = models.TextField(null=True)
    area_id = models.TextField()
    meeting_reference = models.TextField(null=True)
    raised_on = models.DateField(default=date.today)
    raised_by = models.TextField(default="a")
    owner_id = models.TextField(default="a")
    outcome = models.TextField(null=True)
    closed_on = models.DateField(null=True)
    escalation_reference = models.TextField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        app_label = "bench"
        managed = False
        db_table = "challenge"


class Event(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    type = models.TextField()
    subject = models.TextField()
    at = models.DateTimeField(default=now)
    data = models.JSONField()

    class Meta:
        app_label = "bench"
        managed = False
        db_table = "event"


class ChallengeSerializer(serializers.ModelSerializer):
    class Meta:
        model = Challenge
        exclude = ["id"]
        read_only_fields = ["reference", "state", "raised_on", "raised_by", "owner_id", "version"]


class ChallengeViewSet(viewsets.ModelViewSet):
    queryset = Challenge.objects.order_by("-raised_on", "-id")
    serializer_class = ChallengeSerializer
    lookup_field = "reference"

    @transaction.atomic
    def perform_create(self, serializer):
        challenge = serializer.save(reference=f"CHA-{uuid.uuid4()}")
        data = {"reference": challenge.reference, "theme": challenge.theme}
        Event.objects.create(type="challenge.raised", subject=challenge.reference, data=data)


router = routers.SimpleRouter(trailing_slash=False)
router.register("challenges", ChallengeViewSet)
urlpatterns = router.urls
application = get_wsgi_application()
