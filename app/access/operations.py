"""The closed list of operations: each is an action of the policies, a row of the truth table and a road in `app`.

What an operation names besides its own resource must be allowed too, and by its own operation:

- `child.merge`, `child.unmerge`: the same operation of the other profile;
- `authorisation.request`: `incident.read` of the incident and `camera.read` of each camera; `footage.archive`: of its;
- `hold.place`: `incident.read` of the incident;
- `incident.link-camera`: `camera.read` of the camera;
- `incident.report-missing`: `authorisation.request`, `hold.place`, `camera.read` of each camera, `incident.link-child`;
- `case.open`: `incident.read` of the incident that it is opened for;
- `incident.link-footage`: `footage.read` of the footage;
- `search.attach-hit`: `incident.link-footage` of the incident;
- `officer.select`: `account.read` of the account;
- `post.appoint`, `post.hand-over`: `account.read` of every account; `programme.fund`: `camera.read` of each camera;
- `referral.send`, `conference.call`: `case.read` of the case; `report.mark-duplicate`: `report.read` of the other.

Operations named `*.read-<part>` open what is sealed; they have no route of their own, but decide whether a reader of
the thing gets that part of it. `search.run` asks who may search at all: whether an authorisation covers it is the
domain's to say, so that the refusal goes on record with its own code.
"""

from __future__ import annotations

from enum import StrEnum

from app.access.asked_of import asked_of
from app.access.resources import Resource


class Operation(StrEnum):
    """Everything that can be asked of the system."""

    INCIDENT_LIST = "incident.list"
    INCIDENT_RECORD = "incident.record"
    INCIDENT_READ = "incident.read"
    INCIDENT_READ_NARRATIVE = "incident.read-narrative"  # and where exactly, and the reasons given in its history
    INCIDENT_RECLASSIFY = "incident.reclassify"
    INCIDENT_LINK_CHILD = "incident.link-child"
    INCIDENT_LINK_FOOTAGE = "incident.link-footage"
    INCIDENT_VOID = "incident.void"
    INCIDENT_TIMELINE = "incident.timeline"
    INCIDENT_REPORT_MISSING = "incident.report-missing"  # with the hold, and the request of an authorisation
    INCIDENT_UNLINK_CHILD = "incident.unlink-child"
    INCIDENT_LINK_CAMERA = "incident.link-camera"  # and take such a link back
    INCIDENT_LINK_CASE = "incident.link-case"  # and take such a link back
    INCIDENT_READ_CASES = "incident.read-cases"  # which prevention cases it has to do with
    INCIDENT_COUNT = "incident.count"  # all there are, with small counts left out
    INCIDENT_COUNT_OWN = "incident.count-own"  # those that the caller may read, to the last one
    CLASSIFICATION_READ = "classification.read"  # the kinds of incidents, and who verified their articles
    CHILD_LIST = "child.list"
    CHILD_SEARCH = "child.search"  # by name, among those of the own unit
    CHILD_REGISTER = "child.register"
    CHILD_READ = "child.read"
    CHILD_READ_IDENTITY = "child.read-identity"  # and the contacts
    CHILD_READ_NARRATIVE = "child.read-narrative"  # and the reasons given in its history
    CHILD_TIMELINE = "child.timeline"
    CHILD_DUPLICATES = "child.duplicates"
    CHILD_CORRECT = "child.correct"  # identity and contacts
    CHILD_ADD_NARRATIVE = "child.add-narrative"
    CHILD_MERGE = "child.merge"
    CHILD_UNMERGE = "child.unmerge"
    CHILD_REQUEST_ERASURE = "child.request-erasure"
    CHILD_DECIDE_ERASURE = "child.decide-erasure"  # agree to it, or refuse it
    CAMERA_LIST = "camera.list"
    CAMERA_REGISTER = "camera.register"
    CAMERA_READ = "camera.read"
    CAMERA_REPORT_OUTAGE = "camera.report-outage"
    CAMERA_RESTORE = "camera.restore"
    CAMERA_DECOMMISSION = "camera.decommission"
    CAMERA_SET_RETENTION = "camera.set-retention"
    CAMERA_CONFIGURE = "camera.configure"
    FOOTAGE_LIST = "footage.list"
    FOOTAGE_WATCH = "footage.watch"  # the backlog, and how indexing goes
    FOOTAGE_ARCHIVE = "footage.archive"
    FOOTAGE_READ = "footage.read"
    FOOTAGE_READ_NAME = "footage.read-name"  # the name of the file as it was received
    FOOTAGE_READ_REASONS = "footage.read-reasons"  # of erasures and corrected clocks
    FOOTAGE_CUT = "footage.cut"  # a clip; whether an authorisation covers it is the domain's to say
    FOOTAGE_RETRY = "footage.retry"
    FOOTAGE_REINDEX = "footage.reindex"
    FOOTAGE_CORRECT_CLOCK = "footage.correct-clock"
    FOOTAGE_REQUEST_ERASURE = "footage.request-erasure"
    FOOTAGE_DECIDE_ERASURE = "footage.decide-erasure"  # agree to it, or refuse it
    FOOTAGE_SCRUB = "footage.scrub"
    HOLD_LIST = "hold.list"
    HOLD_PLACE = "hold.place"
    HOLD_READ = "hold.read"
    HOLD_READ_REASONS = "hold.read-reasons"
    HOLD_RELEASE = "hold.release"
    AUTHORISATION_LIST = "authorisation.list"
    AUTHORISATION_REQUEST = "authorisation.request"
    AUTHORISATION_READ = "authorisation.read"
    AUTHORISATION_READ_PURPOSE = "authorisation.read-purpose"  # and the reasons of withdrawing, refusing or revoking it
    AUTHORISATION_WITHDRAW = "authorisation.withdraw"
    AUTHORISATION_APPROVE = "authorisation.approve"
    AUTHORISATION_REFUSE = "authorisation.refuse"
    AUTHORISATION_REVOKE = "authorisation.revoke"
    SEARCH_RUN = "search.run"
    SEARCH_LIST = "search.list"
    SEARCH_READ = "search.read"
    SEARCH_READ_QUERY = "search.read-query"  # and the notes of the reviewers
    SEARCH_REVIEW_HIT = "search.review-hit"
    SEARCH_ATTACH_HIT = "search.attach-hit"
    SEARCH_THUMBNAIL = "search.thumbnail"
    CLIP_LIST = "clip.list"
    CLIP_READ = "clip.read"
    UNIT_LIST = "unit.list"
    UNIT_CREATE = "unit.create"
    ACCOUNT_LIST = "account.list"
    ACCOUNT_CREATE = "account.create"
    ACCOUNT_SUSPEND = "account.suspend"
    ACCOUNT_READ = "account.read"
    ACCOUNT_READ_NAME = "account.read-name"  # and the reason of its suspension
    ACCOUNT_CHANGE_PASSWORD = "account.change-password"  # noqa: S105 (one's own)
    ACCOUNT_RESET_PASSWORD = "account.reset-password"  # noqa: S105 (another's)
    ROLE_GIVE = "role.give"
    ROLE_WITHDRAW = "role.withdraw"
    CASE_LIST = "case.list"
    CASE_WORK = "case.work"  # what is to be done in cases, and what is overdue
    CASE_OFFERS = "case.offers"  # transfers that wait for an answer
    CASE_FIGURES = "case.figures"
    CASE_OPEN = "case.open"
    CASE_SEE = "case.see"  # that it exists: pseudonym, ground and state
    CASE_READ = "case.read"
    CASE_TIMELINE = "case.timeline"
    CASE_READ_NARRATIVE = "case.read-narrative"  # all that was written in it, and the names of its attachments
    CASE_READ_OFFER = "case.read-offer"  # why another unit is to take it over
    CASE_ASSIGN = "case.assign"
    CASE_ASSESS_RISK = "case.assess-risk"
    CASE_PROPOSE_PLAN = "case.propose-plan"
    CASE_DECIDE_PLAN = "case.decide-plan"  # approve it, or reject it
    CASE_SCHEDULE_MEASURE = "case.schedule-measure"
    CASE_COMPLETE_MEASURE = "case.complete-measure"
    CASE_NOTE_CONTACT = "case.note-contact"
    CASE_EXTEND_TERM = "case.extend-term"
    CASE_OFFER_TRANSFER = "case.offer-transfer"
    CASE_ACCEPT_TRANSFER = "case.accept-transfer"
    CASE_DECLINE_TRANSFER = "case.decline-transfer"  # or take the offer back
    CASE_CLOSE = "case.close"
    CASE_REOPEN = "case.reopen"
    CASE_SEAL = "case.seal"
    CASE_ATTACH = "case.attach"
    CASE_REMOVE_ATTACHMENT = "case.remove-attachment"
    CASE_OPEN_ATTACHMENT = "case.open-attachment"
    MODEL_READ = "model.read"  # which one is in force, which were accepted, and how a switch goes
    MODEL_READ_REASONS = "model.read-reasons"  # of accepting and abandoning
    MODEL_ACCEPT = "model.accept"
    MODEL_SWITCH = "model.switch"
    MODEL_ABANDON = "model.abandon"
    POLICY_READ = "policy.read"
    POLICY_ADOPT = "policy.adopt"
    REPLAY_READ = "replay.read"
    SIGN_IN_LIST = "sign-in.list"
    DISCLOSURE_LIST = "disclosure.list"
    PROJECTIONS_STATUS = "projections.status"
    PROJECTIONS_REBUILD = "projections.rebuild"
    PROJECTIONS_RETRY = "projections.retry"
    OFFICER_LIST = "officer.list"
    OFFICER_READ = "officer.read"
    OFFICER_READ_REASONS = "officer.read-reasons"  # of withdrawn certifications
    OFFICER_SELECT = "officer.select"
    OFFICER_RECORD_TRAINING = "officer.record-training"
    OFFICER_CERTIFY = "officer.certify"
    OFFICER_WITHDRAW = "officer.withdraw"
    CONCERN_LIST = "concern.list"
    CONCERN_RAISE = "concern.raise"
    CONCERN_READ = "concern.read"
    CONCERN_READ_NARRATIVE = "concern.read-narrative"
    CONCERN_READ_REASONS = "concern.read-reasons"  # of its reviews, of help offered and of its dismissal
    CONCERN_REVIEW = "concern.review"
    CONCERN_OFFER_HELP = "concern.offer-help"
    CONCERN_DISMISS = "concern.dismiss"
    WEBHOOK_LIST = "webhook.list"
    WEBHOOK_REGISTER = "webhook.register"
    WEBHOOK_READ = "webhook.read"
    WEBHOOK_DELIVERIES = "webhook.deliveries"  # which messages its receiver took
    WEBHOOK_CONFIRM = "webhook.confirm"
    WEBHOOK_RENEW = "webhook.renew"
    WEBHOOK_PAUSE = "webhook.pause"  # and resume it
    WEBHOOK_REMOVE = "webhook.remove"
    COMMUNITY_READ = "community.read"
    COMMUNITY_REGISTER = "community.register"
    COMMUNITY_STATE_POPULATION = "community.state-population"
    COMMUNITY_JOIN = "community.join"  # the project
    STATION_LIST = "station.list"
    STATION_OPEN = "station.open"
    STATION_CLOSE = "station.close"
    POST_LIST = "post.list"
    POST_READ = "post.read"
    POST_APPOINT = "post.appoint"
    POST_END = "post.end"
    POST_HAND_OVER = "post.hand-over"
    COVERAGE_READ = "coverage.read"

    CONCERN_RAISE_FROM_SCHOOL = "concern.raise-from-school"  # of a child whom the raiser cannot name by its profile
    CONCERN_LIST_OUTCOMES = "concern.list-outcomes"
    CONCERN_READ_OUTCOME = "concern.read-outcome"  # that it is there, and what came of it as a category
    SCHOOL_LIST = "school.list"
    SCHOOL_REGISTER = "school.register"
    SCHOOL_READ = "school.read"  # and its passport and sessions
    SCHOOL_READ_CONTACTS = "school.read-contacts"
    SCHOOL_UPDATE_PASSPORT = "school.update-passport"
    SCHOOL_HOLD_SESSION = "school.hold-session"  # and withdraw one that was recorded by mistake
    SCHOOL_NAME_CONTACT = "school.name-contact"  # and withdraw one
    SCHOOL_COUNT_SESSIONS = "school.count-sessions"  # all there are
    INITIATIVE_LIST = "initiative.list"
    INITIATIVE_LAUNCH = "initiative.launch"
    INITIATIVE_READ = "initiative.read"
    INITIATIVE_READ_ISSUES = "initiative.read-issues"  # what residents said
    INITIATIVE_RAISE_ISSUE = "initiative.raise-issue"
    INITIATIVE_MAKE_COMMITMENT = "initiative.make-commitment"
    INITIATIVE_SETTLE_COMMITMENT = "initiative.settle-commitment"  # kept, or missed
    COMMITMENT_LIST = "commitment.list"  # by anybody, signed in or not
    CAMERA_IMPORT = "camera.import"  # a register of them at once, and see how it goes
    CAMERA_DECLARE_ANALYTICS = "camera.declare-analytics"
    NETWORK_READ = "network.read"  # uptime and coverage by region and community: counts alone
    PROGRAMME_LIST = "programme.list"
    PROGRAMME_READ = "programme.read"
    PROGRAMME_ADOPT = "programme.adopt"
    PROGRAMME_FUND = "programme.fund"  # and withdraw what was recorded in error
    NATIONAL_READ = "national.read"  # the picture of all regions, but for what happened to people
    NATIONAL_READ_PEOPLE = "national.read-people"  # and that, with small counts left out
    CLAIM_LIST = "claim.list"
    CLAIM_READ = "claim.read"
    CLAIM_STATE = "claim.state"
    CLAIM_LOAD = "claim.load"  # those that the project began with
    CLAIM_CORRECT = "claim.correct"
    CLAIM_WITHDRAW = "claim.withdraw"
    AGENCY_LIST = "agency.list"
    AGENCY_READ = "agency.read"
    AGENCY_READ_REASONS = "agency.read-reasons"  # of its withdrawal
    AGENCY_REGISTER = "agency.register"
    AGENCY_WITHDRAW = "agency.withdraw"
    AGREEMENT_LIST = "agreement.list"
    AGREEMENT_LEDGER = "agreement.ledger"  # how often which field went to whom
    AGREEMENT_READ = "agreement.read"
    AGREEMENT_READ_REASONS = "agreement.read-reasons"  # of suspending, resuming and ending it
    AGREEMENT_PROPOSE = "agreement.propose"
    AGREEMENT_WIDEN = "agreement.widen"  # propose a further purpose
    AGREEMENT_SIGN = "agreement.sign"  # the agreement, or a further purpose
    AGREEMENT_NARROW = "agreement.narrow"
    AGREEMENT_SUSPEND = "agreement.suspend"  # and resume
    AGREEMENT_END = "agreement.end"
    CONSENT_LIST = "consent.list"
    CONSENT_RECORD = "consent.record"  # that it was given, refused, or not sought
    CONSENT_READ = "consent.read"
    CONSENT_MADE_UNDER = "consent.made-under"  # every share and view that rests on it
    CONSENT_READ_GIVER = "consent.read-giver"  # by name
    CONSENT_READ_REASONS = "consent.read-reasons"
    CONSENT_WITHDRAW = "consent.withdraw"
    CONSENT_REQUEST_OVERRIDE = "consent.request-override"
    CONSENT_OVERRIDE = "consent.override"  # authorise it, deny it, lift it
    REFERRAL_LIST = "referral.list"
    REFERRAL_FIND = "referral.find"  # by child or case
    REFERRAL_SEND = "referral.send"
    REFERRAL_SEE = "referral.see"  # that it exists: which service is asked for, by whom and what for
    REFERRAL_READ = "referral.read"  # and of which child
    REFERRAL_OPEN = "referral.open"  # what is shared
    REFERRAL_READ_WORDS = "referral.read-words"  # what was done, and the reasons of declining and revoking
    REFERRAL_ACCEPT = "referral.accept"
    REFERRAL_DECLINE = "referral.decline"
    REFERRAL_DELIVER = "referral.deliver"
    REFERRAL_COMPLETE = "referral.complete"
    REFERRAL_REVOKE = "referral.revoke"
    CONFERENCE_LIST = "conference.list"
    CONFERENCE_FIND = "conference.find"  # by child or case
    CONFERENCE_TASKS = "conference.tasks"  # of plans in force, that are not done
    CONFERENCE_CALL = "conference.call"
    CONFERENCE_SEE = "conference.see"  # that it exists: who called it, and when it meets
    CONFERENCE_READ = "conference.read"  # and about which child, with its tasks
    CONFERENCE_READ_WORDS = "conference.read-words"  # decisions, tasks in words, what was done, and reasons
    CONFERENCE_LEAD = "conference.lead"  # its time, who takes part, what is decided, the plan and its end
    CONFERENCE_AGREE = "conference.agree"  # to the plan
    CONFERENCE_DO_TASK = "conference.do-task"
    REPORT_SUBMIT = "report.submit"
    REPORT_READ_OWN = "report.read-own"
    REPORT_FOLLOW_UP = "report.follow-up"
    REPORT_REOPEN_OWN = "report.reopen-own"
    REPORT_FORGET_CONTACT = "report.forget-contact"  # one's own
    REPORT_LIST = "report.list"
    REPORT_READ = "report.read"
    REPORT_READ_WORDS = "report.read-words"  # and the place, the pictures, and what was written of it
    REPORT_READ_CONTACT = "report.read-contact"
    REPORT_COMPARE = "report.compare"  # with others that may be of the same thing
    REPORT_ACKNOWLEDGE = "report.acknowledge"
    REPORT_TRIAGE = "report.triage"
    REPORT_MARK_DUPLICATE = "report.mark-duplicate"
    REPORT_UNDO_DUPLICATE = "report.undo-duplicate"
    REPORT_REDACT = "report.redact"  # write what everybody may read of it
    REPORT_REDIRECT = "report.redirect"
    REPORT_CONVERT = "report.convert"  # to an incident, which is recorded in the same step
    REPORT_UPDATE_REPORTER = "report.update-reporter"
    REPORT_CLOSE = "report.close"
    REPORT_REOPEN = "report.reopen"
    REPORT_COUNT = "report.count"  # all there are, with small counts left out

    @property
    def on(self) -> type[Resource]:
        """The kind of resource that it is asked of."""
        return asked_of(self.value)
