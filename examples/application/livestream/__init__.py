"""Asks the network for a better uplink while a camera is live."""

from livestream.uplink import UplinkError, boost, live

__all__ = ["UplinkError", "boost", "live"]
