"""Every view there is."""

from __future__ import annotations

from projections import (
    authorisations,
    cameras,
    case_board,
    case_timeline,
    child_profiles,
    child_timeline,
    clips,
    clock_corrections,
    concerns,
    disclosures,
    footage_shelf,
    incident_board,
    incident_timeline,
    involvement,
    keeping,
    models,
    officers,
    organisation,
    sealed_records,
    search_ledger,
    sign_ins,
)
from projections.communities import places, posts
from projections.national import certified, claims
from projections.view import View

VIEWS: tuple[View, ...] = (
    incident_board.VIEW,
    incident_timeline.VIEW,
    cameras.VIEW,
    footage_shelf.VIEW,
    search_ledger.VIEW,
    authorisations.VIEW,
    organisation.VIEW,
    disclosures.VIEW,
    sign_ins.VIEW,
    keeping.VIEW,
    clips.VIEW,
    clock_corrections.VIEW,
    models.VIEW,
    involvement.VIEW,
    officers.VIEW,
    concerns.VIEW,
    case_board.VIEW,
    case_timeline.VIEW,
    child_profiles.VIEW,
    child_timeline.VIEW,
    sealed_records.VIEW,
    claims.VIEW,
    certified.VIEW,
    places.VIEW,
    posts.VIEW,
)
