// The time of a step by its three limits. Nothing here draws. The oracle is
// `learning.optimization.Roofline`.

export const LIMITS = ["floor", "bytes", "operations"];

// The machine with one thing exchanged for a better one.
export const BOUGHT = ["as measured", "half the floor", "twice the bytes", "twice the operations"];

export function exchanged({ floor, bandwidth, speed }, bought) {
  const better = BOUGHT.indexOf(bought);
  return { floor: floor / (better === 1 ? 2 : 1), bandwidth: bandwidth * (better === 2 ? 2 : 1), speed: speed * (better === 3 ? 2 : 1) };
}

// The seconds of each limit by itself, for so many bytes and operations.
export const parts = ({ floor, bandwidth, speed }, { bytes, operations }) =>
  ({ floor, bytes: bytes / bandwidth, operations: operations / speed });

export function time(machine, asked) {
  const { floor, bytes, operations } = parts(machine, asked);
  return floor + Math.max(bytes, operations);
}

export function limit(machine, asked) {
  const each = parts(machine, asked);
  return LIMITS.reduce((best, name) => (each[name] > each[best] ? name : best));
}

// A duration with three digits and a unit that suits it.
export function lasting(seconds) {
  const units = [[1, "s"], [1e-3, "ms"], [1e-6, "µs"], [0, "ns"]];
  const [size, unit] = units.find(([least]) => seconds >= 0.9995 * least);
  return `${Number((seconds / (size || 1e-9)).toPrecision(3))} ${unit}`;
}
