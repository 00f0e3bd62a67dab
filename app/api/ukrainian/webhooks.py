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
    }
)
REASONS = MappingProxyType(
    {
        "Webhooks are listed by administrators, by auditors, and by the partners whose they are.": (
            "Перелік вебхуків — для адміністраторів, аудиторів і партнерів, чиї вони."
        ),
        "Administrators keep webhooks.": "Вебхуками керують адміністратори.",
        "Administrators and auditors read every webhook.": "Адміністратори й аудитори читають кожен вебхук.",
        "Partners read the webhooks of their own account, and which messages were taken.": (
            "Партнери читають вебхуки власного облікового запису і те, які повідомлення прийнято."
        ),
        "Auditors read which messages were taken.": "Аудитори читають, які повідомлення прийнято.",
    }
)
