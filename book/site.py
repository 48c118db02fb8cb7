"""What is special in the book, as an extension of Sphinx: formulas, and canvases that live."""

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from book import formulas


class LiveCanvas(SphinxPostTransform):
    """Put the still picture of a canvas into the element in which the canvas will live."""

    default_priority = 900  # when the outputs of cells have become pictures

    def run(self, **options):
        """Look for the cells that `book.pages` has tagged."""
        for cell in self.document.findall(nodes.container):
            for network in ("dense", "cnn"):
                if f"tag_live-{network}" in cell["classes"]:
                    (picture,) = cell.findall(nodes.image)
                    whole = picture.parent
                    at = whole.index(picture)
                    begin = f'<div class="live-canvas" data-network="{network}">'
                    parts = [nodes.raw("", begin, format="html"), picture]
                    whole[at : at + 1] = [*parts, nodes.raw("", "</div>", format="html")]


def add_what_the_page_needs(app, page, template, context, doctree):
    """Name the style of formulas, and the script of live elements, only where there are any."""
    body = context.get("body", "")
    # Whoever listens to a page hears where code ends and its output begins.
    for part, name in (("input", "Code"), ("output", "Output")):
        plain = f'<div class="cell_{part} docutils container">'
        body = body.replace(plain, plain.replace("<div", f'<div role="group" aria-label="{name}"'))
    if body:
        context["body"] = body
    if 'class="katex' in body:
        app.add_css_file("katex/katex.css")
    if 'class="live-' in body:
        app.add_js_file("live/live.js", loading_method="defer")
    context["notebook"] = page if page[:2].isdigit() else None


def setup(app):
    """Tell Sphinx."""
    app.add_html_math_renderer(
        "set_beforehand",
        inline_renderers=(formulas.visit_inline, None),
        block_renderers=(formulas.visit_block, None),
    )
    app.add_post_transform(LiveCanvas)
    app.connect("html-page-context", add_what_the_page_needs)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
