"""What keeps a client from being judged."""

from pytest_nac_qod.foundation.problems import UnusableError


class SdkError(UnusableError):
    """An SDK, option or file that cannot be used; the message says which, why, and what to do."""
