"""The settings of Sphinx, which builds the book; book/site.py adds what is special in it."""

project = "Handwritten digits"
author = "the authors of the series"
language = "en"
html_title = "A network for handwritten digits"

extensions = ["myst_nb", "book.site"]
html_math_renderer = "set_beforehand"

# What is stored is shown; nothing is run.
nb_execution_mode = "off"
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4  # by the same rule as on GitHub
suppress_warnings = ["myst.header"]  # exercises are third headings wherever they stand

html_theme = "sphinx_book_theme"
html_theme_options = {
    "logo": {"text": html_title},
    "article_header_end": ["buttons.html"],
    "secondary_sidebar_items": ["page-toc.html"],
    "show_navbar_depth": 1,
    "show_toc_level": 2,
    "home_page_in_toc": True,
    "search_bar_text": "Search the book",
    "footer_content_items": ["colophon.html"],
    "back_to_top_button": False,
}
html_context = {"default_mode": "auto"}
html_sidebars = {"**": ["brand.html", "search-button-field.html", "sbt-sidebar-nav.html"]}
html_logo = "theme/static/logo.svg"
html_favicon = "theme/static/logo.svg"
html_static_path = ["theme/static"]
html_css_files = ["book.css"]
templates_path = ["theme"]
html_copy_source = False  # the notebooks themselves lie there instead
html_show_sourcelink = False
html_use_index = False
html_domain_indices = False
html_permalinks_icon = "#"
