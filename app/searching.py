"""The road of a search: authorisation, scope, index, record, answer.

The authorisation is checked and its quota drawn, and the search with all that it found is on record, before a result
leaves. The answer is made of the record alone: a retried command gets the same one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from msgspec.structs import replace

from app import relations
from app.access.gate import Forbidden
from app.access.operations import Operation
from app.calibrating import found_moment
from app.call import Call, now
from app.coverage import coverage_of, scope_of
from app.desk import Desk, Loaded
from app.found import Found, on_record
from app.in_force import InForce
from app.instants import to_us
from app.querying import Query
from app.question import Question
from domain import authorisation, footage, footage_search
from domain.authorisation_state import Authorisation
from domain.errors import DomainError, Invalid
from domain.footage_search import FoundMoment, RefuseSearch, RunSearch, SearchRefused, SearchRun
from domain.ids import footage_id
from domain.log import Change
from domain.sealed import Sealed
from domain.search_draw import DrawSearch, check_search, is_party
from domain.search_query import check_limit, check_query
from domain.search_refusals import SearchRefusal
from projections.database import ViewsDatabase
from search_index.answer import Answer
from search_index.calibration import Yardstick
from search_index.errors import RowUnknown, SegmentDamaged
from search_index.footage_unit import Box, RowPlace
from search_index.port import VectorIndex

SHORTEST = timedelta(seconds=1)  # of a window that the question left open
MOMENTS_MAX = 3_200  # that are asked of the index, where the record does not know most of them so


class AlreadyRefused(DomainError):
    """A retry of a search that was refused: the same answer, whatever has changed since."""

    def __init__(self, code: str) -> None:
        super().__init__("this search was refused, and that is on record; ask anew under a new Idempotency-Key")
        self.code = code  # type: ignore[misc]  # the recorded one, not one for all retries


class PictureGone(DomainError):
    """What was found stays on record; its picture is the index's, and may be made again from the original."""

    code = "picture-gone"

    def __init__(self, sha256: str) -> None:
        super().__init__(
            f"the index no longer has this picture; look at the original, footage {sha256[:12]}…, or search again",
            sha256=sha256,
        )


class PictureOutside(DomainError):
    """What is seen at a hit's time began earlier and was the same: so the index holds a picture from then only."""

    code = "picture-outside-search"

    def __init__(self) -> None:
        super().__init__(
            "the picture that matched was made outside the times searched, and is not shown; "
            "look at the original, or search from the whole minute on"
        )


class Looked(NamedTuple):
    """What was found for a question before it goes on record."""

    answer: Answer
    fences: Mapping[int, int]  # by row that was found: of the claim that it was made under
    yardstick: Yardstick
    query: Query
    calibration: str  # digest of the null rows behind the yardstick


@dataclass(frozen=True)
class Searching:
    desk: Desk
    in_force: InForce
    views: ViewsDatabase

    def run(self, call: Call, question: Question) -> UUID:
        """Run a search and put it on record. Returns its id.

        Raises:
            domain.search_refusals.SearchRefusal: no authority for this search; that is on record.
            domain.errors.Invalid: the question cannot be asked. Nothing was drawn.
        """
        if question.box is not None and not question.image:
            raise Invalid("box", "is of no picture", "send image too, or leave it out")
        check_query(question.query(), question.kind, child_image=question.child_image)
        check_limit(question.limit)
        if question.from_at is not None and question.to_at is not None and question.from_at >= question.to_at:
            raise Invalid("from_at", "is not before to_at", "exchange them, or correct one")
        search = call.new_key()
        receipt = self.desk.log.receipt(call.command_id, command_digest=call.digest)
        if receipt is None:
            ask = self._ask(call, question, search)
            self._refuse_without_authority(call, question, ask)
            self._commit(call, question, ask, self._look(question, ask))
        self.recorded(search)
        return search

    def _authority(self, question: Question) -> Loaded[Authorisation]:
        key = question.authorisation or UUID(int=0)
        return self.desk.load(authorisation.DECIDER, key)

    def _ask(self, call: Call, question: Question, search: UUID) -> DrawSearch:
        """The question with what it leaves open filled in by the authorisation."""
        state, at = self._authority(question).state, now()
        account, unit = call.principal.account, call.principal.unit
        investigates = "investigator" in call.principal.roles
        if state is not None and not is_party(state, account, unit, investigates):
            state = None  # nobody else learns its cameras or times, not even from the record of their own refusal
        from_at = question.from_at or (state.window_from if state else at)
        last = state.window_to if state else at
        return DrawSearch(
            authorisation=question.authorisation or UUID(int=0),
            search=search,
            searcher=account,
            searcher_unit=unit,
            searcher_investigates=investigates,
            cameras=tuple(dict.fromkeys(question.cameras)) or tuple(sorted(state.cameras if state else ())),
            from_at=min(from_at, question.to_at - SHORTEST) if question.to_at and not question.from_at else from_at,
            to_at=question.to_at or max(last, from_at + SHORTEST),
            child_image=question.child_image,
            at=at,
        )

    def _refuse_without_authority(self, call: Call, question: Question, ask: DrawSearch) -> None:
        state = self._authority(question).state
        refusal: DomainError | None = check_search(state, ask)
        try:
            self.desk.require(
                call, Operation.SEARCH_RUN, relations.proposed_search(ask.search, ask.searcher, ask.searcher_unit)
            )
        except Forbidden as forbidden:
            refusal = refusal or forbidden  # what the authorisation says of the searcher is the more precise
        if refusal is not None:
            self._record_refusal(call, question, ask, refusal)

    def _record_refusal(self, call: Call, question: Question, ask: DrawSearch, refusal: DomainError) -> None:
        """Put it on record, then raise it."""
        command = RefuseSearch(
            search=ask.search,
            authorisation=question.authorisation,
            searcher=ask.searcher,
            searcher_unit=ask.searcher_unit,
            code=refusal.code,
            cameras=ask.cameras,
            from_at=ask.from_at,
            to_at=ask.to_at,
            query=Sealed(ask.search, question.query()),
            kind=question.kind,
            child_image=question.child_image,
        )
        events = footage_search.DECIDER.decide(None, command)
        self.desk.commit(call, Operation.SEARCH_RUN, lambda: (Change(ask.search, 0, events),))
        raise refusal

    def _look(self, question: Question, ask: DrawSearch) -> Looked:
        """What the index finds in the scope, what its scores mean, and what the model made of its words. So much is
        asked for that as many moments are left as the question wants, where there are so many."""
        scope, moments_max = scope_of(ask.cameras, ask.from_at, ask.to_at), question.limit
        with self.in_force.held() as sight:  # model, vectors and null rows are of one generation, whatever comes
            query = sight.queries.of(question)
            while True:
                answer = sight.index.search(query.vector, scope, moments_max=moments_max)
                fences = sight.index.fences([moment.best.row for moment in answer.moments])
                missing = question.limit - len(on_record(self.desk, answer.moments, fences))
                if missing <= 0 or len(answer.moments) < moments_max or moments_max >= MOMENTS_MAX:
                    break
                moments_max = min(4 * moments_max, MOMENTS_MAX)
            yardstick = sight.calibrations.yardstick(query.vector, question.text)
            return Looked(answer, fences, yardstick, query, sight.calibrations.digest())

    def _commit(self, call: Call, question: Question, ask: DrawSearch, looked: Looked) -> None:
        """Quota and search in one transaction. Where the authority ended meanwhile, the refusal is recorded; where
        footage that was found got another time, or was erased, it is left out."""
        head = self.desk.caught_up()

        def decide() -> Sequence[Change]:
            kept = on_record(self.desk, looked.answer.moments, looked.fences)[: question.limit]
            found = footage_search.DECIDER.decide(None, self._found(question, ask, looked, kept, head))
            loaded = self._authority(question)
            drawn = authorisation.DECIDER.decide(loaded.state, replace(ask, at=now()))
            shown = {footage_id(each.moment.best.footage): each.version for each in kept}
            return (
                Change(ask.search, 0, found),
                Change(ask.authorisation, loaded.version, drawn),
                *(Change(stream, version, ()) for stream, version in shown.items()),
            )

        try:
            self.desk.commit(call, Operation.SEARCH_RUN, decide)
        except SearchRefusal as refusal:
            self._record_refusal(call, question, ask, refusal)

    def _found(
        self, question: Question, ask: DrawSearch, looked: Looked, kept: Sequence[Found], head: int
    ) -> RunSearch:
        answer, made, rows = looked.answer, looked.query, looked.answer.coverage.rows_in_scope
        seen = kept[-1].moment.rank if len(kept) == question.limit else len(answer.moments)
        with self.views.reading() as views:
            coverage = coverage_of(views, ask, answer.coverage, head=head, dropped=seen - len(kept))
        return RunSearch(
            search=ask.search,
            authorisation=ask.authorisation,
            searcher=ask.searcher,
            searcher_unit=ask.searcher_unit,
            cameras=ask.cameras,
            from_at=ask.from_at,
            to_at=ask.to_at,
            query=Sealed(ask.search, question.query(made.unknown_words, made.read_as, made.widened_words)),
            kind=question.kind,
            child_image=question.child_image,
            unknown_words_count=len(made.unknown_words),
            generation=answer.coverage.generation,
            limit=question.limit,
            moments=tuple(
                found_moment(rank, each.moment, each.footage, looked.yardstick, rows)
                for rank, each in enumerate(kept, start=1)
            ),
            coverage=coverage,
            calibration=looked.calibration,
        )

    def picture(self, search: UUID, hit: FoundMoment) -> bytes:
        """The JPEG of a hit's best frame, faces filled. Where a clock was corrected since, of the same frame still.

        Raises:
            PictureOutside: it is of a frame outside the times searched.
            PictureGone: the index has it no more, or damaged.
        """
        if not hit.pictured:
            raise PictureOutside
        history = list(self.desk.log.stream(footage_id(hit.footage_sha256)))
        state = footage.DECIDER.fold([each.event for each in history])
        found_at = next(iter(self.desk.log.stream(search, until_version=1))).position
        then = footage.DECIDER.fold([each.event for each in history if each.position < found_at])
        if state is None or then is None or state.is_gone:
            raise PictureGone(hit.footage_sha256)
        best_at = hit.best_at + (state.recorded_at - then.recorded_at)  # at its old time another frame may lie now
        try:
            with self.in_force.held() as sight:
                return _thumbnail(sight.index, hit, RowPlace(hit.footage_sha256, to_us(best_at)))
        except (RowUnknown, SegmentDamaged) as fault:
            raise PictureGone(hit.footage_sha256) from fault

    def recorded(self, search: UUID) -> SearchRun:
        """What was found, as the record has it. Raises AlreadyRefused where it was refused."""
        (event, *_) = self.desk.log.events(search, until_version=1)
        if isinstance(event, SearchRefused):
            raise AlreadyRefused(event.code)
        assert isinstance(event, SearchRun)
        return event


def _thumbnail(index: VectorIndex, hit: FoundMoment, place: RowPlace) -> bytes:
    try:
        return index.thumbnail(hit.row, of=place)
    except RowUnknown:
        if (again := index.row_of(place, Box(*hit.box))) is None:  # made anew, or with another model
            raise
        return index.thumbnail(again, of=place)
