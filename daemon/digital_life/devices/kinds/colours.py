"""Colours in the forms that lamps know: hue and saturation, a place in the colour diagram, and red, green and blue."""

from __future__ import annotations

import colorsys

Rgb = tuple[int, int, int]
"""0 to 255 each."""
Pair = tuple[float, float]


def to_hs(rgb: Rgb) -> Pair:
    """Hue in degrees and saturation in per cent; how bright it is, is left out."""
    hue, saturation, _value = colorsys.rgb_to_hsv(*(each / 255 for each in rgb))
    return round(hue * 360, 2), round(saturation * 100, 2)


def from_hs(hue: float, saturation: float) -> Rgb:
    """As bright as can be."""
    part = min(max(saturation, 0.0), 100.0) / 100
    red, green, blue = colorsys.hsv_to_rgb((hue % 360) / 360, part, 1.0)
    return round(red * 255), round(green * 255), round(blue * 255)


def to_xy(rgb: Rgb) -> Pair:
    """In the CIE diagram of 1931, of light in sRGB (D65)."""
    red, green, blue = (_linear(each / 255) for each in rgb)
    x = 0.4124 * red + 0.3576 * green + 0.1805 * blue
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = 0.0193 * red + 0.1192 * green + 0.9505 * blue
    total = x + y + z
    return (round(x / total, 4), round(y / total, 4)) if total else (0.3127, 0.3290)


def from_xy(x: float, y: float) -> Rgb:
    """As bright as can be; what the screen cannot show becomes the nearest that it can."""
    y = min(max(y, 0.0001), 1.0)
    x = min(max(x, 0.0), 1.0)
    wide, deep = x / y, (1 - x - y) / y
    red = 3.2406 * wide - 1.5372 - 0.4986 * deep
    green = -0.9689 * wide + 1.8758 + 0.0415 * deep
    blue = 0.0557 * wide - 0.2040 + 1.0570 * deep
    brightest = max(red, green, blue)
    parts = [_curved(max(each / brightest, 0.0)) if brightest > 0 else 1.0 for each in (red, green, blue)]
    return round(parts[0] * 255), round(parts[1] * 255), round(parts[2] * 255)


def _linear(part: float) -> float:
    return float(((part + 0.055) / 1.055) ** 2.4) if part > 0.04045 else part / 12.92


def _curved(part: float) -> float:
    return float(1.055 * part ** (1 / 2.4) - 0.055) if part > 0.0031308 else 12.92 * part
