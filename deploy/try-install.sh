#!/usr/bin/env bash
# Does what docs/install.md says, its own blocks, in a fresh folder and with a simulated Telegram:
# installs, sets up, starts and hears a first answer; upgrades, rolls back, and hears another each time.
#
# Needs no root and leaves nothing behind. The paths of the page get the fresh folder in front;
# sudo, apt-get, useradd and systemctl are played by the functions below.
set -euo pipefail

checkout=$(cd "$(dirname "$0")/.." && pwd)
fresh=$(mktemp -d)
service=0
telegram=0
trap 'systemctl stop telekonsul; kill "$telegram" 2>/dev/null || true; rm -rf "$fresh"' EXIT

sudo() {
  if [ "$1" = -iu ]; then # as that person, in their home
    shift 2
    (cd "$fresh/var/lib/telekonsul" && PATH="$fresh/usr/local/bin:$PATH" "$@" ${answers:+"${answers[@]}"})
  else
    "$@"
  fi
}
apt-get() { for name in git make python3; do command -v "$name" >/dev/null; done; }
useradd() { mkdir -p "$fresh/var/lib/telekonsul"; }
install() { mkdir -p "${!#}"; } # the folder is its last word
systemctl() {
  local unit="$fresh/opt/telekonsul/deploy/telekonsul.service" line
  case "$1" in
    enable | start)
      line=$(sed -n 's/^ExecStart=//p' "$unit")
      cd "$fresh$(sed -n 's/^WorkingDirectory=//p' "$unit")"
      $fresh$line 2>>"$fresh/log" &
      service=$!
      cd - >/dev/null
      ;;
    stop)
      [ "$service" = 0 ] || kill "$service" 2>/dev/null || true
      while [ "$service" != 0 ] && kill -0 "$service" 2>/dev/null; do sleep 0.1; done
      service=0
      ;;
  esac
}

# The blocks of one chapter, with the fresh folder in front of every path that belongs to us.
blocks() {
  awk -v title="$1" '/^##+ / { on = $0 == title } /^```/ { run = on && $0 == "```sh"; next } on && run' \
    "$checkout/docs/install.md" |
    sed -E "s#(^|[ \"])(/(opt|var/lib|var/backups)/telekonsul|/usr/local/bin)#\1$fresh\2#g"
}
follow() {
  local steps
  steps=$(blocks "$1")
  [ -n "$steps" ] || { echo "docs/install.md has no steps under «$1»" >&2; exit 1; }
  eval "$steps"
}
answered() { # in time, or the log says why not
  echo "$1" >&"$to_telegram"
  IFS= read -r -t 60 line <&"$from_telegram" || { cat "$fresh/log" >&2; exit 1; }
  echo "  $1 → $line"
  while IFS= read -r -t 3 line <&"$from_telegram"; do :; done # the rest of that answer
}

mkdir -p "$fresh/opt" "$fresh/usr/local/bin"
touch "$fresh/log"
REPOSITORY=$checkout
follow "## 1. Install"

coproc TELEGRAM { exec "$fresh/opt/telekonsul/.venv/bin/python" "$checkout/deploy/first_message.py"; }
telegram=$TELEGRAM_PID
exec {from_telegram}<&"${TELEGRAM[0]}" {to_telegram}>&"${TELEGRAM[1]}"
read -r TELEGRAM_API_URL token <&"$from_telegram"
export TELEGRAM_API_URL HTTP_PORT=0

cat >"$fresh/answers.toml" <<END
token = "$token"
code = "99990001"
name = "Puskesmas Percobaan"
responsible = "dr. Percobaan"
contact = "di loket pendaftaran"
admins = "1"
hours = "Senin sampai Jumat jam 8 sampai 14 WIB"
backup_dir = "$fresh/var/backups/telekonsul"
END
answers=(--from "$fresh/answers.toml")
follow "## 2. Answer seven questions"
answers=()
follow "## 3. Start"
answered "halo"

follow "## Upgrade"
answered "apakah masih ada?"

follow "### Roll back"
answered "dan sekarang?"
echo "Installed, set up and started, upgraded, rolled back: answered each time."
