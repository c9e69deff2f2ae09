"""Which reports come in further forms, and which in one other form only: drawn after the sheets, from streams of its own.

A viral batch is a family of reports about one shared file, each marked as standing for many users; only XML states that.
Reports that come as XML or PDF only are taken from those whose sightings lead to no customer, so that no door depends on them.
"""

from dataclasses import dataclass, field

from paricha.synthetic.chance import hexes, stream
from paricha.synthetic.reports import Report
from paricha.synthetic.sheets import SheetReport

PDF_MOST = 60  # of a large State; a PDF takes as long to write as a hundred JSON tips


@dataclass
class Further:
    """Reports by what becomes of them; a report is in one list only. `xml` and `pdf` come as JSON too."""

    xml: list[Report] = field(default_factory=list)
    pdf: list[Report] = field(default_factory=list)
    both: list[Report] = field(default_factory=list)
    xml_only: list[Report] = field(default_factory=list)
    pdf_only: list[Report] = field(default_factory=list)
    viral: list[Report] = field(default_factory=list)
    bundled: list[Report] = field(default_factory=list)

    @property
    def as_xml(self) -> list[Report]:
        """Every report written as XML, by number."""
        return sorted(self.xml + self.both + self.xml_only + self.viral, key=lambda r: r.number)

    @property
    def as_pdf(self) -> list[Report]:
        """Every report written as PDF, by number."""
        return sorted(self.pdf + self.both + self.pdf_only, key=lambda r: r.number)


def choose_further(seed: int, reports: list[Report], sheets: list[SheetReport], forms: tuple[str, ...]) -> Further:
    """Draw them; sets `json`, `only` and `batched` of the reports that come in one form only. `forms`: those written."""
    rng, count = stream(seed, "further"), len(reports)
    in_sheets = {sheet.report.number for sheet in sheets}
    fit = [r for r in reports if r.json and not r.free_text and r.number not in in_sheets]
    alone = [r for r in fit if r.files and not any(s.lease for s in r.sightings)]
    rng.shuffle(alone)
    made = Further()
    xml, pdf = "xml" in forms, "pdf" in forms
    made.viral = _take(alone, min(200, max(2, count // 60)) if xml else 0)
    made.xml_only = _take(alone, min(200, max(1, count // 100)) if xml else 0)
    made.pdf_only = _take(alone, min(20, max(1, count // 100)) if pdf else 0)
    for report in made.viral + made.xml_only + made.pdf_only:
        report.json, report.only = False, "pdf" if report in made.pdf_only else "xml"
    for place, report in enumerate(sorted(made.viral, key=lambda r: r.number)):
        family = place // 25
        report.batched = "viral"
        report.files[0].verification_hash = hexes(seed, 32, "viral", family)
        report.files[0].sha1 = hexes(seed, 40, "viral", family)
    rest = [r for r in fit if r.json]
    rng.shuffle(rest)
    made.xml = _take(rest, max(2, count // 12) if xml else 0)
    made.pdf = _take(rest, min(PDF_MOST, max(2, count // 20)) if pdf else 0)
    made.both = _take(rest, min(20, max(1, count // 60)) if xml and pdf else 0)
    made.bundled = _take(rest, min(12, max(3, count // 50)))
    return made


def _take(reports: list[Report], count: int) -> list[Report]:
    taken = reports[:count]
    del reports[:count]
    return taken
