"""The morning of `tests/operations` is the field's too."""

from tests.operations.conftest import morning  # noqa: F401  a fixture
