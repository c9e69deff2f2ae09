"""People of an ESP's report (tipline 1.3): reported, recipients, victims, the company's own, with their accounts."""

from __future__ import annotations

from paricha.intake.document import Account, Leaf, Noted, Person, PlaceSaid, TipDocument
from paricha.intake.readers.cybertip_people import AGE_MOST
from paricha.intake.readers.cybertip_xml_parts import read_capture, read_device, read_prior
from paricha.intake.readers.cybertip_xml_walk import At, Facts, Walk

NAME_PARTS = ("firstName", "middleName", "lastName")
ADDRESS_PARTS = ("address", "city", "state", "nonUsaState", "zipCode", "country")  # the order of the JSON's parts
PERSON_ELEMENTS = ("personOrUserReportedPerson", "intendedRecipientPerson", "victimPerson", "person")
_CONTACT = frozenset((*NAME_PARTS, "phone", "email", "address"))
_IN_PERSON = _CONTACT | {"age", "approximateAge", "dateOfBirth", "ageAssertionDiscrepancy"}
_ACCOUNT = frozenset("espIdentifier espService screenName displayName profileUrl".split())
_NOTED = (
    "profileBio groupIdentifier compromisedAccount accountTemporarilyDisabled accountPermanentlyDisabled vehicleDescription "
    "thirdPartyUserReported allEmailsReported schoolName additionalInfo"
).split()
_LISTED = ("ipCaptureEvent", "deviceId", "priorCTReports", "priorCTReport", "estimatedLocation", "associatedAccount")
_REPORTED = frozenset((*PERSON_ELEMENTS, *_ACCOUNT, *_NOTED, *_LISTED, *_IN_PERSON))
_ASSOCIATED_NOTED = (
    "firstName middleName lastName approximateAge dateOfBirth phone email address profileBio groupIdentifier "
    "compromisedAccount accountTemporarilyDisabled accountPermanentlyDisabled platform deviceId additionalInfo"
).split()
_ASSOCIATED = _ACCOUNT | frozenset((*_ASSOCIATED_NOTED, "ipCaptureEvent", "priorCTReport", "priorCTReports"))
# Accounts of the user himself; a parent's, or one of a kind nobody named, may be another person's.
_HIS_OWN = frozenset({"billing", "linked", "business", "creator"})
_PHONE_SAYS = ("type", "verified", "verificationDate", "countryCallingCode", "extension")
_SAYS = frozenset(_PHONE_SAYS)
_ESTIMATE = frozenset("city region countryCode verified timestamp".split())


def read_person(walk: Walk, tip: TipDocument, at: At, role: str) -> None:
    """Add a person with the sightings and places said of him."""
    element, path = at
    person = Person(role, 1 + sum(1 for one in tip.people if one.role == role))
    tip.people.append(person)
    facts = walk.facts(element, path, _REPORTED)
    holders = [holder for name in PERSON_ELEMENTS for holder in facts.get(name, ())]
    for holder, inner in holders:
        _read_human(walk, person, walk.facts(holder, inner, _IN_PERSON), inner)
    _read_human(walk, person, facts, path)
    account = read_account(walk, facts)
    if account is not None:
        person.accounts.append(account)
    for one in facts.get("associatedAccount", ()):
        _read_associated(walk, tip, person, one)
    for one in facts.get("ipCaptureEvent", ()):
        read_capture(walk, tip, one, "person", person.who)
    for one in facts.get("deviceId", ()):
        device = read_device(walk, one, person.other)
        person.devices += [device] if device else []
    for one in (*facts.get("priorCTReports", ()), *facts.get("priorCTReport", ())):
        _add_prior(walk, tip, person, one)
    for one in facts.get("estimatedLocation", ()):
        _read_estimate(walk, tip, person, one)
    walk.note_all(facts, _NOTED, "", person.other)


def _add_prior(walk: Walk, tip: TipDocument, person: Person, at: At) -> None:
    found = read_prior(walk, at)
    person.prior_reports += found
    tip.prior_reports += found


def _read_human(walk: Walk, person: Person, facts: Facts, path: str) -> None:
    read_contacts(walk, person, facts, path)
    for name in ("age", "approximateAge"):
        age = walk.whole(walk.one(facts, name), 0, AGE_MOST, "not an age")
        person.ages += [age] if age else []
    walk.note_all(facts, ("dateOfBirth", "ageAssertionDiscrepancy"), "", person.other)


def read_contacts(walk: Walk, person: Person, facts: Facts, path: str) -> None:
    """Name, phones, e-mails and addresses of a person element."""
    name = joined(walk, facts, path, NAME_PARTS, " ")
    person.names += [name] if name else []
    for field, names, into in (("phones", "phone", person.phones), ("emails", "email", person.emails)):
        for at in facts.get(names, ()):
            leaf = _contact(walk, at, field, person.other)
            into += [leaf] if leaf else []
    for at in facts.get("address", ()):
        _read_postal(walk, person, at)


def joined(walk: Walk, facts: Facts, path: str, parts: tuple[str, ...], between: str) -> Leaf | None:
    """Texts joined to one reading: located at the part where it is one, else at the element that holds them."""
    leaves = [leaf for part in parts if part in facts and (leaf := walk.only(facts, part))]
    if len(leaves) < 2:
        return leaves[0] if leaves else None
    return Leaf(between.join(str(leaf.value) for leaf in leaves), path)


def _contact(walk: Walk, at: At, field: str, other: list[Noted]) -> Leaf | None:
    element, path = at
    if element in walk.attributed:
        for name in _PHONE_SAYS:
            said = walk.attribute(name, element, path)
            if said:
                other.append(Noted(f"{field}.{name}", said))
    return walk.text(at, _SAYS)


def _read_postal(walk: Walk, person: Person, at: At) -> None:
    element, path = at
    kind = walk.attribute("type", element, path) if element in walk.attributed else None
    if kind:
        person.other.append(Noted("addresses.type", kind))
    if len(element):
        leaf = joined(walk, walk.facts(element, path, frozenset(ADDRESS_PARTS), _SAYS), path, ADDRESS_PARTS, ", ")
    else:
        leaf = walk.text(at, _SAYS)
    person.addresses += [leaf] if leaf else []


def read_account(walk: Walk, facts: Facts) -> Account | None:
    """The account that stands directly in a person or an `associatedAccount`; several screen names differ, so none is used."""
    account = Account(walk.only(facts, "espService"), walk.only(facts, "espIdentifier"), walk.only(facts, "screenName"))
    for name, into in (("displayName", "display_names"), ("profileUrl", "profile_urls")):
        found = [leaf for at in facts.get(name, ()) if (leaf := walk.text(at))]
        setattr(account, into, found)
    stated = account.service or account.user_id or account.screen_name or account.display_names or account.profile_urls
    return account if stated else None


def _read_associated(walk: Walk, tip: TipDocument, person: Person, at: At) -> None:
    """A further account. One of another person (a parent's) is noted, and its sightings are the report's."""
    element, path = at
    kind = walk.attribute("type", element, path)
    own = kind is not None and str(kind.value).casefold() in _HIS_OWN
    facts = walk.facts(element, path, _ASSOCIATED, frozenset({"type"}))
    if kind:
        person.other.append(Noted("associatedAccount.type", kind))
    walk.note_all(facts, _ASSOCIATED_NOTED, "associatedAccount.", person.other)
    if own:
        account = read_account(walk, facts)
        if account is not None and not _joins(account, person.accounts):
            person.accounts.append(account)
    else:
        walk.note_all(facts, sorted(_ACCOUNT), "associatedAccount.", person.other)
    for one in facts.get("ipCaptureEvent", ()):
        read_capture(walk, tip, one, *(("person", person.who) if own else ("report", "report")))
    for one in (*facts.get("priorCTReport", ()), *facts.get("priorCTReports", ())):
        if own:
            _add_prior(walk, tip, person, one)
        else:
            tip.prior_reports += read_prior(walk, one)


def _joins(account: Account, accounts: list[Account]) -> bool:
    """One account a service and id: what the same one says again fills what was not stated."""
    for kept in accounts:
        if account.user_id is None or kept.user_id is None or kept.user_id.value != account.user_id.value:
            continue
        if kept.service and account.service and str(kept.service.value) != str(account.service.value):
            continue
        if kept.screen_name and account.screen_name and kept.screen_name.value != account.screen_name.value:
            continue
        kept.service = kept.service or account.service
        kept.screen_name = kept.screen_name or account.screen_name
        for name in ("display_names", "profile_urls"):
            said = {leaf.value for leaf in getattr(kept, name)}
            setattr(kept, name, [*getattr(kept, name), *(x for x in getattr(account, name) if x.value not in said)])
        return True
    return False


def _read_estimate(walk: Walk, tip: TipDocument, person: Person, at: At) -> None:
    """Where the company believes the person to be."""
    element, path = at
    facts = walk.facts(element, path, _ESTIMATE, frozenset({"verified", "timestamp"}))
    for name in ("verified", "timestamp"):
        leaf = walk.attribute(name, element, path)
        if leaf:
            person.other.append(Noted(f"espEstimatedLocations.{name}", leaf))
    walk.note_all(facts, ("verified", "timestamp"), "espEstimatedLocations.", person.other)
    place = PlaceSaid(
        "esp",
        country=walk.only(facts, "countryCode"),
        region=walk.only(facts, "region"),
        city=walk.only(facts, "city"),
    )
    if place.country or place.region or place.city:
        tip.places.append(place)
