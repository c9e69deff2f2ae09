"""The package as paper."""
from typing import Any


def package_pdf(plain: dict[str, Any], language: str) -> bytes:
    raise NotImplementedError
