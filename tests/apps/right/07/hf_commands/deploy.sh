#!/usr/bin/env bash
# Deploy backend/ and frontend/ with hf, the Hub's own command.
set -euo pipefail
cd "$(dirname "$0")"

# Neither a progress bar nor a look for updates has a place in a log.
export HF_HUB_DISABLE_PROGRESS_BARS=1 HF_HUB_DISABLE_UPDATE_CHECK=1

read_json() { python -c "import json,sys; print(json.load(sys.stdin)['$1'])"; }

# hf shows a traceback when the connection breaks, of which the last line tells enough.
tell_end() { grep -v -e '^ ' -e '^Traceback' | tail -n 8 >&2 || true; }

hub() {
  if ! said=$(hf "$@" 2>&1); then
    echo "Not deployed: hf $1 $2 went wrong." >&2
    echo "$said" | tell_end
    exit 1
  fi
  echo "$said"
}

: "${HF_TOKEN:?is not set}"
me=$(hub auth whoami --format json)
owner=$(echo "$me" | read_json user)
backend=$owner/${SPACE_NAME:-taskboard}-backend
frontend=$owner/${SPACE_NAME:-taskboard}-frontend

if [ "${1:-}" = --dry-run ]; then
  echo "Would deploy $backend and $frontend."
  exit 0
fi

create() { hub repos create "$1" --type space --sdk docker --exist-ok; }
address() {
  info=$(hub spaces info "$1" --format json)
  echo "$info" | read_json host
}

upload() {
  hub upload "$1" "$2" . --type space --delete '*' --commit-message 'Deploy' \
    --exclude '*.env' --exclude '*.env.*' --exclude '*.venv/*' --exclude 'venv/*' \
    --exclude '*node_modules/*' --exclude '*.next/*' --exclude '*__pycache__/*' --exclude '*.git/*'
}

follow() {
  hf spaces logs "$1" --build --follow 2>/dev/null &
  log=$!
  if ! said=$(hf spaces wait "$1" --timeout "${DEPLOY_TIMEOUT_SECONDS:-900}s" 2>&1); then
    kill "$log" 2>/dev/null || true
    hf spaces logs "$1" --build 2>/dev/null || true
    echo "$said" | tell_end
    echo "Not deployed: the build or the start of $1 went wrong." >&2
    exit 1
  fi
  kill "$log" 2>/dev/null || true
}

try() {
  python - "$1" <<'PYTHON'
import sys
import httpx2

try:
    answer = httpx2.get(sys.argv[1], timeout=10)
except httpx2.HTTPError as error:
    sys.exit(f"Not deployed: {sys.argv[1]} cannot be reached ({error})")
if answer.status_code != 200:
    sys.exit(f"Not deployed: {sys.argv[1]} answers {answer.status_code}")
PYTHON
}

create "$backend"
create "$frontend"
backend_address=$(address "$backend")
frontend_address=$(address "$frontend")

hub spaces variables add "$backend" -e PORT=7860 -e "CORS_ORIGINS=$frontend_address" \
  -e "OPENAI_BASE_URL=$OPENAI_BASE_URL" -e "OPENAI_MODEL=$OPENAI_MODEL"
hub spaces secrets add "$backend" -s DATABASE_URL -s BETTER_AUTH_SECRET -s OPENAI_API_KEY
hub spaces variables add "$frontend" -e PORT=7860 -e "NEXT_PUBLIC_API_URL=$backend_address"

if ! (cd backend && alembic upgrade head >/dev/null 2>&1); then
  echo "Not deployed: run alembic upgrade head in backend/ to see why it fails." >&2
  exit 1
fi

upload "$backend" backend
upload "$frontend" frontend
follow "$backend"
follow "$frontend"
try "$backend_address/health"
try "$backend_address/ready"
try "$frontend_address/login"
echo "Deployed: $frontend_address with $backend_address"
