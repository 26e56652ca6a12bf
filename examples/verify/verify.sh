#!/bin/sh
# Says whether a request that you have kept was signed with a secret. For a look by hand: it compares
# no times, and the key stands in the list of processes for a moment.
#
#   WEBHOOK_SECRET=whsec_… sh verify.sh <webhook-id> <webhook-timestamp> <webhook-signature> <file with the body>
set -eu
id=$1 timestamp=$2 signatures=$3 file=$4

key=$(printf %s "${WEBHOOK_SECRET#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')
digest=$({ printf '%s.%s.' "$id" "$timestamp" && cat "$file"; } |
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A)

case " $signatures " in
  *" v1,$digest "*) echo 'the signature fits' ;;
  *) echo 'no signature fits' >&2 && exit 1 ;;
esac
