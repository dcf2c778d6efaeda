// Rules: what a search makes of a gradient. They are those of `learning.optimization.rules`, with the
// same defaults, and are checked against them. Nothing here draws.
//
// RULES[name](options) is a rule. `begin(theta)` returns its memory before the first step, a list of
// vectors, and `update(theta, gradient, memory, step)` the next parameters and the next memory; steps
// are counted from 0. Nothing is changed in place. A rate is a number, or a function of the step.

const zero = (theta) => theta.map(() => 0);

const fading = (share, values, news) => values.map((value, i) => share * value + (1 - share) * news[i]);

const squared = (gradient) => gradient.map((g) => g * g);

// Against `along`, each parameter divided by the root of its squares.
const scaled = (theta, rate, along, squares, epsilon) =>
  theta.map((value, i) => value - (rate * along[i]) / (Math.sqrt(squares[i]) + epsilon));

const rateAt = (rate, step) => (typeof rate === "function" ? rate(step) : rate);

// The path goes along a velocity, of which `beta` is kept from step to step.
const momentum = ({ rate, beta = 0.9, nesterov = false }) => ({
  begin: (theta) => [zero(theta)],
  update(theta, gradient, [before], step) {
    const velocity = before.map((v, i) => beta * v + gradient[i]);
    const along = nesterov ? gradient.map((g, i) => g + beta * velocity[i]) : velocity;
    return [theta.map((value, i) => value - rateAt(rate, step) * along[i]), [velocity]];
  },
});

export const RULES = {
  descent: ({ rate }) => ({
    begin: () => [],
    update: (theta, gradient, memory, step) =>
      [theta.map((value, i) => value - rateAt(rate, step) * gradient[i]), memory],
  }),

  momentum,

  nesterov: (options) => momentum({ ...options, nesterov: true }),

  adagrad: ({ rate, epsilon = 1e-10 }) => ({
    begin: (theta) => [zero(theta)],
    update(theta, gradient, [before], step) {
      const squares = before.map((s, i) => s + gradient[i] * gradient[i]);
      return [scaled(theta, rateAt(rate, step), gradient, squares, epsilon), [squares]];
    },
  }),

  rmsprop: ({ rate, beta = 0.99, epsilon = 1e-8 }) => ({
    begin: (theta) => [zero(theta)],
    update(theta, gradient, [before], step) {
      const squares = fading(beta, before, squared(gradient));
      return [scaled(theta, rateAt(rate, step), gradient, squares, epsilon), [squares]];
    },
  }),

  adam: ({ rate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, decay = 0 }) => ({
    begin: (theta) => [zero(theta), zero(theta)],
    update(theta, gradient, before, step) {
      const eta = rateAt(rate, step);
      const mean = fading(beta1, before[0], gradient);
      const squares = fading(beta2, before[1], squared(gradient));
      const [c1, c2] = [1 - beta1 ** (step + 1), 1 - beta2 ** (step + 1)];
      const drawn = theta.map((value) => (1 - eta * decay) * value); // AdamW, if there is a decay
      const [m, s] = [mean.map((value) => value / c1), squares.map((value) => value / c2)];
      return [scaled(drawn, eta, m, s, epsilon), [mean, squares]];
    },
  }),
};

// A run of a rule: the parameters before each step and after the last, and the memory beside each.
export function follow(rule, gradient, start, steps) {
  const [path, memories] = [[start], [rule.begin(start)]];
  for (let step = 0; step < steps; step++) {
    const [theta, memory] = rule.update(path[step], gradient(path[step]), memories[step], step);
    path.push(theta);
    memories.push(memory);
  }
  return { path, memories };
}
