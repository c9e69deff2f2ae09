"""A disk that is full in the middle: refused by name, nothing half, and the next file is kept again.

The limit is the kernel's own on the size of a file (RLIMIT_FSIZE): writes fail with EFBIG where a full disk gives
ENOSPC, both in the packs and in SQLite.
"""

LIMITED = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
import io, os
from paricha.access.models import Unit
from paricha.grounds.refusals import Refused
from paricha.vault import store
from paricha.vault.models import Original
from paricha.vault.verifying import verify_originals
unit = Unit.objects.get()
store.keep(b"before", name="a", unit=unit)
store.WHOLE_UP_TO = 3_000_000
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, resource.RLIM_INFINITY))
for size in (2_500_000, 5_000_000):  # whole, and as a stream
    try:
        store.keep(io.BytesIO(os.urandom(size)), name="too large", unit=unit)
    except Refused as refused:
        print(refused.refusal.code)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
store.keep(b"after", name="b", unit=unit)
found = verify_originals()
print(found["originals"], found["good"], found["beyond"], sorted(Original.objects.values_list("name", flat=True)))
"""


def test_a_full_disk_is_named_and_nothing_is_kept_half(house):
    lines = house.python(LIMITED).splitlines()
    assert lines == ["HOUSE-DISK-FULL", "HOUSE-DISK-FULL", "2 2 0 ['a', 'b']"]
