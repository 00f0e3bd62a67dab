"""The Ukrainian of refusals that concern prevention cases, their attachments, and the queue of commands."""

from __future__ import annotations

from types import MappingProxyType

PHRASES = MappingProxyType(
    {
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
        "{} children are called {} in the incidents that you may read": (
            "дітей: {}, що звуться {}, у подіях, які ви можете читати"
        ),
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
        "the attachment {} was erased; nothing of it is left": "вкладення {} знищено; від нього нічого не лишилося",
        "the attachment {} was erased at {}; nothing of it is left": (
            "вкладення {} знищено {}; від нього нічого не лишилося"
        ),
    }
)
