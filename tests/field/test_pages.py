"""The board and the control room, as the officers on duty see them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone


def client_of(officer):
    client = Client()
    client.force_login(officer.user)
    return client


def test_the_board_the_control_room_and_the_events(morning):
    from paricha.operations.verbs.stops import stop

    operation, teams = morning.released(north=1, south=1)
    phone = morning.phones[teams[0].name]
    site = phone.open(phone.packages()[0])["sites"][0]["id"]
    phone.sign("at-the-place", site=site)
    phone.send()
    room = client_of(morning.controller)
    said = room.get(reverse("field:index"), follow=True).content.decode()
    assert all(team.name in said for team in teams) and "At the place" in said and "Never" in said
    assert 'data-live="field: operations:"' in said
    local = timezone.now() + timedelta(hours=5, minutes=30)
    given = {"site": teams[1].sites.first().pk.hex(), "kind": "entered", "caller": "The leader",
             "happened_at": (local - timedelta(minutes=3)).strftime("%Y-%m-%dT%H:%M"),
             "told_at": (local - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M")}  # fmt: skip
    assert room.get(reverse("field:enter", args=[operation.id])).status_code == 200
    assert room.post(reverse("field:enter", args=[operation.id]), given).status_code == 302
    part = room.get(reverse("field:board", args=[operation.id]), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "Inside" in part and "by telephone" in part
    made = stop(morning.commander, operation, site=None, reason="The news is out.")
    assert "has not acknowledged it" in room.get(reverse("field:board", args=[operation.id])).content.decode()
    phone.sign("stop-acknowledged", package=phone.packages()[0], payload={"words": made.id.hex()})
    phone.send()
    told = {"stop": made.id.hex(), "team": teams[1].pk.hex(), "caller": "The leader"}
    assert room.post(reverse("field:heard", args=[operation.id]), told).status_code == 302
    assert "Read by all it concerns" in room.get(reverse("field:board", args=[operation.id])).content.decode()
    from paricha.field.models import FieldEvent

    assert room.get(reverse("field:events")).status_code == 200
    for event in FieldEvent.objects.all():
        assert room.get(reverse("field:event", args=[event.id])).status_code == 200
    phone.post([{"text": "nonsense", "signature": "00"}])
    assert "FIELD-UNREADABLE" in room.get(reverse("field:refused")).content.decode()
    chief = client_of(morning.chiefs[morning.kallar.pk])
    assert chief.get(reverse("field:board", args=[operation.id])).status_code == 403
    assert chief.get(reverse("field:event", args=[event.id])).status_code == 404


@pytest.mark.django_db
def test_the_app_and_its_worker_hold_nothing_of_a_case(client):
    page = client.get("/field/app/")
    worker = client.get("/field/app/worker.js")
    assert page.status_code == worker.status_code == 200
    assert "PARICHA_FILES" in worker.content.decode() and worker["Service-Worker-Allowed"] == "/field/app/"
    assert client.get("/field/app/manifest.json").json()["scope"] == "/field/app/"


def test_the_icons_in_the_page_are_those_the_app_draws():
    import re
    from pathlib import Path

    import paricha.field

    room = Path(paricha.field.__file__).parent
    text = "".join(file.read_text() for file in room.rglob("ts/**/*.ts"))
    there = set(re.findall(r'symbol id="([a-z]+)"', (room / "templates" / "field" / "icons.html").read_text()))
    used = set(re.findall(r'icon\("([a-z]+)"', text)) | set(re.findall(r'"(unlock|lock)"', text))
    used |= {"ok", "warn", "stop", "hold", "live", "none"}
    assert used == there, "no icon is missing, and none is carried for nothing"
