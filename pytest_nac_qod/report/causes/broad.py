"""Broad causes, in the order in which they are looked for: each explains breaches that are but its consequences."""

from typing import Final

from pytest_nac_qod.report.causes.access import (
    everybody_refused,
    operation_not_served,
    role_let_in,
    role_refused,
    tokens_unchecked,
)
from pytest_nac_qod.report.causes.requests import (
    own_values,
    requests_refused,
    requests_unchecked,
    same_answers,
)
from pytest_nac_qod.report.causes.resources import ids_shared, not_listed
from pytest_nac_qod.report.causes.shapes import (
    error_shape,
    header_throughout,
    nulls,
    times_without_zone,
)
from pytest_nac_qod.report.causes.statuses import (
    crash_everywhere,
    crash_on_property,
    state_never_reached,
    status_throughout,
)
from pytest_nac_qod.report.causes.suspects import Find
from pytest_nac_qod.report.causes.wholes import no_events, other_bodies, other_events, other_times, own_codes

BROAD: Final[tuple[Find, ...]] = (
    crash_everywhere,
    operation_not_served,
    everybody_refused,
    role_refused,
    tokens_unchecked,
    requests_unchecked,
    requests_refused,
    same_answers,
    own_values,
    error_shape,
    status_throughout,
    crash_on_property,
    header_throughout,
    ids_shared,
    not_listed,
    own_codes,
    role_let_in,
    no_events,
    other_events,
    nulls,
    times_without_zone,
    other_times,
    other_bodies,
    state_never_reached,
)
