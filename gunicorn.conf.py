"""gunicorn as it serves the atlas on Linux, behind a proxy: ``gunicorn 'app:server()'`` in this folder finds it."""

import os

# Threads, so that a connection that says nothing stops nobody.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 8
worker_connections = 1000
backlog = 2048
# Longer than a viewer pauses, and than nginx keeps a connection to us: who closes first must be the one who asks.
keepalive = 75
timeout = 60
graceful_timeout = 30
# The map is read once, before the workers part, and a store that is ill ends the start with its sentence.
preload_app = True
loglevel = "warning"
control_socket_disable = True
