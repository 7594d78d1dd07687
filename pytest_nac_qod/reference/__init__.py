"""The embedded reference server: the behaviour of the contract, written once."""

from pytest_nac_qod.reference.server import ReferenceServer

__all__ = ["ReferenceServer"]
