"""Making mutants: which there are, and who judges them: what executes the line that one changes."""

from __future__ import annotations

import ast
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cosmic_ray.commands import init
from cosmic_ray.config import ConfigDict
from cosmic_ray.modules import filter_paths, find_modules
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_db import use_db
from cosmic_ray.work_item import MutationSpec

from tests.mutants.baseline import Baseline


@dataclass(frozen=True)
class Mutant:
    """One fault: where it is, what the line was and becomes, and who executes it.

    ``places`` are the lines that are executed with its own, each with its file; ``refuses`` says
    that it decides only whether an argument is refused; ``chapters`` and ``tests`` are in the order
    in which they are to be asked.
    """

    module: str
    function: str
    number: int
    line: str
    becomes: str
    spec: MutationSpec
    places: frozenset[tuple[str, int]]
    refuses: bool = False
    chapters: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()

    def tried_by(self, chapters: Sequence[Baseline], tests: Sequence[Baseline] = ()) -> Mutant:
        """Note who executes it, the likeliest to notice first, for the time that it takes."""
        return replace(self, chapters=self._executed_by(chapters), tests=self._executed_by(tests))

    def _executed_by(self, baselines: Sequence[Baseline]) -> tuple[str, ...]:
        """Name those that execute it.

        A constant is executed by all that import its module, and matters to those that execute
        much of it.
        """
        (file,) = {file for file, _ in self.places}

        def price(baseline: Baseline) -> float:
            return baseline.seconds / sum(where == file for where, _ in baseline.lines)

        able = sorted((b for b in baselines if b.lines & self.places), key=price)
        return tuple(b.judge for b in able)

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What names it when lines have moved."""
        return self.module, self.function, self.line, self.becomes

    def __str__(self) -> str:
        place = f"{self.module}.py:{self.number} {self.function}"
        return f"{place}\n  - {self.line}\n  + {self.becomes}"


def make_mutants(settings: ConfigDict, only: Mapping[str, str] | None = None) -> list[Mutant]:
    """List the representative mutants of the working folder's library, as the source has them.

    With ``only``, those of some lines: by file, named from the library's folder, the lines' text.
    """
    folder = Path(settings["module-path"])
    wanted = [folder / file for file in (settings["modules"] if only is None else only)]
    specs = sorted(_specs(wanted, settings), key=lambda spec: (spec.module_path, spec.start_pos))
    sources = {path: path.read_text("utf8") for path in {spec.module_path for spec in specs}}
    together = {path: lines_together(source) for path, source in sources.items()}
    refusals = {path: lines_of_refusals(source) for path, source in sources.items()}
    mutants = []
    for spec in specs:
        path, (number, _) = spec.module_path, spec.start_pos
        file = path.relative_to(folder).as_posix()
        if only is not None and sources[path].splitlines()[number - 1].strip() not in only[file]:
            continue
        places = frozenset((file, line) for line in together[path][number])
        mutated = mutate_code(sources[path], get_operator(spec.operator_name)(), spec.occurrence)
        if not is_program(mutated) or is_no_operator(sources[path], spec):
            continue
        line, becomes = change(sources[path], mutated)
        module, function = file.removesuffix(".py"), spec.definition_name or ""
        refuses = number in refusals[path]
        mutants.append(Mutant(module, function, number, line, becomes, spec, places, refuses))
    return mutants


def _specs(paths: Iterable[Path], settings: ConfigDict) -> Iterator[MutationSpec]:
    modules = filter_paths(find_modules(paths), settings["excluded-modules"])
    with tempfile.TemporaryDirectory() as scratch, use_db(Path(scratch, "mutants")) as database:
        init(sorted(modules), database, {})
        for item in database.work_items:
            (spec,) = item.mutations
            if is_kept(spec.operator_name, settings.sub("filters", "representative")["keep"]):
                yield spec


def is_kept(operator: str, keep: Iterable[str]) -> bool:
    """Whether an operator is among the representative ones."""
    return any(re.fullmatch(pattern, operator) for pattern in keep)


def is_program(source: str) -> bool:
    """Whether Python can read it at all: what it cannot read, any test would notice."""
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


def is_no_operator(source: str, spec: MutationSpec) -> bool:
    """Whether what cosmic-ray takes for `*` or `**` has no left side, as in ``f(a, *, b)``."""
    if "ReplaceBinaryOperator" not in spec.operator_name:
        return False
    row, column = spec.start_pos
    lines = source.splitlines()
    before = " ".join([*lines[: row - 1], lines[row - 1][:column]])
    return before.rstrip()[-1:] in tuple("([{,:=")


def change(source: str, mutated: str) -> tuple[str, str]:
    """The lines that differ, without their indentation, before and after; several become one."""
    before, after = source.splitlines(), mutated.splitlines()
    for end in (0, -1):
        while before and after and before[end] == after[end]:
            del before[end], after[end]
    return " ".join(map(str.strip, before)), " ".join(map(str.strip, after))


def lines_together(source: str) -> dict[int, set[int]]:
    """For each line, the lines that are executed with it: its statement's, or its header's.

    Python reports a statement of several lines by some of them only.
    """
    together: dict[int, set[int]] = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            end = body[0].lineno - 1 if body else node.end_lineno
            start = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
            lines = set(range(start, max(end, node.lineno) + 1))
            for line in lines:  # walked from the outside in: the innermost statement stays
                together[line] = lines
    return together


def lines_of_refusals(source: str) -> set[int]:
    """The lines of conditions that decide only whether something is raised."""
    return {
        line
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.If) and not node.orelse and isinstance(node.body[-1], ast.Raise)
        for line in range(node.test.lineno, (node.test.end_lineno or 0) + 1)
    }
