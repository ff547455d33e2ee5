"""Tuning: a preset with another quality or other bit rates, and how large its film will be.

Only what loses something can be tuned: ProRes, lossless films and PCM are as they are.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from studio.media.errors import BadJob
from studio.media.export.presets import Output, Preset, SoundCoding, VideoCoding

QUALITY_RANGE = (0, 51)
"""Constant quality of x264 and x265 (crf); 0 is the best. VP9 and AV1 go on to 63."""
BIT_RATE_RANGE = (100_000, 400_000_000)
"""Of pictures, in bits a second."""
SOUND_BIT_RATES = (64_000, 96_000, 128_000, 160_000, 192_000, 256_000, 320_000)

_HELD = ("libx264", "libx265")
"""Encoders that keep a bit rate close to what is asked for only when told a limit and a buffer."""

_BITS_PER_PIXEL = {
    "libx264": (18, 0.115), "libx265": (21, 0.06), "libsvtav1": (28, 0.045),
    "libvpx-vp9": (28, 0.06),
}  # fmt: skip
"""Bits a pixel of filmed pictures, at a quality; six steps of it are half or twice as many."""
_FIXED_BITS_PER_PIXEL = {
    "prores_proxy": 0.73, "prores_422": 2.37, "prores_hq": 3.54, "prores_4444": 5.31,
    "broadcast": 3.54, "dnxhr_hq": 3.54, "dnxhr_hqx": 3.54, "lossless": 10.0, "lossless_h264": 5.0,
}  # fmt: skip
"""Of codecs that spend about the same on every picture, by preset.

Source: target data rates of Apple's ProRes white paper and Avid's DNxHR table, at 1080p.
"""


def quality_of(preset: Preset) -> int | None:
    """The constant quality a preset is coded at, None where it has none."""
    options = dict(preset.video.options) if preset.video is not None else {}
    return int(options["crf"]) if "crf" in options else None


def can_choose_sound(preset: Preset) -> bool:
    """Whether a preset's sound has a bit rate."""
    return preset.sound is not None and preset.sound.bit_rate > 0


def tuned(
    preset: Preset,
    quality: int | None = None,
    bit_rate: int | None = None,
    sound_bit_rate: int | None = None,
) -> Preset:
    """A preset with another quality, or bit rates in bits a second; None leaves its own.

    Raises: BadJob where it cannot be tuned so.
    """
    video, sound = preset.video, preset.sound
    if quality is not None or bit_rate is not None:
        if video is None or quality_of(preset) is None:
            raise BadJob(f"{preset.label} has no quality to choose. Leave it out.")
        video = _at_rate(video, bit_rate) if bit_rate is not None else _at_quality(video, quality)
    if sound_bit_rate is not None:
        if sound is None or not can_choose_sound(preset):
            raise BadJob(f"The sound of {preset.label} has no bit rate to choose. Leave it out.")
        sound = _sound_at_rate(sound, sound_bit_rate)
    return replace(preset, video=video, sound=sound)


def _at_quality(video: VideoCoding, quality: int | None) -> VideoCoding:
    least, most = QUALITY_RANGE
    if quality is None or not least <= quality <= most:
        raise BadJob(f"A quality is a number from {least} (best) to {most}, not {quality}.")
    options = tuple((k, str(quality) if k == "crf" else v) for k, v in video.options)
    return replace(video, options=options, hardware_quality=quality)


def _at_rate(video: VideoCoding, bit_rate: int) -> VideoCoding:
    """At a bit rate the processor encodes: what a graphics card would make of it, none can say."""
    least, most = BIT_RATE_RANGE
    if not least <= bit_rate <= most:
        raise BadJob(
            f"A bit rate for pictures is from {least // 1000} kb/s to {most // 1_000_000} Mb/s."
        )
    options = tuple((k, v) for k, v in video.options if k not in ("crf", "b"))
    held = (("maxrate", str(bit_rate * 3 // 2)), ("bufsize", str(bit_rate * 2)))
    more = held if video.encoders[0] in _HELD else ()
    return replace(video, options=(*options, ("b", str(bit_rate)), *more), hardware=())


def _sound_at_rate(sound: SoundCoding, bit_rate: int) -> SoundCoding:
    least, most = SOUND_BIT_RATES[0], SOUND_BIT_RATES[-1]
    if not least <= bit_rate <= most:
        raise BadJob(
            f"A bit rate for sound is from {least // 1000} to {most // 1000} kb/s, not "
            f"{bit_rate / 1000:g}."
        )
    return replace(sound, bit_rate=bit_rate)


def estimated_bytes(
    preset: Preset, size: tuple[int, int], rate: Fraction, frames: int, *, sounding: bool
) -> int | None:
    """About how large a film will be; None for what nobody can tell beforehand.

    `size` in pixels, `rate` in frames a second. It is worked out for filmed pictures; drawn ones
    come out smaller. At a bit rate it is the rate's own.
    """
    if preset.output is not Output.FILM or preset.video is None:
        return None
    options = dict(preset.video.options)
    seconds = frames / rate
    if int(options.get("b", "0")):
        pictures = int(options["b"]) * seconds
    else:
        spent = _bits_per_pixel(preset, options)
        if spent is None:
            return None
        pictures = Fraction(spent) * size[0] * size[1] * frames
    sound = _sound_bits(preset.sound) * seconds if sounding and preset.sound is not None else 0
    return round((pictures + sound) / 8)


def _bits_per_pixel(preset: Preset, options: dict[str, str]) -> float | None:
    assert preset.video is not None
    usual = _BITS_PER_PIXEL.get(preset.video.encoders[0])
    if "crf" in options and usual is not None:
        quality, bits = usual
        return bits * 2 ** ((quality - int(options["crf"])) / 6)
    return _FIXED_BITS_PER_PIXEL.get(preset.name)


def _sound_bits(sound: SoundCoding) -> int:
    """Bits a second of stereo at 48 kHz; of lossless coding about the half of PCM's."""
    if sound.bit_rate:
        return sound.bit_rate
    pcm = 48_000 * 2 * (24 if sound.sample_format == "s32" else 16)
    return pcm if sound.encoder.startswith("pcm") else pcm // 2
