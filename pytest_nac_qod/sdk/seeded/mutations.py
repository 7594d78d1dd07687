"""Defects that a client can have, each of which the cases must find."""

from collections.abc import Mapping

from pytest_nac_qod.sdk.seeded.calls import CALLS
from pytest_nac_qod.sdk.seeded.creations import CREATIONS
from pytest_nac_qod.sdk.seeded.edges import EDGES
from pytest_nac_qod.sdk.seeded.mutation import Mutation
from pytest_nac_qod.sdk.seeded.results import RESULTS

__all__ = ["MUTATIONS", "Mutation"]

MUTATIONS: Mapping[str, Mutation] = {**CREATIONS, **EDGES, **CALLS, **RESULTS}
