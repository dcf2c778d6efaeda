from __future__ import annotations

import gzip
from pathlib import Path

from tests.browser.weight import sent_bytes, total_bytes


def test_text_is_compressed_and_pictures_are_not(tmp_path: Path) -> None:
    page, picture = tmp_path / "page.html", tmp_path / "picture.webp"
    page.write_bytes(b"word " * 1000)
    picture.write_bytes(b"word " * 1000)
    assert sent_bytes(page) == len(gzip.compress(page.read_bytes())) < 100
    assert sent_bytes(picture) == 5000


def test_a_file_counts_once_and_anew_when_it_changed(tmp_path: Path) -> None:
    picture = tmp_path / "picture.webp"
    picture.write_bytes(b"12345")
    assert total_bytes([picture, picture]) == 5
    picture.write_bytes(b"1234567")
    assert total_bytes([picture]) == 7
