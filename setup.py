"""Where the packages are: `conformance/` stands at the top level and is `pytest_nac_qod.conformance` once installed."""

from setuptools import find_namespace_packages, setup

SUITE = "conformance"
packages = find_namespace_packages(include=["pytest_nac_qod", "pytest_nac_qod.*"])
suite = [f"pytest_nac_qod.{name}" for name in find_namespace_packages(include=[SUITE, f"{SUITE}.*"])]

setup(packages=[*packages, *suite], package_dir={f"pytest_nac_qod.{SUITE}": SUITE})
