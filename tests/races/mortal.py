"""A worker to be killed: for each line on stdin it forks a child that stops itself and, woken, serves one request.

Forking costs milliseconds where starting Django costs seconds, so every system call can be tried. The child has its
connection to the database already, as a worker has that is at work.
"""

import ctypes
import os
import signal
import sys
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.db import connection
from django.test import Client

from config.wsgi import application

PR_SET_PTRACER = 0x59616D61  # let a strace that is not our parent attach
ANYBODY = ctypes.c_ulong(-1)


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nothing: what was asked is known to who asked."""


def serve_one() -> None:
    server = make_server(
        "127.0.0.1", 0, application, handler_class=Quiet
    )  # its own: the next one inherits no caller
    connection.ensure_connection()
    print(os.getpid(), server.server_port, flush=True)
    ctypes.CDLL(None).prctl(PR_SET_PTRACER, ANYBODY, 0, 0, 0)
    os.kill(os.getpid(), signal.SIGSTOP)
    server.handle_request()
    os._exit(0)


def main() -> None:
    Client().post("/api/v1/holds", b"{}", content_type="application/json")  # loads what a first request loads
    connection.close()
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            serve_one()
        print(os.waitpid(child, 0)[1], flush=True)


main()
