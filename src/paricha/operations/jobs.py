"""The clock of `operations`: at the set time, what two officers have signed is released."""

from __future__ import annotations

import logging

from django.utils import timezone

from paricha.access.acting import acting
from paricha.grounds.refusals import Refused
from paricha.jobs.schedule import every
from paricha.operations.models import Operation, OperationState, PackageState
from paricha.operations.verbs.release import release, signatures_of

log = logging.getLogger("paricha.operations")


@every(5, "operations:release")
def release_due() -> int:
    """Release every operation whose time has come and which two officers have signed, as the second of them.

    Returns the number of packages released. What is held back then waits for an officer: it is not tried again here.
    """
    released = 0
    waiting = Operation.objects.filter(
        state__in=[OperationState.SEALED, OperationState.RELEASED],
        release_at__lte=timezone.now(),
        packages__state=PackageState.SEALED,
    ).distinct()
    for operation in waiting:
        signed = signatures_of(operation)
        if len(signed) < 2:
            continue
        try:
            with acting("job"):
                released += len(release(signed[1].officer, operation))
        except Refused as refused:  # the signatory lost the right, or another process was first
            log.warning("release of %s: %s", operation.number, refused)
    return released
