"""What is said of people and files of one report: accounts, contacts, names, hashes, each where its heading put it."""

from __future__ import annotations

from paricha.intake.document import Account, Device, FileSeen, Leaf, Noted, Person, Seen, TipDocument
from paricha.intake.readers.cybertip_pdf_tables import hashes_of, same_file
from paricha.intake.readers.cybertip_pdf_values import (
    Made,
    Part,
    looks_like_mail,
    looks_like_phone,
    looks_like_url,
    place_of,
)

AGE_MOST = 150
OF_PERSON = frozenset(
    "name first middle last preferred phone email age screen user_id service display profile address".split()
)
OF_FILE = frozenset("filename original md5 sha1 sha256 viewed public categorization".split())
_VERIFIED = {"(verified)": True, "(unverified)": False, "(not verified)": False}
_OF_ESP = frozenset(("name", "first", "middle", "last", "phone", "email", "address"))


class Context:
    """What a heading opened: `kind` (overview, esp, person, file, geo, …), its person or file, the open sighting."""

    def __init__(self, kind: str, person: Person | None = None) -> None:
        self.kind, self.person = kind, person
        self.file: FileSeen | None = None
        self.seen: Seen | None = None
        self.names: dict[str, list[Part]] = {}


class Facts:
    """The tip being filled, and the heading under which the next fact stands."""

    def __init__(self, tip: TipDocument) -> None:
        self.tip, self.made = tip, Made()
        self.section = ""
        self.context = Context("overview")

    def _person(self, role: str, number: int | None) -> Person:
        of_role = [one for one in self.tip.people if one.role == role]
        if number is None:
            number = 1 if not of_role else max(one.number for one in of_role) + 1
        for one in of_role:
            if one.number == number:
                return one
        person = Person(role, number)
        self.tip.people.append(person)
        return person

    # ---- people

    def _of_person(self, kind: str, label: Part, parts: list[Part]) -> None:
        person = self.context.person
        if self.context.kind == "esp" and kind.partition(":")[0] in _OF_ESP:
            if self.made.text(parts) is None:
                return
            person = self._person("reporter", 1)
        if person is None:
            self.made.leave([label, *parts], "unsure whose")
            return
        if kind in ("first", "middle", "last"):
            self._name_part(person, kind, parts)
            return
        made = self.made
        if kind in ("name", "preferred"):
            leaf = made.text(parts)
            person.names += [leaf] if leaf and leaf.value not in [one.value for one in person.names] else []
        elif kind == "phone":
            person.phones += made.each(self._unverified(person, "phones", parts), "text", looks_like_phone)
        elif kind == "email":
            person.emails += made.each(self._unverified(person, "emails", parts), "token", looks_like_mail)
        elif kind == "address":
            leaf = made.text(parts)
            person.addresses += [leaf] if leaf else []
        elif kind == "age":
            leaf = made.whole(parts, 0, AGE_MOST, "not an age")
            person.ages += [leaf] if leaf else []
        else:
            self._account(person, kind, parts)

    def _unverified(self, person: Person, name: str, parts: list[Part]) -> list[Part]:
        """Phones or mails without the "(Verified)" after them, which is noted as in the other forms."""
        kept = []
        for part in parts:
            for count in (1, 2):
                said = " ".join(word.text for word in part.words[-count:]).casefold()
                if len(part.words) > count and said in _VERIFIED:
                    at = place_of([Part(part.page, part.words[-count:])])
                    person.other.append(Noted(f"{name}.verified", Leaf(_VERIFIED[said], at)))
                    part = Part(part.page, part.words[:-count], part.right)
                    break
            kept.append(part)
        return kept

    def _name_part(self, person: Person, kind: str, parts: list[Part]) -> None:
        """First, middle and last name are one reading, as in the other forms."""
        names = self.context.names
        if self.made.text(parts) is None:
            return
        names[kind] = parts
        held = [names[one] for one in ("first", "middle", "last") if one in names]
        leaves = [self.made.text(one) for one in held]
        text = " ".join(str(leaf.value) for leaf in leaves if leaf)
        whole = Leaf(text, place_of([part for one in held for part in one]))
        if len(held) > 1 and person.names:
            person.names[-1] = whole
        else:
            person.names.append(whole)

    def _account(self, person: Person, kind: str, parts: list[Part]) -> None:
        """Service, id and names of an account: a second of a kind opens the next account."""
        made = self.made
        leaves = (
            made.each(parts, "url", looks_like_url) if kind == "profile" else
            [leaf for leaf in [made.text(parts, "name" if kind in ("user_id", "screen") else "text")] if leaf]
        )  # fmt: skip
        name = {"screen": "screen_name", "user_id": "user_id", "service": "service"}.get(kind)
        for leaf in leaves:
            if not person.accounts or (name and getattr(person.accounts[-1], name) is not None):
                person.accounts.append(Account())
            account = person.accounts[-1]
            if name:
                setattr(account, name, leaf)
            elif kind == "display":
                account.display_names = [*account.display_names, leaf]
            else:
                account.profile_urls = [*account.profile_urls, leaf]

    def _of_person_note(self, name: str, parts: list[Part]) -> None:
        leaf = self.made.text(parts)
        if leaf and self.context.person is not None:
            self.context.person.other.append(Noted(name, leaf))
        elif leaf:
            self.tip.other.append(Noted(name, leaf))

    def _of_device(self, kind: str, label: Part, parts: list[Part]) -> None:
        leaf = self.made.text(parts, "text")
        if leaf is None:
            return
        if self.context.person is None:
            self.made.leave([label, *parts], "unsure whose")
            return
        words = [word for word in label.words if "(" in word.text or ")" in word.text]
        id_type = Leaf(kind, place_of([Part(label.page, words)])) if kind and words else None
        self.context.person.devices.append(Device(id_type, leaf))

    # ---- files

    def _of_file_fact(self, kind: str, label: Part, parts: list[Part]) -> None:
        made, context, tip = self.made, self.context, self.tip
        if kind == "filename":
            leaf = made.text(parts, "name")
            if leaf is None:
                context.file = None
                return
            context.file = same_file(tip, str(leaf.value), []) if self.section in ("B", "C") else None
            if context.file is None:
                context.file = FileSeen(leaf)
                tip.files.append(context.file)
            return
        if kind in ("md5", "sha1", "sha256"):
            self._hash(kind, label, parts)
            return
        leaf = (
            made.truth(parts)
            if kind in ("viewed", "public")
            else made.text(parts, "name" if kind == "original" else "text")
        )
        if leaf is None:
            return
        name = {"viewed": "viewed_by_reporter", "categorization": "classification", "original": "original_name"}.get(
            kind, kind
        )
        if context.file is None:
            if kind == "categorization" and context.kind != "file":
                tip.other.append(Noted("industryClassification", leaf))
            else:
                made.leave([label, *parts], "unsure of which file")
        elif getattr(context.file, name) is None:
            setattr(context.file, name, leaf)
        elif getattr(context.file, name).value != leaf.value:
            made.leave([label, *parts], "stated twice, differently")

    def _hash(self, kind: str, label: Part, parts: list[Part]) -> None:
        context = self.context
        found = hashes_of(self.made, {kind: parts})
        if not found:
            return
        if context.file is None and context.kind == "file":
            context.file = FileSeen()
            self.tip.files.append(context.file)
        file = context.file
        if file is None or any(one.algorithm == kind for one in file.hashes):
            if file is None or all(one.value.value != found[0].value.value for one in file.hashes):
                self.made.leave([label, *parts], "unsure of which file")
            return
        file.hashes.append(found[0])

    def _of_file(self, name: str, label: Part, parts: list[Part]) -> None:
        leaf = self.made.text(parts)
        if leaf and self.context.file is not None:
            self.context.file.other.append(Noted(name, leaf))
        elif leaf:
            self.made.leave([label, *parts], "unsure of which file")
