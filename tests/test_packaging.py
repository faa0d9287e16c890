"""What a newsroom deploys from: the image, the composition, the unit."""

from __future__ import annotations

import fnmatch
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from rag.settings import Settings

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
UNIT = ROOT / "deploy" / "dateline.service"


def test_the_image_keeps_to_the_rules() -> None:
    """hadolint finds nothing to say of the Dockerfile."""
    linter = Path(sys.executable).with_name("hadolint")
    if not linter.exists():
        pytest.skip("hadolint is not installed")

    done = subprocess.run([linter, ROOT / "Dockerfile"], capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (0, "")


def test_what_the_image_copies_is_there_and_not_ignored() -> None:
    """Every source that the build copies stands in the checkout and passes .dockerignore."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    admitted = [line[1:] for line in lines if line.startswith("!")]

    copied = [
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    ]

    assert copied
    for source in copied:
        assert (ROOT / source).exists()
        assert any(fnmatch.fnmatch(source, pattern) for pattern in admitted)


def test_the_image_runs_as_nobody_in_particular() -> None:
    """The last stage names a user by number, who is not root."""
    (user,) = re.findall(r"^USER (\d+):\d+$", DOCKERFILE, re.MULTILINE)

    assert int(user) > 0


def test_the_settings_of_the_composition_exist() -> None:
    """Each RAG_ variable that compose, image or unit sets is a setting of ours."""
    unit = UNIT.read_text(encoding="utf-8")
    told = [*COMPOSE["services"]["dateline"]["environment"], *re.findall(r"\bRAG_\w+", DOCKERFILE)]
    told += re.findall(r"\bRAG_\w+", unit)

    names = {name.removeprefix("RAG_").lower() for name in told}

    assert names
    assert names <= set(Settings.model_fields)


def test_images_are_pinned() -> None:
    """No service of the composition is whatever is newest today."""
    images = [service["image"] for name, service in COMPOSE["services"].items()]

    others = [image for image in images if image != "dateline"]

    assert others
    assert all(re.search(r":\d", image) for image in others)


def test_only_the_page_is_published_and_only_here() -> None:
    """Chroma and PostgreSQL publish no port, and the page one on this machine alone."""
    ports = {name: service.get("ports", []) for name, service in COMPOSE["services"].items()}

    assert ports == {"dateline": ["127.0.0.1:7860:7860"], "postgres": [], "chroma": []}


def test_the_unit_is_sound(tmp_path: Path) -> None:
    """systemd reads the unit without a remark."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed")
    copy = tmp_path / "dateline.service"
    # The program itself need not be installed to look at the unit.
    copy.write_text(UNIT.read_text(encoding="utf-8").replace("/opt/dateline/bin/rag", "/bin/true"))

    done = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True)

    ours = [line for line in done.stderr.splitlines() if "dateline.service" in line]
    assert (done.returncode, ours) == (0, [])
