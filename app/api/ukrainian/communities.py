"""The Ukrainian of refusals that concern communities, their stations and posts, and of the policies on them."""

from __future__ import annotations

from types import MappingProxyType

PHRASES = MappingProxyType(
    {
        "write UA and the 17 digits of KATOTTG, or leave it out": (
            "напишіть UA і 17 цифр коду КАТОТТГ або не пишіть нічого"
        ),
        "in the project": "у проєкті",
        "it is part of it already": "громада вже бере в ньому участь",
        "lies before the station was opened": "раніше, ніж станцію відкрито",
        "serves in another unit than the community's": "служить не в тому підрозділі, що обслуговує громаду",
        "name an officer of that unit": "назвіть офіцера того підрозділу",
        "is not certified for community police": "не має чинної атестації поліцейського офіцера громади",
        "certify them first, by POST /officers": "спершу атестуйте: POST /officers",
        "posted to {}": "призначено до {}",
        "end that posting first": "спершу завершіть це призначення",
        "is not so": "не підтверджено",
        "post an officer who lives in the community, and attest it": (
            "призначте офіцера, який живе в громаді, і засвідчіть це"
        ),
        "lies before the officer was trained for it": "раніше, ніж офіцер пройшов потрібне навчання",
        "lies before the end of the last posting": "раніше, ніж завершилося попереднє призначення",
        "lies before the posting began": "раніше, ніж почалося призначення",
        "is who hands over": "це той, хто передає",
        "name another officer": "назвіть іншого офіцера",
        "is not posted to this community": "не призначений до цієї громади",
        "name who is; see GET /posts": "назвіть того, хто призначений; див. GET /posts",
        "nobody posts themselves; ask another supervisor of the unit": (
            "ніхто не призначає сам себе; зверніться до іншого керівника підрозділу"
        ),
    }
)

REASONS = MappingProxyType(
    {
        "That a community or a station exists is no secret.": "Що громада чи станція існує, не таємниця.",
        "Communities and their stations are open to every account with a role.": (
            "Громади та їхні станції відкриті кожному обліковому запису з роллю."
        ),
        "Administrators keep communities and stations, and post officers, for every unit.": (
            "Громади, станції та призначення всіх підрозділів ведуть адміністратори."
        ),
        "Supervisors keep the communities that their unit serves, with their stations and posts.": (
            "Керівники ведуть громади, які обслуговує їхній підрозділ, їхні станції та призначення."
        ),
        "Posts are listed by community officers, supervisors, auditors and administrators.": (
            "Перелік призначень — для офіцерів громад, керівників, аудиторів та адміністраторів."
        ),
        "Everybody reads where they themselves are or were posted.": (
            "Кожен читає, куди призначений чи був призначений сам."
        ),
        "Community officers and supervisors read who is posted to the communities of their unit.": (
            "Офіцери громад і керівники читають, кого призначено до громад їхнього підрозділу."
        ),
        "Auditors and administrators read who is posted where.": (
            "Аудитори та адміністратори читають, хто куди призначений."
        ),
        "Coverage is for community officers, supervisors, analysts, auditors and administrators.": (
            "Охоплення — для офіцерів громад, керівників, аналітиків, аудиторів та адміністраторів."
        ),
    }
)
