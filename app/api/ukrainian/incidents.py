"""The Ukrainian of refusals that concern incidents, missing children and counts."""

from __future__ import annotations

from types import MappingProxyType

PHRASES = MappingProxyType(
    {
        "{} is no {}": "{} не має ролі {}",
        "name somebody who is one": "назвіть того, хто її має",
        "the incident is {} already": "подія вже має вид {}",
        "give another kind, or leave it": "дайте інший вид або залиште",
        "another child of the incident is called {}": "{} — це інша дитина події",
        "give another one": "дайте інший",
        "record a new incident": "зареєструйте нову подію",
        "ask for an incident that stands": "просіть за подією, яка чинна",
        "refuse what was asked for it": "відмовте в тому, про що за нею просили",
        "has {} terms": "має {} слів",
        "give at most {}": "дайте щонайбільше {}",
        "a search by words has no picture": "пошук словами не має зображення",
        "a search by picture has no words": "пошук за зображенням не має слів",
        "search by one of them": "шукайте чимось одним",
        "{} is no box": "{} не є рамкою",
        "give left, top, width and height in pixels, the last two from 1": (
            "дайте ліву межу, верхню, ширину й висоту в пікселях, дві останні від 1"
        ),
        "exactly one of incident and case is named": "називають або подію, або справу",
        "name the one that the search is for": "назвіть те, заради чого пошук",
        "is more than {} days after window_from": "більше ніж на {} днів пізніше за window_from",
        "ask for a shorter window": "просіть коротший проміжок",
        "its time is not over": "його час не минув",
        "revoke it, where it must end before": "відкличте, якщо має закінчитися раніше",
        "this needs one that is {}": "тут потрібно, щоб було {}",
        "{} is not linked as {}": "{} не пов’язано як {}",
        "name a child and role of the incident": "назвіть дитину та її роль у цій події",
        "the incident has {} such links": "подія має {} таких зв’язків",
        "at most {} are taken: record another one": "приймається щонайбільше {}: зареєструйте ще одну подію",
        "the incident has {} cases": "подія пов’язана зі справами: {}",
        "at most {} are taken: unlink one": "приймається щонайбільше {}: від’єднайте одну",
        "give latitude and longitude, or words, or leave it out": "дайте широту й довготу, або слова, або нічого",
        "is missing": "немає",
        "give both latitude and longitude, or neither": "дайте і широту, і довготу, або жодної",
        "is for the search for a missing child and for nothing else": "лише для розшуку зниклої дитини",
        "leave it out, or ask on the basis {}": "приберіть або просіть на підставі {}",
        "is left out": "не подано",
        "name the incident of the missing child": "назвіть подію зникнення дитини",
        "is of the kind {}": "є подією виду {}",
        "leave child_image out, or name the incident of a missing child": (
            "приберіть child_image або назвіть подію зникнення дитини"
        ),
        "is said of words": "сказано про слова",
        "send the picture too, or leave it out": "надішліть і зображення або приберіть",
        "is wider than high": "ширша, ніж висока",
        "draw it round the whole child, so that the head can be filled": (
            "обведіть усю дитину, щоб голову можна було зафарбувати"
        ),
        "the picture shows a child, and this authorisation is not for finding a missing one; search by words, or "
        "request an authorisation with child_image for the incident of the missing child": (
            "на зображенні дитина, а цей дозвіл не на розшук зниклої; шукайте словами або просіть дозвіл "
            "із child_image за подією зникнення дитини"
        ),
        "is not within {} months from from_month": "не в межах {} місяців від from_month",
        "name a later month, or fewer at once": "назвіть пізніший місяць або менше місяців",
        "write it as 2026-11": "напишіть так: 2026-11",
        "is more than {} days ago, and cameras are not searched for so long": (
            "понад {} днів тому, а за такий час записи камер не шукають"
        ),
        "record it by POST /incidents, and request what is to be searched": (
            "зареєструйте подію через POST /incidents і просіть дозвіл на те, що треба шукати"
        ),
    }
)
