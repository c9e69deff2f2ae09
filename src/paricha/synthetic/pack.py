"""The State pack override of the made-up State, in `files/pack/`.

| file | columns |
|---|---|
| pack.json | schema, code, name, name_ml, name_hi, zone, languages, synthetic |
| districts.csv | code,district,district_ml,headquarters,state |
| stations.csv | station,station_ml,kind,district,phone (kind: territorial cyber) |
| local_bodies.csv | local_body,local_body_ml,kind,district,station (one row a local body; one name stands in both districts) |
| post_offices.csv | pin,post_office,local_body,district,station,latitude,longitude (a PIN may stand under two stations) |
| ranks.csv | rank,rank_ml,order,abbreviation,may_lead_team (order 1 is the highest) |
| officers.csv | officer,name,name_ml,rank,unit,district,woman,cyber,technical,phone (yes/no; too few women in the South) |
| operators.csv | the `table` layout of the operators' import |
| nodal_officers.csv | operator,name,email,phone,address (to whom a request goes) |
| services.csv | service,service_ml,name,name_ml,district,phone (whom a team may call; district empty = the whole State) |
| labels.csv | key,en,ml,hi (words the made-up State says in its own way) |
"""

from pathlib import Path

from paricha.synthetic.chance import stream
from paricha.synthetic.geography import DISTRICTS, STATE, STATIONS, Geography
from paricha.synthetic.names import draw_name, in_script, phone
from paricha.synthetic.operators import OPERATORS
from paricha.synthetic.output import write_csv, write_json

RANKS = [
    ("Director of Police", "പോലീസ് ഡയറക്ടർ", "DP", "no"),
    ("District Chief", "ജില്ലാ മേധാവി", "DC", "no"),
    ("Circle Officer", "സർക്കിൾ ഓഫീസർ", "CO", "yes"),
    ("Station Officer", "സ്റ്റേഷൻ ഓഫീസർ", "SO", "yes"),
    ("Sub-Officer", "സബ് ഓഫീസർ", "SUB", "yes"),
    ("Senior Guard", "സീനിയർ ഗാർഡ്", "SG", "no"),
    ("Guard", "ഗാർഡ്", "G", "no"),
]
LABELS = [
    ("unit.state", "State child-protection unit", "സംസ്ഥാന ശിശുസംരക്ഷണ യൂണിറ്റ്", "राज्य बाल संरक्षण इकाई"),
    ("unit.district", "Police district", "പോലീസ് ജില്ല", "पुलिस ज़िला"),
    ("unit.station", "Police station", "പോലീസ് സ്റ്റേഷൻ", "पुलिस थाना"),
    ("local_body.panchayat", "Panchayat", "പഞ്ചായത്ത്", "पंचायत"),
    ("local_body.municipality", "Municipality", "നഗരസഭ", "नगरपालिका"),
]
SERVICES = [
    ("child helpline", "ചൈൽഡ് ഹെൽപ്പ്‌ലൈൻ", "Kadalnadu Child Line", "കടൽനാട് ചൈൽഡ് ലൈൻ", ""),
    ("child welfare committee", "ശിശുക്ഷേമ സമിതി", "Welfare Committee North", "ശിശുക്ഷേമ സമിതി വടക്ക്", "Kadalnadu North"),
    ("child welfare committee", "ശിശുക്ഷേമ സമിതി", "Welfare Committee South", "ശിശുക്ഷേമ സമിതി തെക്ക്", "Kadalnadu South"),
    ("hospital", "ആശുപത്രി", "Tharavayal Hospital", "താരാവയൽ ആശുപത്രി", "Kadalnadu North"),
    ("hospital", "ആശുപത്രി", "Vellaripuzha Hospital", "വെള്ളരിപ്പുഴ ആശുപത്രി", "Kadalnadu South"),
]
WOMEN = {"Kadalnadu North": 9, "Kadalnadu South": 2}
STRENGTH = 34


def officers(seed: int) -> list[tuple[str, ...]]:
    """The officers of both districts; women in the South are too few for three teams with one each."""
    rows: list[tuple[str, ...]] = []
    for _, district, _, _, _ in DISTRICTS:
        rng = stream(seed, "officers", district)
        units = [name for name, _, _, d in STATIONS if d == district]
        women = set(rng.sample(range(8, STRENGTH), WOMEN[district]))
        for place in range(STRENGTH):
            woman = place in women
            name = draw_name(rng, "latin", woman=woman)
            rank = RANKS[
                1 if place == 0 else 2 if place < 3 else 3 if place < 7 else 4 if place < 14 else 5 if place < 22 else 6
            ]
            unit = district if place < 3 else units[place % len(units)]
            cyber = "Cyber" in unit or rng.random() < 0.1
            number = len(rows) + 1
            rows.append(
                (
                    f"KN{number:04d}",
                    name.full,
                    in_script(name, "malayalam").full,
                    rank[0],
                    unit,
                    district,
                    "yes" if woman else "no",
                    "yes" if cyber else "no",
                    "yes" if rng.random() < 0.2 else "no",
                    phone(98_000_000 + number),
                )
            )
    return rows


def write_pack(seed: int, places: Geography, files: Path) -> dict[str, int]:
    """Write the pack's files (operators.csv is written by `operators`); gives counts of rows."""
    folder = files / "pack"
    write_json(
        folder / "pack.json",
        {
            "schema": 1,
            "code": STATE[0],
            "name": STATE[1],
            "name_ml": STATE[2],
            "name_hi": STATE[3],
            "zone": "Asia/Kolkata",
            "languages": ["en", "ml", "hi"],
            "synthetic": True,
        },
    )
    districts = write_csv(
        folder / "districts.csv",
        ("code", "district", "district_ml", "headquarters", "state"),
        [(code, name, ml, hq, STATE[1]) for code, name, ml, hq, _ in DISTRICTS],
    )
    stations = write_csv(
        folder / "stations.csv",
        ("station", "station_ml", "kind", "district", "phone"),
        [(n, ml, kind, d, phone(97_000_000 + i)) for i, (n, ml, kind, d) in enumerate(STATIONS, start=1)],
    )
    bodies = write_csv(
        folder / "local_bodies.csv",
        ("local_body", "local_body_ml", "kind", "district", "station"),
        [(b.name, b.name_ml, b.kind, b.district, b.station) for b in places.bodies],
    )
    write_csv(
        folder / "post_offices.csv",
        ("pin", "post_office", "local_body", "district", "station", "latitude", "longitude"),
        [
            (o.pin, o.name, b.name, b.district, b.station, o.latitude, o.longitude)
            for b in places.bodies
            for o in b.offices
        ],
    )
    write_csv(
        folder / "ranks.csv",
        ("rank", "rank_ml", "order", "abbreviation", "may_lead_team"),
        [(n, ml, i, short, lead) for i, (n, ml, short, lead) in enumerate(RANKS, start=1)],
    )
    people = write_csv(
        folder / "officers.csv",
        ("officer", "name", "name_ml", "rank", "unit", "district", "woman", "cyber", "technical", "phone"),
        officers(seed),
    )
    write_csv(
        folder / "nodal_officers.csv",
        ("operator", "name", "email", "phone", "address"),
        [
            (
                o.code,
                f"Nodal Officer, {o.name}",
                f"nodal.{o.code}@example.com",
                phone(96_000_000 + i),
                f"{o.name}, Registered Office, {STATE[1]}",
            )
            for i, o in enumerate(OPERATORS.values(), start=1)
            if o.country == "IN"
        ],
    )
    write_csv(
        folder / "services.csv",
        ("service", "service_ml", "name", "name_ml", "district", "phone"),
        [(*row, phone(95_000_000 + i)) for i, row in enumerate(SERVICES, start=1)],
    )
    write_csv(folder / "labels.csv", ("key", "en", "ml", "hi"), LABELS)
    return {"districts": districts, "stations": stations, "local_bodies": bodies, "officers": people}
