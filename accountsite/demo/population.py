"""A thousand more people, from many places, and what they did lately."""

import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from accountsite.demo import state

PEOPLE = 1_000
DAYS = 500  # over which they came
ACTIVE_DAYS = 60  # for which the log tells of them
DAY = 24 * 60 * 60 * 1000  # milliseconds
PASSWORD = "Quiet-Estuary-19"  # noqa: S105 - of those of the thousand who have one


@dataclass(frozen=True, slots=True)
class Place:
    """Where people come from, and their names there.

    A name in another script is followed by how its owner writes it in Latin letters.
    """

    locale: str
    zone: str
    families: str
    givens: str
    is_family_first: bool = False


PLACES = (
    Place(
        "en-GB",
        "Europe/London",
        "Okafor Whitby Sharma Pemberton Achebe Thornton Llewellyn McAllister",
        "Olivia George Amara Harriet Callum Priya Rhys Fiona",
    ),
    Place(
        "en-US",
        "America/Chicago",
        "Johnson Ramirez Nguyen Washington O'Brien Kowalski Begay Castillo",
        "Emma Liam Sofia Jayden Aaliyah Mason Destiny Noah",
    ),
    Place(
        "ko-KR",
        "Asia/Seoul",
        "김:Kim 이:Lee 박:Park 최:Choi 정:Jung 강:Kang 조:Cho 윤:Yoon",
        "민준:Minjun 서연:Seoyeon 도윤:Doyun 지우:Jiwoo 하은:Haeun 준서:Junseo 수아:Sua 현우:Hyunwoo",
        is_family_first=True,
    ),
    Place(
        "ja-JP",
        "Asia/Tokyo",
        "佐藤:Sato 鈴木:Suzuki 高橋:Takahashi 田中:Tanaka 渡辺:Watanabe 山本:Yamamoto",
        "陽菜:Hina 蓮:Ren 結衣:Yui 大翔:Hiroto 美咲:Misaki 湊:Minato",
        is_family_first=True,
    ),
    Place(
        "zh-CN",
        "Asia/Shanghai",
        "王:Wang 李:Li 张:Zhang 刘:Liu 陈:Chen 欧阳:Ouyang",
        "伟:Wei 芳:Fang 秀英:Xiuying 子轩:Zixuan 雨桐:Yutong 静:Jing",
        is_family_first=True,
    ),
    Place(
        "ar-EG",
        "Africa/Cairo",
        "حسن:Hassan السيد:Elsayed محمود:Mahmoud إبراهيم:Ibrahim عبدالله:Abdallah",
        "محمد:Mohamed فاطمة:Fatma عمر:Omar مريم:Mariam يوسف:Youssef نور:Nour",
    ),
    Place(
        "he-IL",
        "Asia/Jerusalem",
        "כהן:Cohen לוי:Levi מזרחי:Mizrahi פרץ:Peretz ביטון:Biton",
        "נועה:Noa איתי:Itai תמר:Tamar דוד:David מאיה:Maya",
    ),
    Place(
        "de-DE",
        "Europe/Berlin",
        "Müller Schröder Weiß Yıldız Krämer Großmann",
        "Lena Jürgen Anneliese Björn Zeynep Käthe",
    ),
    Place(
        "fr-FR",
        "Europe/Paris",
        "Lefèvre Diallo Moreau Benoît Ndiaye D'Aubigné",
        "Chloé Mathéo Aïcha François Inès Jean-Baptiste",
    ),
    Place(
        "es-MX",
        "America/Mexico_City",
        "Hernández Núñez Ibáñez Peña Muñoz Gutiérrez",
        "Sofía Ángel Ximena José Lucía Íñigo",
    ),
    Place(
        "vi-VN",
        "Asia/Ho_Chi_Minh",
        "Nguyễn Trần Phạm Đặng Vũ Hồ",
        "Thị-Hương Minh-Đức Lan-Anh Quốc-Bảo Ngọc Tuấn",
        is_family_first=True,
    ),
    Place(
        "ru-RU",
        "Europe/Moscow",
        "Иванова:Ivanova Смирнов:Smirnov Кузнецов:Kuznetsov Попова:Popova",
        "Анна:Anna Дмитрий:Dmitry Ольга:Olga Сергей:Sergey",
    ),
    Place(
        "hi-IN",
        "Asia/Kolkata",
        "शर्मा:Sharma वर्मा:Verma पटेल:Patel सिंह:Singh",
        "आरव:Aarav अनन्या:Ananya विवान:Vivaan दीया:Diya",
    ),
)

# Names that a page must bear, all within what Logto can read back.
HARD_NAMES = (
    "<b>Bold</b> & <script>alert(1)</script>",
    "👩‍🚀 Astrid 🚀",
    "x" * 128,
    "🦆" * 64,
    "{{ 7 * 7 }} %s \\n ' \" ;--",
    "مريم (Mariam) O'Neill",
    "\u202eright to left\u202c",
    "   spaces   inside   ",
    "Zalgo Z̷̢̛a̶̡l̵̨g̷o̸",
)

_webkit = "AppleWebKit/537.36 (KHTML, like Gecko)"
BROWSERS = (
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_webkit} Chrome/156.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:151.0) Gecko/20100101 Firefox/151.0",
    f"Mozilla/5.0 (Linux; Android 17; K) {_webkit} Chrome/156.0.0.0 Mobile Safari/537.36",
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15"
        " (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1"
    ),
)


def add(tenant: state.Tenant, *, application_id: str) -> None:
    """Add the thousand, oldest first, and two months of log."""
    chance = random.Random("accountsite")  # noqa: S311 - the same people each time
    password = state.hash_password(PASSWORD)
    for number in range(1, PEOPLE + 1):
        _add_person(tenant, number, chance, password)
    rows = sorted(_rows(tenant, chance, application_id), key=lambda row: row["createdAt"])
    tenant.logs.extend(rows)


def _add_person(tenant: state.Tenant, number: int, chance: random.Random, password: str) -> None:
    place = chance.choice(PLACES)
    family, latin_family = _spellings(chance.choice(place.families.split()))
    given, latin_given = _spellings(chance.choice(place.givens.split()))
    name = _written(family, given, place)
    if number % 100 == 0 and number // 100 <= len(HARD_NAMES):
        name = HARD_NAMES[number // 100 - 1]
    latin = f"{_ascii(latin_given)}.{_ascii(latin_family)}"
    created_at = state.now() - (PEOPLE - number + 1) * DAYS * DAY // PEOPLE
    has_password = chance.random() < 0.8  # noqa: PLR2004
    user = tenant.new_user(
        id=f"{chance.getrandbits(62):012x}"[:8] + f"{number:04}",
        username=f"{latin.replace('.', '_')}_{number}" if chance.random() < 0.9 else None,  # noqa: PLR2004
        primaryEmail=f"{latin}.{number}@example.{chance.choice(('com', 'net', 'org'))}",
        primaryPhone=f"447700900{number - 1:03}" if chance.random() < 0.5 else None,  # noqa: PLR2004
        name=name,
        profile={
            "familyName": family,
            "givenName": given,
            "zoneinfo": place.zone,
            "locale": place.locale,
        },
        customData={"company": f"{family} {chance.choice(('Boats', 'Sails', 'Ropes'))}"},
        createdAt=created_at,
        updatedAt=created_at,
        isSuspended=number % 97 == 0,
    )
    user.password = password if has_password else None


def _rows(tenant: state.Tenant, chance: random.Random, application_id: str) -> Iterator[state.Json]:
    """Sign-ins of people who are not suspended, some after a wrong password."""
    everyone = [user for user in tenant.users.values() if not user.is_suspended]
    regulars = everyone[:5] * 12 + chance.sample(everyone, 250) * 2
    for user in regulars:
        happened_at = state.now() - 3_600_000 - chance.randrange(ACTIVE_DAYS * DAY)
        if happened_at < user.record["createdAt"]:
            continue
        about = {
            "ip": f"203.0.113.{chance.randrange(1, 255)}",
            "userAgent": chance.choice(BROWSERS),
            "userId": user.id,
            "applicationId": application_id,
        }
        if chance.random() < 0.1:  # noqa: PLR2004
            yield _row("Interaction.SignIn.Submit", happened_at - 20_000, "Error", about)
        proof = {"type": "Password" if user.password else "EmailVerificationCode", "verified": True}
        interaction = {"interactionEvent": "SignIn", "verificationRecords": [proof]}
        told = about | {"interaction": interaction}
        yield _row("Interaction.SignIn.Submit", happened_at, "Success", told)
        yield _row("ExchangeTokenBy.AuthorizationCode", happened_at + 400, "Success", about)
        if happened_at > (user.record["lastSignInAt"] or 0):
            user.record["lastSignInAt"] = happened_at


def _row(key: str, happened_at: int, result: str, about: state.Json) -> state.Json:
    return {
        "tenantId": state.TENANT_ID,
        "id": state.new_id(21),
        "key": key,
        "payload": {"key": key, "result": result} | about,
        "createdAt": happened_at,
    }


def _written(family: str, given: str, place: Place) -> str:
    """The full name in its own order. Chinese and Korean ones have no space, Japanese ones do."""
    if not place.is_family_first:
        return f"{given} {family}"
    return f"{family}{given}" if place.locale in ("ko-KR", "zh-CN") else f"{family} {given}"


def _spellings(name: str) -> tuple[str, str]:
    own, _, latin = name.partition(":")
    return own, latin or own


def _ascii(name: str) -> str:
    """The name in plain lower-case letters: Đặng → dang, Weiß → weiss."""
    special = name.lower().translate({ord("đ"): "d", ord("ß"): "ss", ord("ı"): "i"})
    decomposed = unicodedata.normalize("NFKD", special)
    return "".join(
        character for character in decomposed if character.isascii() and character.isalpha()
    )
