"""The picture in the README shows what the tool prints now."""

from __future__ import annotations

import html
import importlib.util
import re

from fixture_pairs import ROOT

spec = importlib.util.spec_from_file_location("picture", ROOT / "docs" / "picture.py")
assert spec is not None
assert spec.loader is not None
maker = importlib.util.module_from_spec(spec)
spec.loader.exec_module(maker)


def words(svg: str) -> list[str]:
    """The text of a picture, whatever it is drawn with."""
    texts = re.findall(r"<text[^>]*>(.*?)</text>", svg, re.S)
    return " ".join(html.unescape(text).replace("\xa0", " ") for text in texts).split()


def test_picture_is_current() -> None:
    """``nox -s picture`` makes it anew."""
    assert words(maker.PICTURE.read_text(encoding="utf-8")) == words(maker.picture())
