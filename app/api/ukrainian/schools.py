"""The Ukrainian of refusals that concern schools, and of the policies of Safe School."""

from __future__ import annotations

from types import MappingProxyType

PHRASES = MappingProxyType(
    {
        "there is no community {}": "немає громади {}",
        "register the community first": "спершу зареєструйте громаду",
        "names a point twice": "називає пункт двічі",
        "say of each how it was found last": "скажіть про кожен, яким його виявлено востаннє",
        "{} is no session of the school": "{} не є заняттям цього закладу",
        "take one of its sessions": "візьміть одне з його занять",
        "withdraw one first": "спершу приберіть когось",
        "full: it has {} contacts": "заповнено: контактів уже {}",
        "write digits and blanks, as in +380 44 555 12 12": "пишіть цифри й пропуски, як-от +380 44 555 12 12",
        "{} is nobody whom pupils can turn to now": "до {} учні зараз не звертаються",
        "take one of the school's contacts": "візьміть один із контактів закладу",
        "names an age group twice": "називає вікову групу двічі",
        "give one count of each": "дайте для кожної одне число",
        "is {} in all": "усього дорівнює {}",
        "give at least {}; a talk with fewer is no session": "дайте щонайменше {}; розмова з меншими — не заняття",
        "has no group of {}": "не має групи, у якій {} чи більше",
        "count all of them in one group: {}": "порахуйте всіх однією групою: {}",
        "your unit is no school on record": "ваш підрозділ не зареєстровано як заклад освіти",
        "ask the community's officer to register it": "попросіть офіцера громади його зареєструвати",
    }
)

REASONS = MappingProxyType(
    {
        "Schools are listed by their own partners, community officers, juvenile officers, supervisors and auditors.": (
            "Перелік закладів освіти — для їхніх представників, офіцерів громади, інспекторів ювенальної превенції, "
            "керівників та аудиторів."
        ),
        "Schools are registered by community officers in their community, and by the officers and supervisors of the "
        "units that work with the school.": (
            "Заклади освіти реєструють офіцери громади у своїй громаді, а також інспектори й керівники підрозділів, "
            "які працюють із закладом."
        ),
        "A school's partners read their own school.": "Представники закладу освіти читають про власний заклад.",
        "A school is read by the community officer of its community, and by the officers and supervisors of the units "
        "that work with it.": (
            "Про заклад освіти читають офіцер його громади, а також інспектори й керівники підрозділів, "
            "які з ним працюють."
        ),
        "Auditors read every school, with what is sealed left sealed.": (
            "Аудитори читають про кожен заклад освіти; запечатане лишається запечатаним."
        ),
        "A school's safety passport is kept by its partners and by the community officer of its community.": (
            "Паспорт безпеки ведуть представники закладу та офіцер його громади."
        ),
        "A school's partners record the sessions that they hold, and name whom pupils can turn to.": (
            "Представники закладу записують проведені ними заняття і називають, до кого учні можуть звернутися."
        ),
        "The police who work with a school record the sessions that they hold, and name whom pupils can turn to.": (
            "Поліцейські, які працюють із закладом, записують проведені ними заняття і називають, "
            "до кого учні можуть звернутися."
        ),
        "Sessions in schools are counted by analysts, community officers, juvenile officers, supervisors and "
        "auditors.": (
            "Заняття в закладах освіти рахують аналітики, офіцери громади, інспектори ювенальної превенції, "
            "керівники та аудитори."
        ),
        "Units, and the words that commands are written in, are open to school partners and community officers.": (
            "Підрозділи й слова, якими пишуть команди, відкриті представникам закладів освіти та офіцерам громади."
        ),
        "School partners raise concerns from their school, in their own name.": (
            "Сигнали із закладу освіти подають його представники, від власного імені."
        ),
        "School partners see what came of the concerns that they raised.": (
            "Представники закладу бачать, що вийшло з поданих ними сигналів."
        ),
        "Of a concern the school partner who raised it reads what came of it as a category, until it expires.": (
            "Представник закладу, який подав сигнал, бачить лише вид його наслідку, поки не мине строк сигналу."
        ),
    }
)
