"""The Ukrainian of refusals that concern cameras, footage, clips, searches and models."""

from __future__ import annotations

from types import MappingProxyType

PHRASES = MappingProxyType(
    {
        # cameras
        "name one in its oberih.json": "назвіть його в oberih.json",
        "this deployment has no detector": "тут немає детектора",
        "name cameras of GET /cameras": "назвіть камери з GET /cameras",
        "there is no camera {}": "немає камери {}",
        "register its successor as a camera of its own": "наступницю зареєструйте окремою камерою",
        "report it restored first": "спершу повідомте про відновлення",
        "report the outage first": "спершу повідомте про несправність",
        "the last outage ended at {}": "остання несправність скінчилася {}",
        "the outage began at {}": "несправність почалася {}",
        "out since {}": "не працює з {}",
        "there is footage of it until {}": "є її записи до {}",
        "name one of {}, or defaults": "назвіть одне з {} або defaults",
        "nothing is chosen": "нічого не вибрано",
        "place_kind: no camera may watch a {}; remove the camera from there": (
            "place_kind: камера не може стежити за місцем {}; приберіть її звідти"
        ),
        "{}: {} is outside the camera's life, from {}; check the time and the camera": (
            "{}: {} — поза часом роботи камери, від {}; перевірте час і камеру"
        ),
        # footage, its keeping and its holds
        "{}: {} is outside the footage, which lasts from {} to {}; give a stretch of it": (
            "{}: {} — поза записом, який триває від {} до {}; дайте відрізок у його межах"
        ),
        "recorded_at: overlaps by {} s the footage {} of this camera, {} to {}; check the time and the camera "
        "of both": ("recorded_at: на {} с перекриває запис {} цієї камери, від {} до {}; перевірте час і камеру обох"),
        "the footage {} is archived already, of camera {} from {}; archive it with that camera and time, or check "
        "that this is the file you mean": (
            "запис {} вже в архіві, камера {}, від {}; архівуйте з цією камерою й часом або перевірте, чи це той файл"
        ),
        "the claim {} on footage {} was lost; drop what is not committed and claim anew": (
            "завдання {} щодо запису {} втрачено; відкиньте незбережене й візьміть завдання знову"
        ),
        "the footage {} is held by {}; it stays until that hold is released": (
            "запис {} утримується через {}; він лишається, доки утримання не знято"
        ),
        "the footage {} is kept {}; before that only an order erases it": (
            "запис {} зберігається {}; до того його знищують лише за розпорядженням"
        ),
        "until {}": "до {}",
        "claimed until {}": "опрацьовується до {}",
        "look for other footage": "шукайте інший запис",
        "only footage that failed or was given up is retried": "повторюють лише те, що не вдалося або припинено",
        "it is not indexed: nothing is to be made anew": "його не проіндексовано: робити знову нічого",
        "at most {} are taken: join small ones": "приймається щонайбільше {}: об’єднайте дрібні",
        "an administrator asks for it first": "спершу про це має просити адміністратор",
        "another administrator decides on the request": "щодо запиту вирішує інший адміністратор",
        "nothing of it is left to decide on": "вирішувати щодо нього вже нічого",
        "it was purged or erased, and is not taken again": "його вилучено чи знищено, і знову не приймають",
        "its time does not matter any more": "його час більше не має значення",
        "the footage would end in the future": "запис закінчувався б у майбутньому",
        "name the one that the hold is for": "назвіть те, для чого утримання",
        "place another where it is needed again": "за потреби поставте інше",
        "file: the disk would be left with less than the {} bytes that are kept free on it ({} are free now); nothing "
        "was archived: make room on it, then send the file again": (
            "файл: на диску лишилося б менше ніж {} байтів, які тримають вільними (зараз вільно {}); нічого не "
            "заархівовано: звільніть місце й надішліть файл знову"
        ),
        "send the id of the last event unchanged": "надішліть ідентифікатор останньої події незмінним",
        "{} is no event's id": "{} — не ідентифікатор події",
        "{} {} streams of progress open already, which is the most; end one of them, or ask GET /footage/backlog": (
            "{} відкритих потоків перебігу: {}, більше не можна; закрийте один або спитайте GET /footage/backlog"
        ),
        "this account has": "цей обліковий запис має",
        "this server has": "цей сервер має",
        # clips
        "cut several, or not exactly": "виріжте кілька або не точно",
        "is more than {} minutes after from_at": "більше ніж на {} хвилин пізніше за from_at",
        "is not that of the footage": "не та, що в запису",
        "is outside the authorisation's window": "поза проміжком часу дозволу",
        "its clock was corrected meanwhile: cut again": "його годинник тим часом виправили: виріжте знову",
        "its video cannot be read; fetch it again from its source": (
            "його відео не читається; отримайте його знову з джерела"
        ),
        "this is a fault of ours: report it": "це наша помилка: повідомте про неї",
        "nothing was cut; the list of clips says whose it was and why": (
            "нічого не вирізано; перелік фрагментів каже, чий це був і чому"
        ),
        "the footage {} was purged or erased, and nothing of it is left; GET /footage/{sha256} (oberih footage show) "
        "says when": (
            "запис {} вилучено чи знищено, нічого не лишилося; коли — каже GET /footage/{sha256} (oberih footage show)"
        ),
        "the original of the footage {} is {}: what is on the disk is not what was archived; have an administrator "
        "put it back from a backup": (
            "оригінал запису {}: {}; на диску не те, що архівували; нехай адміністратор відновить його з копії"
        ),
        "no clip was made: {}": "фрагмент не зроблено: {}",
        "this command gave the clip {} (SHA-256 {}), which cannot be made again: {}; cut anew, under a new "
        "Idempotency-Key": (
            "ця команда дала фрагмент {} (SHA-256 {}), який не відтворити: {}; виріжте знову з новим Idempotency-Key"
        ),
        "the clock of its footage was corrected since": "годинник його запису відтоді виправлено",
        "cut again, it has other bytes: the software is another now": (
            "вирізаний знову, він має інші байти: програма вже інша"
        ),
        "{} clips are being cut already; repeat it in a moment": ("вже вирізають фрагментів: {}; повторіть за мить"),
        "the attachment {} was altered on the disk; ask the operator to restore it from a backup": (
            "вкладення {} змінено на диску; попросіть адміністратора системи відновити його з резервної копії"
        ),
        "the attachment {} is missing from the disk; ask the operator to restore it from a backup": (
            "вкладення {} немає на диску; попросіть адміністратора системи відновити його з резервної копії"
        ),
        # searches and their authorisations
        "has {} bytes": "має {} байтів",
        "send a picture of at most {}": "надішліть зображення щонайбільше {}",
        "describe clothing, things, vehicles or places in other words": (
            "опишіть одяг, речі, транспорт чи місця іншими словами"
        ),
        "leave it out, or describe more": "приберіть або опишіть більше",
        "not a readable JPEG, PNG, WEBP picture": "не є читабельним зображенням JPEG, PNG чи WebP",
        "{} × {} pixels are more than {}": "{} × {} пікселів — більше, ніж {}",
        "send a JPEG, PNG or WebP picture and a box within it": (
            "надішліть зображення JPEG, PNG або WebP і рамку в його межах"
        ),
        "takes away all that is looked for": "відкидає все, що шукають",
        "{} is not understood": "{}: цього не зрозуміти",
        "leave it out, or say it in other words": "приберіть або скажіть іншими словами",
        "it has no hits; the list of refused searches says whose it was, when, and under what": (
            "він не має збігів; перелік відхилених пошуків каже, чий це був, коли й за яким дозволом"
        ),
        "refused ({})": "відмовлено ({})",
        "is not before to_at": "не раніше за to_at",
        "is of no picture": "без зображення",
        "send image too, or leave it out": "надішліть також image або приберіть",
        "are {}": "їх {}",
        "at most {} were asked for": "просили щонайбільше {}",
        "give from ≤ best ≤ to": "дайте from ≤ best ≤ to",
        "hit {} goes beyond the scope": "збіг {} виходить за межі пошуку",
        "hit {} has its best frame outside itself": "найкращий кадр збігу {} поза ним самим",
        "hit {} is outside the scope": "збіг {} поза межами пошуку",
        "it has no hits": "він не має збігів",
        "rank them from 1 without gaps": "нумеруйте їх від 1 без пропусків",
        "rank {} stands at place {}": "ранг {} стоїть на місці {}",
        "this is a fault of the index: report it": "це помилка індексу: повідомте про неї",
        "name one at least": "назвіть щонайменше одне",
        "a search, or a clip, needs an authorisation; name one that you requested or were named in": (
            "для пошуку чи фрагмента потрібен дозвіл; назвіть той, про який просили ви або де вас названо"
        ),
        "the authorisation {} is {}; {}": "дозвіл {}: {}; {}",
        "the authorisation {} expired at {}; request another": "строк дозволу {} минув {}; просіть інший",
        "the authorisation {} was revoked; ask its approver, or request another": (
            "дозвіл {} відкликано; зверніться до того, хто схвалював, або просіть інший"
        ),
        "not within the authorisation: {}; leave these cameras out, or request an authorisation that names them": (
            "поза дозволом: {}; приберіть ці камери або просіть дозвіл, який їх називає"
        ),
        "the authorisation covers {} to {}; stay within it": "дозвіл охоплює від {} до {}; лишайтеся в його межах",
        "all {} searches of the authorisation are used; request another": (
            "усі пошуки дозволу ({}) використано; просіть інший"
        ),
        "nobody approves their own request or searches under their own approval; ask somebody else": (
            "ніхто не схвалює власного запиту й не шукає за власним схваленням; зверніться до когось іншого"
        ),
        "the approver must belong to another unit than the requester; ask a supervisor of another unit": (
            "схвалює керівник іншого підрозділу, ніж той, хто просить; зверніться до нього"
        ),
        "hit {} is {}; only a hit reviewed as relevant is attached: review it first": (
            "збіг {}: {}; долучають лише збіг, визнаний доречним: спершу розгляньте його"
        ),
        "not reviewed": "не розглянуто",
        "this search was refused, and that is on record; ask anew under a new Idempotency-Key": (
            "у цьому пошуку відмовлено, і це записано; просіть знову з новим Idempotency-Key"
        ),
        "the index no longer has this picture; look at the original, footage {}, or search again": (
            "в індексі цього зображення вже немає; подивіться оригінал, запис {}, або шукайте знову"
        ),
        "the picture that matched was made outside the times searched, and is not shown; look at the original, or "
        "search from the whole minute on": (
            "зображення, що збіглося, зроблено поза часом пошуку, і його не показують; подивіться оригінал або шукайте "
            "від цілої хвилини"
        ),
        # models
        "fetch it first, or name another": "спершу отримайте її або назвіть іншу",
        "read that card, and accept it if you can": "прочитайте ту картку й прийміть, якщо можете",
        "the card of {} has the digest {} now": "картка {} має тепер відбиток {}",
        "another model has just come into force; ask again in a moment": (
            "щойно набула чинності інша модель; спитайте знову за мить"
        ),
        "it was abandoned, or completed": "від неї відмовились або її завершено",
        "there is nothing to abandon": "відмовлятися нема від чого",
        "wait, or abandon the switch": "зачекайте або відмовтеся від зміни",
        "what was built of it goes off the disk first; ask again soon": (
            "збудоване для неї спершу зникає з диска; спитайте знову невдовзі"
        ),
        "switch": "зміна",
        "{} footages are not built in it yet": "у ній ще не збудовано записів: {}",
        "nobody switches to a model whose card they accepted themselves; ask another administrator": (
            "ніхто не переходить на модель, чию картку прийняв сам; зверніться до іншого адміністратора"
        ),
        # the configured kinds of incidents
        "at most {} are taken": "приймається щонайбільше {}",
        "give verified_by and verified_on, or neither": "дайте verified_by і verified_on або жодного",
        "has {} kinds": "має видів: {}",
        "is out of use": "не вживається",
        "leave it in use: missing children are reported by it": "лишіть його: за ним повідомляють про зникнення дітей",
        "leave one out": "приберіть один",
        "name the article that was verified": "назвіть статтю, яку перевірено",
        "says by halves that it was verified": "наполовину каже, що перевірено",
        "was verified without a reference": "перевірено без посилання",
        "{} stands in it twice": "{} є в ньому двічі",
    }
)
