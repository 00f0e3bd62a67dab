"""Refusals of webhooks in Ukrainian, and the sentences of their policies."""

from __future__ import annotations

from types import MappingProxyType

PHRASES = MappingProxyType(
    {
        "is no address": "не є адресою",
        "is no address of the web": "не є адресою в мережі",
        "carries a name, a query or a fragment": "містить ім’я, запит або фрагмент",
        "write https, host and path, such as https://social.example/oberih": (
            "напишіть https, вузол і шлях, як-от https://social.example/oberih"
        ),
        "{} holds no role in service": "{} не має чинної ролі",
        "name the account of the partner": "назвіть обліковий запис партнера",
        "this deployment may not send to {}": "ця система не надсилає на {}",
        "let the operator add it to webhook_origins in oberih.json": (
            "нехай оператор додасть її до webhook_origins в oberih.json"
        ),
        "register another": "зареєструйте інший",
        "let a data protection officer confirm it first": (
            "нехай спершу його підтвердить відповідальний за захист даних"
        ),
        "nobody confirms a webhook that they registered; ask a data protection officer": (
            "ніхто не підтверджує вебхук, який сам зареєстрував; зверніться до відповідального за захист даних"
        ),
    }
)
REASONS = MappingProxyType(
    {
        "Webhooks are listed by administrators, auditors and data protection officers, and by the partners whose they "
        "are.": (
            "Перелік вебхуків — для адміністраторів, аудиторів, відповідальних за захист даних і партнерів, чиї вони."
        ),
        "Data protection officers let a webhook begin.": (
            "Вебхук починає діяти з дозволу відповідального за захист даних."
        ),
        "Administrators keep webhooks.": "Вебхуками керують адміністратори.",
        "Administrators, auditors and data protection officers read every webhook.": (
            "Адміністратори, аудитори й відповідальні за захист даних читають кожен вебхук."
        ),
        "Partners read the webhooks of their own account, and which messages were taken.": (
            "Партнери читають вебхуки власного облікового запису і те, які повідомлення прийнято."
        ),
        "Auditors and data protection officers read which messages were taken.": (
            "Аудитори й відповідальні за захист даних читають, які повідомлення прийнято."
        ),
    }
)
