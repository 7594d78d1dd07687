"""Every override makes a wrong decision of one that exists."""

from pytest_nac_qod.reference.decisions import Decisions
from pytest_nac_qod.reference.faults import profiles as faults_profiles
from pytest_nac_qod.reference.faults import provisioning as faults_provisioning
from pytest_nac_qod.reference.faults import releases as faults_releases

MODULES = (faults_profiles, faults_provisioning, faults_releases)


def test_each_replaces_a_decision() -> None:
    right = Decisions()
    for module in MODULES:
        for name, (decision, override) in module.OVERRIDES.items():
            wrong = override(getattr(right, decision))
            assert callable(wrong), name
            assert wrong is not getattr(right, decision), name


def test_names_are_used_once() -> None:
    names = [name for module in MODULES for name in module.OVERRIDES]
    assert len(names) == len(set(names))
