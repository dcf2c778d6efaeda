"""Films of a run: frames from a recorded `Trajectory`, and what was drawn in each of them."""

from __future__ import annotations

import base64
import io
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import matplotlib as mpl
import numpy as np
from matplotlib.animation import FFMpegWriter
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from learning import plots
from learning.optimization import Trajectory
from learning.report.html import render

Floats = NDArray[np.float64]

SIZE = (5.0, 4.0)  # inches
DPI = 100

# One thread and no date or version in the file: the same frames become the same bytes.
ENCODING = ["-threads", "1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-map_metadata", "-1"]
ENCODING += ["-movflags", "+faststart"]


@dataclass(frozen=True)
class Film:
    """A film for a page, and the data of its frames.

    Parameters
    ----------
    video
        An MP4 file.
    poster
        A PNG file: the last frame, shown before the film is played.
    alt
        What the film shows, for a reader who cannot see it.
    drawn
        The coordinates, read back from what stood on the figure.
    """

    video: bytes
    poster: bytes
    alt: str
    drawn: Mapping[str, Any]
    kind = "animation"

    def to_json(self) -> dict[str, Any]:
        """Return the coordinates that were drawn."""
        return dict(self.drawn)

    def to_text(self) -> str:
        """Say what cannot be shown in a terminal."""
        frames, interval = self.drawn["frames"], self.drawn["interval_ms"]
        return f"an animation: {frames} frames, {interval} ms each"

    def to_html(self, name: str, unit: str | None) -> str:
        """Return a video that plays when the reader asks for it, and only then."""
        width, height = (round(side * DPI) for side in SIZE)
        return render(
            "film",
            name=name,
            width=width,
            height=height,
            alt=self.alt,
            poster=_data_uri("image/png", self.poster),
            video=_data_uri("video/mp4", self.video),
        )

    def parts(self) -> dict[str, float]:
        """Name the number of frames."""
        return {"frames": self.drawn["frames"]}


def film_line_fit(
    x: Floats, y: Floats, trajectory: Trajectory, *, interval_ms: int = 100, alt: str
) -> Film:
    """Film a line on its way to the data: a frame for each recorded step.

    Parameters
    ----------
    x, y
        The data, shape (n,) each.
    trajectory
        A run with parameters (a, b), so of shape (k, 2): one frame each.
    interval_ms
        How long a frame stays, in milliseconds; at least 1.
    alt
        What the film shows, for a reader who cannot see it; not empty.

    Raises
    ------
    ValueError
        If interval_ms or alt breaks its rule.
    """
    if interval_ms < 1:
        raise ValueError(f"interval_ms must be at least 1, got {interval_ms!r}")
    if not alt.strip():
        raise ValueError(f"alt must say what the film shows, got {alt!r}")
    fps: Any = 1000 / interval_ms  # ffmpeg takes a fraction, though matplotlib declares an int
    with mpl.rc_context({"animation.ffmpeg_path": imageio_ffmpeg.get_ffmpeg_exe()}):
        figure, dots, line, title = _stage(x, y, trajectory)
        ends: list[list[list[float]]] = []
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "film.mp4"
            writer = FFMpegWriter(fps=fps, codec="h264", extra_args=ENCODING)
            with writer.saving(figure, str(file), DPI):
                for step, (a, b) in zip(trajectory.steps, trajectory.parameters, strict=True):
                    line.set_data([0.0, 1.0], [b, a + b])
                    title.set_text(f"after {step} updates")
                    writer.grab_frame()
                    ends.append(np.asarray(line.get_xydata(), dtype=float).tolist())
            video = file.read_bytes()
    drawn = {
        "interval_ms": interval_ms,
        "frames": len(ends),
        "limits": [list(dots.axes.get_xlim()), list(dots.axes.get_ylim())],  # of every frame
        "points": np.asarray(dots.get_offsets(), dtype=float).tolist(),
        "line_ends": ends,  # a frame: [[x, y], [x, y]]
        "steps": trajectory.steps.tolist(),
        "a": trajectory.parameters[:, 0].tolist(),
        "b": trajectory.parameters[:, 1].tolist(),
    }
    return Film(video, _png(figure), alt, drawn)


def _stage(x: Floats, y: Floats, trajectory: Trajectory) -> tuple[Figure, Any, Line2D, Any]:
    """Set up the figure: the data, and the line where the run starts."""
    figure = Figure(figsize=SIZE, dpi=DPI, facecolor="white")  # a film has a ground
    ax = plots.points(figure.add_subplot(), x, y)
    a, b = trajectory.parameters[0]
    (line,) = ax.plot([0.0, 1.0], [b, a + b], color=plots.MODEL)
    title = ax.set_title("after 0 updates")
    return figure, ax.collections[0], line, title


def _png(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
    return buffer.getvalue()


def _data_uri(media_type: str, content: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(content).decode('ascii')}"
