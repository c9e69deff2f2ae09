"""The unit's own registers in the officer's words: which there are, and what their columns may be."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

REGISTERS = {
    "cases": _("Register of cases"),
    "accused": _("Register of accused"),
    "devices": _("Register of devices"),
    "accounts": _("Register of accounts"),
}
SHORT = {"cases": _("Cases"), "accused": _("Accused"), "devices": _("Devices"), "accounts": _("Accounts")}
FIELDS = {
    "case.number": _("Case number"),
    "case.station": _("Police station"),
    "case.year": _("Year"),
    "case.sections": _("Sections of law"),
    "case.stage": _("Stage of the case"),
    "case.registered_on": _("Registered on"),
    "accused.name": _("Name of the accused"),
    "accused.father": _("Father’s name"),
    "accused.age": _("Age"),
    "accused.phone": _("Phone"),
    "accused.email": _("E-mail"),
    "accused.address": _("Postal address"),
    "device.kind": _("Kind of device"),
    "device.make": _("Make and model"),
    "device.imei": _("IMEI"),
    "device.serial": _("Serial number"),
    "device.exhibit": _("Exhibit number"),
    "device.kept_at": _("Where it is kept"),
    "device.seized_on": _("Seized on"),
    "account.service": _("Platform"),
    "account.user_id": _("User id"),
    "account.screen_name": _("Screen name"),
    "drive": _("Drive"),
    "dated": _("Other date"),
    "remarks": _("Remarks"),
}
