"""The Ukrainian of refusals: phrases by their English, with `{}` where a value stands, in the same order."""

from __future__ import annotations

from types import MappingProxyType

from app.api import ukrainian_incidents

TITLES = MappingProxyType(
    {
        **ukrainian_incidents.TITLES,
        "invalid-value": "Неприйнятне значення",
        "not-found": "Не знайдено",
        "already-exists": "Вже існує",
        "wrong-state": "Стан цього не дозволяє",
        "version-conflict": "Хтось змінив раніше",
        "command-id-reused": "Ключ команди вже використано",
        "forbidden": "Не дозволено",
        "account-suspended": "Обліковий запис призупинено",
        "approver-is-proposer": "План затверджує інша особа",
        "attachment-damaged": "Вкладення пошкоджено",
        "subject-erased": "Дані знищено",
        "upload-too-large": "Завеликий файл",
        "log-full": "Немає місця на диску",
        "log-busy": "Журнал зайнятий",
    }
)

KINDS = MappingProxyType(
    {
        "prevention-case": "профілактична справа",
        "incident": "подія",
        "measure": "захід",
        "plan": "план",
        "attachment": "вкладення",
        "offer": "пропозиція передачі",
        "child": "дитина",
        "officer": "інспектор",
        "account": "обліковий запис",
        "camera": "камера",
        "footage": "відеозапис",
        "unit": "підрозділ",
    }
)

STATES = MappingProxyType(
    {
        "open": "відкрита",
        "closed": "закрита",
        "sealed": "запечатана",
        "completed": "вже завершено",
        "removed": "вилучено",
        "waiting for a plan": "план очікує на рішення",
        "waiting for no decision": "жоден план не очікує на рішення",
        "offered to a unit already": "вже запропонована іншому підрозділу",
        "offered to nobody": "нікому не запропонована",
        "voided": "скасовано як помилковий запис",
    }
)

PHRASES = MappingProxyType(
    {
        **ukrainian_incidents.PHRASES,
        # any value
        "is empty": "порожнє",
        "write something": "напишіть щось",
        "has {} characters": "має {} символів",
        "at most {} are taken: shorten it": "приймається не більше ніж {}: скоротіть",
        "has control characters": "містить керівні символи",
        "write plain text; line breaks are welcome": "пишіть звичайним текстом; переноси рядків дозволено",
        "has more than one line": "має більше ніж один рядок",
        "write it in one line": "напишіть одним рядком",
        "{} is not such a code": "{} — не такий код",
        "give the 64 lower-case hexadecimal digits of the SHA-256": "дайте 64 шістнадцяткові цифри SHA-256, малими",
        "{} is not known": "{} невідоме",
        "use one of: {}": "використайте одне з: {}",
        "is {}": "дорівнює {}",
        "give a whole number from {} to {}": "дайте ціле число від {} до {}",
        "give a number from {} to {}": "дайте число від {} до {}",
        "has {} entries": "містить елементів: {}",
        "give {} to {}": "дайте від {} до {}",
        "is before {} or after {}": "раніше ніж {} або пізніше ніж {}",
        "check the year": "перевірте рік",
        "{} is in the future": "{} — у майбутньому",
        "check date, hour and time zone": "перевірте дату, годину й часовий пояс",
        "is not after {}": "не пізніше ніж {}",
        "exchange them, or correct one": "поміняйте їх місцями або виправте",
        "is before {}": "раніше ніж {}",
        "is {} itself": "те саме, що {}",
        "give a later time": "дайте пізніший час",
        "has no time zone": "без часового поясу",
        "add one, such as +03:00 or Z": "додайте його, наприклад +03:00 або Z",
        # any command
        "there is no {} {}": "немає такого: {} {}",
        "the {} {} exists already; use another id, or change the one that exists": (
            "{} {} вже існує; візьміть інший ідентифікатор або змініть наявне"
        ),
        "expected version {} of {}, but it is at {}; read it again and decide anew": (
            "очікувалася версія {} запису {}, але зараз версія {}; прочитайте знову та вирішіть наново"
        ),
        "the command id {} was used for another command; choose a new one for each command": (
            "ключ {} вже використано для іншої команди; для кожної команди беріть новий"
        ),
        "this makes something new, which has no version yet": "це створює нове, що ще не має версії",
        "leave it out": "не надсилайте його",
        "send 1 to {}": "надішліть від 1 до {}",
        "{} is not a version": "{} — не версія",
        'send the ETag of the answer that you read, as in "3"': 'надішліть ETag прочитаної відповіді, наприклад "3"',
        # prevention cases
        "{} is no unit of juvenile prevention": "{} — не підрозділ ювенальної превенції",
        "leave it to one; see GET /units": "залиште це такому підрозділу; див. GET /units",
        "write CH- and 4 to 12 capital letters or digits": "напишіть CH- і від 4 до 12 великих літер чи цифр",
        "is the officer whose certification lapsed": "це інспектор, чия атестація втратила чинність",
        "name another, or nobody": "назвіть іншого або нікого",
        "wait until it is decided on": "зачекайте на рішення щодо нього",
        "is not after the term that the case has": "не пізніше за теперішній строк справи",
        "give a later time, or close the case": "дайте пізніший час або закрийте справу",
        "is not in the future": "не в майбутньому",
        "is more than {} days ahead": "більше ніж за {} днів наперед",
        "give an earlier time; it can be extended": "дайте раніший час; його можна подовжити",
        "there is nothing to decide on": "вирішувати нема чого",
        "{} is not the one that waits": "{} — не той, що очікує",
        "decide on {}": "вирішіть щодо {}",
        "a plan is decided on by somebody else than who proposed it; ask another supervisor": (
            "рішення щодо плану ухвалює не той, хто його запропонував; зверніться до іншого керівника"
        ),
        "close it first": "спершу закрийте її",
        "reopen it, or leave it": "відкрийте її знову або залиште",
        "nothing is added to it any more; open another one": "до неї більше нічого не додається; відкрийте іншу",
        "{} is no juvenile officer of the case's unit": "{} не є інспектором ювенальної превенції підрозділу справи",
        "name one who serves there": "назвіть того, хто там служить",
        "{} is not certified": "{} не має чинної атестації",
        "name an officer whose certification stands": "назвіть інспектора з чинною атестацією",
        "the case has {} measures": "у справі вже {} заходів",
        "the case has {} contacts": "у справі вже {} контактів",
        "close the case, or go on in another": "закрийте справу або продовжуйте в іншій",
        "is too far from today": "задалеко від сьогодні",
        "give one from {} days ago to {} days ahead": "дайте день у межах від {} днів тому до {} днів наперед",
        "schedule another where more is to be done": "якщо треба зробити більше, призначте інший",
        "wait for the answer, or take the offer back": "зачекайте на відповідь або відкличте пропозицію",
        "name one; see GET /units": "назвіть такий; див. GET /units",
        "is the unit that has the case": "це підрозділ, який уже має справу",
        "name another, or assign another officer": "назвіть інший або призначте іншого інспектора",
        "is past, or too far ahead": "у минулому або задалеко",
        "give a time within {} days": "дайте час у межах {} днів",
        "is not the one that the case was offered to": "не той, якому запропоновано справу",
        "leave the answer to that unit": "залиште відповідь тому підрозділу",
        "neither offered the case nor was offered it": "не пропонував справи, і йому її не пропонували",
        "leave the answer to those units": "залиште відповідь тим підрозділам",
        "offer it first": "спершу запропонуйте її",
        "{} is voided": "{} скасовано",
        "name one that stands, or none": "назвіть чинну або жодної",
        "{} is in no incident that you may read": "{} немає в жодній події, яку ви можете читати",
        "{} is in no incident and has no profile that you may read": (
            "{} немає ні в події, ні серед профілів, які ви можете читати"
        ),
        "look it up among GET /children": "знайдіть її через GET /children",
        "{} children are called {}": "дітей: {}, що звуться {}",
        "the child is called {}": "дитина зветься {}",
        "correct it, or leave it out": "виправте або не вказуйте",
        "give the child's id, too": "додайте ідентифікатор дитини",
        "is not named": "не названо",
        "{}; give its pseudonym or its id": "{}; дайте її псевдонім або ідентифікатор",
        # attachments
        "the case has had {} of them": "у справі вже було стільки: {}",
        "at most {} are taken in the life of a case: join pages into one document": (
            "за час справи приймається не більше ніж {}: об’єднайте сторінки в один документ"
        ),
        "it cannot be removed twice": "двічі вилучити неможливо",
        "is neither a picture, a PDF document nor a sound, by its bytes": (
            "за вмістом не є ні зображенням, ні документом PDF, ні звуком"
        ),
        "send {}": "надішліть {}",
        "is missing": "немає",
        "send the file's name, percent-encoded": "надішліть назву файлу, закодовану відсотками",
        "is not percent-encoded UTF-8": "не UTF-8, закодоване відсотками",
        "encode it, as in {}": "закодуйте, як-от {}",
        "send its bytes as the body": "надішліть його вміст тілом запиту",
        "file: more than {} bytes; cut it into shorter files": "файл: понад {} байтів; поділіть на менші файли",
        # the queue
        "has letters beyond ASCII": "містить літери поза ASCII",
        "write it in Latin letters and digits": "напишіть латинськими літерами та цифрами",
        "is the same of two commands": "однаковий у двох командах",
        "give each one of its own": "дайте кожній свій",
        "is no command that is queued": "не є командою, яку можна ставити в чергу",
        "send it by itself": "надішліть її окремо",
        "stands on a command that does not come before it": "спирається на команду, якої немає перед нею",
        "number them from 1, in order": "нумеруйте їх від 1 по порядку",
    }
)

REASONS = MappingProxyType(
    {
        **ukrainian_incidents.REASONS,
        "This account is suspended; ask an administrator.": (
            "Цей обліковий запис призупинено; зверніться до адміністратора."
        ),
        "An administrator takes no part in casework and reads none of it; act from an account without that role.": (
            "Адміністратор не бере участі в роботі зі справами й не читає їх; дійте з облікового запису без цієї ролі."
        ),
        "An auditor changes nothing.": "Аудитор нічого не змінює.",
        "An auditor reads the record as it is sealed: no names, no free text, no pictures.": (
            "Аудитор читає запис запечатаним: без імен, без тексту, без зображень."
        ),
        "The lists of prevention cases are for juvenile officers, supervisors and auditors.": (
            "Переліки профілактичних справ — для інспекторів ювенальної превенції, керівників та аудиторів."
        ),
        "Cases that another unit may take over are listed by supervisors.": (
            "Справи, які може перейняти інший підрозділ, переглядають керівники."
        ),
        "Figures of prevention cases are for supervisors and auditors.": (
            "Показники профілактичних справ — для керівників та аудиторів."
        ),
        "Juvenile officers and supervisors open cases, in their own unit.": (
            "Справи відкривають інспектори ювенальної превенції та керівники, у своєму підрозділі."
        ),
        "The unit's juvenile officers know of its cases, so that nobody opens a second one, until one is sealed.": (
            "Інспектори підрозділу знають про його справи, щоб ніхто не відкрив другої, поки справу не запечатано."
        ),
        "The officer in charge reads the case and its attachments, wherever they serve now, until it is sealed.": (
            "Інспектор, який веде справу, читає її та вкладення, де б не служив, поки справу не запечатано."
        ),
        "The unit's supervisors read its cases; of a sealed one no words.": (
            "Керівники підрозділу читають його справи; у запечатаній — без написаного."
        ),
        "The unit's supervisors read what was written in a case, and its attachments, until it is sealed.": (
            "Керівники підрозділу читають написане у справі та вкладення, поки справу не запечатано."
        ),
        "Supervisors know of a case that their unit may take over.": (
            "Керівники знають про справу, яку може перейняти їхній підрозділ."
        ),
        "Why a unit is to take a case over is for the supervisors of both units.": (
            "Чому підрозділ має перейняти справу — для керівників обох підрозділів."
        ),
        "Auditors read every case, with what is sealed left sealed.": (
            "Аудитори читають кожну справу; запечатане лишається запечатаним."
        ),
        "The officer in charge works on the case.": "Над справою працює інспектор, який її веде.",
        "The unit's supervisors assign, decide on plans, extend, offer to another unit, close, reopen and seal.": (
            "Керівники підрозділу призначають, вирішують щодо планів, подовжують, пропонують іншому підрозділу, "
            "закривають, відкривають знову та запечатують."
        ),
        "Supervisors of the unit that a case was offered to take it over, or decline.": (
            "Керівники підрозділу, якому запропоновано справу, переймають її або відмовляються."
        ),
    }
)
