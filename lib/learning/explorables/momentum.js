// What momentum does in a bowl, by the learning rate and the momentum. Nothing here draws. The
// oracle is `learning.optimization.momentum_roots`.

// What a run does along an axis, by the roots of z² - (1 + beta - rate λ) z + beta.
export function kind(curvature, rate, beta) {
  const [push, root] = [rate * curvature, Math.sqrt(beta)];
  if (push >= 2 * (1 + beta)) return "diverges";
  if (push > (1 + root) ** 2) return "jumps from side to side";
  return push > (1 - root) ** 2 ? "swings" : "comes down without a swing";
}

// All settings whose steps leave at most a share of the distance, in the long run and along two
// axes, are a polygon: its corners [rate, beta], from the lower left against the clock.
export function within(share, [large, small]) {
  const [slow, fast] = [1 - share, 1 + share];
  if (slow ** 2 * large > fast ** 2 * small) return []; // smaller than the best share
  const tip = 2 / (large / fast + small / slow);
  const flat = slow * large <= fast * small; // whether it stands on the axis
  const foot = flat ? [[slow / small, 0], [fast / large, 0]] : [[tip, share * ((tip * large) / fast - 1)]];
  return [...foot, [fast ** 2 / large, share ** 2], [slow ** 2 / small, share ** 2]];
}

// Where the roots of an axis coincide: from there on a run swings (sign -1), or jumps (sign 1).
export const border = (curvature, sign, count = 60) =>
  Array.from({ length: count + 1 }, (_, i) => {
    const root = sign < 0 ? 1 - i / count : i / count;
    return [(1 + sign * root) ** 2 / curvature, root * root];
  });

// Polyak's settings: the best in the long run, from the worst start.
export function polyak([large, small]) {
  const [steep, level] = [Math.sqrt(large), Math.sqrt(small)];
  return { rate: 4 / (steep + level) ** 2, beta: ((steep - level) / (steep + level)) ** 2 };
}

// The step from which on a run stays within a goal, or -1 if it is not there at its last step.
export function stays(excess, goal) {
  const last = excess.findLastIndex((value) => !(value <= goal));
  return last === excess.length - 1 ? -1 : last + 1;
}
