"""The sentences of the access policy on cameras, footage, authorisations and searches in Ukrainian."""

from __future__ import annotations

from types import MappingProxyType

REASONS = MappingProxyType(
    {
        # footage
        "Cameras, footage, holds and models are for those who work on incidents, auditors and administrators.": (
            "Камери, записи, утримання й моделі — для тих, хто працює з подіями, аудиторів і адміністраторів."
        ),
        "That a camera, a footage or a hold exists is known to whoever may read it.": (
            "Що камера, запис чи утримання існує, відомо тим, хто може їх читати."
        ),
        "Administrators keep the register of cameras.": "Реєстр камер ведуть адміністратори.",
        "Investigators and administrators archive footage, and read the names of the files they archive.": (
            "Записи архівують слідчі й адміністратори; вони читають назви своїх файлів."
        ),
        "Investigators and juvenile officers take clips out, under an authorisation.": (
            "Фрагменти беруть слідчі та інспектори ювенальної превенції, за дозволом."
        ),
        "Administrators have footage indexed again, correct its time, and see that its bytes are whole.": (
            "Адміністратори повторюють індексування записів, виправляють їхній час і перевіряють цілість."
        ),
        "Administrators ask for an erasure by order, and another one, who may read why, decides on it.": (
            "Знищити за розпорядженням просить адміністратор, а вирішує інший, який може читати, чому."
        ),
        "Investigators, juvenile officers and supervisors hold footage, so that nothing of it goes.": (
            "Записи утримують слідчі, інспектори ювенальної превенції та керівники, щоб ніщо не зникло."
        ),
        "Why a hold was placed is for the unit that it serves, and for who placed it.": (
            "Чому поставлено утримання — для підрозділу, якому воно служить, і для того, хто його поставив."
        ),
        "Who placed a hold releases it.": "Утримання знімає той, хто його поставив.",
        "Supervisors release the holds of their unit.": "Утримання підрозділу знімають його керівники.",
        # authorisations and searches
        "Investigators and juvenile officers request authorisations, in their own name and for their own unit.": (
            "Дозволи просять слідчі та інспектори ювенальної превенції, від власного імені й для свого підрозділу."
        ),
        "The requester withdraws a request that nobody decided on yet.": (
            "Хто просив, відкликає запит, щодо якого ще не вирішили."
        ),
        "The requester reads the authorisation.": "Дозвіл читає той, хто просив.",
        "Investigators and supervisors of the requester's unit read the authorisation: it is theirs to search under.": (
            "Дозвіл читають слідчі та керівники підрозділу, який просив: вони за ним шукають."
        ),
        "Every supervisor reads a request that waits for a decision.": (
            "Запит, що очікує на рішення, читає кожен керівник."
        ),
        "Supervisors read what they, or their unit, decided on.": (
            "Керівники читають, про що вирішували вони або їхній підрозділ."
        ),
        "Auditors read every authorisation, with what is sealed left sealed.": (
            "Аудитори читають кожен дозвіл; запечатане лишається запечатаним."
        ),
        "Supervisors of another unit decide on requests.": "Щодо запитів вирішують керівники іншого підрозділу.",
        "Nobody decides on their own request; ask a supervisor of another unit.": (
            "Ніхто не вирішує щодо власного запиту; зверніться до керівника іншого підрозділу."
        ),
        "A request is decided on in another unit; ask a supervisor there.": (
            "Щодо запиту вирішують в іншому підрозділі; зверніться до його керівника."
        ),
        "Authorisations are revoked by supervisors of the unit that requested or the unit that approved them.": (
            "Дозволи відкликають керівники підрозділу, який просив, або того, який схвалив."
        ),
        "The requester gives up an authorisation that is not needed any more.": (
            "Від дозволу, який більше не потрібен, відмовляється той, хто просив."
        ),
        "Investigators and juvenile officers search, in their own name.": (
            "Шукають слідчі та інспектори ювенальної превенції, від власного імені."
        ),
        "Searchers read their own searches and clips, also those that were refused.": (
            "Хто шукав, читає власні пошуки та фрагменти, навіть відхилені."
        ),
        "The requester of an authorisation reads the searches that were run and the clips that were cut under it.": (
            "Хто просив дозвіл, читає пошуки й фрагменти за ним."
        ),
        "Investigators read the searches that colleagues of their unit ran, and the clips that they cut.": (
            "Слідчі читають пошуки й фрагменти колег свого підрозділу."
        ),
        "Supervisors read the searches and clips of their unit, and those under an authorisation that they approved.": (
            "Керівники читають пошуки й фрагменти свого підрозділу та ті, що за схваленим ними дозволом."
        ),
        "Auditors read every search and clip, with what is sealed left sealed.": (
            "Аудитори читають кожен пошук і фрагмент; запечатане лишається запечатаним."
        ),
        "The hits of a search are seen, reviewed and attached by its searcher and its authorisation's requester.": (
            "Збіги пошуку бачить, розглядає і долучає той, хто шукав, і той, хто просив дозвіл."
        ),
        "The hits of a search are seen, reviewed and attached by the investigators of the searcher's unit.": (
            "Збіги пошуку бачать, розглядають і долучають слідчі підрозділу того, хто шукав."
        ),
    }
)
