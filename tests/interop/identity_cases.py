"""Config files, credentials files and environments by the hundred, from a seed.

Invariant: every key id says where it stands, so that two programs that take different keys say different things.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random

PROFILES = ["default", "work", "base", "ops/eu"]
REGIONS = ["us-east-1", "eu-west-1", "ap-south-1"]
ACCOUNT = "111122223333"


@dataclass(frozen=True)
class Case:
    """What a person's machine says, and the profile that they name themselves, if any."""

    config: str
    credentials: str
    environment: dict[str, str] = field(default_factory=dict)
    profile: str | None = None


@dataclass(frozen=True)
class Answers:
    """Who answers on loopback: where, and the token file of a web identity."""

    url: str
    token_file: str


def cases(seed: int, count: int, answers: Answers) -> Iterator[Case]:
    """As many cases as are asked for; the same seed gives the same ones."""
    for number in range(count):
        yield _Writer(Random(f"{seed}/{number}"), answers).case()


class _Writer:
    """Writes one case."""

    def __init__(self, random: Random, answers: Answers) -> None:
        self.random = random
        self.answers = answers
        # What asks a service needs the variable that leads it to loopback.
        self.ignores = self.chance(0.08)
        self.notes = 0

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def case(self) -> Case:
        names = self.random.sample(PROFILES, self.random.randint(1, len(PROFILES)))
        in_config = [name for name in names if self.chance(0.8)]
        in_credentials = [name for name in names if self.chance(0.5) or name not in in_config]
        config = [self.section(name, "config", names) for name in in_config]
        if "default" in in_config and self.chance(0.15):
            config.append(self.section("default", "second", names))
        if in_config and self.chance(0.06):
            config.append(self.section(self.random.choice(in_config), "again", names))
        self.random.shuffle(config)
        if self.chance(0.7):
            config.append(self.services("edge"))
        if self.chance(0.7):
            config.append(
                "[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.example\n"
            )
        if self.chance(0.1):
            config.append("[stray]\naws_access_key_id = AKIASTRAY\naws_secret_access_key = s\n")
        credentials = [self.section(name, "credentials", names) for name in in_credentials]
        profile = self.random.choice([*PROFILES, *names]) if self.chance(0.4) else None
        return Case("\n".join(config), "\n".join(credentials), self.environment(names), profile)

    # Files

    def section(self, name: str, file: str, names: list[str]) -> str:
        settings: list[str] = []
        for kind, probability in [
            (self.keys, 0.55),
            (self.process, 0.2),
            (self.role, 0.25),
            (self.web_identity, 0.07),
            (self.login, 0.12),
            (self.region, 0.5),
            (self.endpoint, 0.3),
        ]:
            if self.chance(probability):
                settings += kind(name, file, names)
        self.random.shuffle(settings)
        return self.head(name, file) + "".join(self.line(setting) for setting in settings)

    def head(self, name: str, file: str) -> str:
        prefixed = f"profile {name}"
        inside = prefixed if file != "credentials" else name
        if name == "default" and file != "credentials":
            inside = self.random.choice(["default", prefixed])
        if self.chance(0.04):
            inside = name if inside == prefixed else prefixed
        if self.chance(0.06):
            inside = self.random.choice([f" {inside} ", inside.replace(" ", "  ")])
        comment = " # a head" if self.chance(0.05) else ""
        return f"[{inside}]{comment}\n"

    def line(self, setting: str) -> str:
        """A setting, as people write it."""
        key, value = setting.split("=", 1)
        if self.chance(0.1):
            key = self.random.choice([key.upper(), key.title()])
        if self.chance(0.04):
            value = ""
        elif not value.startswith("\n") and self.chance(0.04):
            value += self.random.choice([" # a comment", "\t; a comment", " "])
        before = "# a comment\n" if self.chance(0.05) else ""
        equals = self.random.choice(["=", " = ", "= ", "\t=\t"])
        return f"{before}{key}{equals}{value}\n"

    def keys(self, name: str, file: str, _: list[str]) -> list[str]:
        self.notes += 1
        key = f"AKIA{file[:4]}{name[:4]}{self.notes}".upper().replace("/", "X")
        settings = [f"aws_access_key_id={key}", f"aws_secret_access_key=secret{self.notes}"]
        if self.chance(0.1):
            settings.pop(self.random.randrange(2))
        if self.chance(0.3):
            settings.append(f"aws_session_token=token{self.notes}")
        if self.chance(0.08):
            settings.append(f"aws_security_token=oldtoken{self.notes}")
        return settings

    def process(self, *_: object) -> list[str]:
        self.notes += 1
        printed = f'{{"Version":1,"AccessKeyId":"ASIAPROCESS{self.notes}","SecretAccessKey":"s"}}'
        return [f"credential_process=/bin/echo '{printed}'"]

    def role(self, name: str, _: str, names: list[str]) -> list[str]:
        if self.ignores:
            return []
        settings = [f"role_arn=arn:aws:iam::{ACCOUNT}:role/{name[:4].replace('/', '-')}"]
        if self.chance(0.75):
            settings.append(f"source_profile={self.random.choice([*names, name, 'gone'])}")
        if self.chance(0.25):
            source = self.random.choice(["Environment", "environment", "EcsContainer", "Moon"])
            settings.append(f"credential_source={source}")
        if self.chance(0.1):
            settings.pop(0)
        return settings

    def web_identity(self, *_: object) -> list[str]:
        if self.ignores:
            return []
        role = f"role_arn=arn:aws:iam::{ACCOUNT}:role/web"
        return [f"web_identity_token_file={self.answers.token_file}"] + [role] * self.chance(0.8)

    def login(self, *_: object) -> list[str]:
        if self.ignores:
            return []
        settings = [f"sso_account_id={ACCOUNT}", "sso_role_name=reader"]
        if self.chance(0.2):
            settings.pop(self.random.randrange(2))
        if self.chance(0.15):
            settings = []
        if self.chance(0.7):
            settings.append("sso_session=corp")
        if self.chance(0.4):
            settings += ["sso_start_url=https://corp.example", "sso_region=eu-west-1"]
        if self.chance(0.1):
            settings.append("sso_region=eu-north-1")
        return list({setting.split("=")[0]: setting for setting in settings}.values())

    def region(self, *_: object) -> list[str]:
        return [f"region={self.random.choice(REGIONS)}"]

    def endpoint(self, name: str, file: str, _: list[str]) -> list[str]:
        if self.chance(0.5):
            return [f"services={self.random.choice(['edge', 'edge', 'none'])}"]
        ignored = ["ignore_configured_endpoint_urls=true"] * (self.ignores and self.chance(0.5))
        host = f"{file[:4]}-{name[:4]}".replace("/", "")
        return [f"endpoint_url=https://{host}.example", *ignored]

    def services(self, name: str) -> str:
        text = f"[services {name}]\n"
        for service in ["s3", "sts", "dynamodb"]:
            if self.chance(0.6):
                text += f"{service} =\n  endpoint_url = https://{service}-{name}.example\n"
        return text

    # The environment

    def environment(self, names: list[str]) -> dict[str, str]:
        variables: dict[str, str] = {}
        for name, probability, values in [
            ("AWS_PROFILE", 0.25, [*names, *names, "", "gone"]),
            ("AWS_DEFAULT_PROFILE", 0.25, [*names, *names, "", "gone"]),
            ("AWS_REGION", 0.2, [*REGIONS, ""]),
            ("AWS_DEFAULT_REGION", 0.4, [*REGIONS, ""]),
            ("AWS_ENDPOINT_URL_S3", 0.12, ["https://s3-variable.example", ""]),
            ("AWS_ENDPOINT_URL", 0.12, ["https://variable.example", ""]),
            ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", 0.1, ["false", "", "no"]),
        ]:
            if self.chance(probability):
                variables[name] = self.random.choice(values)
        if self.ignores and self.chance(0.6):
            variables["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = self.random.choice(["true", "TRUE"])
        if self.chance(0.2):
            variables |= self.keys_of_the_environment()
        if not self.ignores and self.chance(0.12):
            variables |= self.web_identity_of_the_environment()
        if not self.ignores and self.chance(0.12):
            variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = f"{self.answers.url}/container"
        return variables

    def keys_of_the_environment(self) -> dict[str, str]:
        variables = {"AWS_ACCESS_KEY_ID": "AKIAVARIABLE", "AWS_SECRET_ACCESS_KEY": "s"}
        for token in ["AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"]:
            if self.chance(0.3):
                variables[token] = self.random.choice([token.lower(), ""])
        if self.chance(0.3):
            spoilt = self.random.choice(list(variables))
            if self.chance(0.5):
                variables[spoilt] = ""
            else:
                del variables[spoilt]
        return variables

    def web_identity_of_the_environment(self) -> dict[str, str]:
        variables = {
            "AWS_WEB_IDENTITY_TOKEN_FILE": self.answers.token_file,
            "AWS_ROLE_ARN": f"arn:aws:iam::{ACCOUNT}:role/pod",
        }
        if self.chance(0.3):
            del variables[self.random.choice(list(variables))]
        return variables


def without(case: Case, *variables: str) -> Case:
    """The same without some variables."""
    kept = {name: value for name, value in case.environment.items() if name not in variables}
    return replace(case, environment=kept)
