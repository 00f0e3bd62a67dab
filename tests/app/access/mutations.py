"""Faults that a hand could make in the policies, each a small change of the text of one policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from app.access.operations import Operation

REMOVED = ""


class Mutation(NamedTuple):
    """In the policy `of`, `old` is replaced by `new`; without `old` the whole policy is taken away."""

    of: str
    old: str = REMOVED
    new: str = REMOVED

    def apply(self, text: str) -> str:
        """The text with the fault in it. Raises ValueError where the policy no longer holds what would be changed."""
        blocks = statements(text)
        block = blocks[self.of]
        if self.old not in block or self.old == self.new != REMOVED:
            raise ValueError(f"{self.of} does not hold {self.old!r}: plant another fault")
        return text.replace(block, block.replace(self.old, self.new, 1) if self.old else "")


def statements(text: str) -> dict[str, str]:
    """The text of each policy, by its @id."""
    found = re.findall(r'@id\("([^"]+)"\).*?;\n', text, flags=re.DOTALL)
    blocks = re.findall(r'@id\("[^"]+"\).*?;\n', text, flags=re.DOTALL)
    return dict(zip(found, blocks, strict=True))


# Chosen by what would hurt: each is a way in which somebody would see or do what they must not, or be locked out.
PLANTED = (
    Mutation("suspended-nothing"),
    Mutation("administrator-no-case"),
    Mutation("auditor-changes-nothing"),
    Mutation("auditor-opens-nothing"),
    Mutation("four-eyes-person"),
    Mutation("four-eyes-unit"),
    Mutation("void-not-own"),
    Mutation("not-oneself"),
    Mutation("suspended-nothing", "principal.suspended", "!principal.suspended"),
    Mutation("incident-read-unit", "resource.unit == principal.unit", "resource.unit != principal.unit"),
    Mutation("incident-read-unit", "&&\n    resource.unit == principal.unit", ""),
    Mutation("incident-read-in-charge", "resource.officer == principal", "resource.officer != principal"),
    Mutation("incident-record", "&&\n    resource.unit == principal.unit", ""),
    Mutation("narrative-in-charge", "&&\n    resource.state == IncidentState::\"recorded\"", ""),
    Mutation("narrative-juvenile", 'Role::"juvenile-officer"', 'Role::"investigator"'),
    Mutation("narrative-supervisor", "resource.unit == principal.unit", "true"),
    Mutation("incident-correct", 'Role::"supervisor"', 'Role::"investigator"'),
    Mutation("incident-link-child", "||", "&&"),
    Mutation("incident-read-audit", 'Action::"incident.timeline"', 'Action::"incident.read-narrative"'),
    Mutation("police-know", "resource is Camera || resource is Footage", "resource is Camera || resource is Incident"),
    Mutation("camera-keep", 'Role::"administrator"', 'Role::"investigator"'),
    Mutation("footage-archive", 'Action::"footage.archive", ', ""),
    Mutation("authorisation-request", "&&\n    resource.requester == principal", ""),
    Mutation("authorisation-withdraw", "&&\n    resource.requester == principal", ""),
    Mutation("authorisation-read-waiting", '"requested"', '"approved"'),
    Mutation("authorisation-read-decided", "resource.approver == principal", "resource.approver != principal"),
    Mutation("authorisation-decide", 'principal in Role::"supervisor"', "principal"),
    Mutation("authorisation-revoke", "resource.requester_unit == principal.unit ||", ""),
    Mutation("four-eyes-unit", 'Action::"authorisation.approve", ', ""),
    Mutation("search-run", "&&\n    resource.searcher == principal", ""),
    Mutation("search-read-colleague", "resource.state == SearchState::\"run\" &&", ""),
    Mutation("search-read-supervisor", "resource.searcher_unit == principal.unit ||", ""),
    Mutation("police-read", 'Action::"footage.read",', 'Action::"footage.read", Action::"footage.archive",'),
    Mutation("authorisation-read-waiting", 'Action::"know"', 'Action::"authorisation.revoke", Action::"know"'),
    Mutation("search-hits-own", ' || (resource has requester && resource.requester == principal)', ""),
    Mutation("search-hits-colleague", 'Action::"search.thumbnail", ', ""),
    Mutation("account-read-unit", "resource.unit == principal.unit", "resource.account != principal"),
    Mutation("people-keep", 'Action::"role.give",', ""),
    Mutation("password-own"),
    Mutation("password-own", "resource.account == principal", "true"),
    Mutation("password-not-reset-by-oneself"),
    Mutation("people-keep", 'Action::"account.reset-password",', ""),
    Mutation("not-oneself", "resource.account == principal", "resource.unit == principal.unit"),
    Mutation("replay-audit", 'Role::"auditor"', 'Role::"administrator"'),
    Mutation("disclosure-audit", 'Role::"auditor"', 'Role::"supervisor"'),
    Mutation("sign-in-list", ', Role::"administrator"', ""),
    Mutation("system-status", ', Role::"auditor"', ""),
    Mutation("case-lists", ', Role::"juvenile-officer"', ""),
    Mutation("incident-report-missing", "&&\n    resource.unit == principal.unit", ""),
    Mutation("incident-unlink-child", 'Role::"juvenile-officer"', 'Role::"investigator"'),
    Mutation("incident-link-camera", "||", "&&"),
    Mutation("incident-cases", 'Role::"juvenile-officer"', 'Role::"investigator"'),
    Mutation("incident-cases", "resource.unit == principal.unit || ", ""),
    Mutation("incident-cases-supervisor", "resource.unit == principal.unit", "true"),
    Mutation("incident-cases-audit"),
    Mutation("incident-count", 'Role::"analyst"', 'Role::"administrator"'),
    Mutation("incident-count-own", ', Role::"supervisor"', ""),
    Mutation("classification-read", ',\n        Role::"analyst"', ""),
    Mutation("officer-list", 'Role::"juvenile-officer", ', ""),
    Mutation("officer-read-self", "resource.account == principal", "true"),
    Mutation("officer-read-unit", "&&\n    resource.unit == principal.unit", ""),
    Mutation("officer-read-all", ', Role::"administrator"', ""),
    Mutation("officer-keep", "resource.unit == principal.unit", "true"),
    Mutation("officer-keep", 'Role::"supervisor"', 'Role::"juvenile-officer"'),
    Mutation("officer-keep", 'Action::"officer.certify",', ""),
    Mutation("community-know"),
    Mutation("community-read", 'Role::"partner",', ""),
    Mutation("community-keep-supervisor", "resource.unit == principal.unit", "true"),
    Mutation("community-keep-supervisor", 'Role::"supervisor"', 'Role::"community-officer"'),
    Mutation("post-read-self", "resource.account == principal", "true"),
    Mutation("post-read-unit", "&&\n    resource.unit == principal.unit", ""),
    Mutation("coverage-read", 'Role::"analyst", ', ""),
    Mutation("camera-keep-network", 'Role::"administrator"', 'Role::"supervisor"'),
    Mutation("network-read", 'Role::"analyst",', ""),
    Mutation("network-read", 'Role::"community-officer"', 'Role::"partner"'),
    Mutation("programme-know", 'Role::"analyst",', ""),
    Mutation("programme-keep", 'Role::"supervisor", ', ""),
    Mutation("programme-keep", 'Role::"administrator"', 'Role::"analyst"'),
    Mutation("concern-list", ', Role::"auditor"', ', Role::"administrator"'),
    Mutation("concern-raise", "&&\n    resource.raiser == principal", ""),
    Mutation("concern-read-raiser", "&&\n    resource.raiser == principal", ""),
    Mutation("concern-read-raiser", '&&\n    resource.state != ConcernState::"expired"', ""),
    Mutation("concern-read-raiser", 'Action::"concern.read-narrative",', 'Action::"concern.read-reasons",'),
    Mutation("concern-read-juvenile", "resource.unit == principal.unit &&", ""),
    Mutation("concern-read-juvenile", '&&\n    resource.state != ConcernState::"expired"', ""),
    Mutation("concern-open-supervisor", '&&\n    resource.state != ConcernState::"expired"', ""),
    Mutation("concern-read-supervisor", "resource.unit == principal.unit", "resource.raiser == principal"),
    Mutation("concern-answer-juvenile", 'Role::"juvenile-officer"', 'Role::"investigator"'),
    Mutation("concern-answer-juvenile", "resource.unit == principal.unit &&", ""),
    Mutation("concern-answer-supervisor", "resource.unit == principal.unit", "true"),
    Mutation("know-proposed-concern"),
    Mutation("national-read", ', Role::"administrator"', ', Role::"investigator"'),
    Mutation("national-read-people", 'Role::"analyst"', 'Role::"auditor"'),
    Mutation("claim-read", 'Action::"claim.read"', 'Action::"claim.correct"'),
    Mutation("claim-know"),
    Mutation("claim-keep", ', Role::"administrator"', ', Role::"auditor"'),
    Mutation("prevention-lists", ', Role::"auditor"', ""),
    Mutation("prevention-lists", 'Role::"juvenile-officer"', 'Role::"investigator"'),
    Mutation("prevention-open", "&&\n    resource.unit == principal.unit", ""),
    Mutation("prevention-see-unit", 'Action::"case.see"', 'Action::"case.read"'),
    Mutation("prevention-see-unit", "&&\n    resource.state != PreventionCaseState::\"sealed\"", ""),
    Mutation("prevention-see-unit", 'Role::"juvenile-officer"', 'Role::"investigator"'),
    Mutation("prevention-read-in-charge", "resource.officer == principal", "resource.officer != principal"),
    Mutation("prevention-read-in-charge", "&&\n    resource.state != PreventionCaseState::\"sealed\"", ""),
    Mutation("prevention-read-supervisor", "resource.unit == principal.unit", "true"),
    Mutation("prevention-words-supervisor", "&&\n    resource.state != PreventionCaseState::\"sealed\"", ""),
    Mutation("prevention-words-supervisor", 'Role::"supervisor"', 'Role::"auditor"'),
    Mutation("prevention-see-offered"),
    Mutation("prevention-see-offered", 'Action::"case.see"', 'Action::"case.read"'),
    Mutation("prevention-read-offer", "resource.unit == principal.unit || ", ""),
    Mutation("prevention-read-audit", 'Action::"case.timeline"', 'Action::"case.read-narrative"'),
    Mutation("prevention-work", "&&\n    resource.state != PreventionCaseState::\"sealed\"", ""),
    Mutation("prevention-work", "resource.officer == principal", "resource.officer != principal"),
    Mutation("prevention-work", 'Role::"juvenile-officer"', 'Role::"supervisor"'),
    Mutation("prevention-supervise", "resource.unit == principal.unit", "true"),
    Mutation("prevention-supervise", 'Role::"supervisor"', 'Role::"juvenile-officer"'),
    Mutation("prevention-take-over", "resource.offered_unit == principal.unit", "true"),
    Mutation("prevention-take-over", 'Action::"case.decline-transfer"', 'Action::"case.assign"'),
    Mutation("prevention-figures", ', Role::"auditor"', ""),
    Mutation("child-read-unit", "resource.unit == principal.unit", "true"),
    Mutation("child-read-unit", "|| resource.case_units.contains(principal.unit)", ""),
    Mutation("child-read-unit", "resource.unit == principal.unit ||", ""),
    Mutation("child-read-unit", 'Role::"juvenile-officer"', 'Role::"investigator"'),
    Mutation("child-read-unit", 'Action::"child.read-identity",', ""),
    Mutation("child-read-audit", 'Role::"auditor"', 'Role::"investigator"'),
    Mutation("child-search", 'Role::"supervisor"', 'Role::"investigator"'),
    Mutation("child-register", "resource.unit == principal.unit", "true"),
    Mutation("child-correct", 'Role::"juvenile-officer"', 'Role::"supervisor"'),
    Mutation("child-merge", 'Role::"supervisor"', 'Role::"juvenile-officer"'),
    Mutation("child-merge", "resource.unit == principal.unit", "resource.unit != principal.unit"),
    Mutation("child-request-erasure"),
    Mutation("child-decide-erasure", 'Role::"supervisor"', 'Role::"juvenile-officer"'),
    Mutation("know-proposed-child"),
    Mutation("school-read-partner", "resource.unit == principal.unit &&", ""),
    Mutation("school-read-police", "&&\n            resource.community == principal.community", ""),
    Mutation("concern-raise-from-school", "resource.raiser == principal", "true"),
    Mutation("concern-read-outcome", 'Action::"concern.read-outcome"', 'Action::"concern.read"'),
    Mutation("initiative-read", "&& resource.unit == principal.unit", ""),
    Mutation("know-proposed-referral"),
    Mutation("referral-list", 'Role::"partner"', 'Role::"school-partner"'),
    Mutation("referral-in-charge", "resource.officer == principal", "resource.unit == principal.unit"),
    Mutation("referral-in-charge", 'Action::"referral.revoke"', 'Action::"referral.accept"'),
    Mutation("referral-supervisor", "resource.unit == principal.unit", "true"),
    Mutation("referral-supervisor", 'Action::"referral.open",', ""),
    Mutation("referral-agency-see", "resource.agency_unit == principal.unit", "true"),
    Mutation("referral-agency-see", 'Action::"referral.see"', 'Action::"referral.read"'),
    Mutation("referral-agency-answer", "resource.agency_unit == principal.unit", "resource.unit == principal.unit"),
    Mutation("referral-agency-read", '&&\n    resource.state == ReferralState::"accepted"', ""),
    Mutation("referral-agency-read", "resource.agency_unit == principal.unit &&", ""),
    Mutation("referral-agency-open", '&&\n    resource.state == ReferralState::"accepted"', ""),
    Mutation("referral-agency-open", 'ReferralState::"accepted"', 'ReferralState::"revoked"'),
    Mutation("referral-read-all", 'Action::"referral.read"', 'Action::"referral.open"'),
    Mutation("referral-read-all", 'Role::"data-protection-officer"', 'Role::"partner"'),
    Mutation("know-proposed-conference"),
    Mutation("conference-list", ', Action::"conference.tasks"', ""),
    Mutation("conference-in-charge", 'Action::"conference.lead",', 'Action::"conference.agree",'),
    Mutation("conference-in-charge", "resource.officer == principal", "resource.officer != principal"),
    Mutation("conference-supervisor", "resource.unit == principal.unit", "true"),
    Mutation("conference-invited", "resource.invited_units.contains(principal.unit)", "true"),
    Mutation("conference-invited", 'Action::"conference.see"', 'Action::"conference.read"'),
    Mutation("conference-admitted", "resource.admitted_units", "resource.invited_units"),
    Mutation("conference-admitted", '&&\n    resource.state != ConferenceState::"cancelled"', ""),
    Mutation("conference-admitted", 'Action::"conference.agree"', 'Action::"conference.lead"'),
    Mutation("conference-read-all", 'Action::"conference.read"', 'Action::"conference.read-words"'),
    Mutation("know-proposed-sharing"),
    Mutation("agency-read", 'Role::"partner",'),
    Mutation("agency-register", "administrator", "supervisor"),
    Mutation("agency-withdraw"),
    Mutation("agreement-list", 'Role::"partner",'),
    Mutation("agreement-ledger", '"data-protection-officer"', '"partner"'),
    Mutation("agreement-read-unit", "resource.units.contains(principal.unit)", "true"),
    Mutation("agreement-read-agency", "resource.agency_units.contains(principal.unit)", "true"),
    Mutation("agreement-read-all"),
    Mutation("agreement-propose", "resource.units.contains(principal.unit)", "true"),
    Mutation("agreement-sign", "data-protection-officer", "supervisor"),
    Mutation("agreement-end-supervisor", "resource.units.contains(principal.unit)", "true"),
    Mutation("agreement-end-protection"),
    Mutation("consent-list", 'Role::"juvenile-officer",'),
    Mutation("consent-record", "resource.case_units.contains(principal.unit)", "true"),
    Mutation("consent-read-unit", "resource.unit == principal.unit || "),
    Mutation("consent-read-unit", " || resource.case_units.contains(principal.unit)"),
    Mutation("consent-read-all", 'Action::"consent.made-under"', 'Action::"consent.read-giver"'),
    Mutation("consent-withdraw", 'Role::"juvenile-officer", '),
    Mutation("consent-override", "supervisor", "juvenile-officer"),
)  # fmt: skip

ROLES = ("investigator", "juvenile-officer", "supervisor", "auditor", "administrator", "analyst")


def systematic(text: str) -> list[Mutation]:
    """Every fault of seven simple sorts: a policy away, a comparison turned, a condition away, `||` and `&&` swapped,
    a role swapped or away, an operation away, another operation of the same kind of thing beside."""
    found: dict[Mutation, None] = {}
    for name, block in statements(text).items():
        found[Mutation(name)] = None
        for old, new in [*_of_conditions(block), *_of_lists(block)]:
            found[Mutation(name, old, new)] = None
    return list(found)


def _of_conditions(block: str) -> Iterator[tuple[str, str]]:
    for comparison in re.findall(r"[\w.]+ == [\w.:\"-]+", block.partition("when")[2]):
        yield comparison, comparison.replace("==", "!=")
    for condition in re.findall(r"&&\s+[^&|()]+?(?=\s*(?:&&|\n\}|\)))", block):
        yield condition, ""
    for condition in re.findall(r"\n    [^&|()\n]+? &&(?=\n)", block):
        yield condition, ""
    for part in re.findall(r"\s*\|\|\s*[^|()]+?(?=\s*(?:\|\||\n\}|\)| \}))", block):
        yield part, ""
    if "||" in block:
        yield "||", "&&"


def _of_lists(block: str) -> Iterator[tuple[str, str]]:
    for role in re.findall(r'Role::"([\w-]+)"', block):
        for other in ROLES:
            if f'Role::"{other}"' not in block:
                yield f'Role::"{role}"', f'Role::"{other}"'
        if f', Role::"{role}"' in block:
            yield f', Role::"{role}"', ""
    for action in re.findall(r'Action::"[\w.-]+",\s*', block):
        yield action, ""
    named = [name for name in re.findall(r'Action::"([\w.-]+)"', block) if name in list(Operation)]
    for beside in Operation:
        if named and beside not in named and beside.on is Operation(named[0]).on:
            yield f'Action::"{named[0]}"', f'Action::"{named[0]}", Action::"{beside}"'


def touched(mutation: Mutation, text: str) -> set[Operation]:
    """The operations whose cells the fault can show in; all of them where the policy names none."""
    block = statements(text)[mutation.of] + mutation.new
    named = {Operation(name) for name in re.findall(r'Action::"(\w+\.[\w-]+)"', block)}
    return named or set(Operation)
