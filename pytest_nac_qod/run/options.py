"""The options of the plugin, each with an ini twin; stdlib only."""

from typing import Any, Literal, NamedTuple

MODES = ("lenient", "strict")
TOKEN_VARIABLE = "QOD_TOKEN"  # noqa: S105 - the variable's name

Kind = Literal["text", "path", "several", "flag"]


class Option(NamedTuple):
    """One option: `--qod-NAME` of pytest, `--NAME` of nac-qod check, `qod_NAME` in the ini file.

    Attributes:
        kind: `several` may be repeated, `flag` takes no value.
        former: name that it had in an earlier version, and goes on having.
    """

    name: str
    metavar: str
    kind: Kind
    help: str
    former: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Its names, the one it has now first."""
        return (self.name, self.former) if self.former else (self.name,)

    @property
    def key(self) -> str:
        """Name in the ini file, and of the attribute that pytest keeps it under."""
        return self.ini_keys()[0]

    def ini_keys(self) -> tuple[str, ...]:
        """Its names in the ini file, in the order of `names`."""
        return tuple(f"qod_{name.replace('-', '_')}" for name in self.names)

    def words(self, prefix: str = "--") -> tuple[str, ...]:
        """Its names on a command line, in the order of `names`."""
        return tuple(f"{prefix}{name}" for name in self.names)

    def arguments(self) -> dict[str, Any]:
        """What argparse has to know of it."""
        if self.kind == "flag":
            return {"action": "store_true", "default": None, "help": self.help}
        action = "append" if self.kind == "several" else "store"
        return {"action": action, "default": None, "metavar": self.metavar, "help": self.help}


OPTIONS: tuple[Option, ...] = (
    Option("list", "", "flag", "print what would be tested, with purpose and accepted outcomes, and contact nothing"),
    Option("basis", "", "flag", "with --qod-list: print what each row and each check rests on, and how much it weighs"),
    Option("dry-run", "", "flag", "print each request that would be sent, as a curl line, and send none"),
    Option("target", "FILE", "path", "target file (TOML) that describes the implementation under test"),
    Option("url", "URL", "text", "API root or base URL of the implementation under test, instead of a target file"),
    Option(
        "token", "TOKEN", "text", f"access token for --qod-url; better given as {TOKEN_VARIABLE} in the environment"
    ),
    Option(
        "release",
        "RELEASE",
        "text",
        "CAMARA release to test against (default: the target file's, else the current)",
    ),
    Option("release-dir", "DIR", "path", "folder of a release outside the package, as nac-qod release new drafts one"),
    Option("api", "API", "several", "API to test; may be repeated (default: all that the target serves)"),
    Option("operation", "OPERATION", "several", "test only this operation (operationId); may be repeated"),
    Option(
        "scenario",
        "GLOB",
        "several",
        "test only scenarios and rules with this id (wildcards * and ?); may be repeated",
    ),
    Option(
        "level",
        "LEVEL",
        "text",
        "core: only what one base URL and one token allow; full (default): everything",
        former="profile",
    ),
    Option("mandatory", "", "flag", "test only what breaks a MUST when it fails"),
    Option("fail-fast", "", "flag", "stop at the first case that fails"),
    Option(
        "mode",
        "MODE",
        "text",
        "lenient (default) tolerates what another published text of the release allows; strict does not",
    ),
    Option("report", "DIR", "path", "folder to write the report to: results.json and all that is made of it"),
    Option("sign", "FILE", "path", "Ed25519 private key (PEM) to sign the report with"),
    Option("resume", "DIR", "path", "finish the interrupted run whose --qod-report folder this is"),
    Option("expectations", "FILE", "path", "file (TOML) of known failures, which do not fail the run"),
    Option("contract", "FILE", "path", "OpenAPI document to judge by, instead of the release's own"),
    Option("max-examples", "N", "text", "examples for each generated rule (default 50); 0 leaves those rules out"),
    Option("seed", "N", "text", "start generation from this number instead of always from the same examples"),
    Option(
        "rate",
        "N/s",
        "text",
        "send no more requests than this, such as 10/s or 600/min (default: 5/s, no limit to loopback)",
    ),
    Option(
        "budget",
        "N",
        "text",
        "send no more requests than this in all (default: what preflight says, no limit to loopback)",
    ),
    Option("yes", "", "flag", "create sessions on a target that is not loopback, without asking"),
    Option(
        "jobs",
        "N",
        "text",
        "cases at a time (default: one for each device of the pool, 8 at most; 1 with a rate); on the embedded server "
        "processes, for the whole suite (default: one for each processor)",
    ),
    Option("sink-url", "URL", "text", "public https address that is forwarded to the event receiver"),
    Option("fault", "NAME", "several", "start the embedded server with this defect; may be repeated"),
    Option(
        "legal",
        "NAME",
        "several",
        "start the embedded server with this behaviour that the documents allow; may be repeated",
    ),
)
