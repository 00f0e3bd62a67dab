"""The Ukrainian of refusals of any value and any command."""

from __future__ import annotations

from types import MappingProxyType

PHRASES = MappingProxyType(
    {
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
        "encode it, as in %D0%BB%D0%B8%D1%81%D1%82.pdf": "закодуйте, як-от %D0%BB%D0%B8%D1%81%D1%82.pdf",
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
        "expected version {} of {}, but this makes it, and it has no version yet; name none": (
            "очікувалася версія {} запису {}, але він щойно створюється і версії ще не має; не вказуйте жодної"
        ),
        "has characters that cannot be seen": "містить невидимі символи",
        "type it anew, with nothing but what is read": "наберіть заново, лише те, що читається",
        "is of another list, or of other filters": "з іншого переліку або за іншими умовами",
        "ask as for the page before, or begin anew": "запитуйте так само, як попередню сторінку, або почніть спочатку",
    }
)
