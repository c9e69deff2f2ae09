"""CyberTipline PDFs read to tips with a rectangle for each value, beside pdfplumber, which gives words with their places."""

import os
import subprocess
import sys
from pathlib import Path

from bench.measure import CannotMeasure, Row, Way

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "src"))
INPUTS = ROOT / "build" / "bench" / "pdf-reports"
PEERS = ROOT / "bench" / "build" / "pdf-peers"
VERSIONS = {"pypdf": "7.1.0", "pdfplumber": "0.11.10"}
REPORTS, SEED = 90, 23
# What a peer does: all pages of each file, and how many reports, pages, words it saw.
SCRIPTS = {
    "pdfplumber": """
import sys, pathlib, pdfplumber
pages = words = 0
for file in sorted(pathlib.Path(sys.argv[1]).glob("*.pdf"))[: int(sys.argv[2])]:
    with pdfplumber.open(file) as document:
        for page in document.pages:
            words += len(page.extract_words())
            pages += 1
print(pages, words)
""",
    "pypdf": """
import sys, pathlib, pypdf
pages = words = 0
for file in sorted(pathlib.Path(sys.argv[1]).glob("*.pdf"))[: int(sys.argv[2])]:
    for page in pypdf.PdfReader(file).pages:
        words += len(page.extract_text().split())
        pages += 1
print(pages, words)
""",
}


def made(share: float) -> int:
    return max(6, round(REPORTS * share))


def reports(share: float) -> list:
    from paricha.synthetic.geography import Geography
    from paricha.synthetic.leases import Leases
    from paricha.synthetic.people import People
    from paricha.synthetic.reports import Reports

    tips = max(20, made(share))
    places = Geography(SEED)
    people = People(SEED, tips, places)
    return Reports(SEED, tips, people, places, Leases(SEED, people)).rows[: made(share)]


def folder(share: float) -> Path:
    return INPUTS / f"{made(share)}-{SEED}"


def prepare(share: float) -> None:
    """Makes the papers once (Typst, three layouts), and the peers' own environment."""
    from paricha.synthetic.tips_pdf import report_pdf

    into = folder(share)
    into.mkdir(parents=True, exist_ok=True)
    for number, report in enumerate(reports(share)):
        file = into / f"{number:04d}.pdf"
        if not file.exists():
            file.write_bytes(report_pdf(report))


def python_of_peers() -> Path:
    """The peers' interpreter, with both installed. Raises `CannotMeasure` where they can't be."""
    python = PEERS / "bin" / "python"
    wanted = [f"{name}=={version}" for name, version in VERSIONS.items()]
    if not (PEERS / "done").exists():
        for command in (
            [sys.executable, "-m", "venv", str(PEERS)],
            [str(python), "-m", "pip", "install", "-q", *wanted],
        ):
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode != 0:
                raise CannotMeasure(f"The peers can't be installed: {done.stderr.strip()[-300:]}")
        (PEERS / "done").touch()
    return python


def processor_seconds() -> float:
    """Processor time of this process, of the child that opens PDFs for it, and of those that ended."""
    from paricha.intake.pdf.apart import _child

    used = sum(os.times()[:4])
    if _child.process is not None and _child.process.poll() is None:
        fields = Path(f"/proc/{_child.process.pid}/stat").read_text().rpartition(")")[2].split()
        used += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return used


def ours(share: float) -> float:
    """Reports a second of processor time, of the child that opens the file and of the reader together."""
    from paricha.intake.document import TipDocument
    from paricha.intake.reading import read_bytes

    files = [file.read_bytes() for file in sorted(folder(share).glob("*.pdf"))[: made(share)]]
    read_bytes(files[0], name="warm.pdf", sha256="0" * 64)  # starts the child
    began = processor_seconds()
    tips = [read_bytes(data, name="report.pdf", sha256="0" * 64).documents for data in files]
    seconds = processor_seconds() - began
    for report, documents in zip(reports(share), tips, strict=True):
        tip = documents[0] if documents else None
        whole = (
            isinstance(tip, TipDocument)
            and tip.report_number is not None
            and tip.report_number.value == report.number
            and len(tip.files) == len(report.files)
            and len(tip.sightings) == (0 if report.free_text else len(report.sightings))
        )
        if not whole:
            raise CannotMeasure(f"Report {report.number} was not read whole.")
    return len(files) / seconds


def peer(name: str, share: float) -> float:
    python = python_of_peers()
    began = sum(os.times()[:4])
    done = subprocess.run(
        [python, "-c", SCRIPTS[name], folder(share), str(made(share))], capture_output=True, text=True
    )
    seconds = sum(os.times()[:4]) - began
    if done.returncode != 0 or int(done.stdout.split()[0]) < 2 * made(share):
        raise CannotMeasure(f"{name} did not read the files: {done.stderr.strip()[-300:]}")
    return made(share) / seconds


ROW = Row(
    name="pdf-reports",
    what="Made-up CyberTipline PDFs of 3 to 5 pages (Typst, three layouts) read to tips, a rectangle for each value, "
    "by processor time; the peer gives words with their places and knows no field.",
    unit="reports/s/core",
    ours=Way(ours),
    peer=Way(lambda share: peer("pdfplumber", share), "pdfplumber", lambda: VERSIONS["pdfplumber"]),
    target=40,
    prepare=prepare,
)
