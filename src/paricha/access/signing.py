"""Signing an act on a screen: the page posts, the officer's passkey signs exactly what will be done, the verb runs.

    done = sign_and_do(request, release_package, package, at=at, words=_("Release package P-0004"))
    if isinstance(done, HttpResponse):
        return done            # the page that asks for the passkey; its answer posts to this same address again
    return redirect(...)

The statement is kept on the server, good once and for five minutes; its SHA-256 is the challenge that the passkey
signs. In made-up folders the officer's key file in the folder signs at once, so that a demonstration needs no passkey.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from fido2.utils import websafe_encode

from paricha.access.acting import Signer, acting
from paricha.access.acts import statement
from paricha.access.house import made_up
from paricha.access.keys import demo_signer
from paricha.access.passkeys import asserted, assertion_options, passkeys_of
from paricha.access.verbs.acts import keep_count, keep_prepared, take_prepared
from paricha.access.verbs_of_the_house import require
from paricha.audit.log import SignedAct
from paricha.grounds.refusals import Refused

R = TypeVar("R")
OURS = ("csrfmiddlewaretoken", "signed_act", "credential")


def sign_and_do(
    request: HttpRequest, verb: Callable[..., R], *args: Any, words: str = "", **kwargs: Any
) -> R | HttpResponse:
    """Do the signed `verb` as the officer of the page, with `args` after the officer; or the page that asks for his passkey.

    The view runs twice: at the first post it gets the asking page back, at the second, whose form carries the same
    fields and the signature, the result. So it must come to the same arguments both times and write nothing before.
    `words` say what will be done. Plain forms without files only (no htmx). Raises `Refused` as the verb does, and
    ACCESS-NO-KEY, ACCESS-SIGNATURE-WRONG, ACCESS-SIGN-IN.
    """
    officer = request.officer  # type: ignore[attr-defined]
    name: str = verb.verb_name  # type: ignore[attr-defined]
    if made_up() and (lying_here := demo_signer(officer)) is not None:
        with acting("screen", lying_here):
            return verb(officer, *args, **kwargs)
    if "signed_act" in request.POST:
        signer = _signed(request, name)
        with acting("screen", signer):
            return verb(officer, *args, **kwargs)
    if verb.verb_right is not None:  # type: ignore[attr-defined]
        require(officer, verb.verb_right, name)  # type: ignore[attr-defined]
    return _ask(request, name, verb.verb_arguments(officer, *args, **kwargs), words)  # type: ignore[attr-defined]


def _ask(request: HttpRequest, name: str, arguments: dict[str, Any], words: str) -> HttpResponse:
    if request.FILES or request.headers.get("HX-Request") or request.method != "POST":
        raise RuntimeError(f"{name}: a signed act needs a plain posted form without files")
    officer = request.officer  # type: ignore[attr-defined]
    keys = passkeys_of(officer)
    if not keys:
        raise Refused(
            "ACCESS-NO-KEY",
            _("This act is signed by your own passkey, and you have none here."),
            _("Make one on your own page, or do the act by the command line with your key file."),
        )
    prepared = keep_prepared(officer, name, statement(officer, name, arguments, [key.id for key in keys]))
    options, _state = assertion_options(request, keys, _challenge(prepared.statement))
    fields = [(field, value) for field, values in request.POST.lists() if field not in OURS for value in values]
    shown = {
        "words": words or name,
        "verb": name,
        "options": options,
        "prepared": prepared.id.hex(),
        "fields": fields,
        "address": request.get_full_path(),
        "said": json.loads(prepared.statement),
    }
    return render(request, "access/sign_act.html", shown)


def _signed(request: HttpRequest, name: str) -> Signer:
    officer = request.officer  # type: ignore[attr-defined]
    prepared = take_prepared(officer, request.POST["signed_act"], name)
    state = {"challenge": websafe_encode(_challenge(prepared.statement)), "user_verification": "required"}
    key, assertion = asserted(request, state, request.POST.get("credential", ""), passkeys_of(officer))
    keep_count(key)
    signature = json.dumps(assertion, sort_keys=True, separators=(",", ":")).encode()
    return Signer(lambda text: SignedAct(text, key.id, signature), (key.id,), prepared.statement)


def _challenge(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
