"""Kinds of selectors in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from paricha.grounds.selectors import SelectorKind

KIND_WORDS = {
    SelectorKind.ADDRESS: gettext_lazy("Internet address"),
    SelectorKind.PHONE: gettext_lazy("Phone"),
    SelectorKind.EMAIL: gettext_lazy("E-mail"),
    SelectorKind.ACCOUNT: gettext_lazy("Account"),
    SelectorKind.HANDLE: gettext_lazy("Screen name"),
    SelectorKind.DEVICE: gettext_lazy("Device"),
    SelectorKind.HASH: gettext_lazy("File hash"),
    SelectorKind.URL: gettext_lazy("Web address"),
    SelectorKind.GROUP: gettext_lazy("Group"),
    SelectorKind.PAYMENT: gettext_lazy("Payment"),
}
