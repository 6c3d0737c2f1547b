"""The theatre as it stands on the net, in a network of its own: front.py SOCKET HOST CERTIFICATE KEY COMMAND…

Run inside `unshare --net --mount`: on HOST's ports 80 and 443 it hands every request on to the server behind SOCKET, as
the theatre's own proxy does, and runs the command beside it. Nobody outside can be asked from here, nor asks.
"""

import http.client
import socket
import ssl
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Thread

PASSED_ON = ("Host", "Accept", "Origin", "Cookie", "Access-Control-Request-Method")


class Behind(http.client.HTTPConnection):
    """A connection to the server behind the socket."""

    def __init__(self, path: str) -> None:
        super().__init__("behind")
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


class Front(BaseHTTPRequestHandler):
    """Says on which way somebody came, and nothing of itself."""

    protocol_version = "HTTP/1.1"
    behind, scheme = "", "http"

    def hand_on(self) -> None:
        said = {name: self.headers[name] for name in PASSED_ON if name in self.headers}
        caller = Behind(self.behind)
        caller.request(
            self.command,
            self.path,
            headers={**said, "X-Forwarded-Proto": self.scheme, "X-Forwarded-For": "192.0.2.7"},
        )
        answer = caller.getresponse()
        body = answer.read()
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "content-length", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        caller.close()

    do_GET = do_HEAD = do_OPTIONS = hand_on

    def log_message(self, *_: object) -> None:
        """Nothing."""


def listen(port: int, behind: str, tls: ssl.SSLContext | None) -> None:
    scheme = "https" if tls else "http"
    server = ThreadingHTTPServer(
        ("127.0.0.1", port), type("Way", (Front,), {"behind": behind, "scheme": scheme})
    )
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, daemon=True).start()


def main(behind: str, host: str, certificate: str, key: str, *command: str) -> int:
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with NamedTemporaryFile("w", suffix=".hosts") as hosts:
        Path(hosts.name).write_text(f"127.0.0.1 localhost {host}\n")
        subprocess.run(["mount", "--bind", hosts.name, "/etc/hosts"], check=True)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate, key)
        listen(80, behind, None)
        listen(443, behind, tls)
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
