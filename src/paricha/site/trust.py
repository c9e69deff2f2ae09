"""`/trust/`: the page that helps to put the unit's root certificate on a phone. Open to everybody; it tells nothing else."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from paricha.grounds.refusals import Refused
from paricha.site import refusals as refusals
from paricha.site import tls


def _trust() -> tls.Trust | None:
    try:
        trust = tls.trust_of(settings.HOME, settings.PARICHA.host)
    except Refused:
        return None  # localhost needs no certificate
    return trust if trust.root.exists() else None


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """How to install the root, its fingerprint to compare, and the file."""
    trust = _trust()
    fingerprint = trust.fingerprint().split(":") if trust else []
    groups = [" ".join(fingerprint[start : start + 8]) for start in range(0, len(fingerprint), 8)]
    return render(request, "site/trust.html", {"trust": trust, "groups": groups, "host": settings.PARICHA.host})


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """The root certificate as phones take it: DER."""
    trust = _trust()
    if trust is None:
        raise Http404
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    der = x509.load_pem_x509_certificate(trust.root.read_bytes()).public_bytes(Encoding.DER)
    response = HttpResponse(der, content_type="application/x-x509-ca-cert")
    response["Content-Disposition"] = f'attachment; filename="{trust.name}-root.crt"'
    return response


urlpatterns = [path("", page, name="trust"), path("root.crt", root, name="trust_root")]
