#!/bin/sh
# A visitor with nothing but curl. Takes $URL, and a $TOKEN that opens no chat yet; prints the token that opens theirs.
set -eu

post() {
  curl --silent --show-error --fail-with-body "$URL$1" \
    --header "authorization: Bearer $2" --header "content-type: application/json" --data "$3"
}

requested=$(post /v1/visitor/chat "$TOKEN" '{"name":"Zoe Lee","email":"zoe@home.example"}')
token=$(printf %s "$requested" | sed 's/.*"token":"\([^"]*\)".*/\1/')
post /v1/visitor/chat/messages "$token" '{"text":"Do you deliver to Berlin?"}' > /dev/null
printf %s "$token"
