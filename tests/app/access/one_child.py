"""What each reader gets of the same child, side by side."""

from __future__ import annotations

from pathlib import Path

from domain.vocabulary import Label
from tests.app.access.one_child_scene import put
from tests.app.access.one_thing import Document, Group, Table
from tests.app.access.questions import by_name, counted, figures, in_timeline, listed, on_board, opened, parted
from tests.app.access.scene import OFFERED, RESIDENT
from tests.app.neighbourhood import OFFICER as COMMUNITY_OFFICER
from tests.app.neighbourhood import PARTNER as SCHOOL_PARTNER
from tests.app.prevention_house import COLLEAGUE, IN_CHARGE, OTHER_OFFICER, OTHER_SUPERVISOR, SUPERVISOR
from tests.app.referring_house import HELP, PARTNER, PARTNER_OTHER, PROTECTOR

OF = {"region": "UA-30", "month": "2026-03", "side": "against"}

GROUPS = (
    Group(
        Label("Ювенальна превенція", "Juvenile prevention"),
        {
            IN_CHARGE: Label(
                "Інспектор ювенальної превенції, що веде справу й подію підрозділу",
                "Juvenile prevention officer in charge of the case and of the unit's incident",
            ),
            COLLEAGUE: Label(
                "Інспектор ювенальної превенції того самого підрозділу", "Juvenile prevention officer of the same unit"
            ),
            SUPERVISOR: Label("Керівник того самого підрозділу", "Supervisor of the same unit"),
            OTHER_OFFICER: Label(
                "Інспектор ювенальної превенції іншого підрозділу", "Juvenile prevention officer of another unit"
            ),
            OTHER_SUPERVISOR: Label("Керівник іншого підрозділу", "Supervisor of another unit"),
            OFFERED: Label(
                "Керівник підрозділу, якому пропонують справу", "Supervisor of the unit that is offered the case"
            ),
        },
    ),
    Group(
        Label("Слідчі", "Investigators"),
        {
            "olena": Label(
                "Слідчий, що веде другу подію і повідомив про занепокоєння",
                "Investigator in charge of the other incident, who raised the concerns",
            ),
            "bohdan": Label(
                "Слідчий того самого підрозділу, що й попередній", "Investigator, colleague of the one above"
            ),
            "halyna": Label("Керівник цих слідчих", "Supervisor of these investigators"),
        },
    ),
    Group(
        Label("Громада, школа, служби", "Community, school, agencies"),
        {
            COMMUNITY_OFFICER: Label("Поліцейський громади, де сталося", "Community officer, where it happened"),
            SCHOOL_PARTNER: Label(
                "Працівник школи, що повідомила про занепокоєння", "Partner of the school that raised a concern"
            ),
            PARTNER: Label(
                "Працівник служби, що прийняла направлення", "Partner of the agency that accepted a referral"
            ),
            PARTNER_OTHER: Label(
                "Працівник іншої служби, названої у згоді", "Partner of another agency, which the consent names"
            ),
            RESIDENT: Label("Мешканець із ключем свого повідомлення", "Resident with the token of their report"),
        },
    ),
    Group(
        Label("Нагляд, адміністрування, аналіз", "Oversight, administration, analysis"),
        {
            "oksana": Label("Аудитор", "Auditor"),
            PROTECTOR: Label("Уповноважений із захисту даних", "Data protection officer"),
            "admin": Label("Адміністратор", "Administrator"),
            "andrii": Label("Аналітик", "Analyst"),
        },
    ),
)

TABLES = (
    Table(
        Label("Профіль дитини", "The child's profile"),
        (
            (Label("у списку", "in the list"), listed("/children/profiles", "child", "child")),
            (Label("профіль без імені", "profile, without a name"), opened("/children/{child}")),
            (Label("хто це", "who it is"), opened("/children/{child}/identity", "Запорожець")),
            (Label("телефони й опікуни", "phones and guardians"), opened("/children/{child}/identity", "555 12 12")),
            (Label("записи", "narratives"), opened("/children/{child}/narratives", "Не ночує")),
            (Label("підстави", "reasons"), opened("/children/{child}/reasons", "За свідоцтвом")),
            (Label("схожі профілі", "likely duplicates"), opened("/children/{child}/duplicates", "Запорожець")),
            (Label("знаходить за ім’ям", "found by name"), by_name),
        ),
    ),
    Table(
        Label("Історія дитини: що в ній показано", "The child's timeline: what it shows"),
        (
            (Label("профіль", "profile"), in_timeline("child")),
            (Label("подія підрозділу", "the unit's incident"), in_timeline("incident")),
            (Label("подія слідчих", "the investigators' incident"), in_timeline("elsewhere")),
            (Label("відкрита справа", "open case"), in_timeline("case")),
            (Label("запечатана справа", "sealed case"), in_timeline("sealed_case")),
            (Label("занепокоєння", "concern"), in_timeline("concern")),
            (Label("занепокоєння, чий строк минув", "concern that expired"), in_timeline("expired")),
        ),
    ),
    Table(
        Label("Подія підрозділу, потерпіла — ця дитина", "The unit's incident, in which the child is the victim"),
        (
            (Label("у списку", "in the list"), listed("/incidents", "incident", "incident")),
            (Label("подія", "incident"), opened("/incidents/{incident}")),
            (Label("опис", "narrative"), opened("/incidents/{incident}/narrative", "забрали рюкзак")),
            (Label("точне місце", "exact place"), opened("/incidents/{incident}/place", "під’їзд")),
            (Label("історія", "timeline"), opened("/incidents/{incident}/timeline")),
            (Label("справи", "its cases"), opened("/incidents/{incident}/cases")),
            (Label("дитина під псевдонімом", "the child, by pseudonym"), listed("/children", "child", "child")),
        ),
    ),
    Table(
        Label("Подія слідчих, потерпіла — ця дитина", "The investigators' incident, in which the child is the victim"),
        (
            (Label("у списку", "in the list"), listed("/incidents", "elsewhere", "incident")),
            (Label("подія", "incident"), opened("/incidents/{elsewhere}")),
            (Label("опис", "narrative"), opened("/incidents/{elsewhere}/narrative", "забрали рюкзак")),
        ),
    ),
    Table(
        Label("Відкрита профілактична справа, запропонована ще одному підрозділу",
              "Open prevention case, offered to a further unit"),
        (
            (Label("на дошці", "on the board"), on_board("/cases", "case", "case")),
            (Label("справа", "case"), parted("/cases/{case}", "content", "")),
            (Label("що до строку", "work that is due"), listed("/cases/work", "case", "case")),
            (Label("що написано", "what was written"), opened("/cases/{case}/narratives", "050 111 22 33")),
            (Label("контакти", "contacts"), opened("/cases/{case}/contacts")),
            (Label("історія", "timeline"), opened("/cases/{case}/timeline")),
            (Label("вкладення", "attachment"), opened("/cases/{case}/attachments/{attachment}", "%PDF")),
            (Label("чому передають", "why it is offered"), opened("/cases/{case}/offer", "Переїхали")),
        ),
    ),
    Table(
        Label("Запечатана профілактична справа", "Sealed prevention case"),
        (
            (Label("на дошці", "on the board"), on_board("/cases", "sealed_case", "case")),
            (Label("справа", "case"), parted("/cases/{sealed_case}", "content", "")),
            (Label("що написано", "what was written"), opened("/cases/{sealed_case}/narratives")),
            (Label("історія", "timeline"), opened("/cases/{sealed_case}/timeline")),
            (Label("вкладення", "attachment"), opened("/cases/{sealed_case}/attachments/{sealed_attachment}")),
        ),
    ),
    Table(
        Label("Занепокоєння, яке розглядає підрозділ", "A concern that the unit looks into"),
        (
            (Label("у списку", "in the list"), listed("/concerns", "concern", "concern")),
            (Label("занепокоєння", "concern"), opened("/concerns/{concern}")),
            (Label("що помічено", "what was seen"), opened("/concerns/{concern}/narrative", "Гнатюк")),
            (Label("що знайшли і чому", "what was found, and why"), opened("/concerns/{concern}/reasons", "зі школою")),
            (Label("те, чий строк минув", "one that expired"), parted("/concerns/{expired}", "child", "concern")),
            (Label("його слова", "its words"), opened("/concerns/{expired}/narrative")),
        ),
    ),
    Table(
        Label("Занепокоєння, про яке повідомила школа", "A concern that the school raised"),
        (
            (Label("що з нього вийшло, у списку", "what came of it, in the list"),
             listed("/school-concerns", "school_concern", "concern")),
            (Label("що з нього вийшло", "what came of it"), opened("/school-concerns/{school_concern}")),
            (Label("у списку занепокоєнь", "in the list of concerns"),
             listed("/concerns", "school_concern", "concern")),
            (Label("занепокоєння", "concern"), opened("/concerns/{school_concern}")),
            (Label("що помічено", "what was seen"), opened("/concerns/{school_concern}/narrative", "Гнатюк")),
        ),
    ),
    Table(
        Label("Згода, за якою про дитину кажуть службам", "The consent under which agencies are told of the child"),
        (
            (Label("у списку", "in the list"), listed("/consents", "consent", "consent")),
            (Label("згода", "consent"), opened("/consents/{consent}")),
            (Label("хто її дав", "who gave it"), opened("/consents/{consent}/giver", "Оксана Сірко")),
            (Label("що за нею передано", "what was shared under it"), opened("/consents/{consent}/made-under-it")),
        ),
    ),
    Table(
        Label("Направлення, яке служба прийняла", "A referral that an agency accepted"),
        (
            (Label("у списку", "in the list"), on_board("/referrals", "referral", "referral")),
            (Label("направлення", "referral"), parted("/referrals/{referral}", "content", "")),
            (Label("що передано про дитину", "what is shared of the child"),
             opened("/referrals/{referral}/shared", "Запорожець")),
            (Label("що зроблено", "what was done"), opened("/referrals/{referral}/words", HELP)),
        ),
    ),
    Table(
        Label("Направлення тій самій службі, на яке вона ще не відповіла",
              "A referral to the same agency, which it has not answered"),
        (
            (Label("у списку", "in the list"), on_board("/referrals", "asked", "referral")),
            (Label("направлення", "referral"), parted("/referrals/{asked}", "content", "")),
            (Label("що передано про дитину", "what is shared of the child"),
             opened("/referrals/{asked}/shared", "Запорожець")),
            (Label("що написано", "what was written"), opened("/referrals/{asked}/words")),
        ),
    ),
    Table(
        Label("Міжвідомча нарада про дитину, в якій та служба бере участь",
              "The conference about the child, in which that agency takes part"),
        (
            (Label("у списку", "in the list"), on_board("/conferences", "conference", "conference")),
            (Label("нарада і план", "conference and plan"), parted("/conferences/{conference}", "content", "")),
            (Label("що вирішено", "what was decided"), opened("/conferences/{conference}/words", HELP)),
            (Label("що ще зробити", "what is still to be done"),
             listed("/conferences/tasks", "conference", "conference")),
        ),
    ),
    Table(
        Label("Підрахунки, в які входить ця дитина", "Counts of which the child is part"),
        (
            (Label("усі події області", "all incidents of the region"), counted("/counts/incidents", **OF)),
            (Label("події, які можна читати", "incidents that one may read"), counted("/counts/incidents/own", **OF)),
            (Label("закриті справи", "closed cases"), figures),
        ),
    ),
)  # fmt: skip

DOCUMENT = Document(
    path=Path(__file__).with_name("one_child.md"),
    title=Label("Що кожен бачить про ту саму дитину", "What each role gets of the same child"),
    introduction=Label(
        "Одна дитина, на обліку підрозділу ювенальної превенції. Вона потерпіла у двох подіях: одну записав її"
        " підрозділ, другу — слідчі. На неї заведено дві профілактичні справи, про неї два занепокоєння, ще про одне"
        " школа повідомила своїми словами, не називаючи дитини. За згодою батьків її направлено до служби, скликано"
        " нараду. Кожна клітинка — відповідь системи на справжній запит цієї людини.",
        "One child, known to a unit of juvenile prevention. It is the victim in two incidents: its unit recorded the"
        " one, investigators the other. There are two prevention cases on it, and two concerns; its school raised a"
        " third in words of its own, without naming it. With a parent's consent it was referred to an agency, and a"
        " conference was called. Every cell is what the system answered when that person really asked.",
    ),
    groups=GROUPS,
    tables=TABLES,
    put=put,
)
