"""Answers that refuse."""

MESSAGES = {
    "AUTHENTICATION_REQUIRED": "A new authentication is needed.",
    "CONFLICT": "What exists already for this device stands in the way.",
    "IDENTIFIER_MISMATCH": "The identifiers belong to different devices.",
    "IDENTIFIER_NOT_FOUND": "No device has this identifier.",
    "INTERNAL": "That went wrong on our side.",
    "INVALID_ARGUMENT": "The request is not as the API wants it.",
    "INVALID_CREDENTIAL": "Only an access token can be used here.",
    "INVALID_SINK": "The sink has to be an https address.",
    "INVALID_TOKEN": "Only a bearer token can be used here.",
    "INVALID_TOKEN_CONTEXT": "The access token identifies another device.",
    "METHOD_NOT_ALLOWED": "This method cannot be used here.",
    "MISSING_IDENTIFIER": "The request says nothing about the device.",
    "NOT_FOUND": "There is nothing of this name.",
    "OUT_OF_RANGE": "A value is beyond its range.",
    "PERMISSION_DENIED": "This client may not do that.",
    "PRIVATE_KEY_JWT_NOT_CONFIGURED": "This client has shared no key for that.",
    "PROFILE_NOT_FOR_DEVICE": "The profile is not offered to this device.",
    "QOS_PROFILE_NOT_APPLICABLE": "The profile cannot be used at present.",
    "QUALITY_ON_DEMAND.DURATION_OUT_OF_RANGE": "The profile does not allow this duration.",
    "QUALITY_ON_DEMAND.SESSION_EXTENSION_NOT_ALLOWED": "Only an available session can be extended.",
    "QUOTA_EXCEEDED": "This client has used up its quota.",
    "SERVICE_NOT_APPLICABLE": "The service is not offered to this device.",
    "TOO_MANY_REQUESTS": "Too many requests for now.",
    "UNAUTHENTICATED": "No valid access token came with the request.",
    "UNSUPPORTED_MEDIA_TYPE": "The body has to be application/json.",
    "UNNECESSARY_IDENTIFIER": "The access token identifies the device already.",
    "UNSUPPORTED_IDENTIFIER": "Devices cannot be identified this way here.",
}


class Refusal(Exception):  # noqa: N818 - an answer, no error of ours
    """An answer with an error object; its code is the family's without the API's prefix, or a name of our own."""

    def __init__(self, status: int, code: str, detail: str = "") -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.message = f"{MESSAGES[code]} {detail}".strip()
