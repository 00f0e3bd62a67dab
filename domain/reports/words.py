"""The closed lists of residents' reports, labelled as in `domain.vocabulary`."""

from __future__ import annotations

from types import MappingProxyType

from domain.vocabulary import Label

REPORT_CATEGORIES = MappingProxyType(
    {
        "danger-to-life": Label("загроза життю", "danger to life"),
        "child-in-danger": Label("дитина в небезпеці", "a child in danger"),
        "domestic-violence": Label("домашнє насильство", "domestic violence"),
        "bullying": Label("булінг (цькування)", "bullying"),
        "drugs": Label("наркотичні засоби", "drugs"),
        "sale-to-minors": Label("продаж неповнолітнім алкоголю чи тютюну", "sale of alcohol or tobacco to minors"),
        "suspicious-person": Label("підозріла поведінка", "suspicious behaviour"),
        "disorder": Label("порушення громадського порядку", "public disorder"),
        "theft": Label("крадіжка", "theft"),
        "property-damage": Label("пошкодження майна", "damage to property"),
        "dangerous-road": Label("небезпека на дорозі", "danger on the road"),
        "dangerous-place": Label("небезпечне місце", "a dangerous place"),
        "lighting": Label("немає освітлення", "no lighting"),
        "abandoned-thing": Label("покинута річ чи транспорт", "an abandoned thing or vehicle"),
        "other": Label("інше", "other"),
    }
)

DANGEROUS = ("danger-to-life", "child-in-danger")
"""Categories on which somebody must be heard to act within minutes."""

PUBLISHED = (
    *("drugs", "sale-to-minors", "disorder", "theft", "property-damage", "dangerous-road", "dangerous-place"),
    *("lighting", "abandoned-thing"),
)
"""Categories that the public list shows. Where a home, a child or a suspicion is concerned, that a report was made is
itself something that neighbours could tell who it is about."""

REPORT_PRIORITIES = MappingProxyType(
    {
        "danger-to-life": Label("загроза життю", "danger to life"),
        "urgent": Label("терміново", "urgent"),
        "ordinary": Label("звичайно", "ordinary"),
        "low": Label("може зачекати", "can wait"),
    }
)

DANGER = "danger-to-life"  # of the priorities

REPORT_PHASES = MappingProxyType(
    {
        "submitted": Label("подано, ще ніхто не прочитав", "submitted, not read by anybody yet"),
        "acknowledged": Label("прочитано", "read"),
        "triaged": Label("у роботі", "being worked on"),
        "duplicate": Label("про це вже повідомляли", "reported before"),
        "redirected": Label("передано іншому органу", "passed on to another body"),
        "converted": Label("зареєстровано як подію", "recorded as an incident"),
        "closed": Label("закрито", "closed"),
    }
)

REPORT_OUTCOMES = MappingProxyType(
    {
        "dealt-with": Label("вжито заходів", "something was done about it"),
        "talked-to": Label("проведено розмову", "somebody was talked to"),
        "looked-into": Label("перевірено, змін немає", "looked into, nothing has changed"),
        "not-confirmed": Label("не підтвердилося", "not confirmed"),
        "no-power": Label("поліція не має на це повноважень", "the police have no power to act on it"),
        "too-little-known": Label("відомо замало", "too little is known"),
        "not-a-report": Label("це не повідомлення", "this is no report"),
    }
)

REPORT_BODIES = MappingProxyType(
    {
        "emergency-line": Label("служба 112", "emergency line, one one two"),
        "fire-and-rescue": Label("служба порятунку", "fire and rescue service"),
        "ambulance": Label("швидка допомога", "ambulance"),
        "local-authority": Label("орган місцевого самоврядування", "local authority"),
        "children-service": Label("служба у справах дітей", "service for children"),
        "social-services": Label("соціальні служби", "social services"),
        "education": Label("управління освіти", "education authority"),
        "housing": Label("управитель будинку", "manager of the building"),
        "road-service": Label("дорожня служба", "road service"),
        "other-body": Label("інший орган", "another body"),
    }
)
