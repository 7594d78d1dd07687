"""Answers that refuse."""

MESSAGES = {
    "AUTHENTICATION_REQUIRED": "A new authentication is needed.",
    "CONFLICT": "Another session of this device has the same flow.",
    "IDENTIFIER_NOT_FOUND": "No device has this identifier.",
    "INVALID_ARGUMENT": "The request is not as the API wants it.",
    "INVALID_CREDENTIAL": "Only an access token can be used here.",
    "INVALID_SINK": "The sink has to be an https address.",
    "INVALID_TOKEN": "Only a bearer token can be used here.",
    "METHOD_NOT_ALLOWED": "This method cannot be used here.",
    "MISSING_IDENTIFIER": "The request says nothing about the device.",
    "NOT_FOUND": "There is nothing of this name.",
    "OUT_OF_RANGE": "A value is beyond its range.",
    "PERMISSION_DENIED": "This client may not do that.",
    "QUALITY_ON_DEMAND.DURATION_OUT_OF_RANGE": "The profile does not allow this duration.",
    "QUALITY_ON_DEMAND.QOS_PROFILE_NOT_APPLICABLE": "The profile cannot be used at present.",
    "QUALITY_ON_DEMAND.SESSION_EXTENSION_NOT_ALLOWED": "Only an available session can be extended.",
    "SERVICE_NOT_APPLICABLE": "The service is not offered to this device.",
    "TOO_MANY_REQUESTS": "Too many requests for now.",
    "UNAUTHENTICATED": "No valid access token came with the request.",
    "UNNECESSARY_IDENTIFIER": "The access token identifies the device already.",
    "UNSUPPORTED_IDENTIFIER": "Devices cannot be identified this way here.",
}


class Refusal(Exception):  # noqa: N818 - an answer, no error of ours
    """An answer with an error object."""

    def __init__(self, status: int, code: str, detail: str = "") -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.message = f"{MESSAGES[code]} {detail}".strip()
