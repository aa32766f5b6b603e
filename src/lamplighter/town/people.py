"""Names, languages, telephones and addresses of invented people and shops.

Telephones are 555-0100 to 555-0199, which are kept for fiction in every area code; the people of the stories have
those of (510), nobody else has. Mail is at example.net (RFC 2606).
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from lamplighter.customers.operations import PersonIn


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


AREA_CODES = _words(
    "341 415 628 650 408 669 925 707 916 209 831 805 559 661 818 213 323 310 424 562 626 714 949 619 858"
    " 760 951 909 530 503 206 702 775 602 808 303 312 212 617"
)


@dataclass(frozen=True, slots=True)
class Roots:
    """Names that go together, with the languages that their bearers want letters in, each as often as it stands."""

    weight: int
    given: tuple[str, ...]
    family: tuple[str, ...]
    languages: tuple[str, ...] = ("en",)


ROOTS = (
    Roots(
        46,
        _words(
            "Alice Amber Andrew Anna Arthur Beth Brian Caleb Claire Connor Daniel Deborah Derek Diane Edith"
            " Elaine Elliot Emma Ethan Fiona Frank George Grace Greta Harold Hazel Helen Ian Irene Jack Janet"
            " Jason Joan Julia Karen Keith Laura Leah Leonard Lois Martin Maya Megan Miles Nathan Nora Oliver"
            " Paula Peter Rachel Ralph Robin Ruth Samuel Sarah Sean Simon Stella Thomas Vera Walter Wendy"
        ),
        _words(
            "Abbott Archer Baird Barlow Bell Birch Boyd Brock Burke Calloway Carver Chase Clayton Cole Conway"
            " Crane Cross Dalton Dawson Doyle Drake Dunn Eaton Ellery Farrow Finch Fisk Flynn Foster Garner Gibbs"
            " Grange Hadley Harlow Hayes Holt Horne Ingram Jarvis Keane Kemp Kirby Lamb Larkin Lowell Mabry Marlow"
            " Mercer Moody Nash North Oakes Osgood Pace Pell Pryor Quill Rand Reeve Rowe Sayer Shaw Slade Stroud"
            " Tait Teague Thorne Upton Vance Wade Ward Weir Wilder Yates York"
        ),
    ),
    Roots(
        16,
        _words(
            "Adriana Alberto Alicia Andres Carmen Cecilia Cesar Diego Elena Emilio Esteban Gabriela Gloria Hector"
            " Ignacio Irma Javier Jimena Lorena Lucia Manuel Marisela Mateo Noemi Pablo Pilar Ramon Raquel Silvia"
            " Teresa Tomas Yolanda"
        ),
        _words(
            "Aguilar Arroyo Barrera Benitez Bravo Campos Castaneda Cisneros Cortez Delgado Escobar Espinoza"
            " Fuentes Galvan Ibarra Juarez Lozano Macias Medrano Mejia Montes Navarro Ochoa Palacios Quintero"
            " Rangel Rosales Salinas Sandoval Tapia Trevino Valdez Zamora Zuniga"
        ),
        ("es", "es", "en", "en"),
    ),
    Roots(
        14,
        _words(
            "Ai-Ling Chi-Wai Chun Fang Hao Hui-Min Jia Jing Kai-Ming Ka-Yan Lan Li-Hua Mei Ming Ping Qiang"
            " Shu-Fen Siu Tak Wai-Man Wei Xin Yan Ying Yong Yuk-Lan Zhen"
        ),
        _words(
            "Au Bao Chau Cheung Chiu Fong Fung Gao Hsu Huang Kwan Kwok Lai Lam Liang Lo Luo Mak Ng Pan Shen Siu"
            " Szeto Tam Tang Tsang Wong Xu Yip Yuen Zhou"
        ),
        ("zh-hant", "zh-hant", "zh-hans", "en", "en", "en"),
    ),
    Roots(
        7,
        _words(
            "Anh Bao Chau Dung Ha Hanh Hung Huong Khanh Lan Linh Long Mai Minh Nga Phuong Quang Thao Tuyet Van"
        ),
        _words(
            "Bui Dang Dinh Do Duong Ha Ho Hoang Huynh Lam Le Luong Ly Mac Ngo Phan Ta Thai Tran Truong Vo Vu"
        ),
        ("vi", "vi", "en", "en"),
    ),
    Roots(
        8,
        _words(
            "Althea Ariel Benjie Carmela Dante Divina Edgardo Ferdie Imelda Jun-Jun Ligaya Lito Luz Marivic Nonoy"
            " Perla Remy Rowena Tessie Virgilio"
        ),
        _words(
            "Abad Aquino Bacani Balagtas Cabrera Dizon Evangelista Fajardo Gatdula Ilagan Lacson Macaraeg Manalo"
            " Pangilinan Quiambao Santos Sumulong Tolentino Umali Yumul"
        ),
        ("tl", "en", "en"),
    ),
    Roots(
        9,
        _words(
            "Abeba Ahmed Amara Anjali Asha Chidi Dalia Deepak Farid Habiba Hamid Imani Jamal Kavita Kwame Laila"
            " Mehdi Nadia Ngozi Omar Priyanka Rashid Ravi Samira Selam Sunita Tariq Yonas Zainab"
        ),
        _words(
            "Abebe Acheampong Ali Amiri Bekele Bhatt Chaudhry Desta Diallo Eze Farouk Ghosh Hakimi Idris Iyer"
            " Jalali Kamara Karimi Mensah Nair Nazari Okoye Osman Patel Qureshi Rao Sesay Tesfaye Wondimu Zaman"
        ),
    ),
)  # fmt: skip
SHOP_OWNERS = _words(
    "Anchor Blue-Heron Bayside Cormorant Driftwood Egret Fogline Gangway Halyard Island Jetty Kelpside"
    " Lighthouse Mooring Northpoint Osprey Pelican Quayside Rosewood Sandpiper Tidewater Upland Videre"
    " Windlass Yardarm"
)
SHOP_TRADES = (
    "Cleaners", "Nails", "Hardware", "Bikes", "Dental", "Books", "Barber", "Flowers", "Cafe", "Print", "Tailor", "Auto",
    "Pets", "Optical", "Records", "Florist", "Framing", "Upholstery", "Music", "Tax Service", "Insurance", "Travel",
)  # fmt: skip
MEDIUM = (
    ("Beacon Athletic Club", "gym"), ("Bay Street Cinema", "restaurant"), ("Chandlery Square", "shop"),
    ("Otis Medical Arts", "clinic"), ("Cannery Lofts Offices", "office"), ("Rope Walk Studios", "workshop"),
    ("Harborview Grill", "restaurant"), ("Slipway Foods", "grocery"), ("Pacific Avenue Market", "grocery"),
    ("Tidal Tool and Die", "workshop"), ("Marisol Ice Rink", "gym"), ("Walnut Street Brewpub", "restaurant"),
    ("Galley Noodle House", "restaurant"), ("Foundry Fabrication", "workshop"), ("Estuary Rowing Center", "gym"),
    ("Spinnaker Plaza", "shop"), ("Bridgewater Offices", "office"), ("Alder Court Clinic", "clinic"),
    ("Keelson Boat Yard", "workshop"), ("Mast and Sail Lofts", "workshop"), ("Seaplane Hangar Events", "restaurant"),
    ("Lagoon Dialysis", "clinic"), ("Gull Point Grocers", "grocery"), ("Wharf Nine Restaurant", "restaurant"),
    ("Terrace Veterinary Hospital", "clinic"), ("Tule Business Park", "office"), ("Buoy Yard Gym", "gym"),
    ("Otis Drive Center", "shop"), ("Compass Rose Academy", "office"), ("Cable House Data Room", "office"),
    ("Saltbox Furniture", "shop"), ("Pier Laundry", "workshop"), ("Anchorage Print Works", "workshop"),
    ("North Slough Produce", "grocery"), ("Ferry Plaza Hall", "shop"), ("Summit Reservoir Cafe", "restaurant"),
)  # fmt: skip


class Directory:
    """Hands out names, numbers and addresses, none twice while there are enough."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.names: set[str] = set()
        self.numbers = 0

    def household(self) -> PersonIn:
        """Somebody who keeps a home, and how they are reached."""
        roots = self.random.choices(ROOTS, [one.weight for one in ROOTS])[0]
        given, family = self._name(roots)
        contacts = [("mobile" if self.random.random() < 0.85 else "phone", self.number())]
        if contacts[0][0] == "mobile" and self.random.random() < 0.3:
            contacts.append(("phone", self.number()))
        if self.random.random() < 0.8:
            contacts.append(("email", self.email(given, family)))
        language = self.random.choice(roots.languages)
        interpreter = language != "en" and self.random.random() < 0.4
        return PersonIn(family, given, language=language, interpreter=interpreter, contacts=tuple(contacts))

    def shop(self, number: int) -> PersonIn:
        owner = SHOP_OWNERS[number % len(SHOP_OWNERS)].replace("-", " ")
        trade = SHOP_TRADES[number // len(SHOP_OWNERS) % len(SHOP_TRADES)]
        series = number // (len(SHOP_OWNERS) * len(SHOP_TRADES))
        name = f"{owner} {trade}" + (f" No. {series + 1}" if series else "")
        return self.business(name)

    def business(self, name: str) -> PersonIn:
        return PersonIn(name, contacts=(("phone", self.number()), ("email", f"office@{_slug(name)}.example.net")))

    def number(self) -> str:
        area, line = divmod(self.numbers, 100)
        self.numbers += 1
        return f"({AREA_CODES[area % len(AREA_CODES)]}) 555-01{line:02}"

    def email(self, given: str, family: str) -> str:
        return f"{_slug(given)}.{_slug(family)}@example.net"

    def _name(self, roots: Roots) -> tuple[str, str]:
        given, family = self.random.choice(roots.given), self.random.choice(roots.family)
        while f"{given} {family}" in self.names:
            given = f"{self.random.choice(roots.given)} {self.random.choice('ABCDEFGHIJKLMNOPRSTVW')}."
            family = self.random.choice(roots.family)
        self.names.add(f"{given} {family}")
        return given, family


def _slug(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
