"""An evening for tests: a team of a district on the urgent road, its real phone, the control room, two custodians."""

from datetime import timedelta

import pytest
from django.utils import timezone

EXHIBIT = {
    "number": "P1", "type": "phone", "make": "Example", "model": "Twelve", "colour": "black", "room": "first floor, table",
    "seized_by": "N. Babu", "seal_number": "KL-0417-22", "imei": "490154203237518", "witnesses": ["First Witness", "Second Witness"],
    "copy_given": True,
}  # fmt: skip


class Evening:
    """`site` of district Kallar with `team`; `first` and `second` custodians and an `investigator` there."""

    def __init__(self, officer, make_officer, acting_as):
        from paricha.access.models import UnitKind
        from paricha.access.rights import Role
        from paricha.access.verbs import add_unit

        self.officer, self.make_officer, self.acting_as = officer, make_officer, acting_as
        self.kallar = add_unit(officer, "Kallar", under=officer.unit, kind=UnitKind.DISTRICT)
        self.puzha = add_unit(officer, "Puzha", under=officer.unit, kind=UnitKind.DISTRICT)
        self.first = make_officer("V. Lekha", Role.CUSTODIAN, unit=self.kallar)
        self.second = make_officer("F. Antony", Role.CUSTODIAN, unit=self.kallar)
        self.stranger = make_officer("P. Suresh", Role.CUSTODIAN, Role.INVESTIGATOR, unit=self.puzha)
        self.investigator = make_officer("R. Devi", Role.INVESTIGATOR, unit=self.kallar)
        self.teams = 0
        self.operation, self.site, self.phone = self.enter_the_road()

    def enter_the_road(self, district=None):
        """An urgent operation of one site and one team with a phone: (operation, site, phone)."""
        from paricha.access.rights import Role
        from paricha.audit.fields import new_id
        from paricha.field.player import FieldPhone
        from paricha.operations.verbs.devices import invite_device
        from paricha.operations.verbs.nomination import Named
        from paricha.operations.verbs.urgent import open_urgent

        self.teams += 1
        unit = district or self.kallar
        leader = self.make_officer(f"Leader {self.teams}", Role.TEAM, unit=unit)
        operation = open_urgent(
            self.officer, new_id(), door=None, address="Lakeview 4, Made-up Town", basis="Told by the partner", district=unit,
            team=[Named(leader.name, "Inspector", True, True, True, bytes(leader.id16))], reason="A child is there now.",
        )  # fmt: skip
        _row, code = invite_device(self.officer, leader)
        phone = FieldPhone(label=f"phone {self.teams}")
        phone.enrol(code)
        return operation, operation.sites.get(), phone

    def by_phone(self, kind, payload=None, *, at=None, send=True, **which):
        phone, site = which.get("phone", self.phone), which.get("site", self.site)
        phone.sign(kind, site=site.id.hex(), payload=payload or {}, at=at)
        if send:
            answers = phone.send()
            assert all(one["stored"] for one in answers), answers

    def by_telephone(self, kind, payload=None, *, ago=timedelta(minutes=1)):
        from paricha.field.verbs import enter_for_team

        now = timezone.now() - ago
        return enter_for_team(
            self.officer, self.site.team, site=self.site, kind=kind, payload=payload or {"words": ""}, caller="Team leader",
            happened_at=now, told_at=now,
        )  # fmt: skip

    def due(self):
        from paricha.audit.feed import consume_due
        from paricha.audit.stamp import stamp_all

        for _ in range(2):
            stamp_all()
            consume_due()

    def exhibit(self, **changes):
        """One exhibit taken in."""
        from paricha.exhibits.models import Exhibit

        self.by_phone("exhibit-taken", EXHIBIT | changes)
        self.due()
        return Exhibit.objects.order_by("-id").first()


@pytest.fixture
def evening(officer, make_officer, acting_as) -> Evening:
    return Evening(officer, make_officer, acting_as)
