"""The lecture's figures, as the chapters read them."""

import tomllib
from pathlib import Path

FILE = Path(__file__).resolve().parents[1] / "book" / "published.toml"
PUBLISHED = tomllib.loads(FILE.read_text(encoding="utf-8"))
