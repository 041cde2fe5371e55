"""The lab's own design, after its description: a thread per client, a lock around the list of clients, an insert per
message, and the message sent to one client after another. Lines end with a newline, so that messages do not depend on
packets."""

import socket
import sqlite3
import sys
import threading

clients = {}
lock = threading.Lock()
database = sqlite3.connect(sys.argv[2], check_same_thread=False)
database.execute("PRAGMA synchronous = FULL")
database.execute("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, username TEXT UNIQUE, password TEXT)")
database.execute("CREATE TABLE messages (id INTEGER PRIMARY KEY, user_id INTEGER, message TEXT, created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP)")
database.executemany("INSERT INTO users VALUES (?, ?, ?, 'x')", [(i + 1, f"B{i}", f"b{i}") for i in range(6000)])
database.commit()


def authenticate(username, password):
    with lock:
        return database.execute("SELECT id, name FROM users WHERE username = ? AND password = ?", (username, password)).fetchone()


def serve(connection):
    lines = connection.makefile("r", encoding="utf-8", newline="\n")
    connection.sendall("¿Deseas (1) Iniciar sesión o (2) Registrarte?: ".encode())
    lines.readline()
    connection.sendall("Ingrese su nombre de usuario: ".encode())
    username = lines.readline().strip()
    connection.sendall("Ingrese su contraseña: ".encode())
    user = authenticate(username, lines.readline().strip())
    connection.sendall(f"Bienvenido {user[1]}!\n".encode())
    with lock:
        clients[connection] = username
    for line in lines:
        message = line.rstrip("\n")
        with lock:
            database.execute("INSERT INTO messages (user_id, message) VALUES (?, ?)", (user[0], message))
            database.commit()
            text = f"{username}: {message}\n".encode()
            for client in clients:
                if client is not connection:
                    client.sendall(text)


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=4096)
threading.stack_size(256 * 1024)
print("listening", flush=True)
while True:
    accepted, _ = listener.accept()
    accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    threading.Thread(target=serve, args=(accepted,), daemon=True).start()
