"""One style sheet for all pages: what the themes bring along, as far as some page can use it.

The sheets of the themes and their font of icons would hold up the first look at a page for a second
on a phone. Most of their rules are for what no page of this book has.
"""

import base64
import hashlib
import io
import re

import tinycss2
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.transformPen import TransformPen
from fontTools.svgLib.path import parse_path

from book import BookError

# How a page names a style sheet.
LINK = re.compile(r'[ \t]*<link (?=[^>]*rel="stylesheet")[^>]*href="(_static/[^"?]+)[^>]*>\n?')
# What a selector may say besides: one of several, or something that is not there.
OPTIONS = re.compile(r":(?:not|is|where|has)\((?:[^()]|\([^()]*\))*\)")
CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
COMMA = re.compile(r",(?![^(]*\))")
ICON = re.compile("[\ue000-\uf8ff]")
FONT = re.compile(r"url\([^)]*/fa-solid-900\.woff2\)")
DRAWN = r'\[(\d+),512,\[[^\]]*\],"{}","([^"]+)"\]'
EM, ASCENT = 512, 448  # of the icons


def merge(folder, apart):
    """Write all style sheets into one, and let the pages name that one.

    Parameters
    ----------
    folder : Path
        Where the pages are.
    apart : str
        A sheet that is only for some pages; it stays as it is.
    """
    pages = {path: path.read_text(encoding="utf-8") for path in folder.glob("*.html")}
    lists = {tuple(n for n in LINK.findall(page) if n != apart) for page in pages.values()}
    if len(lists) > 1:
        raise BookError("some pages name style sheets that others do not; give all pages the same")
    (sheets,) = lists
    marks = re.findall(r'class="([^"]*)"', "".join(pages.values()))
    icons = folder / "_static/scripts/fontawesome.js"
    scripts = [p.read_text(encoding="utf-8") for p in folder.glob("_static/**/*.js") if p != icons]
    # What scripts may put into a page is not known, but it is named in them.
    classes = {*" ".join(marks).split(), *re.findall(r"[\w-]+", "\n".join(scripts))}
    texts = [(folder / name).read_text(encoding="utf-8") for name in sheets]
    style = '@charset "UTF-8";\n' + thin("\n".join(texts), classes)
    font = icon_font({*ICON.findall(style)}, icons.read_text(encoding="utf-8"))
    style = FONT.sub(f"url({font})", style)
    if address := re.search(r"url\((?!\"?data:)[^)]*\)", style):
        raise BookError(f"a style sheet asks for {address[0]}, which is not in the book")
    (folder / "_static" / "style.css").write_text(style, encoding="utf-8")
    version = hashlib.sha256(style.encode()).hexdigest()[:8]
    link = f'    <link rel="stylesheet" href="_static/style.css?v={version}" />\n'
    for path, page in pages.items():
        first = LINK.search(page).start()
        others = LINK.sub(lambda m: m[0] if m[1] == apart else "", page[first:])
        path.write_text(page[:first] + link + others, encoding="utf-8")
    for name in sheets:
        (folder / name).unlink()


def thin(style, classes):
    """Return a style sheet without the rules that need a class which is not among these."""
    rules = tinycss2.parse_stylesheet(style, skip_whitespace=True)
    return "\n".join(_kept(rules, classes))


def _kept(rules, classes):
    for rule in rules:
        if rule.type == "comment":
            if rule.value.startswith("!"):  # whose work it is
                yield rule.serialize()
            continue
        content = [part for part in rule.content or [] if part.type != "comment"]
        content = tinycss2.serialize(content).strip()
        if rule.type == "qualified-rule":
            selectors = COMMA.split(tinycss2.serialize(rule.prelude))
            possible = [
                s.strip() for s in selectors if {*CLASS.findall(OPTIONS.sub("", s))} <= classes
            ]
            if possible:
                yield f"{','.join(possible)}{{{content}}}"
        elif rule.lower_at_keyword in ("media", "supports"):
            inside = tinycss2.parse_rule_list(
                rule.content, skip_whitespace=True, skip_comments=True
            )
            if inside := "".join(_kept(inside, classes)):
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inside}}}"
        elif rule.lower_at_keyword == "font-face":
            if FONT.search(content):
                yield rule.serialize()
        elif rule.lower_at_keyword != "charset":
            yield rule.serialize()


def icon_font(characters, source):
    r"""Return the address of a font that has these icons and no others; it holds the font itself.

    Parameters
    ----------
    characters : collection of str
        Those by which Font Awesome calls icons, such as "\uf002".
    source : str
        The script of Font Awesome, in which each icon is drawn.
    """
    shapes, widths, names = {}, {}, {}

    def add(name, width, path):
        pen = T2CharStringPen(width, None)
        parse_path(path, TransformPen(pen, (1, 0, 0, -1, 0, ASCENT)))
        shapes[name], widths[name] = pen.getCharString(), (width, 0)

    add(".notdef", EM, "")
    for code in sorted(map(ord, characters)):
        for width, path in re.findall(DRAWN.format(f"{code:x}"), source)[-1:]:  # the solid one
            names[code] = f"{code:x}"
            add(names[code], int(width), path)
    font = FontBuilder(EM, isTTF=False)
    font.setupGlyphOrder([*shapes])
    font.setupCharacterMap(names)
    font.setupCFF("Icons", {}, shapes, {})
    font.setupHorizontalMetrics(widths)
    font.setupHorizontalHeader(ascent=ASCENT, descent=ASCENT - EM)
    font.setupOS2(
        sTypoAscender=ASCENT,
        sTypoDescender=ASCENT - EM,
        usWinAscent=ASCENT,
        usWinDescent=EM - ASCENT,
    )
    font.setupNameTable({"familyName": "Icons", "styleName": "Regular"})
    font.setupPost()
    font.updateHead(created=0, modified=0)  # the same font whenever it is made
    font.font.recalcTimestamp, font.font.flavor = False, "woff"
    file = io.BytesIO()
    font.save(file)
    return f"data:font/woff;base64,{base64.b64encode(file.getvalue()).decode()}"
