"""Whose voice it is, as a vector: the CAM++ network of 3D-Speaker, trained on Chinese and English voices."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from digital_life.backends import checkpoint
from digital_life.backends.filterbank import BANDS, STEP, filterbank
from digital_life.backends.network import Network
from digital_life.backends.onnx import open_network
from digital_life.errors import ModelError
from digital_life.values import RATE

NAME = "campplus-zh-en-advanced-1"
"""The last number is of how its sound is prepared here: with another, vectors could not be compared."""
DIMENSION = 192
LONGEST_S = 4
"""It looks at the last 4 s of voice: more takes longer, and with 3 s as few were mistaken as with all of a sentence."""
LEAST = 30
"""Frames of 10 ms with a voice in them, below which there is nothing to be told."""
LOUD = 0.95
BELOW = 40 * math.log(10) / 10
"""A voice is at most 40 dB below its own loudest, which one frame in twenty is louder than."""
FAINTEST = -11.0
"""Logarithm of the energy of a frame below which nobody speaks: -60 dB of full scale, about."""
SEGMENT = 100
"""Frames of 20 ms that share a context."""
BLOCKS = ((12, 1), (24, 2), (16, 2))
"""Layers of each dense block, and how far apart the frames are at which one looks."""
EPSILON = 1e-5
"""Of batch normalisation."""
Array = npt.NDArray[np.float32]
Weights = Mapping[str, npt.NDArray[np.float32]]


class CamPlusPlus:
    """SpeakerEmbedding."""

    name = NAME
    dimension = DIMENSION

    def __init__(self, path: Path, *, threads: int = 1) -> None:
        """Read the checkpoint at `path`. Raises ModelError."""
        weights = checkpoint.read(path)
        try:
            written = _network(weights)
        except KeyError as error:
            raise ModelError("model-broken", path=path, cause=error) from error
        self._session = open_network(written, path=path, threads=threads)

    def seconds(self, pcm: bytes) -> float:
        return len(_voiced(pcm)) * STEP / RATE

    def embed(self, pcm: bytes) -> bytes:
        bands = _voiced(pcm)[-LONGEST_S * RATE // STEP :]
        if len(bands) < LEAST:
            raise ModelError("speaker-short")
        frames = (len(bands) + 1) // 2
        shares, members = _segments(frames)
        given = {
            "bands": (bands - bands.mean(axis=0)).T[None, None],
            "shares": shares,
            "members": members,
            "freedom": np.array([frames / (frames - 1)], np.float32),
        }
        try:
            (vector,) = self._session.run(None, given)
        except Exception as error:  # onnxruntime raises classes of its own, one a cause
            raise ModelError("speaker-failed", cause=error) from error
        flat = vector.reshape(-1)
        unit: bytes = (flat / max(float(np.linalg.norm(flat)), 1e-9)).astype("<f4").tobytes()
        return unit


def _voiced(pcm: bytes) -> Array:
    """The bands of the frames that are loud enough to be a voice: silence has nothing of it."""
    bands = filterbank((np.frombuffer(pcm, dtype="<i2") / np.float32(32768)).astype(np.float32))
    if not len(bands):
        return bands
    loudness = np.log(np.exp(bands).sum(axis=1))
    voiced: Array = bands[loudness > max(np.quantile(loudness, LOUD) - BELOW, FAINTEST)]
    return voiced


def _segments(frames: int) -> tuple[Array, Array]:
    """What each frame adds to the context of each segment, and which frames belong to it.

    The context is the mean of the segment and that of everything.
    """
    of = np.arange(frames) // SEGMENT
    members = (of[None] == np.arange(of[-1] + 1)[:, None]).astype(np.float32)
    shares = members / members.sum(axis=1, keepdims=True) + np.float32(1 / frames)
    return np.ascontiguousarray(shares.T), members


def _network(weights: Weights) -> bytes:
    """As https://github.com/modelscope/3D-Speaker describes it, with the weights of the checkpoint."""
    network = Network(
        {"bands": (1, 1, BANDS, "time"), "shares": ("half", "parts"), "members": ("parts", "half"), "freedom": (1,)}
    )
    layers = _Layers(network, weights)
    sound = layers.head("bands")
    sound = layers.normal(layers.convolve(sound, "xvector.tdnn.linear", stride=2, pads=2), "xvector.tdnn.nonlinear")
    for number, (count, apart) in enumerate(BLOCKS, start=1):
        for layer in range(1, count + 1):
            sound = layers.dense(sound, f"xvector.block{number}.tdnnd{layer}", apart)
        sound = layers.normal(sound, f"xvector.transit{number}.nonlinear")
        sound = layers.convolve(sound, f"xvector.transit{number}.linear")
    sound = layers.normal(sound, "xvector.out_nonlinear")
    return network.written(layers.embedding(layers.statistics(sound)), (1, DIMENSION, 1))


class _Layers:
    """The kinds of layers that it has. Each takes the name of its input, and of its weights."""

    def __init__(self, network: Network, weights: Weights) -> None:
        self._network = network
        self._weights = weights

    def head(self, sound: str) -> str:
        """Time and frequency as a picture, in the end 10 lines of 32 kinds."""
        sound = self._relu(self._folded(sound, "head.conv1", "head.bn1"))
        for layer in (1, 2):
            for block in (0, 1):
                sound = self._residual(sound, f"head.layer{layer}.{block}", stride=2 - block)
        sound = self._relu(self._folded(sound, "head.conv2", "head.bn2", stride=2))
        shape = self._network.weight(np.array([1, 32 * BANDS // 8, -1]))
        return self._network.node("Reshape", [sound, shape])

    def dense(self, sound: str, name: str, apart: int) -> str:
        """What it makes of `sound`, weighted by its context, beside all that came before."""
        inner = self.normal(sound, f"{name}.nonlinear1")
        inner = self.normal(self.convolve(inner, f"{name}.linear1"), f"{name}.nonlinear2")
        local = self.convolve(inner, f"{name}.cam_layer.linear_local", pads=apart, dilation=apart)
        context = self._network.node("MatMul", [inner, "shares"])
        context = self._relu(self.convolve(context, f"{name}.cam_layer.linear1"))
        weight = self._network.node("Sigmoid", [self.convolve(context, f"{name}.cam_layer.linear2")])
        weighted = self._network.node("Mul", [local, self._network.node("MatMul", [weight, "members"])])
        return self._network.node("Concat", [sound, weighted], axis=1)

    def convolve(self, sound: str, name: str, *, stride: int = 1, pads: int = 0, dilation: int = 1) -> str:
        """Along time."""
        weight = self._weights[f"{name}.weight"]
        inputs = [sound, self._network.weight(weight)]
        if f"{name}.bias" in self._weights:
            inputs.append(self._network.weight(self._weights[f"{name}.bias"]))
        return self._network.node("Conv", inputs, strides=(stride,), pads=(pads, pads), dilations=(dilation,))

    def normal(self, sound: str, name: str) -> str:
        """Normalised, and nothing below zero."""
        scale, shift = (self._network.weight(each[:, None]) for each in self._normalising(f"{name}.batchnorm"))
        sound = self._network.node("Mul", [sound, scale])
        return self._relu(self._network.node("Add", [sound, shift]))

    def statistics(self, sound: str) -> str:
        """Mean and standard deviation over time."""
        mean = self._network.node("ReduceMean", [sound], axes=(2,), keepdims=1)
        away = self._network.node("Sub", [sound, mean])
        square = self._network.node("Mul", [away, away])
        variance = self._network.node("ReduceMean", [square], axes=(2,), keepdims=1)
        variance = self._network.node("Mul", [variance, "freedom"])
        return self._network.node("Concat", [mean, self._network.node("Sqrt", [variance])], axis=1)

    def embedding(self, statistics: str) -> str:
        made = self.convolve(statistics, "xvector.dense.linear")
        scale, shift = (self._network.weight(each[:, None]) for each in self._normalising("xvector.dense.nonlinear"))
        return self._network.node("Add", [self._network.node("Mul", [made, scale]), shift])

    def _residual(self, sound: str, name: str, *, stride: int) -> str:
        """What two convolutions add to the sound itself."""
        inner = self._relu(self._folded(sound, f"{name}.conv1", f"{name}.bn1", stride=stride))
        inner = self._folded(inner, f"{name}.conv2", f"{name}.bn2")
        if f"{name}.shortcut.0.weight" in self._weights:
            sound = self._folded(sound, f"{name}.shortcut.0", f"{name}.shortcut.1", stride=stride)
        return self._relu(self._network.node("Add", [inner, sound]))

    def _folded(self, sound: str, name: str, normal: str, *, stride: int = 1) -> str:
        """A convolution over frequency and time, and the normalisation after it in one."""
        weight = self._weights[f"{name}.weight"]
        scale, shift = self._normalising(normal)
        inputs = [self._network.weight(weight * scale[:, None, None, None]), self._network.weight(shift)]
        pad = weight.shape[-1] // 2
        return self._network.node("Conv", [sound, *inputs], strides=(stride, 1), pads=(pad,) * 4)

    def _relu(self, sound: str) -> str:
        return self._network.node("Relu", [sound])

    def _normalising(self, name: str) -> tuple[Array, Array]:
        """A factor and a summand for each kind."""
        if f"{name}.running_mean" not in self._weights:
            name = f"{name}.batchnorm"
        mean, variance = self._weights[f"{name}.running_mean"], self._weights[f"{name}.running_var"]
        scale = self._weights.get(f"{name}.weight", np.ones_like(mean)) / np.sqrt(variance + EPSILON)
        return scale, self._weights.get(f"{name}.bias", np.zeros_like(mean)) - mean * scale
