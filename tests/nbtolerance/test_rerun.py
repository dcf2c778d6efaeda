"""What differs in every run and is no result: a chapter that shows it is blessed, and passes."""

from nbtolerance.__main__ import main

CELLS = [
    """
    from tqdm import tqdm
    for _ in tqdm(range(2)):
        for _ in tqdm(range(3), leave=False):
            pass
    """,
    """
    from tqdm.notebook import tqdm as bar
    for _ in bar(range(2)):
        for _ in bar(range(3), leave=False):
            pass
    """,
    "%%writefile made.txt\na line",
    """
    :tags: [nbtolerance-ignore-times]
    import datetime
    print("begun", datetime.datetime.now(), "of", LIMIT)
    """,
    """
    import uuid
    script = f"const id = '{uuid.uuid4()}'; show(id, [0.5, LIMIT])"
    display({"application/javascript": script.replace("LIMIT", str(LIMIT))}, raw=True)
    """,
]


def test_what_is_no_result_passes_and_what_is_beside_it_fails(book, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    path = book.chapter("one", "LIMIT = 1.5", *CELLS)
    assert main(["bless"]) == 0  # two runs of a new chapter are held against each other
    book.check().assert_outcomes(passed=7)
    path.write_text(path.read_text().replace("LIMIT = 1.5", "LIMIT = 1.6"))
    result = book.check()
    result.stdout.fnmatch_lines(
        [
            "*cell 4 of one: one cell 4 differs*",
            "*cell 5 of one: one cell 5 differs*",
            "marked so that times and dates are not compared (1 cell)",
        ]
    )
