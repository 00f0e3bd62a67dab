"""The Ukrainian of refusals that concern the CCTV network: programmes, registers of cameras, uptime."""

from __future__ import annotations

from types import MappingProxyType

PHRASES = MappingProxyType(
    {
        # analytics and windows
        "the last declaration holds since {}": "останнє повідомлення чинне з {}",
        "is in the future": "ще не настало",
        "give a time that is over": "дайте час, що вже минув",
        "is more than {} days before to_at": "раніше за to_at більш ніж на {} днів",
        "ask for a shorter time": "запитайте про коротший час",
        # programmes
        "{} fundings are on record": "записано вже {} фінансувань",
        "adopt a programme that follows this one": "запишіть програму, що продовжує цю",
        "register it first, or correct its name": "спершу зареєструйте її або виправте назву",
        "{} stands in {}": "{} стоїть у регіоні {}",
        "name cameras of {}": "назвіть камери регіону {}",
        "{} was paid for by {} already": "{} уже оплатив {}",
        "leave it out": "не вказуйте її",
        "no funding {} stands": "чинного фінансування {} немає",
        "name one that GET /programmes/ID shows": "назвіть одне з тих, що показує GET /programmes/ID",
        "{} is not within the programme": "{} — поза строком програми",
        "give a time from its beginning to its end": "дайте час від її початку до її кінця",
        "two are of one kind and time": "дві мають однаковий вид і час",
        "give one target for each kind and time": "дайте одну ціль на кожен вид і час",
        # registers of cameras
        "{} of {} rows are refused": "відхилено рядків: {} з {}",
        "mend them, or send the file with accept_refused=true to leave them out": (
            "виправте їх або надішліть файл із accept_refused=true, щоб їх пропустити"
        ),
        "has more than {} rows": "має понад {} рядків",
        "cut it into several files": "розділіть його на кілька файлів",
        "is longer than {} bytes": "довший за {} байтів",
        "see whether line breaks are missing": "перевірте, чи не бракує розривів рядків",
        "has {} cells, and the header has {}": "має комірок: {}, а в заголовку їх {}",
        "put cells that have the delimiter in them in quotation marks": "комірки з роздільником візьміть у лапки",
        "begin the file with a line of these names, in any order: {}": (
            "почніть файл рядком із цими назвами, у будь-якому порядку: {}"
        ),
        "lacks {}": "бракує {}",
        "has {}, which is no column": "має {}, а такого стовпця немає",
        "names a column twice": "називає стовпець двічі",
        "is not UTF-8": "не в UTF-8",
        "save the file as UTF-8": "збережіть файл у UTF-8",
        "has a quotation mark out of place": "має лапки не на своєму місці",
        "close each quotation mark, and write one within a cell twice": (
            "закрийте кожні лапки, а лапки всередині комірки пишіть двічі"
        ),
        "{} is not a number": "{} — не число",
        "write degrees, as in 50.4501": "напишіть градуси, наприклад 50.4501",
        "{} is neither yes nor no": "{} — ні «так», ні «ні»",
        "write yes or no": "напишіть «так» або «ні»",
        "{} is not a day": "{} — не день",
        "write it as 2026-11-23": "напишіть так: 2026-11-23",
        "stands in line {} already": "уже є в рядку {}",
        "leave one of the two lines": "залиште один із двох рядків",
        "is registered already, with another {}": "уже зареєстрована, з іншими значеннями: {}",
        "correct the row as it is on record, or leave it out": "виправте рядок, як записано, або приберіть його",
        "was decommissioned": "виведена з експлуатації",
        "leave the row out, or register the new camera under a name of its own": (
            "приберіть рядок або зареєструйте нову камеру під власною назвою"
        ),
        "no camera may watch a {}": "камера не може стежити за місцем {}",
        "remove the camera from there": "приберіть звідти камеру",
        "the import {} is under way; send this one when it has ended": (
            "триває завантаження {}; надішліть це, коли воно скінчиться"
        ),
        "which rows the import {} refused is told of the last {} imports since the server was started; send its file "
        "again with dry_run=true": (
            "які рядки відхилило завантаження {}, уже не сказати: це відомо лише про останні {} від запуску сервера;"
            " надішліть його файл іще раз із dry_run=true"
        ),
        "{} is not known in {}": "{} невідома в області {}",
        "register the community first, or write it as GET /communities does": (
            "спершу зареєструйте громаду або напишіть її, як у GET /communities"
        ),
    }
)

TITLES = MappingProxyType(
    {
        "import-under-way": "Триває інше завантаження",
        "report-gone": "Переліку відхилених рядків уже немає",
    }
)

KINDS = MappingProxyType({"programme": "програма", "camera-import": "завантаження камер"})

REASONS = MappingProxyType(
    {
        "Administrators take registers of cameras in, and keep what their cameras can do.": (
            "Реєстри камер завантажують і можливості камер зазначають адміністратори."
        ),
        "Counts of the CCTV network and the programmes that pay for it are open to all who serve in the police.": (
            "Показники мережі камер і програми, що її оплачують, відкриті всім, хто служить у поліції."
        ),
        "That there is a programme is known to all who serve in the police.": (
            "Що програма є, знають усі, хто служить у поліції."
        ),
        "Supervisors and administrators put programmes on record, and what they paid for.": (
            "Програми й те, що вони оплатили, записують керівники та адміністратори."
        ),
    }
)
