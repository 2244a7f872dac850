"""A socket that listens at the address of the settings."""

from __future__ import annotations

import errno
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digital_life.errors import DigitalLifeError


@dataclass(frozen=True, slots=True)
class Refusals:
    """What is raised where it cannot be: an error with one of these keys."""

    error: type[DigitalLifeError]
    address: str
    """The host is none of this machine's."""
    busy: str
    """Another program has the port."""
    forbidden: str
    """The port is for the administrator alone."""
    other: str


def bind(host: str, port: int, refusals: Refusals) -> socket.socket:
    """Raises what `refusals` says, with what to do."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        every = host == "::" and socket.has_dualstack_ipv6()
        return socket.create_server((str(address[0]), port), family=family, dualstack_ipv6=every)
    except socket.gaierror as error:
        raise refusals.error(refusals.address, host=host) from error
    except OSError as error:
        keys = {
            errno.EADDRNOTAVAIL: refusals.address,
            errno.EADDRINUSE: refusals.busy,
            errno.EACCES: refusals.forbidden,
        }
        key = keys.get(error.errno or 0, refusals.other)
        raise refusals.error(key, host=host, port=port, cause=error.strerror or error) from error
