"""All steps of gradient descent in one kernel: the points are read once and stay on the chip."""

# No annotations from __future__: the compiler reads the types as they stand.
import triton
import triton.language as tl


@triton.jit
def descend(
    x_at, y_at, theta_at, out_at, scale_at, n, steps, first: tl.constexpr, rest: tl.constexpr
):
    """Take all steps for up to first + rest points, both powers of two, with one program."""
    i = tl.arange(0, first)
    j = first + tl.arange(0, rest)
    x0 = tl.load(x_at + i, mask=i < n, other=0.0)
    y0 = tl.load(y_at + i, mask=i < n, other=0.0)
    x1 = tl.load(x_at + j, mask=j < n, other=0.0)
    y1 = tl.load(y_at + j, mask=j < n, other=0.0)
    a = tl.load(theta_at)
    b = tl.load(theta_at + 1)
    scale = tl.load(scale_at)  # 2 rate / n; as an argument it would be rounded to 32 bits
    for _ in range(steps):
        r0 = tl.where(i < n, a * x0 + b - y0, 0.0)
        r1 = tl.where(j < n, a * x1 + b - y1, 0.0)
        down_a = tl.sum(r0 * x0) + tl.sum(r1 * x1)
        down_b = tl.sum(r0) + tl.sum(r1)
        a -= scale * down_a
        b -= scale * down_b
    tl.store(out_at, a)
    tl.store(out_at + 1, b)
