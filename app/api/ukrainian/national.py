"""The Ukrainian of refusals and of the policy's sentences that concern the national picture and claims."""

from __future__ import annotations

from types import MappingProxyType

PHRASES = MappingProxyType(
    {
        "is after as_of": "пізніше за as_of",
        "is no day of the calendar": "такого дня в календарі немає",
        "write it as 2021, 2021-05 or 2021-05-19": "напишіть так: 2021, 2021-05 або 2021-05-19",
        "is to come": "ще не настало",
        "give when the source said it was so": "дайте час, на який це сказало джерело",
        "name this month, or an earlier one": "назвіть цей місяць або раніший",
    }
)

REASONS = MappingProxyType(
    {
        "The national picture is for analysts, auditors, supervisors and administrators.": (
            "Загальнонаціональна картина — для аналітиків, аудиторів, керівників та адміністраторів."
        ),
        "What happened to people is counted for analysts, with small counts left out.": (
            "Що сталося з людьми, рахується для аналітиків; малі числа приховано."
        ),
        "Who reads single cases or reports could tell small counts of others from the totals.": (
            "Хто читає окремі справи чи звернення, міг би вирахувати чужі малі числа з підсумків."
        ),
        "What others claim of the country is read by everybody who signed in.": (
            "Наведені твердження читає кожен, хто увійшов."
        ),
        "That a claim was stated is no secret.": "Що твердження наведено — не таємниця.",
        "Claims are stated, corrected and withdrawn by analysts and administrators, with their source.": (
            "Твердження з їхнім джерелом наводять, виправляють і відкликають аналітики та адміністратори."
        ),
    }
)
