"""Refusal codes of the running house."""

from paricha.grounds.refusals import register

register(
    SITE_NAME="This is no name a certificate can be made for.",
    SITE_NO_CERTIFICATE="No certificate stands for this name; `paricha tls make` makes it.",
    SITE_PORT_TAKEN="The port is in use by another program.",
    SITE_SERVES_ALREADY="This data folder is being served already.",
)
