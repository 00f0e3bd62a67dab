"""The Ukrainian of refusals that concern profiles of children, concerns, and the certification of officers."""

from __future__ import annotations

from types import MappingProxyType

PHRASES = MappingProxyType(
    {
        # who is meant, and who a child is
        "correct it, or leave it out": "виправте або приберіть",
        "the child is called {}": "дитина зветься {}",
        "has no word": "не має жодного слова",
        "nothing of it is left to compare": "порівнювати вже нічого",
        "write a surname, best with the given name": "напишіть прізвище, найкраще разом з ім’ям",
        "give its pseudonym, too": "додайте і її псевдонім",
        "look it up among GET /children and GET /children/profiles": (
            "знайдіть її через GET /children і GET /children/profiles"
        ),
        "{}, or leave it out": "{} або приберіть",
        "{} is no child that you may read of": "{} — не дитина, про яку ви можете читати",
        "{} is used already": "{} вже вжито",
        "leave id and pseudonym out for a new child": "якщо дитина нова, приберіть ідентифікатор і псевдонім",
        "{} children are called {}": "дітей: {}, що звуться {}",
        "give the child's id, too; or leave both out for a new child": (
            "додайте ідентифікатор дитини або приберіть обидва, якщо дитина нова"
        ),
        "{} children are called {}, in incidents that you may read": (
            "дітей: {}, що звуться {}, у подіях, які ви можете читати"
        ),
        "is missing, and this opens what is known of a person": "немає, а це відкриває відомості про особу",
        "say why, with one of: {}": "назвіть мету, одну з: {}",
        "has no letter": "не має жодної літери",
        "is a day that the calendar does not have": "такого дня в календарі немає",
        "is in the future, or more than {} years ago": "у майбутньому або понад {} років тому",
        "is no date, and no part of one": "не дата й не її частина",
        "leave them out, or write a narrative": "приберіть їх або напишіть оповідь",
        "one of them is no number": "щось із них не номер",
        "record it where it belongs: an incident or a case": "запишіть там, де йому місце: у події чи у справі",
        "there is no narrative that could name anybody": "немає оповіді, яка могла б когось назвати",
        "write 2012, 2012-05 or 2012-05-17": "напишіть 2012, 2012-05 або 2012-05-17",
        "write 5 to 21 digits, as in +380 44 123 45 67": "напишіть від 5 до 21 цифри, як-от +380 44 123 45 67",
        "write the name": "напишіть ім’я",
        # erasing, merging and parting
        "another supervisor decides on the request": "щодо запиту вирішує інший керівник",
        "somebody asks for it first": "спершу хтось має про це просити",
        "check which are wrong": "перевірте, які з них хибні",
        "decide on that first": "спершу вирішіть щодо цього",
        "is the same profile": "це той самий профіль",
        "merge this one into that one, or part them first": "об’єднайте цей із тим або спершу роз’єднайте їх",
        "name one of those that were": "назвіть один із тих, що були",
        "name the other profile of this child": "назвіть інший профіль цієї дитини",
        "was not merged into this profile": "не було об’єднано з цим профілем",
        "{} profiles were merged into it": "з ним об’єднано профілів: {}",
        "{} profiles were merged into this one": "з цим об’єднано профілів: {}",
        "change the profile {}, or part the two": "змінюйте профіль {} або роз’єднайте їх",
        "open it on that": "відкрийте її на нього",
        "open it on the profile that it was merged into": "відкрийте її на профіль, з яким цей об’єднано",
        "merged into {}": "об’єднано з {}",
        "nothing more is recorded about this child": "про цю дитину більше нічого не записують",
        "the personal data of {} was erased and takes nothing new; use a new subject": (
            "персональні дані {} знищено, нового не додають; візьміть новий запис"
        ),
        # concerns
        "dismiss it, where there is nothing to do": "відхиліть його, якщо робити нічого",
        "help was offered {} times": "допомогу пропоновано стільки разів: {}",
        "name one of GET /units": "назвіть один із GET /units",
        "raise another where there is reason to": "подайте інший, якщо є підстави",
        "record no more than what counts": "не записуйте більше, ніж має значення",
        "review it again, and find {}": "розгляньте його знову з висновком {}",
        "reviewed: {}": "розглянуто: {}",
        "{} is no unit of {}": "{} — не підрозділ напряму {}",
        "nobody reviews a concern that they raised; ask a colleague or the supervisor of its unit": (
            "ніхто не розглядає сигнал, який подав сам; зверніться до колеги або керівника підрозділу"
        ),
        # officers
        "certify for a shorter time": "атестуйте на коротший строк",
        "give a day that is to come": "дайте день, який ще настане",
        "give a later day, or withdraw it": "дайте пізніший день або відкличте її",
        "go on from there": "продовжуйте звідти",
        "is more than {} days away": "більше ніж за {} днів звідси",
        "is not after the end that stands already": "не пізніше за чинний кінцевий день",
        "is over already": "вже минуло",
        "only a certification that stands is withdrawn": "відкликають лише чинну атестацію",
        "record only what counts": "записуйте лише те, що має значення",
        "record the course {} first": "спершу запишіть курс {}",
        "withdraw it, where it must end before": "відкличте, якщо має закінчитися раніше",
        "{} courses stand on record already": "вже записано курсів: {}",
        "{} is no {} in service": "{} не служить як {}",
        "nobody certifies themselves; ask another supervisor of the unit": (
            "ніхто не атестує себе; зверніться до іншого керівника підрозділу"
        ),
        "nobody attests a training of themselves; ask another supervisor of the unit": (
            "ніхто не засвідчує власного навчання; зверніться до іншого керівника підрозділу"
        ),
        "nobody selects themselves; ask another supervisor of the unit": (
            "ніхто не обирає себе; зверніться до іншого керівника підрозділу"
        ),
        "nobody withdraws a certification of themselves; ask another supervisor of the unit": (
            "ніхто не відкликає власної атестації; зверніться до іншого керівника підрозділу"
        ),
        "nobody agrees to an erasure that they asked for; ask {}": (
            "ніхто не погоджує знищення, про яке просив сам; зверніться: {}"
        ),
        "another supervisor of the unit": "інший керівник підрозділу",
        "another administrator": "інший адміністратор",
        # corrections
        "corrects nothing": "нічого не виправляє",
        "give what is to be otherwise": "дайте те, що має бути інакше",
        "give what is to be otherwise; what is left out stays as it is": (
            "дайте те, що має бути інакше; пропущене лишається, як є"
        ),
        "says what stands on record already": "повторює те, що вже записано",
    }
)
