"""The closed lists of referrals and of case conferences, labelled as in `domain.vocabulary`."""

from __future__ import annotations

from types import MappingProxyType

from domain.vocabulary import Label

SERVICE_KINDS = MappingProxyType(
    {
        "social-work": Label("соціальний супровід родини", "social work with the family"),
        "psychologist": Label("допомога психолога", "help of a psychologist"),
        "health-care": Label("медична допомога", "health care"),
        "addiction-help": Label("допомога при залежності", "help with an addiction"),
        "shelter": Label("тимчасовий прихисток", "shelter for a time"),
        "guardianship": Label("вирішення питань опіки", "matters of guardianship"),
        "school-support": Label("підтримка у навчанні", "support at school"),
        "legal-aid": Label("правова допомога", "legal aid"),
        "probation": Label("супровід органу пробації", "work of the probation service"),
        "leisure": Label("гуртки та дозвілля", "clubs and leisure"),
        "basic-needs": Label("одяг, їжа та речі першої потреби", "clothes, food and basic needs"),
    }
)

REFERRAL_PHASES = MappingProxyType(
    {
        "sent": Label("надіслано", "sent"),
        "accepted": Label("прийнято", "accepted"),
        "declined": Label("відхилено", "declined"),
        "completed": Label("завершено", "completed"),
        "revoked": Label("відкликано", "revoked"),
    }
)

DECLINE_CAUSES = MappingProxyType(
    {
        "no-capacity": Label("немає можливості", "no capacity"),
        "not-our-service": Label("такої послуги не надаємо", "not a service of ours"),
        "not-our-territory": Label("не наша територія", "not our territory"),
        "known-already": Label("з дитиною вже працюємо", "working with the child already"),
        "unclear": Label("запит незрозумілий", "the request is unclear"),
    }
)

_ENDS = {  # what a share rests on has ended: domain.sharing.ends
    "consent-withdrawn": Label("згоду відкликано", "the consent was withdrawn"),
    "consent-over": Label("згода більше не діє", "the consent is over"),
    "agreement-suspended": Label("дію угоди зупинено", "the agreement was suspended"),
    "agreement-narrowed": Label("угоду звужено", "the agreement was narrowed"),
    "agreement-over": Label("угода більше не діє", "the agreement is over"),
    "agency-withdrawn": Label("служба більше не бере участі", "the agency takes part no more"),
}

_OF_CASE = {
    "case-sealed": Label("справу запечатано", "the case was sealed"),
    "opened-in-error": Label("справу відкрито помилково", "the case was opened in error"),
}

REVOCATION_CAUSES = MappingProxyType(
    {
        **_ENDS,
        **_OF_CASE,
        "not-needed": Label("більше не потрібно", "not needed any more"),
        "sent-in-error": Label("надіслано помилково", "sent in error"),
        "sent-elsewhere": Label("надіслано іншій службі", "sent to another agency"),
    }
)

REFERRAL_OUTCOMES = MappingProxyType(
    {
        "helped": Label("допомогу надано", "helped"),
        "partly-helped": Label("допомогу надано частково", "partly helped"),
        "not-taken-up": Label("допомогою не скористалися", "not taken up"),
        "passed-on": Label("передано іншому фахівцю", "passed on to another specialist"),
    }
)

CONFERENCE_PHASES = MappingProxyType(
    {
        "suggested": Label("запропоновано", "suggested"),
        "called": Label("скликано", "called"),
        "agreed": Label("план погоджено", "the plan was agreed"),
        "cancelled": Label("скасовано", "cancelled"),
    }
)

CANCELLATION_CAUSES = MappingProxyType(
    {
        "not-needed": Label("більше не потрібно", "not needed any more"),
        "no-agreement": Label("згоди не досягнуто", "no agreement was reached"),
        "called-in-error": Label("скликано помилково", "called in error"),
        "agencies-left": Label("служби вибули", "the agencies left"),
        "case-closed": Label("справу закрито", "the case was closed"),
    }
)

EXCLUSION_CAUSES = MappingProxyType(
    {
        **_ENDS,
        **_OF_CASE,
        "plan-superseded": Label("план замінено іншим", "another plan took the place of this one"),
        "left": Label("служба вибула", "the agency left"),
    }
)

# What a person may say; the others are what happened to what it rests on, which the record tells.
SAID_CAUSES = ("not-needed", "sent-in-error", "sent-elsewhere")
SAID_CANCELLATION_CAUSES = ("not-needed", "no-agreement", "called-in-error", "agencies-left")
