"""The same PDFs beside pypdf, which gives plain text without places."""

from bench.measure import Row, Way
from bench.rows.pdf_reports import VERSIONS, ours, peer, prepare

ROW = Row(
    name="pdf-reports-pypdf",
    what="As pdf-reports, beside pypdf, which gives plain text without places or fields.",
    unit="reports/s/core",
    ours=Way(ours),
    peer=Way(lambda share: peer("pypdf", share), "pypdf", lambda: VERSIONS["pypdf"]),
    target=40,
    prepare=prepare,
)
