"""The closed lists of Safe School, labelled as in `domain.vocabulary`.

The points of a safety passport are ours, after what is told of the form of order 867/2023: nobody has held them against
the order's text.
"""

from __future__ import annotations

from types import MappingProxyType

from domain.vocabulary import Label

PASSPORT_POINTS = MappingProxyType(
    {
        "shelter": Label("укриття готове", "the shelter is ready"),
        "shelter-accessible": Label("укриття доступне для маломобільних", "the shelter is accessible to everybody"),
        "alarm-button": Label("тривожна кнопка", "alarm button"),
        "warning-system": Label("система оповіщення", "warning system"),
        "fire-alarm": Label("пожежна сигналізація", "fire alarm"),
        "video-surveillance": Label("відеоспостереження", "video surveillance"),
        "access-control": Label("контроль входу", "access control"),
        "guard": Label("охорона", "guard"),
        "fence": Label("огорожа території", "fence around the grounds"),
        "lighting": Label("освітлення території", "lighting of the grounds"),
        "evacuation-plan": Label("план евакуації", "evacuation plan"),
        "evacuation-drill": Label("тренування з евакуації", "evacuation drill"),
        "first-aid": Label("засоби домедичної допомоги", "first aid kits"),
        "responsible-person": Label("відповідального за безпеку призначено", "somebody answers for safety"),
    }
)

SESSION_SUBJECTS = MappingProxyType(
    {
        "rights-and-duties": Label("права й обов’язки", "rights and duties"),
        "whom-to-turn-to": Label("до кого звернутися по допомогу", "whom to turn to for help"),
        "bullying": Label("протидія булінгу", "bullying"),
        "violence-at-home": Label("домашнє насильство", "violence at home"),
        "online-safety": Label("безпека в інтернеті", "safety online"),
        "mines": Label("мінна безпека", "mines and explosives"),
        "air-raid": Label("дії під час тривоги", "what to do in an alarm"),
        "road-safety": Label("безпека на дорозі", "road safety"),
        "substances": Label("шкідливі звички та наркотики", "alcohol, tobacco and drugs"),
        "liability": Label("відповідальність неповнолітніх", "liability of minors"),
        "noticing-trouble": Label("як помітити дитину в біді", "how to notice a child in trouble"),
        "other-subject": Label("інша тема", "another subject"),
    }
)

PUPILS = "pupils"
AUDIENCES = MappingProxyType(
    {
        PUPILS: Label("учні", "pupils"),
        "teachers": Label("педагоги", "teachers"),
        "parents": Label("батьки", "parents"),
    }
)

ADULTS, MIXED_AGES = "adults", "mixed-ages"
AGE_GROUPS = MappingProxyType(
    {
        "preschool": Label("дошкільники", "preschool children"),
        "primary-school": Label("початкова школа", "primary school"),
        "basic-school": Label("базова середня школа", "basic school"),
        "upper-school": Label("старша школа", "upper school"),
        MIXED_AGES: Label("учні різного віку", "pupils of several ages"),
        ADULTS: Label("дорослі", "adults"),
    }
)

HELP_ROLES = MappingProxyType(
    {
        "psychologist": Label("психолог закладу", "psychologist of the school"),
        "social-pedagogue": Label("соціальний педагог", "social pedagogue"),
        "class-teacher": Label("класний керівник", "class teacher"),
        "head": Label("керівник закладу", "head of the school"),
        "safety-officer": Label("офіцер служби освітньої безпеки", "education safety officer"),
        "nurse": Label("медична сестра", "nurse"),
    }
)

LOOKED_INTO, HELP_WAS_OFFERED, ENDED = "looked-into", "help-offered", "no-more-to-do"
CONCERN_OUTCOMES = MappingProxyType(
    {
        LOOKED_INTO: Label("розглядається", "is being looked into"),
        HELP_WAS_OFFERED: Label("допомогу запропоновано", "help was offered"),
        ENDED: Label("розгляд завершено", "there is no more to do"),
    }
)
