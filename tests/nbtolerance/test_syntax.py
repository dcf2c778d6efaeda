"""Trees are made one at a time: CPython may end with a SystemError where two threads make one."""

from __future__ import annotations

import ast
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from nbtolerance import syntax
from nbtolerance.syntax import parsed


def test_no_two_threads_make_a_tree_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    inside, most = [], []

    def slowly(source: str) -> ast.Module:
        inside.append(source)
        most.append(len(inside))
        time.sleep(0.01)
        inside.pop()
        return ast.parse(source)

    monkeypatch.setattr(syntax, "ast", SimpleNamespace(parse=slowly))
    with ThreadPoolExecutor(4) as pool:
        trees = list(pool.map(parsed, ["a = 1"] * 8))
    assert {ast.unparse(tree) for tree in trees} == {"a = 1"}
    assert most == [1] * 8


def test_after_one_that_cannot_be_made_others_are() -> None:
    with pytest.raises(SyntaxError):
        parsed("1 +")
    assert ast.unparse(parsed("1 + 1")) == "1 + 1"
