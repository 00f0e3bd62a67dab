"""The Ukrainian of refusals about agencies, sharing agreements and consents."""

from __future__ import annotations

from types import MappingProxyType

PHRASES = MappingProxyType(
    {
        "{} is no unit of an {}": "{} — не підрозділ виду {}",
        "name one of GET /units, or create it": "назвіть один із GET /units або створіть його",
        "do not name your own": "не називають вашого",
        "name the unit that you answer for, too": "назвіть і підрозділ, за який відповідаєте",
        "is more than {} days after from_at": "більш ніж на {} днів пізніше за from_at",
        "agree on a shorter time": "домовтеся на коротший строк",
        "{} is no unit of the police": "{} — не підрозділ поліції",
        "name some of GET /units": "назвіть підрозділи з GET /units",
        "{} is agreed on already": "про {} вже домовлено",
        "{} waits for nobody's signature": "{} не очікує на підпис",
        "have a supervisor propose it first": "спершу хай запропонує керівник",
        "{} is not agreed on": "про {} не домовлено",
        "propose another agreement for more": "для більшого запропонуйте іншу угоду",
        "end it, where it is to end now": "припиніть її, якщо вона має скінчитися зараз",
        "propose another where there is reason to": "запропонуйте іншу, якщо є підстави",
        "ask again when that time is over": "запитайте знову, коли цей строк мине",
        "withdraw it, or lift the override": "відкличте її або скасуйте дозвіл без згоди",
        "ask anew, and put the answer on record": "запитайте знову й запишіть відповідь",
        "{} is no agency that takes part": "{} — не учасник простору безпеки",
        "name some of GET /agencies": "назвіть органи чи служби з GET /agencies",
        "nobody signs what they proposed; ask a data protection officer who did not propose it": (
            "ніхто не підписує того, що запропонував; зверніться до відповідального за захист даних, "
            "який цього не пропонував"
        ),
        "nobody authorises an override that they asked for; ask another supervisor": (
            "ніхто не дозволяє того, про що просив; зверніться до іншого керівника"
        ),
    }
)

REASONS = MappingProxyType(
    {
        "Which agencies take part is told to everybody who works with children here.": (
            "Які органи та служби беруть участь, знають усі, хто працює тут із дітьми."
        ),
        "Administrators register agencies, each with a unit of its own.": (
            "Органи та служби реєструють адміністратори, кожному — власний підрозділ."
        ),
        "Data protection officers end an agency's part in the space, and read why it was ended.": (
            "Участь органу чи служби припиняють відповідальні за захист даних; вони ж читають, чому."
        ),
        "Sharing agreements are listed by those who share under them, data protection officers and auditors.": (
            "Угоди про обмін переглядають ті, хто за ними ділиться, відповідальні за захист даних та аудитори."
        ),
        "The ledger of what was shared is for supervisors, data protection officers and auditors.": (
            "Облік переданого — для керівників, відповідальних за захист даних та аудиторів."
        ),
        "Juvenile officers and supervisors read the agreements of their unit.": (
            "Інспектори ювенальної превенції та керівники читають угоди свого підрозділу."
        ),
        "An agency's people read the agreements of their agency.": (
            "Представники органу чи служби читають угоди, стороною яких він є."
        ),
        "Data protection officers and auditors read every agreement.": (
            "Відповідальні за захист даних та аудитори читають кожну угоду."
        ),
        "Supervisors propose agreements and further purposes, for their unit.": (
            "Угоди та нові цілі пропонують керівники, для свого підрозділу."
        ),
        "Data protection officers sign, suspend and resume agreements.": (
            "Угоди підписують, призупиняють і поновлюють відповідальні за захист даних."
        ),
        "Supervisors of a unit that is party narrow or end an agreement, and read why it was suspended or ended.": (
            "Керівники підрозділу-сторони звужують чи припиняють угоду та читають, чому її призупинено чи припинено."
        ),
        "Data protection officers narrow or end every agreement, and read why it was suspended or ended.": (
            "Відповідальні за захист даних звужують чи припиняють будь-яку угоду та читають, чому її призупинено чи "
            "припинено."
        ),
        "Consents are listed by juvenile officers, supervisors, data protection officers and auditors.": (
            "Згоди переглядають інспектори ювенальної превенції, керівники, відповідальні за захист даних та аудитори."
        ),
        "Juvenile officers and supervisors of a unit with an open case of the child put consents on record.": (
            "Згоди записують інспектори ювенальної превенції та керівники підрозділу, який має відкриту справу дитини."
        ),
        "The unit that asked for a consent reads it, and so does a unit with an open case of the child.": (
            "Згоду читає підрозділ, який її запитав, і підрозділ, який має відкриту справу дитини."
        ),
        "Data protection officers and auditors read every consent and what was shared under it, without a name.": (
            "Відповідальні за захист даних та аудитори читають кожну згоду і що за нею передано, без імен."
        ),
        "A withdrawal, and a request to do without consent, is put on record by those who read the consent's words.": (
            "Відкликання і запит на дозвіл без згоди записують ті, хто читає написане у згоді."
        ),
        "Supervisors authorise, deny or lift doing without consent.": (
            "Дозвіл без згоди надають, відхиляють чи скасовують керівники."
        ),
    }
)
