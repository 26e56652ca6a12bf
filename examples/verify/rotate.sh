#!/bin/sh
# Gives a webhook a new secret; the old one goes on for a day.
#
#   POSTHORN_URL=http://localhost:3000 POSTHORN_KEY=… sh rotate.sh wh_…
set -eu

curl -fsS -X POST "$POSTHORN_URL/v1/webhooks/$1/rotate-secret" \
  -H "authorization: Bearer $POSTHORN_KEY" -H 'content-type: application/json' \
  -d '{"overlapSeconds": 86400}'
