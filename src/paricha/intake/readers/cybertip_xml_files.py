"""`fileDetails` of an ESP (tipline 1.3), inside a report, beside it or in a file of their own: joined by `reportId`."""

from __future__ import annotations

from paricha.intake.document import FileSeen, Hash, Leaf, Noted, TipDocument
from paricha.intake.readers.cybertip_xml_parts import read_capture, read_device, read_flags
from paricha.intake.readers.cybertip_xml_walk import At, Facts, Walk
from paricha.intake.xml_places import Steps

MARK_OF = {"viral": "viral", "potentialMeme": "meme"}  # annotations by which tips fold (interfaces: "Tips")
_BY_LENGTH = {32: "md5", 40: "sha1", 64: "sha256"}
_ALGORITHMS = {"md5": "md5", "sha1": "sha1", "sha256": "sha256", "pdq": "pdq", "photodna": "photodna"}
_NOTED = "fileId uploadedToEspTimestamp locationOfFile exifViewedByEsp fileRelevance additionalInfo".split()
_OWN = "reportId fileName originalFileName fileViewedByEsp publiclyAvailable industryClassification".split()
_LISTED = "potentialMeme fileAnnotations originalFileHash ipCaptureEvent deviceId details".split()
_KNOWN = frozenset((*_NOTED, *_OWN, *_LISTED))
_TYPE = frozenset({"type"})


def file_number(steps: Steps, at: At) -> Leaf | None:
    """The report that a `fileDetails` names."""
    for local, child, path in steps.children(*at):
        if local == "reportId":
            words = (child.text or "").strip()
            if words and not len(child):
                return Leaf(words, path)
    return None


def read_file(walk: Walk, tip: TipDocument, at: At) -> None:
    """Add a file to the tip, with its sightings and the marks by which tips fold."""
    element, path = at
    facts = walk.facts(element, path, _KNOWN)
    if not facts:
        return
    walk.one(facts, "reportId")  # told where it stands twice with different values
    file = FileSeen()
    tip.files.append(file)
    file.name = walk.only(facts, "fileName")
    file.original_name = walk.only(facts, "originalFileName")
    file.viewed_by_reporter = walk.truth(walk.one(facts, "fileViewedByEsp"))
    file.public = walk.truth(walk.one(facts, "publiclyAvailable"))
    file.classification = walk.only(facts, "industryClassification")
    _annotations(walk, tip, file, facts)
    for one in facts.get("originalFileHash", ()):
        _hash(walk, file, one)
    for one in facts.get("details", ()):
        _details(walk, file, one)
    who = f"file {len(tip.files)}"
    for one in facts.get("ipCaptureEvent", ()):
        read_capture(walk, tip, one, "file", who)
    for one in facts.get("deviceId", ()):
        device = read_device(walk, one, file.other)
        for name, leaf in (("idType", device.id_type), ("idValue", device.value)) if device else ():
            if leaf:
                file.other.append(Noted(f"deviceId.{name}", leaf))
    walk.note_all(facts, _NOTED, "", file.other)


def _annotations(walk: Walk, tip: TipDocument, file: FileSeen, facts: Facts) -> None:
    stated = [
        one for at in facts.get("fileAnnotations", ()) for one in read_flags(walk, at, "fileAnnotations", file.other)
    ]
    for at in facts.get("potentialMeme", ()):
        leaf = walk.flag(at)
        if leaf is not None and leaf.value is True:
            stated.append(("potentialMeme", at[1]))
        elif leaf is not None:
            file.other.append(Noted("potentialMeme", leaf))
    for name, path in stated:
        file.annotations.append(Leaf(name, path))
        if name in MARK_OF:
            tip.marks.append(Noted(MARK_OF[name], Leaf(True, path)))


def algorithm_of(stated: str) -> str:
    """`SHA-1`, `sha1`, `SHA1 hash` → sha1; others as stated, in lower case."""
    plain = stated.casefold().replace("-", "").replace("_", "").removesuffix("hash").strip()
    return _ALGORITHMS.get(plain, plain)


def _hash(walk: Walk, file: FileSeen, at: At) -> None:
    element, path = at
    kind = walk.attribute("hashType", element, path)
    leaf = walk.text(at, frozenset({"hashType"}))
    if leaf:
        stated = algorithm_of(str(kind.value)) if kind else _BY_LENGTH.get(len(str(leaf.value)), "not stated")
        file.hashes.append(Hash(stated, leaf))


def _details(walk: Walk, file: FileSeen, at: At) -> None:
    """Name and value pairs: of EXIF noted by their name, of hashes as hashes."""
    element, path = at
    kind = walk.attribute("type", element, path)
    said = str(kind.value) if kind else ""
    facts = walk.facts(element, path, frozenset({"nameValuePair"}), _TYPE)
    for pair, inner in facts.get("nameValuePair", ()):
        named = walk.facts(pair, inner, frozenset({"name", "value"}))
        name, value = walk.only(named, "name"), walk.one(named, "value")
        algorithm = algorithm_of(str(name.value)) if name else ""
        if value is None:
            if name:
                walk.leave(inner, "a name without a value")
        elif said.casefold() == "hash" and algorithm in _ALGORITHMS:
            leaf = walk.text(value)
            file.hashes += [Hash(algorithm, leaf)] if leaf else []
        else:
            walk.note(f"{said or 'details'}.{name.value if name else 'value'}", value, file.other)
