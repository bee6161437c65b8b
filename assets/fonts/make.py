#!/usr/bin/env python3
"""Makes the fonts in this folder again, from npm's @fontsource-variable packages.

    npm install --prefix /tmp/fonts @fontsource-variable/inter@5.3.0 @fontsource-variable/newsreader@5.3.0
    pip install fonttools brotli
    assets/fonts/make.py /tmp/fonts/node_modules/@fontsource-variable

Each family keeps one file for everyday Latin, one for the letters of the other Latin
alphabets and one for Vietnamese, so that a browser fetches the last two only for a page
with such a name on it. What our pages never use is dropped: stylistic sets, the extreme
weights, and optical sizes outside the ones a screen shows.
"""
import pathlib
import shutil
import sys

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

PACKAGES = pathlib.Path(sys.argv[1])
HERE = pathlib.Path(__file__).parent

LATIN = "U+0020-007E,U+00A0-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2009-200B,U+2010-2015,U+2018-201E,U+2020-2022,U+2026,U+202F,U+2032-2033,U+2039-203A,U+2044,U+20AC,U+2122,U+2190-2193,U+2212,U+2215,U+FFFD"
LATIN_EXT = "U+0100-024F,U+0259,U+02BD-02C5,U+02C7-02CC,U+02D8-02DB,U+02DD,U+1E00-1E9F,U+1EF2-1EFF,U+20A0-20AB,U+20AD-20C0"
VIETNAMESE = "U+01A0-01A1,U+01AF-01B0,U+0300-0301,U+0303,U+0309,U+0323,U+1EA0-1EF9"

FEATURES = ["calt", "case", "ccmp", "kern", "liga", "locl", "lnum", "mark", "mkmk", "onum", "pnum", "tnum"]

FAMILIES = {
    # name: (axis file of the package, limits of its axes)
    "inter": ("wght", {"wght": (400, 700)}),
    "newsreader": ("opsz", {"wght": (400, 600), "opsz": 26}),  # between a heading and a letter
}

for family, (axes, limits) in FAMILIES.items():
    for part, ranges in (("latin", LATIN), ("latin-ext", LATIN_EXT), ("vietnamese", VIETNAMESE)):
        font = TTFont(PACKAGES / family / "files" / f"{family}-{part}-{axes}-normal.woff2")
        options = subset.Options()
        options.layout_features = FEATURES
        options.name_IDs = ["*"]  # the licence and its authors stay in the file
        options.flavor = "woff2"
        wanted = subset.Subsetter(options)
        wanted.populate(unicodes=subset.parse_unicodes(ranges.replace("U+", "")))
        wanted.subset(font)
        font = instancer.instantiateVariableFont(font, limits)
        font.flavor = "woff2"
        out = HERE / f"{family}-{part}.woff2"
        font.save(out)
        print(f"{out.name}: {out.stat().st_size} bytes, {len(font.getBestCmap())} characters")
    shutil.copy(PACKAGES / family / "LICENSE", HERE / f"{family}-OFL.txt")
