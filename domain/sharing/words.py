"""The closed lists of the single security space, labelled as in `domain.vocabulary`: who takes part, for what something
is shared, what may be shared, and who consents.

Purposes, fields and bases of law are configuration to be checked by counsel, as those of `domain.vocabulary` are.
"""

from __future__ import annotations

from types import MappingProxyType

from domain.vocabulary import Label

AGENCY_KINDS = MappingProxyType(
    {
        "children-service": Label("служба у справах дітей", "children's service"),
        "social-services": Label("соціальні служби", "social services"),
        "education": Label("управління освіти", "education authority"),
        "health-care": Label("заклад охорони здоров’я", "health care"),
        "local-authority": Label("орган місцевого самоврядування", "local authority"),
        "crisis-centre": Label("кризовий центр або притулок", "crisis centre or shelter"),
        "probation": Label("ювенальна пробація", "juvenile probation"),
        "legal-aid": Label("безоплатна правнича допомога", "legal aid"),
        "civil-society": Label("громадська організація", "civil society organisation"),
    }
)

SHARING_PURPOSES = MappingProxyType(
    {
        "social-support": Label("соціальна підтримка", "social support"),
        "psychological-help": Label("психологічна допомога", "psychological help"),
        "health-care": Label("медична допомога", "health care"),
        "schooling": Label("підтримка у навчанні", "support in schooling"),
        "protection-from-violence": Label("захист від насильства", "protection from violence"),
        "shelter": Label("притулок або влаштування дитини", "shelter or placement"),
        "legal-aid": Label("правнича допомога", "legal aid"),
        "joint-planning": Label("спільний план допомоги", "one joint plan of help"),
    }
)

SHARED_FIELDS = MappingProxyType(
    {
        "identity": Label("ім’я та дата народження", "name and date of birth"),
        "contacts": Label("адреса і телефон", "address and telephone"),
        "guardians": Label("батьки чи опікуни", "parents or guardians"),
        "school": Label("заклад освіти", "school"),
        "help-needed": Label("яка потрібна допомога", "what help is needed"),
        "risk": Label("оцінка ризику для дитини", "how much the child is at risk"),
        "plan": Label("план заходів", "the plan of measures"),
        "incident-kinds": Label("види подій з дитиною", "kinds of incidents"),
    }
)

CONSENT_GIVERS = MappingProxyType(
    {
        "child": Label("дитина достатнього віку", "the child, where old enough"),
        "parent": Label("мати або батько", "a parent"),
        "guardian": Label("опікун або піклувальник", "a guardian"),
        "court": Label("суд", "a court"),
    }
)

NOT_SOUGHT_CAUSES = MappingProxyType(
    {
        "asking-endangers-child": Label("запит загрожує дитині", "asking would endanger the child"),
        "nobody-found": Label("нікого не знайдено", "nobody who could consent was found"),
        "no-time": Label("зволікати не можна", "there is no time to ask"),
    }
)

# What of the law lets a share go without consent.
OVERRIDE_BASES = MappingProxyType(
    {
        "danger-to-life": Label("загроза життю чи здоров’ю", "danger to life or health"),
        "suspected-violence": Label("підозра на насильство над дитиною", "suspected violence against the child"),
        "court-decision": Label("рішення суду", "decision of a court"),
        "legal-duty": Label("прямий обов’язок за законом", "a duty laid down by law"),
    }
)

AGREEMENT_PHASES = MappingProxyType(
    {
        "proposed": Label("запропоновано", "proposed"),
        "signed": Label("підписано", "signed"),
        "suspended": Label("призупинено", "suspended"),
        "ended": Label("припинено", "ended"),
        "expired": Label("строк сплив", "expired"),
    }
)

CONSENT_PHASES = MappingProxyType(
    {
        "given": Label("надано", "given"),
        "refused": Label("відмовлено", "refused"),
        "not-sought": Label("не запитували", "not sought"),
        "override-requested": Label("запитано дозвіл без згоди", "doing without it was asked for"),
        "overridden": Label("дозволено без згоди", "overridden"),
        "lifted": Label("дозвіл без згоди скасовано", "the override was lifted"),
        "withdrawn": Label("відкликано", "withdrawn"),
        "expired": Label("строк сплив", "expired"),
    }
)
