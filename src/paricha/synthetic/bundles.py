"""ZIP bundles and e-mails as a bureau sends them: reports with neutral media members beside them (coloured noise).

`bundles/bureau-1.zip`: reports as JSON and PDF with pictures of noise; `bureau-2.zip`: a ZIP in a ZIP; `bureau-3.zip`: a
register with its PDFs attached. `mail/forward-1.eml`: a report attached, `forward-2.eml`: a bundle attached; names in Malayalam.
What stands in them is a further form of a report, or the same content laid out in another way, or a report of its own.
"""

import io
import json
import wave
import zlib
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

from paricha.synthetic.chance import stream
from paricha.synthetic.ods import zip_bytes
from paricha.synthetic.output import write_bytes
from paricha.synthetic.reports import Report
from paricha.synthetic.tips_json import Writer

Member = tuple[str, bytes]
README = "The reports of the day, as passed on by the national bureau (made up).\n"


def noise_png(seed: int, number: int, side: int = 24) -> bytes:
    """A small picture of coloured noise (PNG, RFC 2083)."""
    rng = stream(seed, "noise", number)
    lines = b"".join(b"\0" + rng.randbytes(side * 3) for _ in range(side))
    head = side.to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big") for kind, data in parts
    )


def noise_wav(seed: int, number: int) -> bytes:
    """A tenth of a second of noise (WAV)."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(stream(seed, "sound", number).randbytes(800))
    return out.getvalue()


def json_member(seed: int, report: Report) -> Member:
    """The report's JSON laid out otherwise than in `tips/`: the same content again."""
    document: Any = Writer(seed, report).document()
    return f"report-{report.number}.json", json.dumps(document, ensure_ascii=False, indent=4).encode()


def write_bundles(
    seed: int, again: list[Report], forms: list[Member], sheet: Member, files: Path
) -> dict[str, list[str]]:
    """Write bundles and mails. `again`: reports to give as JSON once more; `forms`: named XML and PDF files; `sheet`: a

    register to lay beside them. Gives, by report number, the files in which it stands (`bundles/x.zip!/name`).
    """
    where: dict[str, list[str]] = {}
    third = (len(forms) + 2) // 3
    parts = [forms[:third], forms[third : 2 * third], forms[2 * third :]]

    def note(file: str, members: list[Member]) -> list[Member]:
        for name, _ in members:
            number = name.rpartition("-")[2].partition(".")[0]
            if number.isdecimal():
                where.setdefault(number, []).append(f"{file}!/{name}")
        return members

    first = note("bundles/bureau-1.zip", [json_member(seed, r) for r in again[0::3]] + parts[0])
    media = [("media/file-1.png", noise_png(seed, 1)), ("media/file-2.png", noise_png(seed, 2))]
    write_bytes(files / "bundles/bureau-1.zip", zip_bytes(first + media))
    inner = note("bundles/bureau-2.zip!/inner/day.zip", [json_member(seed, r) for r in again[1::3]])
    outer = note("bundles/bureau-2.zip", parts[1])
    nested = zip_bytes([*inner, ("ശബ്ദം.wav", noise_wav(seed, 1))])
    write_bytes(files / "bundles/bureau-2.zip", zip_bytes([*outer, ("inner/day.zip", nested)]))
    write_bytes(files / "bundles/bureau-3.zip", zip_bytes([sheet, *note("bundles/bureau-3.zip", parts[2])]))
    letters = note("mail/forward-1.eml", [json_member(seed, r) for r in again[2::3][:1]])
    write_bytes(files / "mail/forward-1.eml", _mail(1, [*letters, ("ചിത്രം 1.png", noise_png(seed, 3))]))
    attached = note("mail/forward-2.eml!/ടിപ്പുകൾ.zip", [json_member(seed, r) for r in again[2::3][1:]])
    zipped = zip_bytes([*attached, ("noise.png", noise_png(seed, 4))])
    write_bytes(files / "mail/forward-2.eml", _mail(2, [("ടിപ്പുകൾ.zip", zipped)]))
    return where


_TYPES = {
    "json": "application/json",
    "pdf": "application/pdf",
    "xml": "application/xml",
    "zip": "application/zip",
    "png": "image/png",
}


def _mail(number: int, attached: list[Member]) -> bytes:
    """An e-mail whose bytes depend on its parts only."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = "National bureau <national.bureau@example.com>"
    mail["To"] = "duty.desk@example.com"
    mail["Subject"] = f"ടിപ്പുകൾ {number} / Tips of the day"
    mail["Date"] = "Tue, 01 Sep 2026 09:00:00 +0530"
    mail["Message-ID"] = f"<forward-{number}@example.com>"
    mail.set_content(README)
    for name, data in attached:
        kind, _, sub = _TYPES[name.rpartition(".")[2]].partition("/")
        mail.add_attachment(data, maintype=kind, subtype=sub, filename=name)
    mail.set_boundary(f"==paricha-made-up-{number}==")
    return mail.as_bytes()
