"""A run that is made to be carried, and what it says of the memory that it took."""

import json

MIB = 2**20
CUDA = {"kind": "cuda", "name": "of another machine"}


def provenance(book, name):
    return json.loads(book.stored(name).read_text("utf-8"))["provenance"]


def test_a_run_made_elsewhere_says_so_and_is_not_made_again(book):
    book.chapter("one", "print(1)")
    assert book.command("execute", "--elsewhere").ret == 0
    assert provenance(book, "one")["elsewhere"] is True
    entry = json.loads(book.stored("one").read_text("utf-8"))
    entry["fingerprint"] |= {"device": CUDA, "python": "3.12.99"}
    book.stored("one").write_text(json.dumps(entry), encoding="utf-8")
    book.command("status").stdout.fnmatch_lines(["one: fresh"])


def test_a_run_made_here_is_made_again_for_another_device(book):
    book.chapter("one", "print(1)")
    assert book.command("execute").ret == 0
    assert not provenance(book, "one").get("elsewhere")
    entry = json.loads(book.stored("one").read_text("utf-8"))
    entry["fingerprint"] |= {"device": CUDA}
    book.stored("one").write_text(json.dumps(entry), encoding="utf-8")
    book.command("status").stdout.fnmatch_lines(["one: stale: device"])


def test_memory_is_the_kernels_own_peak(book):
    # The oracle: one chapter holds 200 MiB for a moment, which the other never does.
    book.chapter("large", "held = b'1' * (200 * 2**20)", "del held")
    book.chapter("small", "1")
    assert book.command("execute").ret == 0
    large, small = provenance(book, "large")["memory"], provenance(book, "small")["memory"]
    assert 0 < small < 200 * MIB
    assert 190 * MIB < large - small < 260 * MIB
