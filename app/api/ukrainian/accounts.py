"""The Ukrainian of refusals that concern accounts, roles, purposes, times, and lists and their pages."""

from __future__ import annotations

from types import MappingProxyType

PHRASES = MappingProxyType(
    {
        "is of whoever holds the token of a report": "належить тому, хто має код звернення",
        "give an account another role": "дайте обліковому запису іншу роль",
        # passwords and accounts
        "choose a shorter one": "виберіть коротший",
        "is longer than {} characters or not text": "довший за {} символів або не текст",
        "use at least {}": "візьміть щонайменше {}",
        "choose another": "виберіть інший",
        "is not the password of your account": "це не пароль вашого облікового запису",
        "is the old password": "це старий пароль",
        "type the one that you sign in with": "введіть той, із яким входите",
        "name a unit of GET /units": "назвіть підрозділ із GET /units",
        "there is no unit {}": "немає підрозділу {}",
        "it signs in no more, whatever its password is": "ним більше не входять, хоч би який був пароль",
        "nothing is left to do": "робити більше нічого",
        "give the role to another account": "надайте роль іншому обліковому запису",
        "held in unit {}": "надано в підрозділі {}",
        "withdraw it there first": "спершу відкличте її там",
        "too many failed attempts; try again in {} s": "забагато невдалих спроб; спробуйте знову за {} с",
        "your password was chosen by somebody else; choose your own before anything else: oberih password, or "
        "POST /me/password": (
            "ваш пароль вибрав хтось інший; спершу виберіть власний: oberih password або POST /me/password"
        ),
        "nobody suspends their own account; ask another administrator": (
            "ніхто не призупиняє власного облікового запису; зверніться до іншого адміністратора"
        ),
        "nobody resets the password of their own account; ask another administrator": (
            "ніхто не скидає пароля власного облікового запису; зверніться до іншого адміністратора"
        ),
        "nobody gives roles to their own account; ask another administrator": (
            "ніхто не надає ролей власному обліковому запису; зверніться до іншого адміністратора"
        ),
        "nobody withdraws roles of their own account; ask another administrator": (
            "ніхто не відкликає ролей власного облікового запису; зверніться до іншого адміністратора"
        ),
        "an auditor holds no other role: {} cannot be added to {}; withdraw what is held first, or give the role to "
        "another account": (
            "аудитор не має іншої ролі: {} не можна додати до {}; спершу відкличте наявне або надайте роль іншому"
        ),
        # purposes
        "give one such as 757/1147/26: up to {} digits, letters (3 in a row) and / . -": (
            "дайте такий, як 757/1147/26: до {} цифр, літер (3 підряд) і знаків / . -"
        ),
        "is not of the list, and is kept in the clear: no words are taken": (
            "не з переліку, а зберігається відкрито: слів не приймають"
        ),
        "use one of: {}; after a colon the number of a case may follow": (
            "використайте одну з: {}; після двокрапки може бути номер справи"
        ),
        "what follows the colon is no case number": "після двокрапки не номер справи",
        # times
        "Kyiv's clocks showed {} twice that night": "тієї ночі годинники Києва показали {} двічі",
        "add one, as in 2026-11-23T14:05": "додайте його, як-от 2026-11-23T14:05",
        "give a time after it, as in {}": "дайте час після цього, як-от {}",
        "give {}{} for the first time, {}{} for the second": "дайте {}{} для першого разу, {}{} для другого",
        "is of the year {}": "рік {}",
        "write it as 2026-11-23T14:05 or with an offset": "напишіть так: 2026-11-23T14:05, або зі зсувом",
        "{} did not exist: Kyiv's clocks skipped {} that night": (
            "{} не було: тієї ночі годинники Києва перескочили {}"
        ),
        "{} is a day without a time": "{} — день без часу",
        "{} is not a time": "{} — не час",
        "add one, such as Z or +03:00": "додайте його, як-от Z або +03:00",
        "it has no timezone": "без часового поясу",
        # lists, pages, replaying
        "it has none": "вона їх не має",
        "it has {}": "вона має {}",
        "this operation has no such parameter": "ця операція не має такого параметра",
        "ask for at least one": "просіть щонайменше один",
        "ask for more by further pages": "більше просіть наступними сторінками",
        "it is none of ours": "він не наш",
        "take it unchanged from the page before": "візьміть його незмінним із попередньої сторінки",
        "{} is not within 1 to {}": "{} не в межах від 1 до {}",
        "give one of them": "дайте одне з них",
        "is given beside until": "дано разом з until",
        "give a position of the log": "дайте позицію журналу",
        "{} is not within 0 to {}": "{} не в межах від 0 до {}",
        "the record is being replayed for somebody; ask again when that is done, in a minute or so": (
            "журнал саме відтворюють для когось; спитайте знову, коли це скінчиться, приблизно за хвилину"
        ),
        "the index of names is being made anew already, and that goes on; ask again when it is done": (
            "індекс імен уже будують наново, і це триває; спитайте знову, коли скінчиться"
        ),
        "another rebuild of {} took over; wait for that one": "{} вже перебудовує хтось інший; дочекайтеся того",
        # the record
        "the record cannot be written: {}; free space on its disk, then repeat the command": (
            "журнал не вдається записати: {}; звільніть місце на його диску й повторіть команду"
        ),
        "the record was being written by another process for {} s; repeat the command": (
            "журнал писав інший процес упродовж {} с; повторіть команду"
        ),
    }
)
