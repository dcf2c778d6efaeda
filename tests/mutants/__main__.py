"""``python -m tests.mutants``: make mutants of a library, and see which its judges notice.

The chapters judge ``lib/learning``; what none of them notices, its unit tests are asked. They alone
are asked of a condition that only refuses something, since no chapter passes a wrong argument. The
checker's own tests judge ``lib/nbtolerance``. The exit status is 1 where a mutant survives and the
table in ``equivalent/`` gives no reason for it, or where the table and the mutants disagree.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shlex
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from cosmic_ray.config import ConfigDict, load_config
from cosmic_ray.mutating import mutate_and_test, use_mutation
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_item import TestOutcome, WorkerOutcome

from tests.mutants.baseline import ROOT, Baseline, command, copy_tree, environment, run_baselines
from tests.mutants.mutants import Mutant, make_mutants
from tests.mutants.serving import Server, serving
from tests.mutants.table import Excuse, complaints, excused, read_table

HERE = Path(__file__).parent
LIBRARIES = ("learning", "nbtolerance")
RECORD = ROOT / "_build" / "mutants.json"
AT_ONCE = 40  # tests: what the first notice, the files of the others are not read for
UNWANTED = ("survived", "killed, though in the table")
WIDTH = 24  # of a module's name
VERDICTS = ("killed", "survived", "equivalent", "unit test", "refusal", "not used")


def main(arguments: Sequence[str] | None = None) -> int:
    """Make, select, try and report; returns the exit status."""
    options = _parser().parse_args(arguments)
    settings, table = settings_of(options.library), read_table(table_of(options.library))
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        tree = Path(folder).resolve()
        copy_tree(tree)
        os.environ.update(environment(tree))
        with contextlib.chdir(tree):
            made = make_mutants(settings)
            selected = select(made, options)
            print("asking every judge once without a mutant …", flush=True)
            chapters, tests = run_baselines(tree, settings)
            mutants = [mutant.tried_by(chapters, tests) for mutant in selected]
            with serving(tree, settings["tests"]) as server:
                verdicts = try_all(mutants, [*chapters, *tests], settings, table, server)
    wrong = list(complaints(table, made))
    print("\n".join(report(mutants, verdicts, wrong)))
    return int(bool(wrong) or any(verdict in UNWANTED for verdict in verdicts))


def settings_of(library: str) -> ConfigDict:
    """The settings for a library: what holds for all, and its own."""
    settings = load_config(HERE / "cosmic-ray.toml")
    return ConfigDict(settings | settings[library])


def table_of(library: str) -> Path:
    """The file that excuses a library's survivors."""
    return HERE / "equivalent" / f"{library}.toml"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m tests.mutants", description=__doc__)
    parser.add_argument("names", nargs="*", help="modules or functions; all, where none is given")
    parser.add_argument("--library", choices=LIBRARIES, default=LIBRARIES[0], help="of which")
    parser.add_argument("--sample", type=int, metavar="N", help="only N of them, drawn at random")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    parser.add_argument(
        "--survivors", action="store_true", help="only those that survived the last time"
    )
    parser.add_argument(
        "--continue", dest="resume", action="store_true", help="only those without a verdict yet"
    )
    return parser


def select(made: Sequence[Mutant], options: argparse.Namespace) -> list[Mutant]:
    """Pick the mutants that the options ask for.

    Raises
    ------
    SystemExit
        If there is none of a name.
    """
    named = list(made)
    if options.names:
        known = {name for m in made for name in (m.module, m.function)}
        if unknown := set(options.names) - known:
            raise SystemExit(f"no mutant is in {', '.join(sorted(unknown))}")
        named = [m for m in made if {m.module, m.function} & set(options.names)]
    if options.survivors:
        survived = {tuple(key) for key, verdict in _recorded() if verdict in UNWANTED}
        named = [m for m in named if m.key in survived]
    if options.sample is not None and options.sample < len(named):
        chosen = random.Random(options.seed).sample(range(len(named)), options.sample)
        named = [named[i] for i in sorted(chosen)]
    if options.resume:
        tried = {tuple(key) for key, _ in _recorded()}
        named = [m for m in named if m.key not in tried]
    return named


def try_all(
    mutants: Sequence[Mutant],
    baselines: Sequence[Baseline],
    settings: ConfigDict,
    table: Sequence[Excuse],
    server: Server,
) -> list[str]:
    """Try one mutant after the other, in the working folder, and say how it goes."""
    seconds = {baseline.judge: baseline.seconds for baseline in baselines}
    least = sum(seconds[first] for m in mutants for first in (*m.chapters, *m.tests)[:1])
    print(f"{len(mutants)} mutants, at least {least / 60:.0f} minutes", flush=True)
    verdicts: list[str] = []
    start = time.monotonic()
    for number, mutant in enumerate(mutants, 1):
        verdicts.append(judge(mutant, seconds, settings, table, server))
        _record(mutants, verdicts)
        left = (time.monotonic() - start) / number * (len(mutants) - number)
        shown = f"[{number}/{len(mutants)}, {left / 60:.0f} min left] {verdicts[-1]}: {mutant}"
        print(shown if verdicts[-1] in UNWANTED else shown.splitlines()[0], flush=True)
    return verdicts


def judge(
    mutant: Mutant,
    seconds: dict[str, float],
    settings: ConfigDict,
    table: Sequence[Excuse],
    server: Server,
) -> str:
    """Ask the chapters that execute a mutant's line, where chapters judge, and then the tests.

    Where the line only decides whether an argument is refused, ask the tests at once.

    Raises
    ------
    RuntimeError
        If the mutant could not be tried.
    """
    by_chapters, excuse = "chapter-command" in settings, excused(mutant, table)
    if not (mutant.chapters if by_chapters else mutant.tests):
        return "not used"

    def limit(judges: Sequence[str]) -> float:
        return settings.timeout + 5 * sum(seconds[judge] for judge in judges)

    def noticed_by_chapters() -> bool:
        checks = [command(settings["chapter-command"], chapter) for chapter in mutant.chapters]
        return not mutant.refuses and not _passes(
            mutant, " && ".join(checks), limit(mutant.chapters)
        )

    def noticed_by_tests() -> bool:
        return not _pass(mutant, server, limit(mutant.tests))

    if (noticed_by_chapters if by_chapters else noticed_by_tests)():
        return "killed, though in the table" if excuse else "killed"
    if excuse:
        return "equivalent"
    if by_chapters and noticed_by_tests():
        return "refusal" if mutant.refuses else "unit test"
    return "survived"


def _passes(mutant: Mutant, commands: str, limit: float) -> bool:
    """Whether all goes well with the mutant in the library, as if there were nothing wrong."""
    result = mutate_and_test([mutant.spec], f"sh -c {shlex.quote(commands)}", limit)
    if result.worker_outcome != WorkerOutcome.NORMAL:
        raise RuntimeError(f"could not try {mutant}\n{result.output}")
    return bool(result.test_outcome == TestOutcome.SURVIVED)


def _pass(mutant: Mutant, server: Server, limit: float) -> bool:
    """Whether all of a mutant's tests pass with it in the library."""
    spec, tests = mutant.spec, mutant.tests
    groups = (tests[i : i + AT_ONCE] for i in range(0, len(tests), AT_ONCE))
    with use_mutation(spec.module_path, get_operator(spec.operator_name)(), spec.occurrence):
        return all(server.passes(group, limit) for group in groups)


def _recorded() -> list[tuple[list[str], str]]:
    return json.loads(RECORD.read_text("utf8")) if RECORD.is_file() else []


def _record(mutants: Sequence[Mutant], verdicts: Sequence[str]) -> None:
    """Keep what is known, so that a long run can be cut off; others' verdicts stay."""
    new = dict(zip((mutant.key for mutant in mutants), verdicts, strict=False))
    old = {tuple(key): verdict for key, verdict in _recorded()}
    RECORD.parent.mkdir(exist_ok=True)
    RECORD.write_text(json.dumps([*(old | new).items()], indent=1), "utf8")


def report(
    mutants: Sequence[Mutant], verdicts: Sequence[str], wrong: Iterable[str]
) -> Iterable[str]:
    """The table by module, the lines that no judge executes, and what has to be mended."""
    counts = Counter(zip((m.module for m in mutants), verdicts, strict=True))
    yield (
        f"\n{'module':{WIDTH}}"
        + "".join(f"{verdict:>12}" for verdict in VERDICTS)
        + "   share killed"
    )
    for module in [*dict.fromkeys(m.module for m in mutants), "all"]:
        row = {
            verdict: sum(n for (m, v), n in counts.items() if v == verdict and module in (m, "all"))
            for verdict in set(verdicts) | set(VERDICTS)
        }
        shown = "".join(f"{row[verdict]:12}" for verdict in VERDICTS)
        yield f"{module:{WIDTH}}{shown}{_share(row):>15}"
    unused: dict[str, set[int]] = {}
    for mutant, verdict in zip(mutants, verdicts, strict=True):
        if verdict == "not used":
            unused.setdefault(mutant.module, set()).add(mutant.number)
    for module, numbers in unused.items():
        yield f"no judge executes {module}.py: {', '.join(map(str, sorted(numbers)))}"
    for mutant, verdict in zip(mutants, verdicts, strict=True):
        if verdict in UNWANTED:
            yield f"{verdict.upper()} {mutant}"
    yield from (f"IN THE TABLE, BUT {text}" for text in wrong)


def _share(row: Mapping[str, int]) -> str:
    """What the judges kill, of all that they execute and that could change what they show."""
    killed = row["killed"] + row.get("killed, though in the table", 0)
    counted = sum(row.values()) - row["equivalent"] - row["refusal"] - row["not used"]
    return f"{killed / counted:.1%}" if counted else "-"


if __name__ == "__main__":
    sys.exit(main())
