"""Godot 4 as a web page: the engine's own web build in a headless Chromium, with a project packed by hand.

The page posts every line that the game prints. A browser has no TCP, so `Relay` turns WebSockets into connections.
"""

from __future__ import annotations

import base64
import hashlib
import socket
import struct
import subprocess
import threading
from collections.abc import Callable
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from programs import GODOT_PROJECT, require_tool

START_S = 60.0
PAGE = """<!doctype html><body><canvas id="canvas" width="640" height="360"></canvas><script src="index.js"></script>
<script>
let waiting = [], order = Promise.resolve();
const tell = (...words) => waiting.push(words.join(" "));
setInterval(() => {
  if (!waiting.length) return;
  const body = waiting.join("\\n");
  waiting = [];
  order = order.then(() => fetch("/say", {method: "POST", body}));
}, 50);
new Engine({args: [], canvasResizePolicy: 0, executable: "index", mainPack: "game.pck", fileSizes: {},
  gdextensionLibs: [],
  onPrint: tell, onPrintError: (...words) => tell("stderr", ...words), onExit: () => tell("exit")})
  .startGame({}).catch(error => tell("stderr", error));
</script></body>"""
CHROMIUM_OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--autoplay-policy=no-user-gesture-required",
    "--no-first-run",
)
WEBSOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def pack(files: dict[str, bytes]) -> bytes:
    """Godot's .pck, format 2, of files by their path in the project."""
    head = struct.pack("<4s4I", b"GDPC", 2, 4, 0, 0) + struct.pack("<IQ", 0, 0) + bytes(64)
    paths = {name: ("res://" + name).encode() for name in files}
    padded = {name: path + bytes(-len(path) % 4) for name, path in paths.items()}
    at = len(head) + 4 + sum(4 + len(path) + 36 for path in padded.values())
    table = struct.pack("<I", len(files))
    for name, data in files.items():
        table += struct.pack("<I", len(padded[name])) + padded[name]
        table += struct.pack("<QQ", at, len(data)) + hashlib.md5(data).digest() + struct.pack("<I", 0)
        at += len(data)
    return head + table + b"".join(files.values())


def project(main_scene: str) -> dict[str, bytes]:
    """The sample's files and those of the test's pages, with another scene to begin with."""
    files = {}
    for folder in (GODOT_PROJECT, Path(__file__).with_name("project4")):
        for path in folder.rglob("*"):
            if path.is_file():
                files[path.relative_to(folder).as_posix()] = path.read_bytes()
    files["project.godot"] = files["project.godot"].replace(b"walk.tscn", main_scene.encode())
    return files


class WebGame:
    """A running page. `lines` is what the game printed; lines that begin with `stderr` are its errors."""

    def __init__(self, chromium: str, build: Path, profile: Path, files: dict[str, bytes]) -> None:
        self.lines: list[str] = []
        self._changed = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(build, pack(files), self._hear))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        command = [chromium, *CHROMIUM_OPTIONS, f"--user-data-dir={profile}"]
        address = f"http://127.0.0.1:{self._server.server_port}/"
        self._browser = subprocess.Popen([*command, address], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def _hear(self, text: str) -> None:
        with self._changed:
            self.lines += text.split("\n")
            self._changed.notify_all()

    def wait_for(self, condition: Callable[[], object], limit_s: float) -> bool:
        """Whether the condition, asked after each line, came true in time."""
        with self._changed:
            return bool(self._changed.wait_for(condition, limit_s))

    def close(self) -> None:
        self._browser.terminate()
        self._browser.wait()
        self._server.shutdown()
        self._server.server_close()


def _handler(build: Path, packed: bytes, hear: Callable[[str], None]) -> type[SimpleHTTPRequestHandler]:
    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(build))  # type: ignore[arg-type]

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            if self.path == "/":
                self._answer(PAGE.encode(), "text/html")
            elif self.path == "/game.pck":
                self._answer(packed, "application/octet-stream")
            else:
                super().do_GET()

        def do_POST(self) -> None:
            hear(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self._answer(b"", "text/plain")

        def _answer(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


class Relay:
    """`ws://HOST/PORT` becomes a TCP connection to that port of this machine."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"ws://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                browser, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=_serve, args=(browser,), daemon=True).start()

    def close(self) -> None:
        self._listener.close()


def _serve(browser: socket.socket) -> None:
    with browser:
        request = b""
        while b"\r\n\r\n" not in request:
            request += browser.recv(4096)
        lines = request.decode().split("\r\n")
        try:
            service = socket.create_connection(("127.0.0.1", int(lines[0].split()[1].strip("/"))))
        except OSError:
            return
        with service:
            for end in (browser, service):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            browser.sendall(_upgrade(lines))
            threading.Thread(target=_to_browser, args=(service, browser), daemon=True).start()
            try:
                _to_service(browser, service)
            except OSError:
                return


def _upgrade(lines: list[str]) -> bytes:
    key = next(line.split(":", 1)[1].strip() for line in lines if line.lower().startswith("sec-websocket-key"))
    accept = base64.b64encode(hashlib.sha1((key + WEBSOCKET_GUID).encode()).digest()).decode()
    answer = ("HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade")
    return "\r\n".join((*answer, f"Sec-WebSocket-Accept: {accept}", "", "")).encode()


def _to_browser(service: socket.socket, browser: socket.socket) -> None:
    try:
        while data := service.recv(65536):
            browser.sendall(_frame(data))
        browser.sendall(bytes([0x88, 0]))
    except OSError:
        return


def _frame(data: bytes) -> bytes:
    if len(data) < 126:
        return bytes([0x82, len(data)]) + data
    size = struct.pack(">BH", 126, len(data)) if len(data) < 65536 else struct.pack(">BQ", 127, len(data))
    return b"\x82" + size + data


def _to_service(browser: socket.socket, service: socket.socket) -> None:
    stream = browser.makefile("rb")
    while len(head := stream.read(2)) == 2 and head[0] & 15 != 8:
        size = head[1] & 127
        if size >= 126:
            size = int.from_bytes(stream.read(2 if size == 126 else 8), "big")
        mask, data = stream.read(4), stream.read(size)
        pattern = (mask * (size // 4 + 1))[:size]
        plain = int.from_bytes(data, "big") ^ int.from_bytes(pattern, "big")
        service.sendall(plain.to_bytes(size, "big"))


def lines_of_page(build: Path, profile: Path, files: dict[str, bytes], last_line: str) -> list[str]:
    """The lines that a game prints until its last one has come."""
    game = WebGame(require_tool("chromium", "chromium"), build, profile, files)
    finished = game.wait_for(lambda: last_line in game.lines, START_S)
    game.close()
    assert finished, game.lines[-20:]
    return game.lines
