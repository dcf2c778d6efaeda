"""Helpers that take NumPy arrays and tensors alike."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from array_api_compat import array_namespace
from numpy.typing import NDArray

if TYPE_CHECKING:
    import torch

Floats = NDArray[np.float64]
Array = TypeVar("Array", "NDArray[np.float64]", "torch.Tensor")


def is_tensor(value: object) -> bool:
    """Tell whether a value is a torch tensor, without importing torch.

    Examples
    --------
    >>> is_tensor(np.array([1.0]))
    False
    """
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def to_numpy(value: Any) -> Any:
    """Return a value as a NumPy array of its own, float64; it may be a tensor of any device.

    Examples
    --------
    >>> to_numpy([1, 2])
    array([1., 2.])
    """
    plain = value.detach().cpu().numpy() if is_tensor(value) else value
    return np.array(plain, dtype=np.float64)


def as_kind_of(value: Any, example: Any) -> Any:
    """Return a value as what an example is: a tensor of its type and device, or a NumPy array.

    Examples
    --------
    >>> as_kind_of([1, 2], np.array([0.5]))
    array([1., 2.])
    """
    if not is_tensor(example):
        return to_numpy(value)
    import torch

    return torch.as_tensor(value, dtype=example.dtype, device=example.device)


def vector(numbers: Sequence[Any]) -> Any:
    """Return p single numbers, or p tensors without axes, as one array of shape (p,).

    Examples
    --------
    >>> vector([3, 8])
    array([3., 8.])
    """
    if not any(is_tensor(number) for number in numbers):
        return np.array(numbers, dtype=np.float64)
    import torch

    return torch.stack([torch.as_tensor(number) for number in numbers])


def flat(pieces: Sequence[Array]) -> Array:
    """Return pieces of any shapes as one array, shape (p,): their entries in order, row by row.

    Examples
    --------
    >>> flat([np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([5.0])])
    array([1., 2., 3., 4., 5.])
    """
    joined: Array = array_namespace(*pieces).concat([piece.reshape(-1) for piece in pieces])
    return joined
