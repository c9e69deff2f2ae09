"""The 16-byte id as a database column: BLOB(16) on SQLite, bytea on PostgreSQL."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from paricha.grounds.identity import ID_BYTES, uuid7


def new_id() -> bytes:
    """A UUIDv7: the default id of what a human makes."""
    return uuid7()


class Id16Field(models.Field):  # type: ignore[type-arg]
    """16 bytes in Python; hex text is accepted where text comes in (urls, forms, JSON)."""

    description = "16-byte id"
    empty_strings_allowed = False

    def db_type(self, connection: Any) -> str:
        return "bytea" if connection.vendor == "postgresql" else "BLOB"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> bytes | None:
        return None if value is None else bytes(value)

    def to_python(self, value: Any) -> bytes | None:
        if value is None or isinstance(value, bytes):
            return value
        try:
            raw = bytes.fromhex(value) if isinstance(value, str) else bytes(value)
        except (TypeError, ValueError) as error:
            raise ValidationError("not a 16-byte id") from error
        if len(raw) != ID_BYTES:
            raise ValidationError("not a 16-byte id")
        return raw

    def get_prep_value(self, value: Any) -> bytes | None:
        return self.to_python(super().get_prep_value(value))

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return value.hex() if value else ""


class Id16Converter:
    """`<id16:tip>` in urls: 32 hex digits."""

    regex = "[0-9a-f]{32}"

    def to_python(self, value: str) -> bytes:
        return bytes.fromhex(value)

    def to_url(self, value: bytes) -> str:
        return value.hex()
