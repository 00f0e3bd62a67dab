"""The sentences of the access policy (`app/access/policies/`) in Ukrainian."""

from __future__ import annotations

from types import MappingProxyType

from app.api.ukrainian import footage_reasons

REASONS = MappingProxyType(
    {
        **footage_reasons.REASONS,
        "Investigators and juvenile officers report missing children, for their own unit.": (
            "Про зникнення дитини повідомляють слідчі та інспектори ювенальної превенції, для свого підрозділу."
        ),
        "Links of children are taken back by juvenile officers, of the incident's unit or in charge of it.": (
            "Зв’язок дитини знімає інспектор ювенальної превенції підрозділу події або відповідальний за неї."
        ),
        "Cameras are linked by investigators and juvenile officers, of the incident's unit or in charge of it.": (
            "Камери пов’язують слідчі та інспектори ювенальної превенції підрозділу події або відповідальні за неї."
        ),
        "Prevention cases are linked by juvenile officers, of the incident's unit or in charge of it.": (
            "Справи пов’язують інспектори ювенальної превенції підрозділу події або відповідальні за неї."
        ),
        "The unit's supervisors see which prevention cases an incident has to do with.": (
            "Із якими справами пов’язана подія, бачать керівники підрозділу."
        ),
        "Auditors see which prevention cases an incident has to do with.": (
            "Із якими справами пов’язана подія, бачать аудитори."
        ),
        "Analysts see how many incidents there are, with small counts left out.": (
            "Аналітики бачать, скільки є подій; малі числа приховано."
        ),
        "Who reads incidents one by one could tell the small counts of others from the totals: they count their own.": (
            "Хто читає події по одній, міг би вирахувати чужі малі числа з підсумків: рахуйте свої."
        ),
        "Investigators, juvenile officers, supervisors and auditors count the incidents that they may read.": (
            "Слідчі, інспектори ювенальної превенції, керівники й аудитори рахують події, які можуть читати."
        ),
        "The kinds of incidents are open to all who serve in the police.": (
            "Види подій відкриті всім, хто служить у поліції."
        ),
        "This account is suspended; ask an administrator.": (
            "Цей обліковий запис призупинено; зверніться до адміністратора."
        ),
        "An administrator takes no part in casework and reads none of it; act from an account without that role.": (
            "Адміністратор не бере участі в роботі зі справами й не читає їх; дійте з облікового запису без цієї ролі."
        ),
        "An auditor changes nothing.": "Аудитор нічого не змінює.",
        "An auditor reads the record as it is sealed: no names, no free text, no pictures.": (
            "Аудитор читає запис запечатаним: без імен, без тексту, без зображень."
        ),
        "The lists of prevention cases are for juvenile officers, supervisors and auditors.": (
            "Переліки профілактичних справ — для інспекторів ювенальної превенції, керівників та аудиторів."
        ),
        "Cases that another unit may take over are listed by supervisors.": (
            "Справи, які може перейняти інший підрозділ, переглядають керівники."
        ),
        "Figures of prevention cases are for supervisors and auditors.": (
            "Показники профілактичних справ — для керівників та аудиторів."
        ),
        "Juvenile officers and supervisors open cases, in their own unit.": (
            "Справи відкривають інспектори ювенальної превенції та керівники, у своєму підрозділі."
        ),
        "The unit's juvenile officers know of its cases, so that nobody opens a second one, until one is sealed.": (
            "Інспектори підрозділу знають про його справи, щоб ніхто не відкрив другої, поки справу не запечатано."
        ),
        "The officer in charge reads the case and its attachments, wherever they serve now, until it is sealed.": (
            "Інспектор, який веде справу, читає її та вкладення, де б не служив, поки справу не запечатано."
        ),
        "The unit's supervisors read its cases; of a sealed one no words.": (
            "Керівники підрозділу читають його справи; у запечатаній — без написаного."
        ),
        "The unit's supervisors read what was written in a case, and its attachments, until it is sealed.": (
            "Керівники підрозділу читають написане у справі та вкладення, поки справу не запечатано."
        ),
        "Supervisors know of a case that their unit may take over.": (
            "Керівники знають про справу, яку може перейняти їхній підрозділ."
        ),
        "Why a unit is to take a case over is for the supervisors of both units.": (
            "Чому підрозділ має перейняти справу — для керівників обох підрозділів."
        ),
        "Auditors read every case, with what is sealed left sealed.": (
            "Аудитори читають кожну справу; запечатане лишається запечатаним."
        ),
        "The officer in charge works on the case.": "Над справою працює інспектор, який її веде.",
        "The unit's supervisors assign, decide on plans, extend, offer to another unit, close, reopen and seal.": (
            "Керівники підрозділу призначають, вирішують щодо планів, подовжують, пропонують іншому підрозділу, "
            "закривають, відкривають знову та запечатують."
        ),
        "Supervisors of the unit that a case was offered to take it over, or decline.": (
            "Керівники підрозділу, якому запропоновано справу, переймають її або відмовляються."
        ),
        # everybody
        "That the system exists is no secret.": "Що система існує — не таємниця.",
        "What somebody proposes is no secret to them.": "Що хтось пропонує сам — для нього не таємниця.",
        "Everybody reads their own account.": "Кожен читає власний обліковий запис.",
        "Everybody changes their own password, and nobody else's.": "Кожен змінює власний пароль і нічий інший.",
        "One's own password is changed by whoever knows it, not reset: use POST /me/password.": (
            "Власний пароль змінює той, хто його знає, а не скидає: POST /me/password."
        ),
        "Nobody changes what they themselves may do; ask another administrator.": (
            "Ніхто не змінює, що дозволено йому самому; зверніться до іншого адміністратора."
        ),
        # accounts, officers, the record
        "Accounts are listed by supervisors, auditors and administrators.": (
            "Перелік облікових записів — для керівників, аудиторів і адміністраторів."
        ),
        "Supervisors read the accounts of their unit.": "Керівники читають облікові записи свого підрозділу.",
        "Auditors read every account, with what is sealed left sealed.": (
            "Аудитори читають кожен обліковий запис; запечатане лишається запечатаним."
        ),
        "Administrators read every account.": "Адміністратори читають кожен обліковий запис.",
        "Administrators keep units, accounts and roles.": "Підрозділи, облікові записи й ролі ведуть адміністратори.",
        "Administrators adopt policies and mend the views.": ("Правила ухвалюють і подання лагодять адміністратори."),
        "Administrators accept models and switch between them, and read why it was done.": (
            "Моделі приймають і змінюють адміністратори; вони ж читають, чому це зроблено."
        ),
        "Administrators and auditors see the state of the views.": "Стан подань бачать адміністратори й аудитори.",
        "Auditors replay the record.": "Журнал відтворюють аудитори.",
        "Auditors read who saw what.": "Хто що бачив, читають аудитори.",
        "Auditors and administrators read who signed in, and whose account was tried.": (
            "Хто входив і чий обліковий запис пробували, читають аудитори й адміністратори."
        ),
        "Officers and their certifications are listed by juvenile officers, supervisors, auditors and "
        "administrators.": (
            "Перелік інспекторів та їхніх атестацій — для інспекторів ювенальної превенції, керівників, аудиторів "
            "і адміністраторів."
        ),
        "Everybody reads what is on record of their own training and certification, and why it was withdrawn.": (
            "Кожен читає записи про власне навчання й атестацію і чому її відкликано."
        ),
        "Juvenile officers and supervisors read who of their unit is certified.": (
            "Хто в підрозділі атестований, читають його інспектори ювенальної превенції та керівники."
        ),
        "Auditors and administrators read who is certified, in every unit.": (
            "Хто атестований у будь-якому підрозділі, читають аудитори й адміністратори."
        ),
        "Supervisors select, train and certify the officers of their unit, and withdraw certifications.": (
            "Керівники обирають, навчають і атестують інспекторів свого підрозділу та відкликають атестації."
        ),
        # incidents
        "The lists of casework are for investigators, juvenile officers, supervisors and auditors.": (
            "Переліки справ — для слідчих, інспекторів ювенальної превенції, керівників та аудиторів."
        ),
        "Investigators and juvenile officers record incidents for their own unit.": (
            "Події реєструють слідчі та інспектори ювенальної превенції, для свого підрозділу."
        ),
        "Investigators, juvenile officers and supervisors read the incidents of their own unit.": (
            "Слідчі, інспектори ювенальної превенції та керівники читають події свого підрозділу."
        ),
        "The officer in charge reads the incident, wherever they serve now.": (
            "Відповідальний за подію читає її, де б не служив."
        ),
        "Auditors read every incident, with what is sealed left sealed.": (
            "Аудитори читають кожну подію; запечатане лишається запечатаним."
        ),
        "The officer in charge reads the narrative, until the incident is voided.": (
            "Відповідальний за подію читає оповідь, поки подію не скасовано."
        ),
        "The unit's juvenile officers read the narrative, until the incident is voided.": (
            "Інспектори ювенальної превенції підрозділу читають оповідь, поки подію не скасовано."
        ),
        "The unit's supervisors read the narrative, also of a voided incident.": (
            "Керівники підрозділу читають оповідь, навіть скасованої події."
        ),
        "Children are linked by juvenile officers, of the incident's unit or in charge of it.": (
            "Дітей пов’язують інспектори ювенальної превенції підрозділу події або відповідальні за неї."
        ),
        "Footage is linked by investigators and juvenile officers, of the incident's unit or in charge of it.": (
            "Записи пов’язують слідчі та інспектори ювенальної превенції підрозділу події або відповідальні за неї."
        ),
        "Incidents are reclassified and voided by a supervisor of their unit.": (
            "Вид події змінює і подію скасовує керівник її підрозділу."
        ),
        "Nobody voids an incident that they are in charge of; ask another supervisor of the unit.": (
            "Ніхто не скасовує подію, за яку відповідає сам; зверніться до іншого керівника підрозділу."
        ),
        # children
        "Profiles of children are listed by juvenile officers, supervisors and auditors.": (
            "Перелік профілів дітей — для інспекторів ювенальної превенції, керівників та аудиторів."
        ),
        "Children are searched for by name by juvenile officers and supervisors, of those their unit works with.": (
            "Дітей за ім’ям шукають інспектори ювенальної превенції та керівники, з тих, з ким працює підрозділ."
        ),
        "Juvenile officers register children for their own unit.": (
            "Дітей реєструють інспектори ювенальної превенції, для свого підрозділу."
        ),
        "The juvenile officers and supervisors of the unit that works with a child read who it is.": (
            "Хто ця дитина, читають інспектори ювенальної превенції та керівники підрозділу, який із нею працює."
        ),
        "Auditors read every profile, with what is sealed left sealed.": (
            "Аудитори читають кожен профіль; запечатане лишається запечатаним."
        ),
        "The juvenile officers of the unit that registered a child keep what is known of it.": (
            "Відомості про дитину ведуть інспектори ювенальної превенції підрозділу, який її зареєстрував."
        ),
        "Profiles are merged and parted by a supervisor of their unit.": (
            "Профілі об’єднує і роз’єднує керівник їхнього підрозділу."
        ),
        "An erasure is asked for by the juvenile officers and supervisors of the unit that registered the child.": (
            "Про знищення просять інспектори ювенальної превенції та керівники підрозділу, який зареєстрував дитину."
        ),
        "A supervisor of the unit that registered the child, who did not ask for it, decides on an erasure.": (
            "Про знищення вирішує керівник підрозділу, який зареєстрував дитину, якщо не просив про нього сам."
        ),
        # concerns
        "Concerns are listed by investigators, juvenile officers, supervisors and auditors.": (
            "Перелік сигналів — для слідчих, інспекторів ювенальної превенції, керівників та аудиторів."
        ),
        "Investigators, juvenile officers and supervisors raise concerns, in their own name.": (
            "Сигнали подають слідчі, інспектори ювенальної превенції та керівники, від власного імені."
        ),
        "Who raised a concern reads it and what came of it, until it expires.": (
            "Хто подав сигнал, читає його і що з нього вийшло, поки не мине його строк."
        ),
        "Juvenile officers read the concerns of their unit, until they expire.": (
            "Інспектори ювенальної превенції читають сигнали свого підрозділу, поки не мине їхній строк."
        ),
        "Supervisors read the concerns of their unit; of one that expired no more than that there was one.": (
            "Керівники читають сигнали свого підрозділу; коли строк минув — лише те, що сигнал був."
        ),
        "What is sealed of a concern is opened by the supervisors of its unit, until it expires.": (
            "Запечатане в сигналі відкривають керівники його підрозділу, поки не мине його строк."
        ),
        "Auditors read every concern, with what is sealed left sealed.": (
            "Аудитори читають кожен сигнал; запечатане лишається запечатаним."
        ),
        "Juvenile officers answer the concerns of their unit, until they expire.": (
            "Інспектори ювенальної превенції відповідають на сигнали свого підрозділу, поки не мине їхній строк."
        ),
        "Supervisors answer the concerns of their unit.": "Керівники відповідають на сигнали свого підрозділу.",
    }
)
