"""The Ukrainian of refusals that concern referrals and case conferences."""

from __future__ import annotations

from types import MappingProxyType

TITLES = MappingProxyType(
    {
        "not-agreed": "Угода цього не охоплює",
        "not-consented": "Згоди на це немає",
        "conference-under-way": "Нарада вже триває",
        "plan-not-agreed": "План погодили не всі",
        "plan-stands": "План уже діє",
    }
)

KINDS = MappingProxyType(
    {
        "referral": "направлення",
        "conference": "нарада",
        "task": "завдання",
        "admission": "допуск",
    }
)

STATES = MappingProxyType(
    {
        "not open": "не ведеться",
        "sent": "надіслано",
        "accepted": "прийнято",
        "declined": "відхилено",
        "about an erased child": "стосується дитини, дані якої знищено",
        "suggested": "запропоновано",
        "called": "скликано",
        "agreed": "погоджено",
        "cancelled": "скасовано",
        "done": "виконано",
    }
)

PHRASES = MappingProxyType(
    {
        # what a share rests on
        "the agreement does not cover this: it is not in force, or not with this agency, for this purpose and for all "
        "of these fields; name another agreement, or share less": (
            "угода цього не охоплює: вона не діє або не з цією службою, не для цієї мети чи не для всіх цих "
            "відомостей; назвіть іншу угоду або передайте менше"
        ),
        "the consent does not permit this: it does not stand, or not for this child, this agency, this purpose and all "
        "of these fields; ask for a consent, or share less": (
            "згода цього не дозволяє: вона не діє або не щодо цієї дитини, служби, мети чи всіх цих відомостей; "
            "попросіть згоди або передайте менше"
        ),
        "{} is no agency that takes part": "{} — не служба, що бере участь",
        "name one of GET /agencies": "назвіть одну з GET /agencies",
        "name some of GET /agencies": "назвіть деякі з GET /agencies",
        # referrals
        "send a referral while it is": "надсилайте направлення, поки справа ведеться",
        "is not among the fields that are shared": "немає серед відомостей, що передаються",
        "add the field, or leave it out": "додайте це до відомостей або не пишіть",
        "nothing is known of {}": "про {} нічого не відомо",
        "what it holds lies in a profile that the caller may not open": "це у профілі, якого ви не можете відкрити",
        "leave it out, or ask the unit that keeps the profile": "приберіть або попросіть підрозділ, який веде профіль",
        "leave it out, or put it on record first": "не передавайте цього або спершу внесіть до запису",
        "write which help is needed, or leave the field out": "напишіть, якої допомоги треба, або не передавайте цього",
        "was delivered {} times": "надано разів: {}",
        "complete the referral": "завершіть направлення",
        # conferences
        "settle the plan while it is": "погодьте план, поки справа ведеться",
        "call a conference while it is": "скликайте нараду, поки справа ведеться",
        "a conference about this child is under way; take part in that one, or cancel it first": (
            "нарада щодо цієї дитини вже триває; візьміть участь у ній або спершу скасуйте її"
        ),
        "plans in force of this child: {}; read them, and name exactly these as superseded": (
            "чинні плани щодо цієї дитини: {}; прочитайте їх і назвіть саме їх такими, що замінюються"
        ),
        "not all admitted agencies have agreed to the plan as it is; ask {}": (
            "не всі допущені служби погодили план, яким він є; запитайте {}"
        ),
        "none is admitted": "жодної не допущено",
        "admit one, or plan within the prevention case": "допустіть хоча б одну або плануйте в межах справи",
        "there are none": "немає жодного",
        "agree on a task first": "спершу погодьте завдання",
        "{} is of an agency that was excluded": "{} — завдання служби, яка вибула",
        "drop it, or admit the agency": "вилучіть його або допустіть службу",
        "{} agencies are admitted": "допущено служб: {}",
        "admit no more than have something to do": "допускайте лише тих, хто має що робити",
        "{} decisions are recorded": "записано рішень: {}",
        "{} is not admitted": "{} не допущено",
        "admit it first, or name another one": "спершу допустіть її або назвіть іншу",
        "{} tasks are agreed on": "погоджено завдань: {}",
        "agree on no more than what can be done": "погоджуйте лише те, що можна виконати",
        "yours is not admitted": "вашу не допущено",
        "ask the unit that called the conference to admit it": "попросіть підрозділ, що скликав нараду, допустити її",
        "{} is not your agency's": "{} — завдання не вашої служби",
        "leave it to those who took it on": "залиште його тим, хто за нього взявся",
        "the agreement or the consent on which {} would be told has ended": (
            "угода чи згода, на підставі якої мали б дізнатися {}, більше не діє"
        ),
        "exclude those, and admit them anew on what stands": (
            "вилучіть ці служби й допустіть їх знову на чинній підставі"
        ),
        "the agreement or the consent on which yours is told has ended": (
            "угода чи згода, на підставі якої допущено вашу, більше не діє"
        ),
        "ask the unit that called the conference to admit it anew on what stands": (
            "попросіть підрозділ, що скликав нараду, знову допустити її на чинній підставі"
        ),
        "{} is before the task was agreed on at {}": "{} — раніше, ніж погодили завдання: {}",
        "give the time when what was agreed on had been done": "вкажіть час, коли погоджене було виконано",
    }
)

REASONS = MappingProxyType(
    {
        "Referrals are listed by juvenile officers, supervisors, partners, data protection officers and auditors.": (
            "Направлення переглядають інспектори ювенальної превенції, керівники, представники служб, відповідальні за "
            "захист даних і аудитори."
        ),
        "The officer in charge of the case sends its referrals, reads them and takes them back.": (
            "Направлення у справі надсилає, читає й відкликає інспектор, який її веде."
        ),
        "The supervisors of the case's unit send its referrals, read them and take them back.": (
            "Направлення у справі надсилають, читають і відкликають керівники її підрозділу."
        ),
        "The agency's people see what is asked of them.": "Про що просять службу, бачать її представники.",
        "The agency's people accept or decline a referral, and put on record what they did.": (
            "Приймають і відхиляють направлення та записують зроблене представники служби."
        ),
        "The agency's people read whom a referral is about once they have accepted it, and until it is over.": (
            "Кого стосується направлення, представники служби читають після того, як його прийняли, і доки воно не "
            "завершене."
        ),
        "The agency's people open what is shared with them once they have accepted it, and until it is over.": (
            "Передані відомості представники служби відкривають після того, як прийняли направлення, і доки його не "
            "завершено."
        ),
        "Data protection officers and auditors read every referral, with what is sealed left sealed.": (
            "Відповідальні за захист даних і аудитори читають усі направлення, не відкриваючи запечатаного."
        ),
        "Conferences are listed by juvenile officers, supervisors, partners, data protection officers and auditors.": (
            "Наради переглядають інспектори ювенальної превенції, керівники, представники служб, відповідальні за "
            "захист даних і аудитори."
        ),
        "The officer in charge of the case calls its conferences and leads them.": (
            "Наради у справі скликає й веде інспектор, який її веде."
        ),
        "The supervisors of the case's unit call its conferences and lead them.": (
            "Наради у справі скликають і ведуть керівники її підрозділу."
        ),
        "The people of an agency that is invited see that a conference is to meet, and when.": (
            "Що нарада має відбутися й коли, бачать представники запрошеної служби."
        ),
        "The people of an agency that is admitted read the plan, agree to it and do their part of it.": (
            "План читають, погоджують і виконують у своїй частині представники допущеної служби."
        ),
        "Data protection officers and auditors read every conference, with what is sealed left sealed.": (
            "Відповідальні за захист даних і аудитори читають усі наради, не відкриваючи запечатаного."
        ),
    }
)
