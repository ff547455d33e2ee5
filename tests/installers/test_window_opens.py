"""The list of system libraries is complete: a true display gets its window, and sound loads."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from installers.system_packages import STUDIO, missing

WINDOW = """\
from PySide6.QtWidgets import QApplication, QLabel
application = QApplication([])
label = QLabel("Workprint")
label.show()
application.processEvents()
picture = label.grab().toImage()
colours = {picture.pixel(x, y) for x in range(picture.width()) for y in range(picture.height())}
print(application.platformName(), len(colours) > 1)
"""

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="other systems bring their own libraries"),
    pytest.mark.skipif(bool(missing(STUDIO)), reason="system libraries are missing, as was said"),
]


@pytest.fixture
def display() -> Iterator[str]:
    """An X display that exists in memory only."""
    if not shutil.which("Xvfb"):
        pytest.skip("Xvfb is not installed")
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "640x480x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=(writing,), stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        with os.fdopen(reading) as answer:
            yield f":{answer.readline().strip()}"
        server.terminate()


def test_a_window_opens_and_draws_text(display: str) -> None:
    environment = os.environ | {"QT_QPA_PLATFORM": "xcb", "DISPLAY": display}
    run = subprocess.run(
        [sys.executable, "-c", WINDOW], env=environment, capture_output=True, text=True, check=False
    )
    assert (run.stdout, run.returncode) == ("xcb True\n", 0), run.stderr


def test_the_sound_library_loads() -> None:
    code = "import sounddevice; print(sounddevice.get_portaudio_version()[0] > 0)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "True\n"
