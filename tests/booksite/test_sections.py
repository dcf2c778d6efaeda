from __future__ import annotations

from bs4 import BeautifulSoup, Tag

from booksite.sections import formula, plain, sections

FORMULA = (
    '<span class="katex"><span class="katex-mathml"><math><semantics><mrow>{}</mrow>'
    '<annotation encoding="application/x-tex">source</annotation></semantics></math></span>'
    '<span class="katex-html">glyphs</span></span>'
)
SQUARE = FORMULA.format("<msup><mi>θ</mi><mn>2</mn></msup>")


def tag(html: str) -> Tag:
    return BeautifulSoup(html, "html.parser")


def test_a_page_is_read_as_sections_without_what_was_computed() -> None:
    page = tag(
        '<section id="page"><h1>Page<a class="headerlink">#</a></h1><p>First.</p>'
        '<section id="one"><h2>One</h2><span id="index-0"></span>'
        '<p>The <strong>momentum</strong> is 3<span role="tooltip">gd.fit</span>.</p>'
        "<pre>code()</pre><div class='output'>printed</div>"
        "<details class='fold-code'><summary>Show the code</summary></details><p>Last.</p>"
        "</section></section>"
    )
    top, one = sections(page, {"index-0": ["heavy ball"]})
    assert (top.anchor, top.heading, top.text) == ("", "Page", "First.")
    assert (one.anchor, one.heading, one.text) == ("one", "One", "The momentum is 3. Last.")
    assert one.terms == ["heavy ball", "momentum"]


def test_each_name_of_the_library_is_a_section() -> None:
    page = tag(
        '<h1>Data</h1><dl><dt class="sig sig-object" id="learning.fit">learning.'
        '<span class="descname">fit</span>(model)</dt><dd><p>Fit it.</p>'
        '<dl class="field-list"><dt>Raises</dt></dl></dd></dl>'
    )
    _, fit = sections(page, {"learning.fit": ["fit()"]})
    assert (fit.anchor, fit.heading, fit.text) == ("learning.fit", "fit", "Fit it.")
    assert fit.terms == ["fit()"]


def test_a_formula_is_there_once() -> None:
    assert plain(tag(f"<p>The loss {SQUARE} is small.</p>")) == "The loss θ² is small."


def test_formulas_are_read_as_they_would_be_typed() -> None:
    fraction = "<mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mi>c</mi></mrow></mfrac>"
    assert formula(tag(fraction)) == "a/(b+c)"
    step = "<msub><mi>θ</mi><mrow><mi>t</mi><mo>+</mo><mn>1</mn></mrow></msub>"
    assert formula(tag(step)) == "θ_(t+1)"
    guess = "<msub><mover><mi>y</mi><mo>^</mo></mover><mi>i</mi></msub>"
    assert formula(tag(guess)) == "ŷ_i"
    assert formula(tag("<msqrt><mrow><mi>n</mi></mrow></msqrt>")) == "√n"
