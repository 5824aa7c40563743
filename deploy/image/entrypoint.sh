#!/bin/sh
# What the image runs: `worker`, `slack` or `discord` alone are processes; all else is the command line's.
set -eu
case "$#:${1-}" in
1:worker) exec python -m engine ;;
1:slack) exec python -m bots.slackbot ;;
1:discord) exec python -m bots.discordbot ;;
*) exec tertulia "$@" ;;
esac
