"""One search on many machines: each looks at its own points, and all take the same step.

`shard` deals the points out, `average_over` turns a gradient on some points into the gradient on
all, computed together, and `train` is the loop that can be killed and goes on from its last
checkpoint. `launch` starts it on several processes of this machine; on a cluster, torchrun does:
see ``python -m learning.parallel --help``. `ring_all_reduce` shows how the machines add up, and
`step_time` what that costs.

Torch is imported where ranks join, and nowhere else.
"""

from learning.parallel.checkpoint import Checkpoint, load, save, write_whole
from learning.parallel.columns import in_pieces, open_columns
from learning.parallel.cost import Machines, break_even, step_time
from learning.parallel.launch import launch
from learning.parallel.ranks import Alone, Ranks, average_over
from learning.parallel.ring import ring_all_reduce
from learning.parallel.shards import padded_shard, shard, weighted_mean
from learning.parallel.training import read_log, train

__all__ = [
    "Alone",
    "Checkpoint",
    "Machines",
    "Ranks",
    "average_over",
    "break_even",
    "in_pieces",
    "launch",
    "load",
    "open_columns",
    "padded_shard",
    "read_log",
    "ring_all_reduce",
    "save",
    "shard",
    "step_time",
    "train",
    "weighted_mean",
    "write_whole",
]
