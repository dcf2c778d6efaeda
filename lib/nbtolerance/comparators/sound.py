"""Sound: how long it is, how loud it is where, and the wave itself at some places."""

from __future__ import annotations

import hashlib
import io
import math
import struct
import wave
from typing import Any

from nbtolerance.comparators.base import BadOutputError, Comparison, Json, in_a_line, require
from nbtolerance.comparators.pictures import payload
from nbtolerance.tolerance import Tolerance

PARTS = 100  # of which the loudness is kept
SAMPLES = 200  # that are kept, spread evenly

_LETTERS = {1: "B", 2: "h", 4: "i"}  # of `struct`, by the bytes of a sample
_EXACT = ("channels", "rate", "bits", "length")


class SoundComparator:
    """Compares WAV files: of the same format and length, as loud in each part, the same wave.

    Loudness (the root mean square) and the wave are shares of full scale, within the tolerance and
    one step of the file's own rounding. Of a long sound not every sample is kept.
    """

    def condense(self, data: Any) -> Json:
        """Format, length, the loudness of each part, a selection of samples, a digest.

        Raises
        ------
        BadOutputError
            If it is no WAV file with integers of 8, 16 or 32 bits.
        """
        content = payload(data)
        try:
            with wave.open(io.BytesIO(content)) as file:
                about, frames = file.getparams(), file.readframes(file.getnframes())
            samples = _samples(frames, about.sampwidth)
        except (wave.Error, EOFError, LookupError, struct.error) as error:
            raise BadOutputError(f"a sound must be a WAV file: {in_a_line(error)}") from error
        return {
            "sha256": hashlib.sha256(content).hexdigest(),
            "channels": about.nchannels,
            "rate": about.framerate,
            "bits": 8 * about.sampwidth,
            "length": about.nframes,
            "loudness": [_loudness(part) for part in _parts(samples)],
            "samples": samples[:: max(1, math.ceil(len(samples) / SAMPLES))],
        }

    def compare(self, expected: Json, got: Json, tolerance: Tolerance) -> Comparison:
        """Compare two condensed sounds."""
        for form in (expected, got):
            require(form, **dict.fromkeys(_EXACT, int), loudness=list, samples=list)
        found = Comparison()
        for key in _EXACT:
            found.integer(key, expected[key], got[key])
        if found.passed:
            step = 2.0 ** (1 - got["bits"])
            for key in ("loudness", "samples"):
                pairs = zip(expected[key], got[key], strict=True)
                for i, (a, b) in enumerate(pairs):
                    found.number(f"{key}[{i}]", a, b, tolerance.allowed(a) + step)
        return found


def _samples(frames: bytes, width: int) -> list[float]:
    """Return the samples, the channels' in turn, as shares of full scale: from -1 to 1."""
    count, middle = len(frames) // width, 128 if width == 1 else 0
    whole = struct.unpack(f"<{count}{_LETTERS[width]}", frames[: count * width])
    return [(sample - middle) / 2 ** (8 * width - 1) for sample in whole]


def _parts(samples: list[float]) -> list[list[float]]:
    size = max(1, math.ceil(len(samples) / PARTS))
    return [samples[i : i + size] for i in range(0, len(samples), size)]


def _loudness(samples: list[float]) -> float:
    return math.sqrt(sum(sample**2 for sample in samples) / len(samples))


SOUND = SoundComparator()
