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
        "use up to 300 Latin letters, digits and . : / @ + - _": "до 300 латинських літер, цифр і . : / @ + - _",
        "use up to 120 Latin letters, digits, blanks and . : , + - _": (
            "до 120 латинських літер, цифр, пропусків і . : , + - _"
        ),
        "use small Latin letters, digits and dashes, a letter first": "малі латинські літери, цифри, дефіси",
        "write small letters, digits and hyphens, as in road-accident": (
            "малі латинські літери, цифри й дефіси, як-от road-accident"
        ),
        "use 3 to 32 small Latin letters, digits, dots, dashes or underscores, a letter first": (
            "від 3 до 32 малих латинських літер, цифр, крапок, дефісів чи підкреслень, перша — літера"
        ),
        "use 2 to 32 capital Latin letters, digits and dashes, such as KYIV-014": (
            "від 2 до 32 великих латинських літер, цифр і дефісів, як-от KYIV-014"
        ),
        "give its number as it is registered: 4 to 32 digits, capital letters and / . -": (
            "дайте його номер, як зареєстровано: від 4 до 32 цифр, великих літер і / . -"
        ),
        "write it as on the file, such as 12026100070001234": "напишіть, як на справі, наприклад 12026100070001234",
        "give the manifest's digest": "дайте відбиток маніфесту",
        "give the configuration's digest": "дайте відбиток конфігурації",
        "give the order's number: 2 to 60 letters and digits": "дайте номер розпорядження: від 2 до 60 літер і цифр",
        "give the document's number: 2 to 60 letters, digits, blanks and / . - №": (
            "дайте номер документа: від 2 до 60 літер, цифр, пропусків і / . - №"
        ),
        "give its number: 2 to 60 letters and digits": "дайте його номер: від 2 до 60 літер і цифр",
        # any request
        "there is nothing at this address; GET /schema lists those that there are": (
            "за цією адресою нічого немає; наявні перелічує GET /schema"
        ),
        "this address does not take this method; the Allow header names those that it takes": (
            "ця адреса не приймає такого методу; прийнятні називає заголовок Allow"
        ),
        "the body is larger than this address takes; send a smaller one": (
            "тіло запиту більше, ніж приймає ця адреса; надішліть менше"
        ),
        "too many requests in this minute; wait as long as the RateLimit-Reset header says": (
            "забагато запитів за цю хвилину; зачекайте, скільки каже заголовок RateLimit-Reset"
        ),
        "the body ended before it was whole; send it again": "тіло запиту урвалося; надішліть знову",
        "the body is {}; send application/json": "тіло запиту — {}; надішліть application/json",
        "the body is not UTF-8; send JSON in UTF-8": "тіло запиту не в UTF-8; надішліть JSON у UTF-8",
        "the body is nested too deeply; send the fields that the schema names": (
            "тіло запиту має забагато рівнів; надішліть поля, які називає схема"
        ),
        "the body names {} twice; send one value of it": "тіло запиту називає {} двічі; надішліть одне значення",
        "the password was changed since; log in again": "пароль відтоді змінено; увійдіть знову",
        "no token; log in and send it as Authorization: Bearer": (
            "немає токена; увійдіть і надсилайте його як Authorization: Bearer"
        ),
        "{}; sign in again: oberih login, or POST /login": "{}; увійдіть знову: oberih login або POST /login",
        "the token is too long": "токен задовгий",
        "the token is of another type": "токен іншого виду",
        "the token has expired": "строк токена минув",
        "the token is not one of ours": "токен не наш",
        "the token was made for another use": "токен для іншого",
        "wrong username or password": "неправильне ім’я або пароль",
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
