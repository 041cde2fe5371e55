#!/usr/bin/env bash
# GNU inetutils' telnet 2.4 (Debian 12's `telnet`), at a terminal, sends some bytes of UTF-8 text as telnet commands.
#
# On a port other than 23 it negotiates nothing by itself, and as long as nobody has negotiated TRANSMIT-BINARY (RFC 856) it
# looks for the terminal's control keys in the lower seven bits of each byte. So a line of plain text loses every byte
# whose lower seven bits are Ctrl-C, Ctrl-Z or Ctrl-\ (Ctrl-O, too), and the peer is sent IP, SUSP or BRK (AO) in its place,
# with DO TIMING-MARK behind. (Ctrl-] is its escape key: U+201D, whose last byte is 0x9D, opens the prompt `telnet>`.)
#
# Seen with inetutils-telnet 2:2.4-2+deb12u3, typed lines and what a server receives:
#   Ñ  c3 91 0d 0a                     as it is
#   Ú  c3 ff ed ff fd 06 0d 0a         0x9A became IAC SUSP
#   Ü  c3 ff f3 ff fd 06 0d 0a         0x9C became IAC BRK
#   Ã  c3 ff f4 ff fd 06 0d 0a         0x83 became IAC IP
# A server that says IAC DO TRANSMIT-BINARY (ff fd 00) gets IAC WILL TRANSMIT-BINARY and then every line as it was typed:
#   Ú  c3 9a 0a
#
# Exits with 0 while that is so. Needs apt-get and dpkg (Debian 12, amd64), script (util-linux) and node.
set -euo pipefail
export LC_ALL=C.UTF-8

package=inetutils-telnet=2:2.4-2+deb12u3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -o APT::Sandbox::User=root download "$package" >/dev/null
dpkg-deb -x inetutils-telnet_*.deb .
telnet=$folder/usr/bin/inetutils-telnet

cat >listen.mjs <<'JS'
import { createServer } from 'node:net'
const [first = ''] = process.argv.slice(2)
const heard = []
const server = createServer(socket => {
  socket.write(Buffer.from(first, 'hex'))
  socket.on('data', chunk => {
    heard.push(chunk)
    if (Buffer.concat(heard).includes('fin')) socket.end()
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    console.log(Buffer.concat(heard).toString('hex').replace(/../g, '$& ').trim())
    server.close()
  })
}).listen(0, '127.0.0.1', () => console.error(server.address().port))
JS

# What a server receives that says the first thing, when these lines are typed at telnet on a pseudo-terminal.
received() {
  local first=$1 port=
  shift
  rm -f port
  timeout 30 node listen.mjs "$first" >out 2>port &
  local listener=$!
  until port=$(cat port 2>/dev/null) && [ -n "$port" ]; do sleep 0.05; done
  mkfifo typed
  script -qec "$telnet 127.0.0.1 $port" /dev/null <typed >screen &
  exec 3>typed
  until grep -q 'Escape character' screen; do sleep 0.05; done
  # Binary is agreed upon before anything is typed.
  [ -z "$first" ] || sleep 1
  for line in "$@" fin; do printf '%s\n' "$line" >&3; sleep 0.2; done
  wait "$listener" || true
  exec 3>&-
  rm typed
  cat out
}

failed=0
check() {
  local what=$1 wanted=$2 found=$3
  if [ "$found" = "$wanted" ]; then echo "as described: $what: $found"
  else echo "CHANGED: $what: $found, where it was $wanted"; failed=1; fi
}

fin='66 69 6e 0d 0a'
check 'Ñ' "c3 91 0d 0a $fin" "$(received '' Ñ)"
check 'Ú' "c3 ff ed ff fd 06 0d 0a $fin" "$(received '' Ú)"
check 'Ü' "c3 ff f3 ff fd 06 0d 0a $fin" "$(received '' Ü)"
check 'Ã' "c3 ff f4 ff fd 06 0d 0a $fin" "$(received '' Ã)"
check 'Ú, in binary' 'ff fb 00 c3 9a 0a 66 69 6e 0a' "$(received fffd00 Ú)"
exit "$failed"
