"""Presets: named ways a film can leave, as data.

A size of None keeps the sequence's. `encoders` are tried in order: the first that this machine
has is used, hardware ones only where they were asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from studio.media.depth import is_deep


class Output(StrEnum):
    """What kind of thing an export makes."""

    FILM = "film"
    ANIMATION = "animation"
    """A picture that moves and carries no sound: GIF, WebP, APNG."""
    IMAGES = "images"
    """One numbered file a frame."""
    SOUND = "sound"
    STEMS = "stems"
    """One sound file a track."""


@dataclass(frozen=True, slots=True)
class VideoCoding:
    """How pictures are coded. `options` are the encoder's own.

    `hardware` names encoders of graphics cards, told to keep a `hardware_quality` like x264's crf.
    """

    encoders: tuple[str, ...]
    pixel_format: str
    options: tuple[tuple[str, str], ...] = ()
    hardware: tuple[str, ...] = ()
    hardware_quality: int = 20
    gop_seconds: float | None = 2.0


@dataclass(frozen=True, slots=True)
class SoundCoding:
    """How sound is coded; `bit_rate` 0 leaves it to the codec."""

    encoder: str
    bit_rate: int = 0
    sample_format: str = "fltp"


@dataclass(frozen=True, slots=True)
class Preset:
    """One way out.

    `size` is the frame; None is the sequence's. `loudness` is a target in LUFS, None leaves the
    mix as it is. `alpha` keeps transparency.
    """

    name: str
    label: str
    group: str
    suffix: str
    container: str
    output: Output = Output.FILM
    video: VideoCoding | None = None
    sound: SoundCoding | None = None
    size: tuple[int, int] | None = None
    rate_limit: int | None = None
    loudness: float | None = None
    alpha: bool = False
    about: str = ""

    @property
    def deep(self) -> bool:
        """True where pictures keep more than 8 bits a channel."""
        return self.video is not None and is_deep(self.video.pixel_format)


AAC = SoundCoding("aac", 192_000)
AAC_HIGH = SoundCoding("aac", 320_000)
OPUS = SoundCoding("libopus", 160_000, "flt")
PCM_24 = SoundCoding("pcm_s24le", 0, "s32")
PCM_16 = SoundCoding("pcm_s16le", 0, "s16")


def _h264(crf: int, speed: str = "medium") -> VideoCoding:
    return VideoCoding(
        ("libx264",), "yuv420p", (("crf", str(crf)), ("preset", speed), ("profile", "high")),
        ("h264_nvenc", "h264_videotoolbox", "h264_qsv", "h264_amf"), crf,
    )  # fmt: skip


HEVC = VideoCoding(
    ("libx265",), "yuv420p", (("crf", "21"), ("preset", "medium"), ("x265-params", "log-level=1")),
    ("hevc_nvenc", "hevc_videotoolbox", "hevc_qsv", "hevc_amf"), 23,
)  # fmt: skip
HEVC_10 = replace(HEVC, pixel_format="yuv420p10le")
AV1 = VideoCoding(
    ("libsvtav1", "libaom-av1"), "yuv420p10le", (("crf", "28"), ("preset", "8")),
    ("av1_nvenc", "av1_qsv", "av1_amf"), 28,
)  # fmt: skip
VP9 = VideoCoding(
    ("libvpx-vp9",), "yuv420p",
    (("crf", "28"), ("b", "0"), ("row-mt", "1"), ("deadline", "good"), ("cpu-used", "3")),
)  # fmt: skip
VP9_ALPHA = replace(VP9, pixel_format="yuva420p", options=(*VP9.options, ("auto-alt-ref", "0")))


def _prores(profile: int, pixel_format: str = "yuv422p10le") -> VideoCoding:
    options = (("profile", str(profile)), ("vendor", "apl0"))
    return VideoCoding(("prores_ks",), pixel_format, options, gop_seconds=None)


DNXHR_HQ = VideoCoding(("dnxhd",), "yuv422p", (("profile", "dnxhr_hq"),), gop_seconds=None)
DNXHR_HQX = VideoCoding(("dnxhd",), "yuv422p10le", (("profile", "dnxhr_hqx"),), gop_seconds=None)
LOSSLESS = VideoCoding(("ffv1",), "bgr0", (("level", "3"),), gop_seconds=None)
LOSSLESS_YUV = VideoCoding(("libx264",), "yuv420p", (("qp", "0"), ("preset", "ultrafast")))


def _film(name: str, label: str, group: str, **more: object) -> Preset:
    defaults: dict[str, object] = {
        "suffix": ".mp4", "container": "mp4", "video": _h264(18), "sound": AAC,
    }  # fmt: skip
    return Preset(name=name, label=label, group=group, **(defaults | more))  # type: ignore[arg-type]


MOV: dict[str, object] = {"suffix": ".mov", "container": "mov", "sound": PCM_24}
WEBM: dict[str, object] = {"suffix": ".webm", "container": "webm", "sound": OPUS}
MKV: dict[str, object] = {
    "suffix": ".mkv", "container": "matroska", "sound": SoundCoding("flac", 0, "s32"),
}  # fmt: skip
ONLINE: dict[str, object] = {"sound": AAC_HIGH, "loudness": -14.0}
PHONE: dict[str, object] = {"size": (1080, 1920), "loudness": -14.0}

FILMS = (
    _film("h264", "H.264", "General", about="Plays everywhere."),
    _film("h264_fast", "H.264, quick draft", "General", video=_h264(23, "veryfast")),
    _film("hevc", "HEVC (H.265)", "General", video=HEVC, about="Half the size of H.264."),
    _film("hevc10", "HEVC, 10 bit", "General", video=HEVC_10),
    _film("av1", "AV1", "General", video=AV1, sound=OPUS, about="Smallest; slow to make."),
    _film("youtube_1080", "YouTube 1080p", "Web", size=(1920, 1080), **ONLINE),
    _film("youtube_2160", "YouTube 4K", "Web", size=(3840, 2160), **ONLINE),
    _film("vimeo_1080", "Vimeo 1080p", "Web", size=(1920, 1080), **ONLINE),
    _film("podcast_film", "Film for podcasts", "Web", loudness=-16.0),
    _film("vp9", "VP9 (WebM)", "Web", video=VP9, **WEBM),
    _film("vp9_alpha", "VP9 with alpha (WebM)", "Web", video=VP9_ALPHA, alpha=True, **WEBM),
    _film("instagram_reel", "Instagram Reel", "Social", rate_limit=30, **PHONE),
    _film("instagram_square", "Instagram square", "Social", rate_limit=30, size=(1080, 1080),
          loudness=-14.0),
    _film("tiktok", "TikTok", "Social", rate_limit=60, **PHONE),
    _film("broadcast", "Broadcast, EBU R 128", "Master", video=_prores(3), loudness=-23.0, **MOV),
    _film("prores_proxy", "ProRes 422 Proxy", "Master", video=_prores(0), **MOV),
    _film("prores_422", "ProRes 422", "Master", video=_prores(2), **MOV),
    _film("prores_hq", "ProRes 422 HQ", "Master", video=_prores(3), **MOV),
    _film("prores_4444", "ProRes 4444 with alpha", "Master", video=_prores(4, "yuva444p10le"),
          alpha=True, **MOV),
    _film("dnxhr_hq", "DNxHR HQ", "Master", video=DNXHR_HQ, **MOV),
    _film("dnxhr_hqx", "DNxHR HQX, 10 bit", "Master", video=DNXHR_HQX, **MOV),
    _film("lossless", "Lossless RGB (FFV1)", "Master", video=LOSSLESS, **MKV),
    _film("lossless_h264", "Lossless H.264", "Master", video=LOSSLESS_YUV, **MKV),
)  # fmt: skip

ANIMATED_WEBP = VideoCoding(
    ("libwebp_anim",), "bgra", (("quality", "80"), ("loop", "0"), ("compression_level", "2")),
    gop_seconds=None,
)  # fmt: skip
ANIMATED_PNG = VideoCoding(
    ("apng",), "rgba", (("compression_level", "4"), ("pred", "up"), ("plays", "0")),
    gop_seconds=None,
)  # fmt: skip
GIF = VideoCoding(("gif",), "pal8", gop_seconds=None)

PICTURES = (
    Preset("webp", "Animated WebP", "Stickers", ".webp", "webp", Output.ANIMATION,
           ANIMATED_WEBP, alpha=True),
    Preset("apng", "Animated PNG", "Stickers", ".png", "apng", Output.ANIMATION,
           ANIMATED_PNG, alpha=True),
    Preset("gif", "GIF", "Stickers", ".gif", "gif", Output.ANIMATION, GIF, rate_limit=25,
           alpha=True),
    Preset("png_sequence", "PNG sequence", "Images", ".png", "png", Output.IMAGES, alpha=True),
    Preset("jpeg_sequence", "JPEG sequence", "Images", ".jpg", "jpeg", Output.IMAGES),
)  # fmt: skip


def _sound(
    name: str, label: str, suffix: str, container: str, sound: SoundCoding,
    output: Output = Output.SOUND,
) -> Preset:  # fmt: skip
    return Preset(name, label, "Sound", suffix, container, output, sound=sound)


SOUNDS = (
    _sound("wav", "WAV", ".wav", "wav", PCM_24),
    _sound("wav_16", "WAV, 16 bit", ".wav", "wav", PCM_16),
    _sound("flac", "FLAC", ".flac", "flac", SoundCoding("flac", 0, "s32")),
    _sound("mp3", "MP3", ".mp3", "mp3", SoundCoding("libmp3lame", 320_000)),
    _sound("m4a", "AAC", ".m4a", "ipod", AAC_HIGH),
    _sound("stems", "Stems, one WAV a track", ".wav", "wav", PCM_24, Output.STEMS),
)

PRESETS: dict[str, Preset] = {each.name: each for each in (*FILMS, *PICTURES, *SOUNDS)}
DEFAULT_PRESET = "h264"

BY_SUFFIX = {
    ".mp4": "h264", ".m4v": "h264", ".mov": "prores_422", ".mkv": "lossless_h264", ".webm": "vp9",
    ".webp": "webp", ".png": "apng", ".gif": "gif", ".wav": "wav", ".flac": "flac", ".mp3": "mp3",
    ".m4a": "m4a", ".jpg": "jpeg_sequence",
}  # fmt: skip


def preset_for(suffix: str) -> str:
    """The preset that a file name asks for by its ending; the default where it says nothing."""
    return BY_SUFFIX.get(suffix.lower(), DEFAULT_PRESET)
