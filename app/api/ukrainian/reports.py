"""The Ukrainian of refusals that concern residents' reports, and of the sentences of their access policy."""

from __future__ import annotations

from types import MappingProxyType

PHRASES = MappingProxyType(
    {
        "nothing goes on under {}": "за зверненням {} вже нічого не роблять",
        "reopen it, or name one that is answered": "відкрийте його знову або назвіть те, з яким працюють",
        "nobody has read {}": "звернення {} ще ніхто не прочитав",
        "acknowledge one of both first": "спершу підтвердьте одне з обох",
        "{} is not weighed as danger": "звернення {} не оцінено як небезпеку",
        "weigh that one so first, or this one anew": "спершу оцініть його так або це — наново",
        "too many reports come from where you are; wait {} seconds, or, if somebody is in danger, call 102 or 112": (
            "звідти, де ви є, надходить забагато повідомлень; зачекайте {} с, а якщо хтось у небезпеці, телефонуйте"
            " 102 або 112"
        ),
        "this token has a report already, with other words; to add to it, use POST /reports/own/follow-up, and for "
        "another report ask for another token: POST /reports/own/token": (
            "за цим токеном уже є повідомлення, з іншими словами; щоб його доповнити, використайте"
            " POST /reports/own/follow-up, а для іншого повідомлення попросіть інший токен: POST /reports/own/token"
        ),
        "is no telephone number": "не є номером телефону",
        "write {} to {} digits, as in +380 44 555 12 12": "напишіть від {} до {} цифр, як-от +380 44 555 12 12",
        "is no e-mail address": "не є адресою електронної пошти",
        "write it as name@example.org": "напишіть її як name@example.org",
        "no token of a report; send it as Authorization: Report": (
            "немає токена повідомлення; надішліть його як Authorization: Report"
        ),
        "the text names a child on record, and people outside would read it; write it without any name": (
            "у тексті названо дитину, що є в обліку, а його читали б сторонні; напишіть його без жодного імені"
        ),
        "is not known in this region": "невідома в цій області",
        "name one of GET /reports/public/words": "назвіть одну з GET /reports/public/words",
        "its time is not over": "його час не минув",
        "answer it meanwhile": "дайте відповідь",
        "{} is no other report": "{} — не інше повідомлення",
        "name one of GET /reports/{id}/duplicates": "назвіть одне з GET /reports/{id}/duplicates",
        "{} is a duplicate itself": "{} само є дублікатом",
        "name the report that it is a duplicate of": "назвіть повідомлення, дублікатом якого воно є",
        "is not so": "не так",
        "acknowledge it first": "спершу позначте його прочитаним",
        "a report of {} is never public": "повідомлення такого роду, {}, ніколи не публікують",
        "leave it unpublished": "не публікуйте його",
        "read it again, and attest that it names no child and nobody else": (
            "перечитайте й підтвердьте, що в ньому не названо ні дитини, ні когось іншого"
        ),
        "is not the one place that it goes to": "не є тим єдиним місцем, куди воно йде",
        "name either a community or a body": "назвіть або громаду, або орган",
        "has this report already": "вже має це повідомлення",
        "name another one": "назвіть іншу",
        "submit another report": "подайте інше повідомлення",
        "has neither telephone nor e-mail": "не має ні телефону, ні електронної пошти",
        "give one, or report anonymously": "дайте щось із них або повідомте анонімно",
        "was written {} times": "написано разів: {}",
        "at most {} are taken: submit another report": "приймається не більше ніж {}: подайте інше повідомлення",
        "send a JPEG, PNG or WebP picture": "надішліть зображення JPEG, PNG або WebP",
        "cannot be looked through for names now": "зараз не вдається перевірити на імена",
        "send it again in a moment": "надішліть знову за мить",
        "{} is no unit of {} in the region of the report": "{} — не підрозділ {} в області повідомлення",
        "{} does not serve in that unit": "{} не служить у цьому підрозділі",
        "name somebody who does": "назвіть того, хто служить",
        "record an incident of its own": "зареєструйте подію окремо",
    }
)

REASONS = MappingProxyType(
    {
        "Whoever holds the token of a report reads it, adds to it, reopens it and has their contact forgotten.": (
            "Хто має токен повідомлення, читає його, доповнює, відкриває знову й просить забути свій контакт."
        ),
        "Reports are listed by community officers, investigators, juvenile officers, supervisors and auditors.": (
            "Перелік повідомлень бачать офіцери громад, слідчі, інспектори ювенальної превенції, керівники й аудитори."
        ),
        "Community officers answer the reports of the community where they are posted.": (
            "Офіцери громад відповідають на повідомлення громади, де служать."
        ),
        "Supervisors answer the reports that their unit of community police answers.": (
            "Керівники відповідають на повідомлення, за які відповідає їхній підрозділ офіцерів громад."
        ),
        "The duty desk of the region answers a report on which nobody acted in time.": (
            "Чергова частина області відповідає на повідомлення, на яке вчасно ніхто не відповів."
        ),
        "Auditors read every report, with what is sealed left sealed.": (
            "Аудитори читають кожне повідомлення, а запечатане лишається запечатаним."
        ),
        "Analysts and auditors see how many reports there are, without small counts.": (
            "Аналітики й аудитори бачать, скільки є повідомлень, без малих чисел."
        ),
    }
)
