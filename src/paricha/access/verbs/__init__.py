"""What can be done with units, officers, keys, sessions, tokens, compartments and break-glass: one module a subject."""

from paricha.access.verbs.house import FIRST_KEY, add_unit, make_first_officer, make_house_keys, unit_named
from paricha.access.verbs.officers import add_officer

__all__ = ["FIRST_KEY", "add_officer", "add_unit", "make_first_officer", "make_house_keys", "unit_named"]
