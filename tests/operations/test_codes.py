"""Teams are named by district; two districts whose names begin alike never share a team."""

import pytest

from paricha.access.models import Unit, UnitKind
from paricha.operations.verbs.nomination import code_of
from paricha.places.models import District

pytestmark = pytest.mark.django_db


def test_two_districts_that_begin_alike_have_two_codes():
    units = [Unit.objects.create(name=f"Alike {side}", kind=UnitKind.DISTRICT) for side in ("North", "South")]
    assert code_of(units[0]) != code_of(units[1])


def test_the_units_own_code_is_used():
    unit = Unit.objects.create(name="Alike North", kind=UnitKind.DISTRICT)
    District.objects.create(code="ALN", name="Alike North")
    assert code_of(unit) == "ALN"
