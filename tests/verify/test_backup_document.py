"""The commands of docs/backup.md run as they stand there."""

import os
import re
import subprocess
import sys
from pathlib import Path

from fakes import programs

from faturat.checkpoints.signing import new_secret

TEXT = (Path(__file__).parents[2] / "docs" / "backup.md").read_text("utf-8")
BACK_UP, RESTORE, UPGRADE = re.findall(r"```sh\n(.*?)```", TEXT, re.S)


def test_the_commands_of_the_document(at_work: str, postgres_url: str, tmp_path: Path) -> None:
    restored = at_work.replace("test_", "restored_")
    paths = [Path(sys.executable).parent, programs.FOLDER, os.environ["PATH"]]
    environment = os.environ | {
        "PATH": os.pathsep.join(map(str, paths)),
        "FATURAT_CHECKPOINT_KEY": new_secret(),
        "RESTORED_URL": restored,
    }

    def sh(commands: str) -> str:
        done = subprocess.run(
            ["sh", "-e", "-c", commands], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    sh(BACK_UP)
    name = restored.partition("?")[0].rpartition("/")[2]
    sh(f'psql --quiet --command="CREATE DATABASE {name}" "{postgres_url}"')
    said = sh(RESTORE)
    assert "3 payments with 21 events checked, 1 checkpoints" in said
    assert said.endswith("every invariant holds\n")
    assert sh(UPGRADE).endswith("every invariant holds\n")
    sh(f'psql --quiet --command="DROP DATABASE {name}" "{postgres_url}"')
