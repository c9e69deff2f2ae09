"""Tips as the XML a company sends (tipline reference 1.3): the same facts as in the JSON, in the schema's order.

    style = style_of(seed, report)
    report_xml(seed, report, style)         # the report, its number, and its fileDetails unless they come apart
    file_details_xml(seed, report, style)   # its fileDetails as a file of their own
    reports_xml(seed, reports, style)       # many reports in one file
    annotations_of(seed, report)            # what is stated of the report and of each file, for the truth

Both annotation styles (`<viral/>`, `<viral>true</viral>` with some `false`), with and without namespaces, under several
roots, with a byte order mark, in UTF-16, with unknown tags. Pure: same seed and report, same bytes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape, quoteattr

from paricha.synthetic.chance import hexes, stream
from paricha.synthetic.geography import STATE, Address
from paricha.synthetic.leases import utc_text
from paricha.synthetic.people import Account, Subject
from paricha.synthetic.reports import Report, ReportedFile, Sighting, estimated
from paricha.synthetic.tips_json import PROVIDER_MAIL, address_parts, free_text

NAMESPACE = "https://example.com/schema/report"
FILE_ANNOTATIONS = ("animeDrawingVirtualHentai", "potentialMeme", "viral", "possibleSelfProduction", "generativeAi")
REPORT_ANNOTATIONS = ("sextortion", "csamSolicitation", "minorToMinorInteraction", "spam", "informational")
_DECLARED = {"utf-8": "UTF-8", "utf-16": "UTF-16"}


@dataclass(frozen=True)
class XmlStyle:
    """How a report is written. `namespace`: none, default, prefix; `root`: report, response; `files`: inside, beside, own."""

    empty_tags: bool = True
    namespace: str = "none"
    root: str = "response"
    files: str = "beside"
    bom: bool = False
    encoding: str = "utf-8"
    indented: bool = True


def style_of(seed: int, report: Report) -> XmlStyle:
    """The style of a report, drawn by its number."""
    rng = stream(seed, "xml style", report.number)
    root = rng.choice(["report", "response"])
    files = "inside" if root == "report" else rng.choice(["inside", "beside", "beside"])
    utf16 = rng.random() < 0.05
    return XmlStyle(
        empty_tags=rng.random() < 0.5,
        namespace=rng.choice(["none", "none", "default", "prefix"]),
        root=root,
        files="own" if rng.random() < 0.15 else files,
        bom=utf16 or rng.random() < 0.15,
        encoding="utf-16" if utf16 else "utf-8",
        indented=rng.random() < 0.7,
    )


def annotations_of(seed: int, report: Report) -> tuple[list[str], list[list[str]]]:
    """What is stated true of the report, and of each file, in the order of the schema. A batch is viral by its first file."""
    rng = stream(seed, "xml annotations", report.number)
    of_report = ["informational"] if report.informational else []
    of_files = []
    for place, _file in enumerate(report.files):
        stated = {"possibleSelfProduction"} if rng.random() < 0.06 else set()
        stated |= {"generativeAi"} if rng.random() < 0.05 else set()
        stated |= {"viral"} if report.batched and not place else set()
        of_files.append([name for name in FILE_ANNOTATIONS if name in stated])
    return of_report, of_files


# ---- tags -------------------------------------------------------------------------------------------------------
def _tag(name: str, *inner: str, **attributes: str | None) -> str:
    """An element around others; `type_` stands for `type`."""
    said = "".join(f" {key.rstrip('_')}={quoteattr(value)}" for key, value in attributes.items() if value is not None)
    body = "".join(inner)
    return f"<{name}{said}>{body}</{name}>" if body else f"<{name}{said}/>"


def _leaf(name: str, value: object, **attributes: str | None) -> str:
    """An element with text; nothing where nothing is stated."""
    if value is None:
        return ""
    text = ("false", "true")[value] if isinstance(value, bool) else str(value)
    return _tag(name, escape(text), **attributes)


class _Writer:
    def __init__(self, seed: int, report: Report, style: XmlStyle) -> None:
        self.seed, self.report, self.style = seed, report, style
        self.rng = stream(seed, "xml", report.number)
        self.of_report, self.of_files = annotations_of(seed, report)

    def unstated(self, name: str) -> str:
        """A field of which nothing is known: left out, empty, or "N/A"."""
        return ("", f"<{name}/>", f"<{name}>N/A</{name}>", f"<{name}> </{name}>")[self.rng.randrange(4)]

    def flags(self, name: str, stated: list[str], all_of_them: tuple[str, ...]) -> str:
        """Annotations in the report's style; the older one also says what is not."""
        if self.style.empty_tags:
            return _tag(name, *(f"<{one}/>" for one in stated)) if stated else ""
        denied = all_of_them[self.rng.randrange(len(all_of_them))]
        shown = [one for one in all_of_them if one in stated or one == denied]
        return _tag(name, *(_leaf(one, one in stated) for one in shown)) if stated or self.rng.random() < 0.3 else ""

    def body(self) -> list[str]:
        """The report's children, in the order of the schema."""
        report = self.report
        batched = _tag("batchedReport", reason="VIRAL_POTENTIAL_MEME") if report.batched else ""
        people = [self.person(who, subject) for who, subject in report.people]
        victims = [_tag("victim", _tag("victimPerson", _leaf("age", age))) for age in report.victims]
        extra = [
            _tag("exampleExtension", *(_leaf("trace", one) for one in value.get("trace", ())), build=value.get("build"))
            for value in report.extra.values()
            if isinstance(value, dict)
        ]
        told = [_leaf("additionalInfo", text) for text in free_text(report)]
        return [batched, self.summary(), self.incident(), self.reporter(), *people, *victims, *told, *extra]

    def summary(self) -> str:
        report = self.report
        return _tag(
            "incidentSummary",
            _leaf("incidentType", report.incident_type),
            _leaf("platform", report.esp if self.rng.random() < 0.5 else None),
            _leaf("escalateToHighPriority", report.escalation),
            self.flags("reportAnnotations", self.of_report, REPORT_ANNOTATIONS),
            _leaf("incidentDateTime", report.incident_at.as_written) or self.unstated("incidentDateTime"),
            _leaf("incidentDateTimeDescription", report.incident_note),
        )

    def incident(self) -> str:
        report, account = self.report, self.report.accounts["suspect 1"][0]
        if report.esp == "Example Chat":
            room = _leaf("chatRoomName", f"room {report.writing % 17}")
            return _tag("internetDetails", _tag("chatImIncident", _leaf("chatClient", account.service), room))
        if report.esp == "Example Mail":
            head = _leaf("content", f"Message-ID: <{report.number}@example.com>")
            return _tag("internetDetails", _tag("emailIncident", head))
        if report.esp == "Example Share":
            url = _leaf("url", f"https://share.example.com/p/{report.writing}")
            return _tag("internetDetails", _tag("webPageIncident", url, thirdPartyHostedContent="false"))
        return ""

    def reporter(self) -> str:
        report = self.report
        name = _leaf("lastName", report.esp) if report.company != report.esp else self.unstated("lastName")
        return _tag("reporter", _tag("reportingPerson", name, _leaf("email", PROVIDER_MAIL)))

    def person(self, who: str, subject: Subject) -> str:
        suspect = who.startswith("suspect")
        name = "personOrUserReported" if suspect else "intendedRecipient"
        if self.report.free_text:
            return _tag(name, self.unstated("espIdentifier"), self.unstated("screenName")) + (
                "" if suspect else self.unstated("additionalInfo")
            )
        first, *others = self.report.accounts[who]
        inner = "personOrUserReportedPerson" if suspect else "intendedRecipientPerson"
        prior = self.report.prior if who == "suspect 1" else []
        linked = others if self.report.writing % 5 == 1 else []
        return _tag(
            name,
            self.human(inner, subject),
            *_account(first),
            _leaf("profileUrl", first.profile_url),
            _leaf("profileBio", subject.bio),
            *(self.capture(seen) for seen in self.report.sightings if seen.who == who),
            *(_tag("deviceId", _leaf("idType", kind), _leaf("idValue", value)) for kind, value in subject.devices),
            *(_leaf("priorCTReports", number) for number in prior),
            _tag("accountPermanentlyDisabled", "true") if self.report.writing % 4 == 1 else "",
            self.estimate(subject),
            *(_tag("associatedAccount", _leaf("screenName", one.screen_name), type_="Linked") for one in linked),
            _leaf("exampleScore", 7) if self.report.writing % 13 == 0 else "",
        )

    def human(self, name: str, subject: Subject) -> str:
        given_only = self.report.writing % 7 == 0
        return _tag(
            name,
            _leaf("firstName", subject.name.given),
            self.unstated("lastName") if given_only else _leaf("lastName", subject.name.second),
            *(
                _leaf("phone", one, type_="Mobile", verified=self.rng.choice(["true", "false"]))
                for one in subject.phones
            ),
            *(_leaf("email", one, type_="Home", verified="true") for one in subject.emails),
            _address(subject.stated_address) if subject.stated_address else "",
            _leaf("age", subject.age if self.report.writing % 4 == 0 else None),
            _leaf("dateOfBirth", subject.date_of_birth),
        )

    def estimate(self, subject: Subject) -> str:
        home = estimated(self.report, subject)
        if home is None:
            return ""
        parts = (_leaf("city", home.local_body), _leaf("region", STATE[1]), _leaf("countryCode", "IN"))
        return _tag("estimatedLocation", *parts, verified="false", timestamp=utc_text(self.report.received))

    def capture(self, seen: Sighting) -> str:
        return _tag(
            "ipCaptureEvent",
            _leaf("ipAddress", seen.address),
            _leaf("eventName", seen.event.title()),
            _leaf("dateTime", seen.at.as_written) or self.unstated("dateTime"),
            _leaf("possibleProxy", seen.possible_proxy),
            _leaf("port", seen.port),
        )

    def file(self, number: int, file: ReportedFile) -> str:
        report = self.report
        pair = _tag("nameValuePair", _leaf("name", "SHA1"), _leaf("value", file.sha1)) if file.sha1 else ""
        as_pair = bool(pair) and report.writing % 2 == 1
        camera = _tag("nameValuePair", _leaf("name", "Make"), _leaf("value", "Example Camera"))
        return _tag(
            "fileDetails",
            _leaf("reportId", report.number),
            _leaf("fileId", hexes(self.seed, 32, "file id", report.number, number)),
            _leaf("fileName", file.name),
            _leaf("originalFileName", file.original_name),
            _leaf("uploadedToEspTimestamp", file.uploaded_at),
            _leaf("fileViewedByEsp", file.viewed),
            _leaf("publiclyAvailable", file.public),
            _leaf("fileRelevance", "Reported"),
            self.flags("fileAnnotations", self.of_files[number - 1], FILE_ANNOTATIONS),
            _leaf("industryClassification", file.classification),
            _leaf("originalFileHash", file.verification_hash, hashType="MD5"),
            _leaf("originalFileHash", None if as_pair else file.sha1, hashType="SHA1"),
            *(self.capture(seen) for seen in report.sightings if seen.who == f"file {number}"),
            _tag("details", camera, type_="EXIF") if report.writing % 11 == 0 else "",
            _tag("details", pair, type_="HASH") if as_pair else "",
            _leaf("additionalInfo", file.note),
        )

    def files(self) -> list[str]:
        return [self.file(number, file) for number, file in enumerate(self.report.files, start=1)]

    def whole(self) -> str:
        """The report with its number, and its files where they do not come apart."""
        body, number = self.body(), _leaf("reportId", self.report.number)
        inside = self.files() if self.style.files == "inside" else []
        if self.style.root == "report":
            return _tag("report", number, *body, *inside)
        response = _tag("reportResponse", "<responseCode>0</responseCode>", number)
        beside = self.files() if self.style.files == "beside" else []
        return _tag("exchange", response, _tag("report", *body, *inside), *beside)


def _account(account: Account) -> tuple[str, ...]:
    return (
        _leaf("espIdentifier", account.user_id),
        _leaf("espService", account.service),
        _leaf("screenName", account.screen_name),
        _leaf("displayName", account.display_name),
    )


def _address(address: Address) -> str:
    street, _nothing, town, state, pin, country = address_parts(address)
    return _tag(
        "address",
        _leaf("address", street),
        _leaf("city", town),
        _leaf("zipCode", pin),
        _leaf("nonUsaState", state),
        _leaf("country", country),
        type_="Home",
    )


# ---- files ------------------------------------------------------------------------------------------------------
def report_xml(seed: int, report: Report, style: XmlStyle) -> bytes:
    """One report as a file."""
    return _document(_Writer(seed, report, style).whole(), style)


def file_details_xml(seed: int, report: Report, style: XmlStyle) -> bytes | None:
    """The `fileDetails` of a report as a file of their own; None where it has no files."""
    files = _Writer(seed, report, style).files()
    return _document(_tag("files", *files), style) if files else None


def reports_xml(seed: int, reports: Iterable[Report], style: XmlStyle) -> bytes:
    """Many reports in one file; `files="own"` becomes `beside`, after all reports."""
    writers = [_Writer(seed, report, style) for report in reports]
    apart = [file for writer in writers for file in writer.files()] if style.files == "own" else []
    return _document(_tag("exchanges", *(writer.whole() for writer in writers), *apart), style)


def plain_style(style: XmlStyle) -> XmlStyle:
    """The same without namespaces, marks and line breaks: for what is built upon by hand."""
    return replace(style, namespace="none", bom=False, encoding="utf-8", indented=False)


def _document(root: str, style: XmlStyle) -> bytes:
    text = root
    if style.namespace == "prefix":
        text = text.replace("</", "\0/").replace("<", "<r:").replace("\0/", "</r:")
    if style.indented:
        text = text.replace("><", ">\n<")
    end = next(place for place, sign in enumerate(text) if sign in " />")
    named = {"default": f' xmlns="{NAMESPACE}"', "prefix": f' xmlns:r="{NAMESPACE}"'}.get(style.namespace, "")
    text = f'<?xml version="1.0" encoding="{_DECLARED[style.encoding]}"?>\n{text[:end]}{named}{text[end:]}\n'
    if style.encoding == "utf-16":
        return b"\xff\xfe" + text.encode("utf-16-le")
    return (b"\xef\xbb\xbf" if style.bom else b"") + text.encode()
