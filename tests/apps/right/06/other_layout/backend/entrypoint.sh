#!/bin/sh
[ -z "$DATABASE_URL" ] || python3 -m alembic upgrade head
exec python3 -m uvicorn app.main:app --host 0.0.0.0 --port "${PORT}" --timeout-graceful-shutdown 5
