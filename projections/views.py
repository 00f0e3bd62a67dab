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
    webhooks,
)
from projections.camera_network import analytics as camera_analytics
from projections.camera_network import imports as camera_imports
from projections.camera_network import places as camera_places
from projections.camera_network import programmes
from projections.communities import places, posts
from projections.initiatives import board as initiative_board
from projections.national import certified, claims
from projections.reports import board as report_board
from projections.reports import public as public_reports
from projections.reports import timeline as report_timeline
from projections.schools import board as school_board
from projections.schools import sessions as school_sessions
from projections.sharing import agencies, agreements, conferences, consents, referrals, shares
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
    webhooks.VIEW,
    places.VIEW,
    posts.VIEW,
    school_board.VIEW,
    school_sessions.VIEW,
    initiative_board.VIEW,
    camera_places.VIEW,
    camera_analytics.VIEW,
    programmes.VIEW,
    camera_imports.VIEW,
    claims.VIEW,
    certified.VIEW,
    agencies.VIEW,
    agreements.VIEW,
    consents.VIEW,
    shares.VIEW,
    referrals.VIEW,
    conferences.VIEW,
    report_board.VIEW,
    public_reports.VIEW,
    report_timeline.VIEW,
)
