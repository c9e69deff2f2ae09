"""The seals themselves, as properties."""

import os
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paricha.vault import sealing
from paricha.vault.sealing import SLOT_BYTES, StreamSeal, Unopened, Wrapper, open_stream, open_whole, seal_whole

SHA = bytes(range(32))


@given(st.binary(max_size=300))
def test_what_is_sealed_whole_opens_with_the_units_key_only(data):
    ours, theirs = Wrapper(os.urandom(32)), Wrapper(os.urandom(32))
    sealed, slot = seal_whole(data, SHA, ours)
    assert len(slot) == SLOT_BYTES
    assert open_whole(sealed, SHA, slot, ours) == data
    with pytest.raises(Unopened):
        open_whole(sealed, SHA, slot, theirs)
    with pytest.raises(Unopened):
        open_whole(sealed, SHA[::-1], slot, ours)
    with pytest.raises(Unopened):
        open_whole(sealed, SHA, bytes(SLOT_BYTES), ours)


@given(st.integers(1, 60), st.integers(1, 40))
def test_a_stream_opens_whole_and_not_when_it_was_cut(size, cut):
    wrapper, written, data = Wrapper(bytes(32)), bytearray(), os.urandom(size)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealing, "CHUNK", 16)
        seal = StreamSeal(written.extend)
        for start in range(0, size, 16):
            seal.feed(data[start : start + 16])
        sha256, slot = seal.end(wrapper)
        assert b"".join(open_stream(BytesIO(written).read, sha256, slot, wrapper)) == data
        with pytest.raises(Unopened):
            list(open_stream(BytesIO(written[:-cut]).read, sha256, slot, wrapper))
