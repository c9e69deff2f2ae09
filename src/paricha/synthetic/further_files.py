"""Writing the further forms: XML and PDF by their writers, bundles and mails around some of them."""

from pathlib import Path

from paricha.synthetic.bundles import Member, write_bundles
from paricha.synthetic.further import Further
from paricha.synthetic.output import write_bytes
from paricha.synthetic.tips_pdf import report_pdf
from paricha.synthetic.tips_xml import file_details_xml, report_xml, style_of

FORMS = ("xml", "pdf")
Also = dict[str, list[tuple[str, str]]]


def write_further(seed: int, further: Further, files: Path) -> tuple[Also, dict[str, int]]:
    """Write `xml/`, `pdf/`, `bundles/` and `mail/`. Gives (form, file) by report number, and counts.

    Reports that come as XML and PDF lie in the bundles; of the others each is a file.
    """
    also: Also = {}
    for report in further.as_xml:
        style = style_of(seed, report)
        if report not in further.both:
            _note(also, files, "xml", f"report-{report.number}.xml", report_xml(seed, report, style))
        apart = file_details_xml(seed, report, style) if style.files == "own" else None
        if apart:
            _note(also, files, "xml", f"files-{report.number}.xml", apart)
    for report in further.as_pdf:
        if report not in further.both:
            _note(also, files, "pdf", f"report-{report.number}.pdf", report_pdf(report))
    packed: list[Member] = []
    for report in further.both:
        packed.append((f"report-{report.number}.xml", report_xml(seed, report, style_of(seed, report))))
        packed.append((f"report-{report.number}.pdf", report_pdf(report)))
    register = files / "sheets" / "register-national.xlsx"
    bundled = write_bundles(seed, further.bundled, packed, (register.name, register.read_bytes()), files)
    for number, names in bundled.items():
        also.setdefault(number, []).extend((name.rpartition(".")[2], name) for name in names)
    counted = {"bundles": 3, "mails": 2, "tips_xml": len(further.as_xml), "tips_pdf": len(further.as_pdf)}
    return also, counted | {"tips_viral": len(further.viral)}


def _note(also: Also, files: Path, form: str, name: str, data: bytes) -> None:
    write_bytes(files / form / name, data)
    number = name.partition("-")[2].partition(".")[0]
    also.setdefault(number, []).append((form, f"{form}/{name}"))
