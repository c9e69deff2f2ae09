"""SQLite behind one gate: every `atomic` block waits its turn at a file lock before BEGIN IMMEDIATE.

SQLite's own busy handler sleeps and starves the short writers; with the gate a field event's p95 stays low beside
a bulk intake (measured, see docs/decisions). The gate is held from BEGIN to COMMIT or ROLLBACK.
"""

from __future__ import annotations

import fcntl
import os
from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    _gate: int | None = None

    def _start_transaction_under_autocommit(self) -> None:
        self._enter_gate()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._leave_gate()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()
        finally:
            self._leave_gate()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._leave_gate()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            self._leave_gate()

    def _enter_gate(self) -> None:
        name: Any = self.settings_dict["NAME"]
        if self._gate is not None or ":memory:" in str(name) or "mode=memory" in str(name):
            return
        gate = os.open(f"{name}.gate", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(gate, fcntl.LOCK_EX)
        self._gate = gate

    def _leave_gate(self) -> None:
        if self._gate is not None:
            os.close(self._gate)
            self._gate = None
