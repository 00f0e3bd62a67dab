"""The closed lists: every code that a command may carry, with its Ukrainian and English label.

Events keep codes as plain strings, checked when a command is decided and never when an event is read, so that a
list may change without making an old event unreadable. A code, once used, keeps its meaning for ever.

Which kinds, grounds and legal bases exist is configuration to be checked by counsel: of MIA Order 1044/2017, which
governs juvenile prevention, only the header could be retrieved when these lists were written.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple


class Label(NamedTuple):
    uk: str
    en: str


# ISO 3166-2:UA: 24 oblasts, the Autonomous Republic of Crimea, Kyiv and Sevastopol.
REGIONS = MappingProxyType(
    {
        "UA-05": Label("Вінницька область", "Vinnytsia oblast"),
        "UA-07": Label("Волинська область", "Volyn oblast"),
        "UA-09": Label("Луганська область", "Luhansk oblast"),
        "UA-12": Label("Дніпропетровська область", "Dnipropetrovsk oblast"),
        "UA-14": Label("Донецька область", "Donetsk oblast"),
        "UA-18": Label("Житомирська область", "Zhytomyr oblast"),
        "UA-21": Label("Закарпатська область", "Zakarpattia oblast"),
        "UA-23": Label("Запорізька область", "Zaporizhzhia oblast"),
        "UA-26": Label("Івано-Франківська область", "Ivano-Frankivsk oblast"),
        "UA-30": Label("місто Київ", "Kyiv city"),
        "UA-32": Label("Київська область", "Kyiv oblast"),
        "UA-35": Label("Кіровоградська область", "Kirovohrad oblast"),
        "UA-40": Label("місто Севастополь", "Sevastopol city"),
        "UA-43": Label("Автономна Республіка Крим", "Autonomous Republic of Crimea"),
        "UA-46": Label("Львівська область", "Lviv oblast"),
        "UA-48": Label("Миколаївська область", "Mykolaiv oblast"),
        "UA-51": Label("Одеська область", "Odesa oblast"),
        "UA-53": Label("Полтавська область", "Poltava oblast"),
        "UA-56": Label("Рівненська область", "Rivne oblast"),
        "UA-59": Label("Сумська область", "Sumy oblast"),
        "UA-61": Label("Тернопільська область", "Ternopil oblast"),
        "UA-63": Label("Харківська область", "Kharkiv oblast"),
        "UA-65": Label("Херсонська область", "Kherson oblast"),
        "UA-68": Label("Хмельницька область", "Khmelnytskyi oblast"),
        "UA-71": Label("Черкаська область", "Cherkasy oblast"),
        "UA-74": Label("Чернігівська область", "Chernihiv oblast"),
        "UA-77": Label("Чернівецька область", "Chernivtsi oblast"),
    }
)

ROLES = MappingProxyType(
    {
        "investigator": Label("слідчий", "investigator"),
        "supervisor": Label("керівник", "supervisor"),
        "juvenile-officer": Label("інспектор ювенальної превенції", "juvenile prevention officer"),
        "auditor": Label("аудитор", "auditor"),
        "administrator": Label("адміністратор", "administrator"),
        "analyst": Label("аналітик", "analyst"),
        "community-officer": Label("поліцейський офіцер громади", "community police officer"),
        "school-partner": Label("представник закладу освіти", "school partner"),
        "partner": Label("представник органу чи служби", "partner of an agency"),
        "data-protection-officer": Label("відповідальний за захист даних", "data protection officer"),
        "resident": Label("мешканець", "resident"),
    }
)

UNIT_KINDS = MappingProxyType(
    {
        "investigation": Label("слідчий підрозділ", "investigation"),
        "juvenile-prevention": Label("ювенальна превенція", "juvenile prevention"),
        "community-police": Label("поліцейські офіцери громади", "community police"),
        "patrol": Label("патрульна поліція", "patrol"),
        "duty": Label("чергова частина", "duty desk"),
        "audit": Label("внутрішній аудит", "internal audit"),
        "administration": Label("адміністрування системи", "system administration"),
        "school": Label("заклад освіти", "school"),
        "agency": Label("орган або служба", "agency"),
    }
)

INCIDENT_KINDS = MappingProxyType(
    {
        "missing-child": Label("зникнення дитини", "missing child"),
        "bullying": Label("булінг (цькування)", "bullying"),
        "domestic-violence": Label("домашнє насильство", "domestic violence"),
        "sexual-violence": Label("сексуальне насильство", "sexual violence"),
        "online-abuse": Label("насильство в інтернеті", "online abuse"),
        "neglect": Label("невиконання батьківських обов’язків", "neglect by parents"),
        "exploitation": Label("експлуатація або втягнення дитини", "exploitation or luring of a child"),
        "assault": Label("тілесні ушкодження", "assault"),
        "threat": Label("погроза", "threat"),
        "extortion": Label("вимагання", "extortion"),
        "robbery": Label("грабіж або розбій", "robbery"),
        "theft": Label("крадіжка", "theft"),
        "property-damage": Label("пошкодження майна", "damage to property"),
        "hooliganism": Label("хуліганство", "hooliganism"),
        "drugs": Label("наркотичні засоби", "drugs"),
        "sale-to-minors": Label("продаж неповнолітнім алкоголю чи тютюну", "sale of alcohol or tobacco to minors"),
        "weapon": Label("зброя або вибухівка", "weapon or explosives"),
        "road-accident": Label("дорожньо-транспортна пригода з дитиною", "road accident with a child"),
        "suspicious-approach": Label("підозрілі дії біля дітей", "suspicious approach to children"),
        "other": Label("інше", "other"),
    }
)

CHILD_ROLES = MappingProxyType(
    {
        "victim": Label("потерпіла дитина", "victim"),
        "offender": Label("дитина-правопорушник", "offender"),
        "witness": Label("дитина-свідок", "witness"),
    }
)

# On which side of an incident children stand, as it is counted: one incident may be on both.
SIDES = MappingProxyType(
    {
        "against": Label("щодо дітей", "against children"),
        "by": Label("вчинені дітьми", "by children"),
    }
)

PLACE_KINDS = MappingProxyType(
    {
        "street": Label("вулиця", "street"),
        "crossroads": Label("перехрестя", "crossroads"),
        "school-gate": Label("вхід на територію школи", "school gate"),
        "school-yard": Label("шкільне подвір’я", "school yard"),
        "school-corridor": Label("шкільний коридор", "school corridor"),
        "kindergarten": Label("територія дитсадка", "kindergarten grounds"),
        "playground": Label("дитячий майданчик", "playground"),
        "sports-ground": Label("спортивний майданчик", "sports ground"),
        "park": Label("парк або сквер", "park"),
        "parking": Label("паркування", "car park"),
        "public-building": Label("громадська будівля", "public building"),
        "shop": Label("магазин або ринок", "shop or market"),
        "transport": Label("транспорт, зупинка або вокзал", "transport, stop or station"),
        "residential-entrance": Label("вхід до житлового будинку", "entrance of a residential building"),
        "other-public": Label("інше громадське місце", "another public place"),
    }
)

# Named so that the refusal can say why, instead of "unknown kind".
FORBIDDEN_PLACE_KINDS = MappingProxyType(
    {
        "toilet": Label("туалет", "toilet"),
        "changing-room": Label("роздягальня", "changing room"),
        "shower": Label("душова", "shower room"),
    }
)

ANCHOR_SOURCES = MappingProxyType(
    {
        "operator": Label("зазначив оператор", "stated by the operator"),
        "filename": Label("з назви файлу", "from the file's name"),
        "file-metadata": Label("з метаданих файлу", "from the file's metadata"),
        "demo": Label("демонстраційний", "demonstration"),
    }
)

CLIP_MODES = MappingProxyType(
    {
        "lossless": Label("без перекодування", "without encoding anew"),
        "exact": Label("точно, з перекодуванням", "exactly, encoded anew"),
    }
)

ORIGINAL_FAULTS = MappingProxyType(
    {
        "missing": Label("немає на диску", "missing from the disk"),
        "altered": Label("змінено", "altered"),
        "unreadable": Label("не читається", "unreadable"),
    }
)

REINDEX_REASONS = MappingProxyType(
    {
        "operator": Label("за рішенням оператора", "an operator asked for it"),
        "segment-damaged": Label("пошкоджено сегмент індексу", "a segment of the index is damaged"),
        "archived-again": Label("той самий файл передано знову", "the same file was archived again"),
        "original-damaged": Label("відновлено пошкоджений оригінал", "a damaged original is whole again"),
    }
)

LEGAL_BASES = MappingProxyType(
    {
        "court-order": Label("ухвала суду", "court order"),
        "investigator-ruling": Label("постанова слідчого", "investigator's ruling"),
        "prosecutor-order": Label("постанова прокурора", "prosecutor's order"),
        "missing-child": Label("розшук зниклої дитини", "search for a missing child"),
        "danger-to-life": Label("загроза життю", "danger to life"),
    }
)

QUERY_KINDS = MappingProxyType(
    {
        "text": Label("за описом", "by words"),
        "image": Label("за зображенням", "by picture"),
    }
)

VERDICTS = MappingProxyType(
    {
        "relevant": Label("стосується", "relevant"),
        "not-relevant": Label("не стосується", "not relevant"),
        "unsure": Label("невідомо", "unsure"),
    }
)

# How far a hit stands out from what chance brings (`domain.strength`), the least first.
STRENGTHS = MappingProxyType(
    {
        "none": Label("збігу немає", "no match"),
        "weak": Label("слабкий збіг", "weak match"),
        "fair": Label("помірний збіг", "fair match"),
        "strong": Label("сильний збіг", "strong match"),
    }
)

PURPOSES = MappingProxyType(
    {
        "investigation": Label("досудове розслідування", "investigation"),
        "prevention": Label("превентивна діяльність", "prevention"),
        "missing-person": Label("розшук зниклої особи", "search for a missing person"),
        "danger-to-life": Label("загроза життю", "danger to life"),
        "supervision": Label("нагляд керівника", "supervision"),
        "court": Label("на запит суду чи прокурора", "asked by a court or a prosecutor"),
        "disclosure-request": Label("запит особи про її дані", "request of a person about their own data"),
        "audit": Label("аудит", "audit"),
        "administration": Label("адміністрування системи", "system administration"),
        "training": Label("навчання на прикладах", "training on examples"),
    }
)

SIGN_IN_REFUSALS = MappingProxyType(
    {
        "wrong-password": Label("неправильний пароль", "wrong password"),
        "too-many-attempts": Label("забагато спроб", "too many attempts"),
        "account-suspended": Label("обліковий запис призупинено", "account suspended"),
    }
)

CHILD_PHASES = MappingProxyType(
    {
        "registered": Label("на обліку", "registered"),
        "merged": Label("об’єднано з іншим профілем", "merged into another profile"),
        "erased": Label("особу знищено", "identity erased"),
    }
)

# How a name that was looked for is like one that was found.
NAME_MATCHES = MappingProxyType(
    {
        "same": Label("те саме ім’я", "the same name"),
        "close": Label("схоже ім’я", "a similar name"),
    }
)

# In what two profiles agree.
NAME_PARTS = MappingProxyType(
    {
        "surname": Label("прізвище", "surname"),
        "given-name": Label("ім’я", "given name"),
        "patronymic": Label("по батькові", "patronymic"),
        "birth-year": Label("рік народження", "year of birth"),
    }
)

NAME_SEARCH_GAPS = MappingProxyType(
    {
        "given-name-alone": Label(
            "за самим ім’ям дітей не шукають: додайте прізвище або рік народження",
            "children are not looked for by a given name alone, add the surname or the year of birth",
        ),
        "too-many": Label("збігів забагато: уточніть ім’я", "too many match, say more of the name"),
        "still-reading": Label(
            "останні записи ще читаються: повторіть за мить", "the last entries are still being read, ask again soon"
        ),
    }
)
