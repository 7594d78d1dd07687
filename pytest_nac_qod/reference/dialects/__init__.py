"""The dialects of the NaC SDKs before CAMARA 1.0: a layer that translates to and from the embedded server's own API."""

from pytest_nac_qod.reference.dialects.facts import Dialect, dialect_of, dialects
from pytest_nac_qod.reference.dialects.routes import routes

__all__ = ["Dialect", "dialect_of", "dialects", "routes"]
