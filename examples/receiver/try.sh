#!/bin/sh
# A receiver on this machine, and a webhook of a running Posthorn that sends it what Logto would, as Logto
# would. Ctrl-C ends both. In the folder of the repository:
#
#   REDIS_URL=redis://… sh examples/receiver/try.sh
set -eu
: "${REDIS_URL:?is where its queue is to be: the Redis that npm start prints will do}"
export SIGNING_KEY="${SIGNING_KEY:-a signing key for trying it}" PORT="${PORT:-8080}"
PATH="$PWD/node_modules/.bin:$PATH" # The Node of this repository.
posthorn() { npm run --silent posthorn -- "$@"; }

webhook=$(posthorn --json webhooks create --to "http://127.0.0.1:$PORT" --name 'try.sh' \
  --format logto --signature logto --secret "$SIGNING_KEY" | node -p 'JSON.parse(fs.readFileSync(0)).id')
# Ctrl-C reaches the receiver too, so it may be gone.
trap 'kill $receiver 2> /dev/null || true; posthorn webhooks delete "$webhook"' EXIT
trap 'exit 0' INT TERM
node examples/receiver/http.mjs &
receiver=$!
wait
