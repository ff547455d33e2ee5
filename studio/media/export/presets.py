"""Presets: named ways a film can leave, as data.

A size of None keeps the sequence's. `encoders` are tried in order: the first that this machine
has is used, hardware ones only where they were asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


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
    """How pictures are coded. `options` are the encoder's own; hardware ones have theirs."""

    encoders: tuple[str, ...]
    pixel_format: str
    options: tuple[tuple[str, str], ...] = ()
    hardware: tuple[str, ...] = ()
    hardware_options: tuple[tuple[str, str], ...] = ()
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


AAC = SoundCoding("aac", 192_000)
AAC_HIGH = SoundCoding("aac", 320_000)
OPUS = SoundCoding("libopus", 160_000, "flt")
PCM_24 = SoundCoding("pcm_s24le", 0, "s32")
PCM_16 = SoundCoding("pcm_s16le", 0, "s16")


def _h264(crf: int, speed: str = "medium") -> VideoCoding:
    return VideoCoding(
        ("libx264",), "yuv420p", (("crf", str(crf)), ("preset", speed), ("profile", "high")),
        ("h264_nvenc", "h264_videotoolbox", "h264_qsv", "h264_amf"), (("qp", str(crf)),),
    )  # fmt: skip


HEVC = VideoCoding(
    ("libx265",), "yuv420p", (("crf", "21"), ("preset", "medium"), ("x265-params", "log-level=1")),
    ("hevc_nvenc", "hevc_videotoolbox", "hevc_qsv", "hevc_amf"), (("qp", "23"),),
)  # fmt: skip
HEVC_10 = replace(HEVC, pixel_format="yuv420p10le")
AV1 = VideoCoding(
    ("libsvtav1", "libaom-av1"), "yuv420p10le", (("crf", "28"), ("preset", "8")),
    ("av1_nvenc", "av1_qsv", "av1_amf"), (("qp", "30"),),
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


PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        _film("h264", "H.264", "General", about="Plays everywhere."),
        _film("h264_fast", "H.264, quick draft", "General", video=_h264(23, "veryfast")),
        _film("hevc", "HEVC (H.265)", "General", video=HEVC, about="Half the size of H.264."),
        _film("hevc10", "HEVC, 10 bit", "General", video=HEVC_10),
        _film("av1", "AV1", "General", video=AV1, sound=OPUS, about="Smallest; slow to make."),
        _film("youtube_1080", "YouTube 1080p", "Web", size=(1920, 1080), sound=AAC_HIGH, loudness=-14.0),
        _film("youtube_2160", "YouTube 4K", "Web", size=(3840, 2160), sound=AAC_HIGH, loudness=-14.0),
        _film("vimeo_1080", "Vimeo 1080p", "Web", size=(1920, 1080), sound=AAC_HIGH, loudness=-14.0),
        _film("instagram_reel", "Instagram Reel", "Social", size=(1080, 1920), rate_limit=30, loudness=-14.0),
        _film("instagram_square", "Instagram square", "Social", size=(1080, 1080), rate_limit=30, loudness=-14.0),
        _film("tiktok", "TikTok", "Social", size=(1080, 1920), rate_limit=60, loudness=-14.0),
        _film("podcast_film", "Film for podcasts", "Web", loudness=-16.0),
        _film("broadcast", "Broadcast, EBU R128", "Master", suffix=".mov", container="mov",
              video=_prores(3), sound=PCM_24, loudness=-23.0),
        _film("prores_proxy", "ProRes 422 Proxy", "Master", suffix=".mov", container="mov", video=_prores(0), sound=PCM_24),
        _film("prores_422", "ProRes 422", "Master", suffix=".mov", container="mov", video=_prores(2), sound=PCM_24),
        _film("prores_hq", "ProRes 422 HQ", "Master", suffix=".mov", container="mov", video=_prores(3), sound=PCM_24),
        _film("prores_4444", "ProRes 4444 with alpha", "Master", suffix=".mov", container="mov",
              video=_prores(4, "yuva444p10le"), sound=PCM_24, alpha=True),
        _film("dnxhr_hq", "DNxHR HQ", "Master", suffix=".mov", container="mov", video=DNXHR_HQ, sound=PCM_24),
        _film("dnxhr_hqx", "DNxHR HQX, 10 bit", "Master", suffix=".mov", container="mov", video=DNXHR_HQX, sound=PCM_24),
        _film("lossless", "Lossless RGB (FFV1)", "Master", suffix=".mkv", container="matroska", video=LOSSLESS,
              sound=SoundCoding("flac", 0, "s32")),
        _film("lossless_h264", "Lossless H.264", "Master", suffix=".mkv", container="matroska", video=LOSSLESS_YUV,
              sound=SoundCoding("flac", 0, "s32")),
        _film("vp9", "VP9 (WebM)", "Web", suffix=".webm", container="webm", video=VP9, sound=OPUS),
        _film("vp9_alpha", "VP9 with alpha (WebM)", "Web", suffix=".webm", container="webm", video=VP9_ALPHA,
              sound=OPUS, alpha=True),
        Preset("webp", "Animated WebP", "Stickers", ".webp", "webp", Output.ANIMATION,
               VideoCoding(("libwebp_anim",), "bgra", (("quality", "80"), ("loop", "0"), ("compression_level", "2")), gop_seconds=None), alpha=True),
        Preset("apng", "Animated PNG", "Stickers", ".png", "apng", Output.ANIMATION,
               VideoCoding(("apng",), "rgba", (("compression_level", "4"), ("pred", "up"), ("plays", "0")),
                           gop_seconds=None), alpha=True),
        Preset("gif", "GIF", "Stickers", ".gif", "gif", Output.ANIMATION,
               VideoCoding(("gif",), "bgr8", gop_seconds=None), rate_limit=25),
        Preset("png_sequence", "PNG sequence", "Images", ".png", "png", Output.IMAGES, alpha=True),
        Preset("jpeg_sequence", "JPEG sequence", "Images", ".jpg", "jpeg", Output.IMAGES),
        Preset("wav", "WAV", "Sound", ".wav", "wav", Output.SOUND, sound=PCM_24),
        Preset("wav_16", "WAV, 16 bit", "Sound", ".wav", "wav", Output.SOUND, sound=PCM_16),
        Preset("flac", "FLAC", "Sound", ".flac", "flac", Output.SOUND, sound=SoundCoding("flac", 0, "s32")),
        Preset("mp3", "MP3", "Sound", ".mp3", "mp3", Output.SOUND, sound=SoundCoding("libmp3lame", 320_000)),
        Preset("m4a", "AAC", "Sound", ".m4a", "ipod", Output.SOUND, sound=AAC_HIGH),
        Preset("stems", "Stems, one WAV a track", "Sound", ".wav", "wav", Output.STEMS, sound=PCM_24),
    )
}  # fmt: skip

DEFAULT_PRESET = "h264"
