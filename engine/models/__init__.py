"""Model families, one folder each: moviegen is our own, the others are driven through diffusers.

The libraries beneath speak to programmers at a terminal. Whoever imports a family here has its own
progress to show, so theirs is silenced before they are imported.
"""

import logging
import os

os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
logging.getLogger("bitsandbytes").setLevel(logging.ERROR)
