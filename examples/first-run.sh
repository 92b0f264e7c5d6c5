#!/bin/sh
# From a sentence to a contract on a chain, with nothing but curl.
#
#   npm start                     in one terminal: the server, its database and a local chain
#   sh examples/first-run.sh      in another one, in the same folder
#
# Elsewhere, say where the server is and who you are:
#
#   SLIPWAY_URL=http://127.0.0.1:4280 SLIPWAY_API_KEY=slip_… sh examples/first-run.sh
set -eu

prompt=${1:-Create an ERC20 token called GameCoin with 10M supply, 18 decimals, and burn functionality}

fail() {
  echo "first-run: $*" >&2
  exit 1
}

# The first text that a JSON field holds: `text_of field file`. Enough here; programs take a real JSON parser.
text_of() {
  grep -o "\"$1\":\"[^\"]*\"" "$2" | head -n 1 | cut -d '"' -f 4
}

# ---- Where is the server, and who are we? It leaves both in its data directory, for whoever works in this folder.

data=${SLIPWAY_DATA:-.slipway}
url=${SLIPWAY_URL:-}
key=${SLIPWAY_API_KEY:-}
if [ -z "$url" ]; then
  [ -r "$data/server.json" ] || fail "no server runs in this folder. Start one with: npm start"
  url=$(text_of url "$data/server.json")
fi
if [ -z "$key" ]; then
  [ -r "$data/api-key" ] || fail "there is no key in $data/api-key. Set SLIPWAY_API_KEY"
  key=$(cat "$data/api-key")
fi

umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# In a file, because everybody on this machine can read a command line.
echo "Authorization: Bearer $key" > "$work/headers"

# One request: `call METHOD path [more of curl's options]`. Leaves the reply in $work/reply and its status in $status.
call() {
  method=$1 path=$2
  shift 2
  status=$(curl --silent --show-error --request "$method" "$url$path" --header @"$work/headers" \
    --output "$work/reply" --write-out '%{http_code}' "$@") || fail "nothing answers at $url"
}

# An error says what is wrong, and what to do about it.
fail_with_reply() {
  echo "first-run: the server answered $status:" >&2
  cat "$work/reply" >&2
  echo >&2
  exit 1
}

# ---- 1. Ask for the whole way in one request: generate, compile, audit, gate, deploy.

echo "Asking $url for:"
echo "  $prompt"

# `Prefer: wait=60` keeps the request open until the work is done: 200 then, and 202 when it takes longer.
# The `Idempotency-Key` makes it safe to send the same request again when the connection breaks.
escaped=$(printf '%s' "$prompt" | sed 's/\\/\\\\/g; s/"/\\"/g' | tr '\n\t' '  ')
call POST /api/v1/pipelines \
  --header 'Content-Type: application/json' \
  --header 'Prefer: wait=60' \
  --header "Idempotency-Key: first-run-$$-$(date +%s)" \
  --data "{\"generate\": {\"prompt\": \"$escaped\"}, \"deploy\": {\"network\": \"local\"}}"
case $status in 200 | 202) ;; *) fail_with_reply ;; esac
pipeline=$(text_of id "$work/reply")

# ---- 2. Read what became of it. A pipeline is there to be read at any time; a slow one is asked for again.

tries=0
while [ "$(text_of state "$work/reply")" = running ] || [ "$(text_of state "$work/reply")" = queued ]; do
  tries=$((tries + 1))
  [ "$tries" -le 120 ] || fail "the pipeline $pipeline is still not done; read it at $url/api/v1/pipelines/$pipeline"
  sleep 1
  call GET "/api/v1/pipelines/$pipeline"
  [ "$status" = 200 ] || fail_with_reply
done
state=$(text_of state "$work/reply")
echo "Pipeline $pipeline: $state"
[ "$state" = succeeded ] || fail_with_reply

# ---- 3. The deployment: proven by its receipt, and by the code that is at the address now.

deployment=$(grep -o '"deployment":{"id":"[^"]*"' "$work/reply" | cut -d '"' -f 6)
call GET "/api/v1/deployments/$deployment"
[ "$status" = 200 ] || fail_with_reply

echo "Deployment $deployment: $(text_of status "$work/reply")"
echo "  transaction  $(text_of transactionHash "$work/reply")"
grep -q '"codeMatches":true' "$work/reply" && echo "  code         equals the build"
echo "  address      $(text_of address "$work/reply")"
echo
echo "Read it again:  curl --header \"Authorization: Bearer \$(cat $data/api-key)\" $url/api/v1/deployments/$deployment"
echo "All addresses:  $url/docs"
