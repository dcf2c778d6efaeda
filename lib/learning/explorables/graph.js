// The graph of a small network's loss at one point, L = (v₁ h₁ + v₂ h₂ + b − y)² with two hidden units
// h = max(0, w x), and the chain rule on it, forward and backward. Nothing here draws.

// What a node computes from its sources, and its local derivatives by them.
const product = { value: (p, q) => p * q, local: (p, q) => [q, p] };
const hinge = { value: (s) => Math.max(0, s), local: (s) => [s > 0 ? 1 : 0] };
const weighed = {
  value: (v1, h1, v2, h2, b) => v1 * h1 + v2 * h2 + b,
  local: (v1, h1, v2, h2) => [h1, v1, h2, v2, 1],
};
const difference = { value: (p, q) => p - q, local: () => [1, -1] };
const square = { value: (r) => r * r, local: (r) => [2 * r] };

export const LEAVES = ["w1", "w2", "x", "v1", "v2", "b", "y"];
export const PARAMETERS = ["w1", "w2", "v1", "v2", "b"];

// The nodes that are computed, each after its sources: its name, theirs, and how.
export const COMPUTED = [
  ["s1", ["w1", "x"], product],
  ["s2", ["w2", "x"], product],
  ["h1", ["s1"], hinge],
  ["h2", ["s2"], hinge],
  ["out", ["v1", "h1", "v2", "h2", "b"], weighed],
  ["r", ["out", "y"], difference],
  ["loss", ["r"], square],
];
export const LAST = 2 * COMPUTED.length; // steps: all nodes forward, and back through each

export const EDGES = COMPUTED.flatMap(([name, sources]) => sources.map((source) => [source, name]));

// The node that a step is about, the first being number 1.
export const nodeAt = (step) => COMPUTED[step <= COMPUTED.length ? step - 1 : LAST - step];

// All values, of the nodes' and of the leaves'.
export function forward(leaves) {
  const values = { ...leaves };
  for (const [name, sources, { value }] of COMPUTED) values[name] = value(...sources.map((source) => values[source]));
  return values;
}

export const locals = (values, [, sources, { local }]) => local(...sources.map((source) => values[source]));

// The loss's derivatives that are known after some steps back, each step through one node to its
// sources. What comes to a node on several ways adds up.
export function backward(values, steps = COMPUTED.length) {
  const slopes = steps > 0 ? { loss: 1 } : {};
  for (const node of COMPUTED.toReversed().slice(0, Math.max(steps, 0))) {
    locals(values, node).forEach((local, i) => {
      const source = node[1][i];
      slopes[source] = (slopes[source] ?? 0) + slopes[node[0]] * local;
    });
  }
  return slopes;
}

// The parameter to which the loss responds most.
export function strongest(slopes) {
  const sizes = PARAMETERS.map((name) => Math.abs(slopes[name]));
  return PARAMETERS[sizes.indexOf(Math.max(...sizes))];
}

// How far the parameters' derivatives are from quotients of differences, which do not use the chain
// rule; relative to the largest, if that is above 1.
export function disagreement(leaves, slopes, h = 1e-5) {
  const lossAt = (name, nudge) => forward({ ...leaves, [name]: leaves[name] + nudge }).loss;
  const apart = PARAMETERS.map((name) => Math.abs((lossAt(name, h) - lossAt(name, -h)) / (2 * h) - slopes[name]));
  return Math.max(...apart) / Math.max(1, Math.abs(slopes[strongest(slopes)]));
}

// One step of gradient descent. It only uses the derivatives; where they come from is another matter.
export function descended(leaves, slopes, rate) {
  const moved = PARAMETERS.map((name) => [name, leaves[name] - rate * slopes[name]]);
  return { ...leaves, ...Object.fromEntries(moved) };
}
