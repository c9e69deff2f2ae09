"""Files written by hand for the tests of the XML reader, and how they read one."""

from __future__ import annotations

import hashlib

from paricha.intake.document import Leaf, TipDocument, When
from paricha.intake.reading import FileReading, read_bytes

# By hand, after the schema's order (reference tipline 1.3): annotations as true and false, no namespace, a wrapper with the
# number in a response before the report, two people of one role, a device, an account of a parent, a prior report.
PLAIN = """<?xml version="1.0" encoding="UTF-8"?>
<exchange>
 <reportResponse><responseCode>0</responseCode><responseDescription>Success</responseDescription>
 <reportId>990000101</reportId></reportResponse>
 <report>
  <batchedReport reason="VIRAL_POTENTIAL_MEME"/>
  <incidentSummary>
   <incidentType>Online Enticement of Children for Sexual Acts</incidentType>
   <platform>Example Chat</platform>
   <escalateToHighPriority>Reported as urgent.</escalateToHighPriority>
   <reportAnnotations><sextortion>true</sextortion><spam>false</spam><informational>0</informational></reportAnnotations>
   <incidentDateTime>2026-05-01T13:34:11+05:30</incidentDateTime>
   <incidentDateTimeDescription>Newest event.</incidentDateTimeDescription>
  </incidentSummary>
  <internetDetails>
   <chatImIncident>
    <chatClient>Example Chat</chatClient><chatRoomName>room 4</chatRoomName><content>What somebody wrote.</content>
   </chatImIncident>
  </internetDetails>
  <internetDetails>
   <peer2peerIncident><client>Example Share</client><ipCaptureEvent><ipAddress>2001:db8::7</ipAddress>
   </ipCaptureEvent></peer2peerIncident>
  </internetDetails>
  <lawEnforcement><agencyName>Example Police</agencyName></lawEnforcement>
  <reporter>
   <reportingPerson><firstName>Trust</firstName><lastName>Desk</lastName><email type="Work">desk@example.com</email>
   </reportingPerson>
   <contactPerson><lastName>Night Desk</lastName><phone>+1 202 555 0143</phone></contactPerson>
   <legalURL>https://example.com/law</legalURL>
  </reporter>
  <personOrUserReported>
   <personOrUserReportedPerson>
    <firstName>അനുമോദ്</firstName><lastName>കെ</lastName>
    <phone type="Mobile" verified="true" verificationDate="2026-04-01T00:00:00Z">+91 00000 00417</phone>
    <email verified="false">kite@example.com</email><email>kite.two@example.com</email>
    <address type="Home"><address>12 Lake Road</address><city>Example Town</city><zipCode>600000</zipCode>
    <nonUsaState>Kadalnadu</nonUsaState><country>IN</country></address>
    <age>34</age><dateOfBirth>1992-03-04</dateOfBirth>
   </personOrUserReportedPerson>
   <vehicleDescription>blue van</vehicleDescription>
   <espIdentifier>70000101</espIdentifier><espService>Example Chat</espService>
   <screenName>kite_fly_88</screenName><displayName>Kite</displayName><displayName>Kite Flyer</displayName>
   <profileUrl>https://chat.example.com/u/kite_fly_88</profileUrl>
   <ipCaptureEvent><ipAddress>203.0.113.47</ipAddress><eventName>Login</eventName><dateTime>2026-05-01T08:04:11Z</dateTime>
   <possibleProxy>false</possibleProxy><port>51820</port></ipCaptureEvent>
   <ipCaptureEvent><ipAddress>203.0.113.48</ipAddress></ipCaptureEvent>
   <deviceId><idType>IMEI</idType><idValue>001001234567890</idValue><eventName>Login</eventName></deviceId>
   <priorCTReports>980000001</priorCTReports><priorCTReports>980000002</priorCTReports>
   <groupIdentifier>example-group</groupIdentifier>
   <accountTemporarilyDisabled disabledDate="2026-05-02T00:00:00Z" userNotified="false">true</accountTemporarilyDisabled>
   <estimatedLocation verified="false" timestamp="2026-05-01T00:00:00Z"><city>Example Town</city><region>Kadalnadu</region>
   <countryCode>IN</countryCode></estimatedLocation>
   <associatedAccount type="Linked"><espService>Example Share</espService><espIdentifier>555</espIdentifier>
   <screenName>kite_share</screenName>
    <ipCaptureEvent><ipAddress>198.51.100.5</ipAddress></ipCaptureEvent></associatedAccount>
   <associatedAccount type="Parent/Guardian"><firstName>Basil</firstName><email>parent@example.com</email>
   <espIdentifier>777</espIdentifier>
    <ipCaptureEvent><ipAddress>198.51.100.6</ipAddress></ipCaptureEvent></associatedAccount>
   <additionalInfo>Seen often.</additionalInfo>
  </personOrUserReported>
  <personOrUserReported><espIdentifier>70000102</espIdentifier></personOrUserReported>
  <intendedRecipient><intendedRecipientPerson><firstName>Dana</firstName>
  </intendedRecipientPerson><screenName>dana_d</screenName></intendedRecipient>
  <victim><victimPerson><age>12</age></victimPerson><schoolName>Example School</schoolName></victim>
  <additionalInfo>One remark.</additionalInfo>
 </report>
 <fileDetails>
  <reportId>990000101</reportId><fileId>f00000000000000000000000000000aa</fileId><fileName>a.bin</fileName>
  <originalFileName>ചിത്രം.bin</originalFileName>
  <uploadedToEspTimestamp>2026-05-01T08:00:00Z</uploadedToEspTimestamp><fileViewedByEsp>true</fileViewedByEsp>
  <exifViewedByEsp>false</exifViewedByEsp>
  <publiclyAvailable>0</publiclyAvailable><fileRelevance>Reported</fileRelevance>
  <fileAnnotations><viral>true</viral><infant>false</infant><brandNewTag>true</brandNewTag></fileAnnotations>
  <industryClassification>B2</industryClassification>
  <originalFileHash hashType="MD5">0CC175B9C0F1B6A831C399E269772661</originalFileHash>
  <originalFileHash hashType="SHA-1">86f7e437faa5a7fce15d1ddcb9eaeaea377667b8</originalFileHash>
  <ipCaptureEvent><ipAddress>203.0.113.99</ipAddress><eventName>Upload</eventName></ipCaptureEvent>
  <deviceId><idType>SSID</idType><idValue>example-net</idValue></deviceId>
  <details type="EXIF"><nameValuePair><name>Make</name><value>Example Camera</value></nameValuePair></details>
  <details type="HASH"><nameValuePair><name>PDQ</name><value>ff00</value></nameValuePair></details>
  <additionalInfo>Neutral remark.</additionalInfo>
 </fileDetails>
 <fileDetails><reportId>990000101</reportId><fileName>b.bin</fileName><potentialMeme>true</potentialMeme></fileDetails>
</exchange>
"""

# By hand: empty tags, a default namespace and two prefixes (one declared deep inside), two reports in one file, the number
# inside the report, the files inside, unknown tags and attributes at every level, a phone with its country's code apart.
SPACED = """<?xml version='1.0'?>
<!-- made by hand -->
<e:exchanges xmlns:e="urn:example:exchange" xmlns="urn:example:report" sent="2026-05-03">
 <e:item><report version="7"><reportId>990000201</reportId>
  <incidentSummary><incidentType>Upload</incidentType><escalateToHighPriority/>
   <reportAnnotations><spam/><informational/><n:novel xmlns:n="urn:example:new"/></reportAnnotations>
   <incidentDateTime>2026-05-01 10:00</incidentDateTime></incidentSummary>
  <personOrUserReported><espIdentifier>1</espIdentifier><n:trust xmlns:n="urn:example:new" n:scale="10">3</n:trust>
   <personOrUserReportedPerson><phone countryCallingCode="+1" extension="4">202 555 0143</phone><age>151</age>
   </personOrUserReportedPerson>
   <ipCaptureEvent when="later"><ipAddress>198.51.100.9</ipAddress><port>70000</port></ipCaptureEvent>
   <ipCaptureEvent><ipAddress>somewhere</ipAddress></ipCaptureEvent>
   <ipCaptureEvent><eventName>Login</eventName></ipCaptureEvent>
  </personOrUserReported>
  <fileDetails><fileId>1</fileId><fileName><![CDATA[a & b <1>.bin]]></fileName><fileAnnotations><viral/>
  <infant/></fileAnnotations></fileDetails>
  <fileDetails><reportId>990000202</reportId><fileName>of the next.bin</fileName></fileDetails>
 </report></e:item>
 <e:item><report><reportId>990000202</reportId><incidentSummary><incidentType>Upload &amp; more</incidentType>
 </incidentSummary></report></e:item>
</e:exchanges>
"""


def read(content: str | bytes, name: str = "report.xml") -> FileReading:
    data = content if isinstance(content, bytes) else content.encode()
    return read_bytes(data, name=name, sha256=hashlib.sha256(data).hexdigest())


def only(content: str | bytes) -> TipDocument:
    reading = read(content)
    assert reading.refusals == []
    (tip,) = reading.documents
    assert isinstance(tip, TipDocument)
    return tip


def report(*parts: str, number: str = "990000001") -> str:
    """A report with little in it but these parts."""
    summary = "<incidentSummary><incidentType>Upload</incidentType></incidentSummary>"
    return f"<report><reportId>{number}</reportId>{summary}{''.join(parts)}</report>"


def person(*parts: str) -> str:
    return f"<personOrUserReported>{''.join(parts)}</personOrUserReported>"


def values(found: list[Leaf]) -> list[object]:
    return [leaf.value for leaf in found]


def noted(found: list) -> dict[str, object]:
    return {one.field: one.leaf.value for one in found}


def unread(tip: TipDocument) -> list[tuple[str, str]]:
    return [(str(block.at), block.why) for block in tip.unread]


def said(leaf: Leaf | When) -> str:
    """A leaf as the file writes it."""
    if isinstance(leaf, When):
        return leaf.as_written
    return str(leaf.value).lower() if isinstance(leaf.value, bool) else str(leaf.value)
