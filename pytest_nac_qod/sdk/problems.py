"""What keeps a client from being judged."""


class SdkError(Exception):
    """An SDK, option or file that cannot be used; the message says which, why, and what to do."""
