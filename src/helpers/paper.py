"""Ink in photos and scans, told from paper, light, table, and what is printed on the paper."""

import numpy as np

# The edges of a picture, as indices.
SIDES = (np.s_[0], np.s_[-1], np.s_[:, 0], np.s_[:, -1])


def ink_of_photo(gray):
    """Return the ink of a photo or scan, or None if there is none.

    `gray` is float32, (height, width), from 0 (black) to 1 (white); so is the ink, at most 400
    pixels a side, where 0 is paper and 1 is ink.

    What is narrower than a quarter of the picture and differs from the paper around it by much
    more than the noise does is ink, unless it comes in from the picture's edge or was printed.
    """
    from PIL import Image
    from scipy import ndimage

    height, width = gray.shape
    scale = min(1, 400 / max(height, width))
    small = max(8, round(width * scale)), max(8, round(height * scale))
    image = Image.fromarray(gray)
    ink_is_dark = _ink_is_dark(np.asarray(image.resize((100, 100), Image.Resampling.BOX)))
    gray = np.asarray(image.resize(small, Image.Resampling.BOX))
    darker = _darker_than_paper(gray, 1 if ink_is_dark else -1)
    smooth = ndimage.gaussian_filter(darker, 0.7)
    low, middle = np.quantile(smooth, [0.16, 0.5])
    noise = middle - low  # above, lines would count
    darker = _without_print(darker, smooth > max(6 * noise, 0.1 * smooth.max()))
    found = ndimage.gaussian_filter(darker, 0.7) > max(6 * noise, 0.03)
    # Pieces that are near each other belong together; specks and what comes in from the
    # picture's edge, such as a shadow or the table, do not belong to the digit.
    reach = max(1, round(0.02 * max(gray.shape)))
    pieces, count = ndimage.label(ndimage.maximum_filter(found, 2 * reach + 1))
    if count == 0:
        return None
    amounts = ndimage.sum_labels(np.where(found, darker, 0), pieces, range(count + 1))
    edge = [np.where(found, pieces, 0)[side] for side in SIDES]
    amounts[0] = 0
    inner = np.where(np.isin(range(count + 1), np.concatenate(edge)), 0, amounts)
    if inner.max() > 0.1 * amounts.max():
        amounts = inner
    kept = np.isin(pieces, np.flatnonzero(amounts > 0.1 * amounts.max()))
    inside = darker[kept & found]
    peak = (inside**3).sum() / (inside**2).sum()
    # Ink has edges; a shadow has none.
    edges = np.abs(darker - ndimage.gaussian_filter(darker, 5))[kept & found]
    if edges.max() < 0.25 * peak:
        return None
    ink = np.where(kept, np.clip((darker / peak - 0.3) / 0.4, 0, 1), 0)
    extent = max(np.ptp(np.flatnonzero(ink.any(axis=axis))) + 1 for axis in (0, 1))
    return ink if extent > 0.07 * max(ink.shape) else None  # else a speck


def _ink_is_dark(coarse):
    """Return whether ink is darker than its paper; `coarse` has 100 pixels a side.

    Ink is little and far from the paper, so it pulls the third moment to its side. The edge of a
    table or a shadow is as light on one side as it is dark on the other.
    """
    from scipy import ndimage

    # What is beside the sheet has no say: from each side, up to where most of a row changes, if
    # it is unlike the middle, lest that be a bold stroke.
    middle = np.median(coarse[20:80, 20:80])
    step = 0.3 * np.ptp(np.quantile(coarse, [0.02, 0.98]))
    for _ in range(4):
        jumps = np.abs(np.median(coarse[3:30] - coarse[:27], axis=1))
        if jumps.max() > step and abs(np.median(coarse[0]) - middle) > step:
            coarse = coarse[np.flatnonzero(jumps > step)[-1] + 3 :]
        coarse = np.rot90(coarse)
    coarse = np.log(np.maximum(coarse, 0) + 0.1)  # a shadow takes a share of the light
    detail = coarse - ndimage.gaussian_filter(coarse, 16, mode="nearest")
    # At the edge of the picture one side may be missing.
    upright, lying = (np.sqrt(np.hanning(length)) for length in coarse.shape)
    return upright @ detail**3 @ lying < 0


def _darker_than_paper(gray, sign):
    """Return by which share each pixel is darker (lighter, if `sign` is -1) than the paper there.

    The paper is what is left when all that is narrower than a quarter of the picture is filled
    up (closing): light that changes, the hard edge of a shadow and a table beside the sheet stay.
    """
    from PIL import Image
    from scipy import ndimage

    height, width = gray.shape
    half = max(1, round(width / 2)), max(1, round(height / 2))
    reach = max(2, min(max(half) // 8, min(half) // 4))
    paper = np.asarray(Image.fromarray(sign * gray).resize(half, Image.Resampling.BOX))
    paper = ndimage.uniform_filter(paper, 3, mode="nearest")
    # What goes on beyond the picture's edge is as wide as it likes.
    paper = ndimage.grey_closing(np.pad(paper, reach, mode="edge"), size=(2 * reach + 1,) * 2)
    # At the edge of a shadow, doubt is for the shadow: no line of ink along it.
    paper = ndimage.minimum_filter(paper, 3)[reach:-reach, reach:-reach]
    paper = np.asarray(Image.fromarray(paper).resize((width, height), Image.Resampling.BILINEAR))
    # In the shadow, ink differs from the paper by as much less as there is less light.
    darker = (paper - sign * gray) / (np.abs(paper) + 0.1)
    return np.maximum(darker - np.median(darker), -0.2)


def _without_print(darker, marks):
    """Return `darker` without the lines of squared or ruled paper and without a box.

    `marks` tells, for each pixel, whether something is there at all.
    """
    from scipy import ndimage

    lines = lines_of(marks, darker)
    if lines.any():
        # Where a stroke crosses a line, there is ink on both sides of it.
        rest = np.where(lines, 0, darker)
        crossed = np.minimum(darker, ndimage.grey_closing(rest, (7, 7)))
        darker = np.where(lines, crossed, rest)
        marks = marks & (darker > 0.1 * darker.max())
    # What is around something nearly as high is a box, too, whatever its shape.
    pieces, _ = ndimage.label(marks, np.ones((3, 3)))
    for number, place in enumerate(ndimage.find_objects(pieces), start=1):
        piece = pieces[place] == number
        if lines.any() and max(piece.shape) < 0.025 * max(marks.shape):
            darker[place][piece] = 0  # what is left of the lines where they cross
        if max(piece.shape) > 0.1 * max(marks.shape):
            within = ndimage.binary_fill_holes(piece) & marks[place] & ~piece
            if within.any(axis=1).sum() > 0.3 * len(piece):
                darker = np.where(ndimage.maximum_filter(pieces == number, 3), 0, darker)
    return darker


def lines_of(marks, darker):
    """Return where straight lines go from edge to edge or make a box, but no stroke is on them."""
    from scipy import ndimage

    found = np.zeros_like(marks)
    spans = np.zeros((2, *marks.shape), np.int32)  # how long the line is on which a pixel lies
    for turned, values, through, span in [
        (marks, darker, found, spans[0]),
        (marks.T, darker.T, found.T, spans[1].T),
    ]:
        length = turned.shape[1]
        # A line may lean: a piece of this length stays within three rows.
        straight = 2 * max(4, length // 32) + 1
        runs = ndimage.maximum_filter1d(turned, 3, axis=0)
        runs = ndimage.minimum_filter1d(runs, straight, axis=1, mode="nearest")
        runs = ndimage.maximum_filter1d(runs, straight, axis=1) & turned
        runs &= ~_runs_of(9, runs)
        # Strokes of the digit interrupt it.
        linked = ndimage.maximum_filter(runs, (3, max(straight, length // 5)))
        pieces, _ = ndimage.label(linked, np.ones((3, 3)))
        for number, place in enumerate(ndimage.find_objects(pieces), start=1):
            line = runs[place] & (pieces[place] == number)
            thickness = line.sum(axis=0)
            covered = np.count_nonzero(thickness)
            if covered > 0.1 * length and covered > 0.6 * len(thickness):
                # A stroke is darker than the line, or makes it thicker, on less than 70 % of it.
                strength = np.where(line, values[place], 0).max(axis=0)
                few = covered * 3 // 10
                line &= values[place] < 1.3 * np.sort(strength[thickness > 0])[few]
                usual = np.sort(thickness[thickness > 0])[few]
                if thickness.max() > usual + 1:
                    thick = _runs_of(usual + 2, line)
                    line &= ~_runs_of(usual + 4, thick.T).T  # shorter where another line crosses
                span[place][line] = len(thickness)
                start, stop, _ = place[1].indices(length)
                if start < 0.04 * length and stop > 0.96 * length:
                    through[place] |= line
    pieces, _ = ndimage.label(ndimage.maximum_filter(spans.any(axis=0), 5))
    for number, place in enumerate(ndimage.find_objects(pieces), start=1):
        here = pieces[place] == number
        lying = here & (spans[0][place] > 0.7 * here.shape[1])
        upright = here & (spans[1][place] > 0.7 * here.shape[0])
        edges = bands(lying)[:2] + bands(upright)[2:]
        if min(edge.any(axis=0).mean() for edge in edges) > 0.6:
            box = lying | upright
            band = max(1, max(box.shape) // 12)
            box[band:-band, band:-band] = False
            inner = (marks[place] & ~box)[band:-band, band:-band]
            if inner.any(axis=1).sum() > 0.3 * len(box):
                found[place] |= box
    return found


def _runs_of(count, marks):
    """Return where at least `count` pixels of a column follow each other."""
    from scipy import ndimage

    starts = ndimage.minimum_filter1d(marks, count, axis=0)
    return ndimage.maximum_filter1d(starts, count, axis=0, origin=-1 if count % 2 == 0 else 0)


def bands(marks):
    """Return the top, bottom, left and right twelfth of an array, sides turned to lie."""
    band = max(1, max(marks.shape) // 12)
    return marks[:band], marks[-band:], marks[:, :band].T, marks[:, -band:].T
