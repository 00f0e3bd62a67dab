"""Residents' reports over HTTP: of residents by their token, of everybody, and of the officers who answer them."""

from __future__ import annotations

from app.api.reports import answering, board, public, residents

ROUTES = (*residents.ROUTES, *public.ROUTES, *board.ROUTES, *answering.ROUTES)
