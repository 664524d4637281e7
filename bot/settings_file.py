"""The file `.env`: one setting changed at a time, every comment and other line kept."""

import os
import shutil
from pathlib import Path

from dotenv import dotenv_values, set_key

from bot.config import ENV, WrongSetting

EXAMPLE = Path(__file__).parent.parent / ".env.example"


def save(name: str, value: str) -> None:
    """Write one setting, readable by the owner only; a kill leaves the old file or the new one.

    Raises WrongSetting where the file cannot be written, the environment says otherwise (it comes
    first), or the value would be read as another.
    """
    if os.environ.get(name, value) != value:
        raise WrongSetting(f"{name} is set in the environment, which comes before .env")
    try:
        if not ENV.exists():
            ENV.touch(0o600)
            shutil.copyfile(EXAMPLE, ENV)
        ENV.chmod(0o600)
        set_key(ENV, name, value, quote_mode="auto", follow_symlinks=True)
    except OSError as error:
        raise WrongSetting(f".env cannot be written: {error.strerror}") from None
    if dotenv_values(ENV).get(name) != value:
        raise WrongSetting(f"{name}: .env cannot hold this value")
