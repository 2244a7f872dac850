"""Sound of any format as the ears, or whoever plays it, want it, piece by piece."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import soxr

from digital_life.values import RATE


class Converted:
    """Linear PCM as mono, signed 16-bit little-endian; `width` bytes a sample, one byte unsigned."""

    def __init__(self, *, rate: int, width: int, channels: int, wanted: int = RATE) -> None:
        """`wanted` is the rate of what comes of it."""
        self._width = width
        self._channels = channels
        self._resampler = soxr.ResampleStream(rate, wanted, 1, dtype="float32") if rate != wanted else None
        self._rest = b""
        """Less than a sample of all channels."""

    def feed(self, pcm: bytes) -> bytes:
        pcm = self._rest + pcm
        whole = len(pcm) - len(pcm) % (self._width * self._channels)
        self._rest = pcm[whole:]
        return self._resampled(self._samples(pcm[:whole]), last=False)

    def close(self) -> bytes:
        """What the resampler holds back; nothing may be fed after it."""
        return self._resampled(np.zeros(0, dtype=np.float32), last=True)

    def _samples(self, pcm: bytes) -> npt.NDArray[np.float32]:
        """From -1 to 1, the mean of the channels."""
        samples = np.frombuffer(pcm, dtype=np.uint8).reshape(-1, self._width)
        if self._width == 1:
            whole = (samples.astype(np.int32) - 128) << 24
        else:
            whole = np.zeros((len(samples), 4), dtype=np.uint8)
            whole[:, 4 - self._width :] = samples
            whole = whole.view("<i4")
        mean: npt.NDArray[np.float32] = (whole.reshape(-1, self._channels) / 2**31).mean(axis=1).astype(np.float32)
        return mean

    def _resampled(self, samples: npt.NDArray[np.float32], *, last: bool) -> bytes:
        if self._resampler:
            samples = self._resampler.resample_chunk(samples, last=last)
        return np.clip(np.rint(samples * 32768), -32768, 32767).astype("<i2").tobytes()
