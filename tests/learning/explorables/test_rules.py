"""The rules in the browser. Oracle: `learning.optimization.rules`, defaults included."""

import numpy as np
import pytest

from learning.explorables.base import bundle
from learning.optimization import AdaGrad, Adam, Descent, Momentum, RMSProp

from .node import call

TWELVE_DIGITS = 1e-12
REPLAY = """
export function replay(name, options, halvings, start, gradients) {
  const rate = halvings ? (step) => options.rate / (1 + step / halvings) : options.rate;
  const rule = RULES[name]({ ...options, rate });
  let step = 0;
  const { path, memories } = follow(rule, () => gradients[step++], start, gradients.length);
  return [path, memories];
}
export const names = () => Object.keys(RULES);
"""
CASES = [
    ("descent", Descent, {}),
    ("momentum", Momentum, {}),
    ("momentum", Momentum, {"beta": 0.4, "nesterov": True}),
    ("nesterov", lambda **how: Momentum(nesterov=True, **how), {}),
    ("adagrad", AdaGrad, {}),
    ("adagrad", AdaGrad, {"epsilon": 0.3}),
    ("rmsprop", RMSProp, {}),
    ("rmsprop", RMSProp, {"beta": 0.5, "epsilon": 0.3}),
    ("adam", Adam, {}),
    ("adam", Adam, {"beta1": 0.5, "beta2": 0.9, "epsilon": 0.3, "decay": 0.2}),
]


@pytest.fixture(scope="module")
def gradients():
    """Thirty gradients of very different sizes, so that no rule sees only its favourites."""
    generator = np.random.default_rng(5)
    return generator.normal(size=(30, 3)) * [1e-3, 1.0, 1e3]


@pytest.mark.parametrize("halvings", [0, 7], ids=["a rate", "a schedule"])
def test_a_rule_is_that_of_the_library_in_every_step_and_in_all_that_it_remembers(
    tmp_path, gradients, halvings
):
    start = np.array([1.0, -2.0, 0.5])
    calls = [
        ("replay", name, {"rate": 0.3, **how}, halvings, start.tolist(), gradients.tolist())
        for name, _, how in CASES
    ]
    offered, *got = call(bundle("rules.js") + REPLAY, [("names",), *calls], tmp_path)
    assert set(offered) == {name for name, _, _ in CASES}
    rate = (lambda step: 0.3 / (1 + step / halvings)) if halvings else 0.3
    for (name, kind, how), (path, memories) in zip(CASES, got, strict=True):
        rule = kind(rate=rate, **how)
        theta, memory = start, rule.begin(start)
        for step, gradient in enumerate(gradients):
            assert len(memories[step]) == len(memory), name
            theta, memory = rule.update(theta, gradient, memory, step)
            assert path[step + 1] == pytest.approx(theta, rel=TWELVE_DIGITS, abs=1e-12), name
            for ours, theirs in zip(memories[step + 1], memory, strict=True):
                # A velocity is a sum whose terms may cancel: digits are of the largest of them.
                size = np.abs(gradients[: step + 1]).max(axis=0)
                assert np.all(np.abs(ours - theirs) <= TWELVE_DIGITS * (np.abs(theirs) + size))
