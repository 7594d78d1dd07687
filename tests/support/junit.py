"""JUnit files, read only if both common schemas allow them."""

from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import xmlschema

_SCHEMA: Final = xmlschema.XMLSchema(Path(__file__).with_name("junit.xsd"))


def valid(written: bytes) -> ET.Element:
    _SCHEMA.validate(written.decode())
    return ET.fromstring(written)
