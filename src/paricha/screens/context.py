"""What every template may use beside its own values."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from paricha.screens import unit


def shell(request: HttpRequest) -> dict[str, Any]:
    """`officer` (None before sign-in), `unit_name`, and `synthetic`: whether the folder holds made-up data."""
    return {
        "officer": getattr(request, "officer", None),
        "unit_name": unit.unit_name(),
        "synthetic": unit.is_synthetic(),
    }
