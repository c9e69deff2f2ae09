"""Damage to valid files, and what may never happen when they are read: for `tests/readers/test_fuzz.py`, and by itself.

`python tools/fuzz_readers.py --form json --seconds 15 [--seed N] [--keep DIR]` lets atheris follow the readers' own branches
where it is installed (exit code 3 where it is not). A file that breaks a promise is written to DIR and named on stderr.

Promises: reading never raises; every leaf opens at its place and says there what it says in the document; every unread
block and refusal has its words. So no value is read that does not stand in the file.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import io
import json
import os
import random
import re
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "paricha.site.settings")

TIPS, SEED = 24, 3
MOST_BYTES = 400_000  # larger seeds say nothing new and cost time


class Seed(NamedTuple):
    """A valid file of a form, by the name it has in the State."""

    form: str
    name: str
    data: bytes


# ---- seeds --------------------------------------------------------------------------------------------------------
FOLDERS = {"tips": "json", "telegram": "telegram", "xml": "xml", "pdf": "pdf", "bundles": "zip", "mail": "eml"}


def seeds_of(state: Path) -> list[Seed]:
    """Every file of a written State that some reader reads, smallest first."""
    found = []
    for file in sorted((state / "files").rglob("*")):
        folder = file.relative_to(state / "files").parts[0]
        form = FOLDERS.get(folder) or (file.suffix[1:] if folder == "sheets" else None)
        if form and file.is_file() and file.stat().st_size < MOST_BYTES:
            found.append(Seed(form, f"{folder}/{file.name}", file.read_bytes()))
    found.append(Seed("entry", "entry.json", ENTRY))
    return sorted(found, key=lambda seed: (seed.form, len(seed.data), seed.name))


def mappings_of(state: Path) -> list[Any]:
    """The State's mappings, for its sheets."""
    from paricha.intake.mapping import read_mapping

    return [read_mapping(file.read_bytes()) for file in sorted((state / "files" / "mappings").glob("*.json"))]


ENTRY = (
    '{"paricha_entry":1,"form":"letter","giver":"Made-up school","received_at":"2026-08-01 09:30","received_zone":"Asia/Kolkata",'
    '"child_in_danger":"no","description":"Neutral words.","persons":[{"name":"ദീപ്തി ചിറയത്തിൽ","age":"31","phones":["+91 00000 00042"],'
    '"emails":["deepthi@example.com"],"accounts":[{"service":"Example Chat","user_id":"77","screen_name":"deepthi_7"}]}],'
    '"sightings":[{"address":"203.0.113.9","who":"suspect 1","port":"4431","at":"2026-07-30 21:10:05","zone":"UTC"}],'
    '"officer":"Anila Kurian","entered_at":"2026-08-03T10:00:00Z"}'
).encode()


# ---- damage -------------------------------------------------------------------------------------------------------
TOKENS = [
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b'"', b"\\", b"\\ud800", b"\\u0000", b"NaN", b"-Infinity", b"null",
    b'"N/A"', b"1e400", b"9" * 500, b"[" * 300, b'{"a":' * 300, b"]", b"}", b",", b"\r\n", b"\t", b"''", b"=1+1", b";",
    b"<a>", b"</", b"<!--", b"]]>", b"<![CDATA[", b"&#0;", b"&#x1F600;", b"&x;", b'<!DOCTYPE a [<!ENTITY x "y">]>', b"<?x?>",
    b"xmlns:a='b'", b"<viral/>", b"endobj", b"stream", b"endstream", b"xref", b"trailer", b"%%EOF", b"/Type", b"obj",
    b"<</Length 99999999999>>", b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"../../x", b"Content-Type: message/rfc822\n\n",
    b"Content-Transfer-Encoding: base64\n", b"--", b"=?utf-8?B?4LQ=?=", b"boundary=", "\u202e".encode(), "\u0d7b".encode(),
    b"2026-13-45T99:99:99Z", b"0001-01-01T00:00:00Z", b"9999-12-31T23:59:60+14:00", b"-1", b"65536", b"00443", b"true",
]  # fmt: skip


def _cut(rng: random.Random, data: bytes, _other: bytes) -> bytes:
    return data[: rng.randrange(len(data) + 1)] if rng.random() < 0.7 else data[rng.randrange(len(data) + 1) :]


def _flip(rng: random.Random, data: bytes, _other: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 8))):
        if changed:
            changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _token(rng: random.Random, data: bytes, _other: bytes) -> bytes:
    at = rng.randrange(len(data) + 1)
    end = at if rng.random() < 0.6 else min(len(data), at + rng.randrange(1, 40))
    return data[:at] + rng.choice(TOKENS) + data[end:]


def _part(rng: random.Random, data: bytes) -> tuple[int, int]:
    start = rng.randrange(len(data) + 1)
    return start, min(len(data), start + rng.choice((1, 7, 60, 500, 4000)))


def _double(rng: random.Random, data: bytes, _other: bytes) -> bytes:
    start, end = _part(rng, data)
    return data[:end] + data[start:end] * rng.choice((1, 2, 30)) + data[end:]


def _drop(rng: random.Random, data: bytes, _other: bytes) -> bytes:
    start, end = _part(rng, data)
    return data[:start] + data[end:]


def _splice(rng: random.Random, data: bytes, other: bytes) -> bytes:
    start, end = _part(rng, other)
    at = rng.randrange(len(data) + 1)
    return data[:at] + other[start:end] + data[at:]


def _swap(rng: random.Random, data: bytes, _other: bytes) -> bytes:
    """Two numbers or words of the file change places: still well formed, so that it goes deep."""
    words = [found.span() for found in re.finditer(rb"[\w.:-]{2,40}", data[:60_000])]
    if len(words) < 2:
        return data
    (a, b), (c, d) = sorted(rng.sample(words, 2))
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def _encode(rng: random.Random, data: bytes, _other: bytes) -> bytes:
    text = data.decode("utf-8", "replace")
    name, mark = rng.choice(
        (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff"), ("utf-32-le", b"\xff\xfe\0\0"), ("utf-16-le", b""),
         ("utf-8", b"\xef\xbb\xbf"), ("latin-1", b""), ("utf-7", b""))
    )  # fmt: skip
    return mark + text.encode(name, "replace")


BYTES: list[Callable[[random.Random, bytes, bytes], bytes]] = [
    _cut, _flip, _flip, _token, _token, _double, _drop, _splice, _swap, _swap, _encode,
]  # fmt: skip
ODD_VALUES: list[Any] = [
    None, "", "N/A", "n/a", 0, -1, 65_536, 2**70, 1.5, True, False, [], {}, [[]], [None], {"value": None}, {"value": {"value": 1}},
    "\0", "\ud800", "\u202etxet", "x" * 5000, "203.0.113.999", "2001:db8::zz", "2026-02-30T10:00:00Z", "2026-03-01T10:00", "03/04/2026",
    ["a", {"value": "b"}], {"a": {"b": {"c": {}}}}, "true", "no", "12,990000001", {"reportId": 5},
]  # fmt: skip


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every (holder, key) below a JSON value."""
    found, open_ones = [], [value]
    while open_ones:
        node = open_ones.pop()
        inner = (
            list(node.items()) if isinstance(node, dict) else list(enumerate(node)) if isinstance(node, list) else []
        )
        found += [(node, key) for key, _ in inner]
        open_ones += [item for _, item in inner]
    return found


def damage_json(rng: random.Random, data: bytes) -> bytes:
    """The tree of a JSON file changed: values, keys, shapes, order, depth; written anew. Other files as they are."""
    try:
        value = json.loads(data.decode("utf-8-sig"))
        mark = data[: data.index(b",") + 1] if data.startswith(b'{"paricha_entry"') else b""
    except ValueError:
        return data
    for _ in range(rng.choice((1, 2, 5, 20))):
        places = _places(value)
        if not places:
            break
        holder, key = rng.choice(places)
        kind = rng.randrange(7)
        if kind <= 2:
            holder[key] = copy.deepcopy(rng.choice(ODD_VALUES))
        elif kind == 3:
            other, name = rng.choice(places)
            holder[key] = json.loads(json.dumps(other[name]))
        elif kind == 4:
            holder[key] = [holder[key]] if rng.random() < 0.5 else {str(key): holder[key]}
        elif kind == 5 and isinstance(holder, dict):
            holder[str(key) + rng.choice(("", "X", "/", "~", "\ud800", " "))] = holder.pop(key)
        else:
            for _ in range(rng.choice((3, 30, 230))):
                holder[key] = {"value": holder[key]} if rng.random() < 0.8 else [holder[key]]
    if mark:
        value.pop("paricha_entry", None)
    try:
        text = json.dumps(value, ensure_ascii=rng.random() < 0.5, indent=None if mark else rng.choice((None, 1)))
    except RecursionError:  # nested more than the writer can write
        return data
    return mark + text[len(mark) and 1 :].encode("utf-8", "surrogatepass")


def damage_zip(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """One member of an archive damaged and packed again with a right checksum, so that the damage reaches its reader."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            members = [(info.filename, book.read(info)) for info in book.infolist()]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError):
        return data
    out = io.BytesIO()
    hit = rng.randrange(len(members)) if members else -1
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for place, (name, content) in enumerate(members):
            if place == hit:
                way = rng.randrange(6)
                if way == 0:
                    continue
                if way == 1:
                    name = rng.choice(
                        ("../../etc/x.json", "/abs.json", "a\\b.json", "\u202egnp.json", "x/" * 60 + "y", "CON")
                    )
                else:
                    content = rng.choice(BYTES)(rng, content, other)
            made.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def damaged(rng: random.Random, seed: Seed, other: Seed) -> bytes:
    """The seed's bytes after one to four damages; structure is damaged first, where the form has one."""
    data = seed.data
    if seed.form in ("json", "telegram", "entry") and rng.random() < 0.6:
        data = damage_json(rng, data)
    if seed.form in ("xlsx", "ods", "zip") and rng.random() < 0.7:
        data = damage_zip(rng, data, other.data)
    if data == seed.data or rng.random() < 0.4:
        for _ in range(rng.choice((1, 1, 2, 4))):
            data = rng.choice(BYTES)(rng, data, other.data)
    return data[: 4 * MOST_BYTES]


# ---- promises -----------------------------------------------------------------------------------------------------
def members_hold(data: bytes, name: str, mappings: list[Any], depth: int) -> tuple[int, int]:
    """Every promise for the members of a bundle or mail, each in its own bytes; (0, 0) for what is none."""
    from paricha.intake.containers import Damaged
    from paricha.intake.containers_known import contents_of, may_be_container

    contents = contents_of(data) if may_be_container(data[:16_384]) else None
    if contents is None:
        return 0, 0
    assert contents.why is None or contents.why.code, f"{name}: refused without a code"
    opened, refused = 0, int(contents.why is not None)
    for member in contents.members[:50]:
        inner = None
        if member.pieces is not None and not member.refused:
            try:
                inner = b"".join(member.pieces())
            except Damaged:
                pass
        if inner is None:
            refused += 1
        elif not inner.startswith((b"\x89PNG", b"RIFF")):
            found, no = check(inner[: 4 * MOST_BYTES], f"{name}!/{member.name}", mappings, depth + 1)
            opened, refused = opened + found, refused + no
    return opened, refused


def check(data: bytes, name: str, mappings: list[Any], depth: int = 0) -> tuple[int, int]:
    """Read the bytes and hold every promise; gives how many leaves were opened and how many refusals there were.

    Raises what the reader raises, or `AssertionError` with the leaf that says what its place does not.
    """
    from paricha.intake.document import leaves
    from paricha.intake.reading import read_bytes

    if depth < 2:
        opened, refused = members_hold(data, name, mappings, depth)
        if opened or refused:
            return opened, refused
    sha256 = hashlib.sha256(data).hexdigest()
    reading = read_bytes(data, name=name, sha256=sha256, mappings=mappings)
    opened = 0
    for document in reading.documents:
        assert document.sources, "a document without its source"
        for leaf in leaves(document):
            source = document.sources[leaf.form]
            if source.original == sha256:
                opened += 1
                text = opened_at(data, str(source.kind), leaf.at)
                assert stands(leaf, text, str(source.kind)), (
                    f"{name}: {leaf} does not stand there, but {str(text)[:200]!r}"
                )
            said = leaf.as_written if hasattr(leaf, "as_written") else leaf.value
            assert not (isinstance(said, str) and re.search("[\0\ud800-\udfff]", said)), f"{name}: {leaf} can't be kept"
        for block in document.unread:
            assert block.why, f"{name}: an unread block without its reason"
    for refusal in reading.refusals:
        assert refusal.code and refusal.what and refusal.remedy, refusal
    return opened, len(reading.refusals)


def opened_at(data: bytes, kind: str, at: Any) -> str | None:
    """The text at a place, None where nothing stands."""
    import paricha.intake.locating  # noqa: F401  registers the readers' places
    from paricha.grounds.refusals import Refused
    from paricha.vault.locating import text_in

    try:
        return text_in(data, kind, at)
    except Refused:
        return None


_TRUE, _FALSE = {"true", "yes", "1", "y", ""}, {"false", "no", "0", "n"}


def stands(leaf: Any, text: str | None, kind: str = "") -> bool:
    """Whether a leaf's value is what stands at its place: in full, or as the parts of a joined one."""
    if text is None:
        return False
    value = leaf.as_written if hasattr(leaf, "as_written") else leaf.value
    if kind == "entry" and hasattr(leaf, "as_written"):
        value = (
            value.rpartition(" ")[0] or value
        )  # the zone was chosen from a list; its short name is put to the typed time
    if kind == "xpath" and isinstance(value, bool | int):  # a flag opens as its markup
        text = re.sub(r"<[^>]*>", " ", text)
    if isinstance(value, bool):
        words = re.findall(r"\w+", text.casefold()) if kind == "entry" else [bare(text).casefold()]
        return any(word in (_TRUE if value else _FALSE) for word in words)
    if isinstance(value, int):
        digits = re.findall(r"\d+", text)
        return any(int(found) == abs(value) for found in digits)
    said, there = bare(str(value)), bare(text)
    if said == there or (said and said in there):
        return True
    inner = bare(json.dumps(str(value), ensure_ascii=False)[1:-1])
    return inner in there or all(
        bare(part) in there or bare(json.dumps(part, ensure_ascii=False)[1:-1]) in there
        for whole in str(value).split(", ")
        for part in whole.split()
    )


def bare(text: str) -> str:
    """A text without blanks."""
    return "".join(text.split())


# ---- atheris ------------------------------------------------------------------------------------------------------
FOLLOWED = {  # modules whose branches are followed; of the other forms all of the room's, which takes some seconds to prepare
    "json": ["paricha.intake.json_bytes", "paricha.intake.readers.json_walk", "paricha.intake.readers.cybertip_json"]
}


def main() -> int:
    """Fuzz one form for some seconds with atheris; 0: nothing found, 1: a promise broken, 3: atheris is not there."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--form", required=True)
    parser.add_argument("--seconds", type=int, default=15)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("build/fuzz"))
    chosen = parser.parse_args()
    try:
        import atheris
    except ImportError:
        print("atheris is not installed: `make install` brings it where a wheel exists.", file=sys.stderr)
        return 3
    with atheris.instrument_imports(include=FOLLOWED.get(chosen.form, ["paricha.intake"])):
        import paricha.intake.reading  # noqa: F401
    import django

    django.setup()
    from paricha.synthetic.state import write_state

    with tempfile.TemporaryDirectory(prefix="paricha-fuzz-") as folder:
        write_state(Path(folder) / "state", TIPS, SEED)
        seeds = [seed for seed in seeds_of(Path(folder) / "state") if seed.form == chosen.form]
        mappings = mappings_of(Path(folder) / "state")
        if not seeds:
            print(f"No seed of the form {chosen.form}.", file=sys.stderr)
            return 2
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        for number, seed in enumerate(seeds[:12]):
            (corpus / str(number)).write_bytes(seed.data)
        chosen.keep.mkdir(parents=True, exist_ok=True)
        words = [
            sys.argv[0], str(corpus), f"-max_total_time={chosen.seconds}", f"-seed={chosen.seed}", "-timeout=20",
            f"-artifact_prefix={chosen.keep}/{chosen.form}-", "-max_len=65536", "-print_final_stats=1", "-verbosity=0",
        ]  # fmt: skip
        atheris.Setup(words, lambda data: check(data, f"fuzz.{chosen.form}", mappings) and None)
        atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
