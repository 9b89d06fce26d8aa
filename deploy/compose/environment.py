"""The secrets of docker-compose.yml: every name is the process's own, then the setting's.

`python -m deploy.compose.environment > .env` writes them.
"""

import secrets

from deploy.keys import SIGNERS, Keys
from deploy.services import SERVICES

TRUSTED = "INTERNAL_TRUSTED_KEYS"
# Where the processes find each other, by the names that docker-compose.yml gives them.
ADDRESS = "http://{name}:8000"


def fresh() -> dict[str, str]:
    """New keys, webhook secrets and passwords, by their names in the environment file."""
    keys, addresses = Keys.fresh(), {name: ADDRESS.format(name=name) for name in SIGNERS}
    made = {"POSTGRES_PASSWORD": secrets.token_urlsafe(24), "GRAFANA_PASSWORD": secrets.token_urlsafe(24)}
    for name in SIGNERS:
        for variable, value in keys.environment(name, addresses).items():
            made[variable if variable == TRUSTED else f"{name.upper()}_{variable}"] = value
    for name in SERVICES:
        made[f"{name.upper()}_DATABASE_PASSWORD"] = secrets.token_urlsafe(24)
        made[f"{name.upper()}_OWNER_PASSWORD"] = secrets.token_urlsafe(24)
    return made


def as_file(values: dict[str, str]) -> str:
    """The lines of an environment file; single quotes keep a value as it is."""
    return "".join(f"{name}='{value}'\n" for name, value in values.items())


if __name__ == "__main__":
    print(as_file(fresh()), end="")
