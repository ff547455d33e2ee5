"""Image sequences: a folder of numbered pictures."""

from __future__ import annotations

from time import monotonic

from PIL import Image

from studio.media.compositor.render import Scene, render_frame, render_transparent
from studio.media.export.captions import write_captions
from studio.media.export.credentials import ONE_BY_ONE, write_report
from studio.media.export.job import Result
from studio.media.export.placing import placed_folder
from studio.media.export.plan import ExportPlan
from studio.media.export.reporter import Reporter
from studio.media.footage import Footage

JPEG_QUALITY = 95


def export_images(plan: ExportPlan, footage: Footage, reporter: Reporter) -> Result:
    """Write one file a frame into a folder named like the output without its suffix."""
    started = monotonic()
    folder = plan.out.with_suffix("")
    scene = Scene(plan.project, footage, forgiving=False, captions=plan.burn_captions)
    with placed_folder(folder) as part:
        for number in range(plan.frames):
            image = _image(plan, scene, plan.span.start + number)
            name = f"{folder.name}_{number + 1:05}{plan.preset.suffix}"
            image.save(part / name, quality=JPEG_QUALITY, compress_level=3)
            reporter.report("Exporting", number + 1)
    carried = ONE_BY_ONE if plan.job.credentials else ""
    return Result(
        folder,
        plan.frames,
        monotonic() - started,
        sidecars=(*write_captions(plan), *write_report(plan, carried)),
        notes=(carried,) if carried else (),
    )


def _image(plan: ExportPlan, scene: Scene, frame: int) -> Image.Image:
    if plan.preset.alpha:
        picture = render_transparent(scene, plan.sequence.id, frame, plan.size)
        return Image.fromarray(picture.straight(), "RGBA")
    return Image.fromarray(render_frame(scene, plan.sequence.id, frame, plan.size), "RGB")
