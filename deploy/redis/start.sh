#!/bin/sh
# Starts Redis or Valkey with the two users of users.acl; of their passwords it keeps hashes only.
#
# `tertulia` has the data commands of the types that the engine keeps, on its own keys, and what else it
# calls by name. Not each data command by name: during an upgrade, the new version is there before Redis
# knows its rights.
#
# REDIS_PASSWORD        for `tertulia`: the workers and bots
# REDIS_ADMIN_PASSWORD  for `admin`: whoever looks after the server
# REDIS_MAXMEMORY       as Redis writes it, `2gb`; 0: all there is
# REDIS_DATA            where the append-only file lies; /data
# REDIS_USERS           where the users' file is written; /run/redis/users.acl
set -eu
: "${REDIS_PASSWORD:?set it: the workers and bots sign in with it}"
: "${REDIS_ADMIN_PASSWORD:?set it: it is needed to look after the server}"
here=$(dirname "$0")
users=${REDIS_USERS:-/run/redis/users.acl}

hash() { printf %s "$1" | sha256sum | cut -d ' ' -f 1; }

sed -e "s/{app}/$(hash "$REDIS_PASSWORD")/" -e "s/{admin}/$(hash "$REDIS_ADMIN_PASSWORD")/" \
    "$here/users.acl" >"$users"

server=$(basename "$(command -v valkey-server || command -v redis-server)")
set -- "$server" "$here/redis.conf" --dir "${REDIS_DATA:-/data}" --aclfile "$users" \
    --maxmemory "${REDIS_MAXMEMORY:-0}" "$@"
unset REDIS_PASSWORD REDIS_ADMIN_PASSWORD
# The images' entry point goes on as their own user, who owns /data.
if [ "$(id -u)" = 0 ] && command -v docker-entrypoint.sh >/dev/null; then
    exec docker-entrypoint.sh "$@"
fi
exec "$@"
