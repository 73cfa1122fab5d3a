"""Proves that the seal holds: a planted outside call must fail here, and a loopback call must work. Run by .ci/run."""

import socket
import sys

# An address of the block that is kept for documentation: nobody answers there, and nothing is sent to anybody.
OUTSIDE = ("192.0.2.1", 443)


def main() -> int:
    """0 when the outside cannot be reached and loopback can."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        socket.create_connection(server.getsockname(), timeout=2).close()
    try:
        socket.create_connection(OUTSIDE, timeout=2).close()
    except TimeoutError:
        sys.stderr.write("the planted call was not refused but swallowed: this is not the sealed network\n")
        return 1
    except OSError as error:
        sys.stdout.write(f"The planted outside call failed as it must: {error}\n")
        return 0
    sys.stderr.write("the planted call reached the outside\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
