"""The words of the form: which label is which field, which line is a heading, which column is which leaf.

Labels are compared by their letters and digits alone, so that wrapping, blanks and colons do not matter. Source: the
labels that open parsers of the real form look for (tipline reference 2.3), and likely spellings of the same.
"""

from __future__ import annotations

import re
from functools import lru_cache

from paricha.intake.pdf.layout import Piece, joined
from paricha.intake.pdf.sheets import Word

MOST_LABEL_WORDS = 14
NOT_STATED = frozenset(
    ("", "n/a", "na", "informationnotprovided", "notprovided", "notstated", "-", "–", "—", "notapplicable")
)


def _labels(table: str) -> dict[str, str]:
    found = {}
    for line in table.strip().splitlines():
        field, _, labels = line.strip().partition("=")
        for label in labels.split(","):
            found[plain(label)] = field.strip()
    return found


@lru_cache(maxsize=16_384)
def plain(text: str) -> str:
    """Letters and digits of a label, without case."""
    return re.sub(r"[^a-z0-9]", "", text.casefold())


FIELDS = _labels("""
    report_number = CyberTipline Report, CyberTipline Report Number, CyberTipline Report No, Report Number
    report_number = Report ID, Tipline No
    priority = Priority Level, Priority
    received = Received by NCMEC on, Received by NCMEC, Date Received, Received on, Date Received by NCMEC
    made_available = Made Available to Law Enforcement on, Made Available on, Made Available
    made_available = Date Made Available, Made Available to Law Enforcement
    processed = Date PDF Generated, PDF Generated, PDF Generated on
    note:totalUploadedFiles = Total Uploaded Files, Number of Uploaded Files, Total Files Uploaded
    note:childVictimSummary = Summary of ESP Reported Child Victim Information
    note:executiveSummary = Executive Summary
    submitter = Submitter, Reporting Electronic Service Provider, Reporting ESP, Submitter Name, Company
    submitter = ESP Name, Electronic Service Provider
    incident_type = Primary Incident Type, Incident Type
    incident_at = Incident Date/Time, Incident Date and Time, Incident Time, Incident Date, Incident Date/Time (UTC)
    incident_description = Description of Incident Date/Time, Incident Date/Time Description
    incident_description = Description of Incident Time, Incident Time Description
    escalation = Escalated to High Priority, ESP Escalation, Escalate to High Priority, Escalation
    informational = Informational
    batched = Batched Report, Batched Report Reason
    note:platform = Platform
    ncmec_class = NCMEC Classification, Classification, NCMEC Incident Type, Report Classification
    note:internationalCountry = International Country
    note:sentToLawEnforcement = Sent to Law Enforcement
    note:notes = NCMEC Note, NCMEC Notes, Notes, Note
    note:reportingEsp.id = ESP ID, Submitter ID
    additional = Additional Information, Additional Informations, Additional Info
    name = Name, Full Name, Contact Name, Contact Person, Reported Name
    first = First Name
    middle = Middle Name
    last = Last Name
    preferred = Preferred Name, Alias, Also Known As
    phone = Mobile Phone, Phone Number, Phone, Mobile Phone Number, Home Phone, Business Phone, Work Phone
    phone = Contact Phone, Recovery Phone, Cell Phone, Mobile
    email = Email Address, Email, E-mail, E-mail Address, Business Email, Contact Email, Business Email Address
    email = Recovery Email
    age = Approximate Age, Age
    person:dateOfBirth = Date of Birth, DOB
    person:gender = Gender, Sex
    person:occupation = Occupation
    person:profileBio = Profile Bio, Biography
    person:accessToChildren = Access to Children
    person:accessToChildVictim = Access to Child Victim
    person:convictedSexOffender = Convicted Sex Offender
    person:relationshipToReporter = Relationship to Reporter
    person:relationshipToChildVictim = Relationship to Child Victim
    person:physicalDescription = Physical Description
    person:vehicleDescription = Vehicle Description
    person:schoolName = School Name, School
    person:accountTemporarilyDisabled = Account Temporarily Disabled
    person:accountPermanentlyDisabled = Account Permanently Disabled, Account Disabled
    person:groupIdentifier = Group Identifier
    screen = Screen/User Name, Screen Name, User Name, Username, Screen/Username, Screen or User Name
    user_id = ESP User ID, User ID, ESP Identifier, Account ID, ESP User Identifier
    service = ESP Service, Service
    display = Display Name
    profile = Profile URL, Profile Link
    address = Address, Home Address, Postal Address, Mailing Address, Street Address
    device = Device ID, Device Identifier
    prior = Prior CyberTipline Reports, Prior CyberTip Reports, Prior Reports
    ip = IP Address, IP
    port = Port, Source Port, Port Number
    event = Event, Event Name
    seen_at = Date/Time, Date/Time (UTC), Timestamp, Date and Time, Event Date/Time, Timestamp (UTC)
    seen_at = Event Time, Login Time
    proxy = Possible Proxy
    filename = Filename, File Name
    original = Original Filename, Original File Name
    md5 = MD5, MD5 Hash, Hash (MD5)
    sha1 = SHA1, SHA-1, SHA1 Hash
    sha256 = SHA256, SHA-256, SHA256 Hash
    viewed = Did Reporting ESP view entire contents of uploaded file
    viewed = Did Reporting ESP view entire contents of uploaded file?, Viewed by ESP, File Viewed by ESP
    viewed = Viewed by Reporting ESP
    public = Were entire contents of uploaded file publicly available, Publicly Available, Was File Publicly Available
    categorization = Image Categorization by ESP, Industry Classification, Image Categorization
    categorization = File Categorization by ESP
    file:submittalId = Submittal ID, File ID
    file:exifViewedByEsp = Did Reporting ESP view the EXIF of uploaded file, EXIF Viewed by ESP
    file:fileRelevance = File Relevance
    file:uploadTime = Upload Time, Uploaded On
""")  # fmt: skip
NO_COLON = frozenset(
    "received made_available profile priority processed note:totalUploadedFiles viewed public submitter ip md5 filename".split()
)  # labels that also stand without a colon before their value
PROSE = frozenset(
    (
        "phone",
        "email",
        "name",
        "address",
        "user_id",
        "first",
        "last",
        "middle",
        "service",
        "note:notes",
        "age",
        "seen_at",
    )
)  # words that prose puts before a colon too
_PREFIXES = frozenset(label[:end] for label in FIELDS for end in range(4, len(label)))
_DEVICE = re.compile(r"Device ID(?:entifier)?\s*\((.+)\)\s*:?", re.I)
COLUMNS = {
    **{plain(label): field for label, field in {
        "IP": "address", "IP Address": "address", "Country": "country", "Country Code": "country", "Region": "region",
        "State": "region", "State/Region": "region", "Region/State": "region", "City": "city", "ISP": "organisation",
        "ISP/Organization": "organisation", "ISP/Organisation": "organisation", "Organization": "organisation",
        "Organisation": "organisation", "ISP/Org": "organisation", "Organization/ISP": "organisation",
        "Postal Code": "note:postalCode", "Zip": "note:postalCode", "Zip Code": "note:postalCode", "Postal": "note:postalCode",
        "Lat/Long": "note:latLong", "Latitude/Longitude": "note:latLong", "Lat/Lon": "note:latLong",
        "Latitude": "note:latitude", "Longitude": "note:longitude", "Lat": "note:latitude", "Long": "note:longitude",
        "Type": "note:types", "Types": "note:types", "Metro Code": "note:metropolitanCode",
        "Metropolitan Code": "note:metropolitanCode", "Area Code": "note:areaCode", "ESP": "note:esp",
        "Port": "port", "Event": "event", "Event Name": "event", "Date/Time": "at", "Date/Time (UTC)": "at utc",
        "Timestamp": "at", "Timestamp (UTC)": "at utc", "Date and Time": "at", "Date/Time UTC": "at utc", "Time (UTC)": "at utc",
        "Possible Proxy": "proxy", "Filename": "filename", "File Name": "filename", "Original Filename": "original",
        "Original File Name": "original", "MD5": "md5", "MD5 Hash": "md5", "SHA1": "sha1", "SHA-1": "sha1",
        "SHA256": "sha256", "SHA-256": "sha256", "Hash": "hash", "Image Categorization by ESP": "categorization",
        "Categorization": "categorization", "Image Categorization": "categorization", "Viewed by ESP": "viewed",
        "Publicly Available": "public", "Report": "report", "CyberTipline Report": "report", "Report Number": "report",
        "CyberTipline Report Number": "report", "Tipline No": "report", "Report ID": "report", "CyberTipline Reports": "report",
    }.items()},
}  # fmt: skip
_PEOPLE = re.compile(
    r"(Suspect|Recipient|Intended Recipient|Victim|Child Victim|Reported Person|Person Reported)\s*#?\s*(\d{1,4})?"
    r"(?:\s*\(cont(?:inued|\.|'d)?\.?\))?\s*:?",
    re.I,
)
ROLES = {
    "suspect": "suspect", "reported person": "suspect", "person reported": "suspect", "recipient": "recipient",
    "intended recipient": "recipient", "victim": "victim", "child victim": "victim",
}  # fmt: skip
_HEADINGS = (
    ("section", re.compile(r"Section\s+([A-D])\b(?!.*(?:\.{2,}|\s\d+$)).{0,90}", re.I)),
    ("contents", re.compile(r"(?:Section\s+[A-D]\b.*(?:\.{2,}\s*|\s)\d+)|(?:Table of )?Contents:?", re.I)),
    ("end", re.compile(r"This concludes Section\s+[A-D].{0,60}", re.I)),
    ("geo", re.compile(r"IP Geo-?\s?Look-?ups?(?:\s*\((.{1,60})\))?(?:\s*\(cont.{0,8}\))?\s*:?", re.I)),
    ("deconfliction", re.compile(r"(?:Automated )?Deconfliction(?: Information)?\s*:?", re.I)),
    ("summary", re.compile(r"Executive Summary\s*:?", re.I)),
    ("esp", re.compile(r"(?:Reporting Electronic Service Provider|Reporting ESP|Submitter)(?: Information)?\s*:?", re.I)),
    ("incident", re.compile(r"Incident (?:Information|Details|Summary)\s*:?", re.I)),
    ("file", re.compile(r"(?:Uploaded )?Files?(?: Information)?\s*#?(\d{1,5})?\s*:?", re.I)),
    ("file", re.compile(r"Uploaded Files? Information\s*#?(\d{1,5})?\s*:?", re.I)),
    ("additional", re.compile(r"Additional Information(?: Submitted by the Reporting ESP)?\s*:?", re.I)),
    ("law", re.compile(r"Law Enforcement Contact(?: Information)?s?\s*:?", re.I)),
)  # fmt: skip


@lru_cache(maxsize=4_096)
def heading_of(text: str) -> tuple[str, str, int | None] | None:
    """`(kind, letter or role, number)` of a heading, or None."""
    text = text.strip()
    if len(text) > 110:
        return None
    person = _PEOPLE.fullmatch(text)
    if person:
        return "person", ROLES[" ".join(person[1].casefold().split())], int(person[2]) if person[2] else None
    for kind, pattern in _HEADINGS:
        found = pattern.fullmatch(text)
        if found:
            said = found[1] if pattern.groups and found[1] else ""
            return kind, said.upper() if kind == "section" else said, int(said) if kind == "file" and said else None
    return None


def is_known_prefix(text: str) -> bool:
    """Whether a line may be the first part of a known label that goes on below."""
    return plain(text) in _PREFIXES


@lru_cache(maxsize=8_192)
def field_of(label: str) -> str | None:
    """The field of a whole label, `device:IMEI` where it names the kind of id; None where nobody knows it."""
    known = FIELDS.get(plain(label))
    if known:
        return known
    device = _DEVICE.fullmatch(label.strip())
    return f"device:{device[1].strip()}" if device else None


class Label:
    """A label at the start of a piece. `field` is None for one that nobody knows; `rest`: the words after it."""

    __slots__ = ("field", "rest", "text")

    def __init__(self, text: str, field: str | None, rest: list[Word]) -> None:
        self.text, self.field, self.rest = text, field, rest


_NOT_A_LABEL = re.compile(r"(?:https?|ftp)$|^\d|@|\\", re.I)


def label_of(piece: Piece, *, bare: bool = False) -> Label | None:
    """The label that a piece begins with. `bare`: the whole piece may be a known label without a colon."""
    words = piece.words
    best: Label | None = None
    for end in range(1, min(len(words), MOST_LABEL_WORDS) + 1):
        last = words[end - 1].text
        colon = last.find(":")
        if colon >= 0:
            text = joined(words[: end - 1]) + (" " if end > 1 else "") + last[:colon]
            field = field_of(text)
            if field or (colon == len(last) - 1 and colon and not _NOT_A_LABEL.search(text) and text[:1].isalpha()):
                after = last[colon + 1 :]
                split = [Word(after, words[end - 1].x0, words[end - 1].y0, words[end - 1].x1, words[end - 1].y1,
                              words[end - 1].cell)] if after else []  # fmt: skip
                return Label(text, field, split + words[end:])
            return best
        text = joined(words[:end])
        field = field_of(text)
        if field and ((field in NO_COLON and end < len(words)) or (end == len(words) and (bare or last.endswith("?")))):
            best = Label(text, field, words[end:])
    return best


_INNER = re.compile(r"(?:MD5|SHA-?1|SHA-?256|Port|Filename|IP):$")
_INNER_TWO = {("IP", "Address:"), ("Possible", "Proxy:"), ("Source", "Port:"), ("File", "Name:")}


def parted(piece: Piece) -> list[Piece]:
    """A piece cut before labels that stand inside it (`Filename: a.jpg MD5: …`)."""
    words, cuts = piece.words, [0]
    if piece.text.find(":", piece.text.find(":") + 1) < 0:
        return [piece]
    for place in range(2, len(words)):
        pair = (words[place].text, words[place + 1].text) if place + 1 < len(words) else ("", "")
        alone = _INNER.fullmatch(words[place].text) and words[place - 1].text not in ("IP", "Source", "Possible")
        if alone or pair in _INNER_TWO:
            cuts.append(place)
    if len(cuts) == 1:
        return [piece]
    return [Piece(piece.page, words[start:end]) for start, end in zip(cuts, [*cuts[1:], len(words)], strict=True)]


_DATE = re.compile(
    r"(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}|\d{1,2}[ -][A-Za-z]{3,9}[ -,]+\d{4})"
    r"[T ,]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?\s*\(?(?:Z|[A-Za-z]{3,4}|[+-]\d{2}:?\d{2})?\)?"
)


@lru_cache(maxsize=4_096)
def is_date(text: str) -> bool:
    """Whether a text is a date with a time, and nothing else."""
    return bool(_DATE.fullmatch(text.strip()))


_FACT = re.compile(
    r"\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{32}|https?:|@|\d{1,2}:\d{2}|^\s*(?:IP Address|Port|Filename|MD5)\b|[0-9a-f]*:[0-9a-f]*::", re.I
)  # fmt: skip


def may_repeat(text: str) -> bool:
    """Whether a line may be a running head: what looks like a fact is none, but for the report's own number and date."""
    if re.match(r"\s*(?:CyberTipline Report|Date PDF Generated)", text, re.I):
        return True
    first = text.partition(":")[0]
    return not _FACT.search(text) and not (":" in text and field_of(first)) and heading_of(text) is None
