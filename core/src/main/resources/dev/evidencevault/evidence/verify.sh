#!/bin/sh
# Verifies an unpacked evidence bundle with stock tools: that no file was changed,
# added or taken away since the vault signed. What it does not check it says at
# the end. It needs sha256sum, OpenSSL 3.0 or later, and what POSIX has; it writes
# nothing into the bag and opens no connection.
#
# It comes with the bundle: whoever can alter the one can alter the other. Read it,
# it is short, or take the copy that belongs to Evidence Vault.

set -u
LC_ALL=C
export LC_ALL
umask 077

usage() {
  cat <<'END'
Usage: sh verify.sh [--key KEY] [--tsa-root FILE] [BAG]

  --key KEY        the vault's public key, which you have from who runs the vault;
                   without it, the key in proofs/scope.json is taken
  --tsa-root FILE  the root certificates (PEM) of the time stamp authorities;
                   without it, time stamps are not checked
  BAG              the unpacked bag, if it is not where this script lies

Exit codes: 0 passed, 1 something is missing on this machine, 2 usage, 3 failed.
END
}

misused() {
  printf 'verify.sh: %s\n' "$1" >&2
  usage >&2
  exit 2
}

key= root= bag=
while [ $# -gt 0 ]; do
  case $1 in
    --help) usage; exit 0 ;;
    --key) [ $# -gt 1 ] && [ -n "$2" ] || misused '--key needs a key'; key=$2; shift ;;
    --tsa-root) [ $# -gt 1 ] && [ -n "$2" ] || misused '--tsa-root needs a file'; root=$2; shift ;;
    -*) misused "there is no option $1" ;;
    *) [ -z "$bag" ] && [ -n "$1" ] || misused 'expected one bag'; bag=$1 ;;
  esac
  shift
done
[ -n "$bag" ] || bag=$(dirname "$0")
case $bag in /*) ;; *) bag=./$bag ;; esac
case $root in ''|/*) ;; *) root=$PWD/$root ;; esac
[ -z "$root" ] || [ -r "$root" ] || misused "$root cannot be read"
cd "$bag" 2>/dev/null || misused "$bag is no directory"

missing() {
  printf 'verify.sh: %s\n' "$1" >&2
  exit 1
}

for tool in sha256sum openssl od comm mktemp; do
  command -v "$tool" >/dev/null || missing "$tool is not there"
done
case $(openssl version) in
  'OpenSSL '[3-9].* | 'OpenSSL '[1-9][0-9]*) ;;
  *) missing "expected OpenSSL 3.0 or later, found $(openssl version)" ;;
esac
work=$(mktemp -d) || missing 'there is no room for temporary files'
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

failures=0

passed() {
  printf 'passed: %s\n' "$1"
}

# Shows a text from the bundle as one that a terminal does not obey.
failed() {
  printf 'failed: %s\n' "$(printf %s "$1" | tr -c ' -~' '?')"
  failures=$((failures + 1))
}

finish() {
  cat <<'END'
not checked: that the records are those of the log, and that none is missing; the order,
  the anchor, signatures with ML-DSA-44, lines of witnesses, the spelling of the ZIP file.
  These check them: evault verify BUNDLE.zip, python3 evault_verify.py BUNDLE.zip
END
  [ -n "$root" ] || echo 'not checked: time stamps (--tsa-root FILE)'
  [ -n "$key" ] || echo 'not checked: whose key it is (--key KEY)'
  if [ "$failures" -eq 0 ]; then
    echo PASSED
    exit 0
  fi
  echo FAILED
  exit 3
}

# 1. Both manifests have the spelling of the format; data/ is in the one, all else in the other.

part='[A-Za-z0-9_-][A-Za-z0-9._-]*'
spelled=0
for manifest in manifest-sha256.txt tagmanifest-sha256.txt; do
  if [ ! -f "$manifest" ] || [ -h "$manifest" ] || [ ! -s "$manifest" ]; then
    failed "$manifest is missing"
  elif grep -qv "^[0-9a-f]\{64\}  $part\(/$part\)*\$" "$manifest"; then
    failed "$manifest has a line that is not a digest, two spaces and a path"
  else
    cut -c 67- "$manifest" >"$work/$manifest"
    spelled=$((spelled + 1))
  fi
done
[ "$spelled" -eq 2 ] || finish
if grep -qv '^data/' "$work/manifest-sha256.txt" || grep -q '^data/' "$work/tagmanifest-sha256.txt"; then
  failed 'a file is listed in the wrong manifest: data/ belongs to manifest-sha256.txt'
fi

# 2. The files that are listed are there, and nothing else.

before=$failures
signatures=signature.note
! grep -q '"postQuantumKey":"' proofs/scope.json 2>/dev/null || signatures='signature.note signature-ml-dsa.note'
# shellcheck disable=SC2086
printf '%s\n' $signatures tagmanifest-sha256.txt |
  sort - "$work/manifest-sha256.txt" "$work/tagmanifest-sha256.txt" >"$work/listed"
find . ! -type d | sed 's,^\./,,' | sort >"$work/found"
if [ -n "$(find . ! -type d ! -type f)" ]; then
  failed 'there is something that is no regular file'
fi
comm -23 "$work/listed" "$work/found" >"$work/gone"
comm -13 "$work/listed" "$work/found" >"$work/added"
while read -r name; do failed "$name is listed and not there, or listed twice"; done <"$work/gone"
while read -r name; do failed "$name is in no manifest"; done <"$work/added"

: >"$work/parents"
cp "$work/listed" "$work/below"
while [ -s "$work/below" ]; do
  sed -n 's,/[^/]*$,,p' "$work/below" | sort -u >"$work/above"
  cat "$work/above" >>"$work/parents"
  mv "$work/above" "$work/below"
done
sort -u "$work/parents" >"$work/expected"
find . -type d ! -name . | sed 's,^\./,,' | sort >"$work/directories"
cmp -s "$work/expected" "$work/directories" || failed 'there is an empty directory, or one is missing'
[ "$failures" -eq "$before" ] || finish
passed "the bag has the $(grep -c '' "$work/listed") files that it should have, and no other"

# 3. Each file has its digest.

for manifest in manifest-sha256.txt tagmanifest-sha256.txt; do
  if sha256sum -c "$manifest" >"$work/compared" 2>/dev/null; then
    passed "all files in $manifest have their SHA-256"
  else
    grep -v ': OK$' "$work/compared" >"$work/changed"
    [ -s "$work/changed" ] || failed "not all files in $manifest could be compared"
    while read -r line; do failed "was changed: $line"; done <"$work/changed"
  fi
done

# 4. signature.note is the vault's signature (Ed25519, or ECDSA over P-384) over the tag manifest, and over the file of the
#    second signature if there has to be one, in its one spelling.
#    C2SP signed-note: a key is NAME+HASH+BASE64(type || key), and its hash the first four bytes of
#    SHA-256(NAME || 0x0A || 0x01 || key) for Ed25519, of type 1, and of SHA-256(key) for ECDSA, of type 2; a signature is
#    BASE64(hash || signature).

# Decodes what is base64 in its one spelling, at least and at most of so many bytes.
decode() {
  case $1 in '' | *[!A-Za-z0-9+/=]*) return 1 ;; esac
  printf %s "$1" | openssl base64 -d -A >"$4" 2>/dev/null &&
    [ "$(wc -c <"$4")" -ge "$2" ] && [ "$(wc -c <"$4")" -le "$3" ] && [ "$(openssl base64 -A -in "$4")" = "$1" ]
}

# Decodes the key into a file that openssl reads, and says how its signatures are checked.
decode_key() {
  decode "$1" 33 121 "$work/key" || return 1
  tail -c +2 "$work/key" >"$work/bare"
  case $(od -An -tx1 -N1 "$work/key" | tr -d ' \n')$(wc -c <"$work/key" | tr -d ' ') in
    0133)
      { printf '\060\052\060\005\006\003\053\145\160\003\041\000'; cat "$work/bare"; } >"$work/key.der"
      { printf '%s\n' "$name"; cat "$work/key"; } >"$work/identified"
      least=68 most=68 digest= ;;
    02121)
      cp "$work/bare" "$work/key.der"
      cp "$work/bare" "$work/identified"
      least=12 most=108 digest='-digest sha256' ;;
    *) return 1 ;;
  esac
  [ "$(sha256sum <"$work/identified" | cut -c 1-8)" = "$2" ]
}

verify_signature() {
  vkey=$(sed -n 's/^{.*"verifierKey":"\([^"\\]*\)".*$/\1/p' proofs/scope.json)
  if [ -n "$key" ] && [ "$key" != "$vkey" ]; then
    failed "expected the key $key, found $vkey in proofs/scope.json"
    return
  fi
  name=${vkey%%+*}
  hash=${vkey#*+}
  hash=${hash%%+*}
  case $name in '' | *[!A-Za-z0-9./_-]*) failed 'proofs/scope.json has no key'; return ;; esac
  if ! decode_key "${vkey#*+*+}" "$hash"; then
    failed 'proofs/scope.json has no key of Ed25519 or ECDSA P-384'
    return
  fi

  printf 'evidence-vault/bundle/v1\n%s\n' "$(sha256sum <tagmanifest-sha256.txt | cut -c 1-64)" >"$work/text2"
  cp "$work/text2" "$work/text"
  [ "$signatures" = signature.note ] || sha256sum <signature-ml-dsa.note | cut -c 1-64 >>"$work/text"
  line=$(sed -n '$s/^.* //p' signature.note)
  { cat "$work/text"; printf '\n\342\200\224 %s %s\n' "$name" "$line"; } >"$work/note"
  # shellcheck disable=SC2086
  if ! cmp -s "$work/note" signature.note; then
    failed "signature.note is not over $signed, or is spelled otherwise"
  elif ! decode "$line" "$least" "$most" "$work/hashed" || [ "$(od -An -tx1 -N4 "$work/hashed" | tr -d ' \n')" != "$hash" ]; then
    failed 'signature.note has no signature with this key'
  elif tail -c +5 "$work/hashed" >"$work/signature" &&
    openssl pkeyutl -verify -pubin -inkey "$work/key.der" -keyform DER -rawin $digest -in "$work/text" \
      -sigfile "$work/signature" >/dev/null 2>&1; then
    passed "$signed: signed with the key $vkey"
  else
    failed "the signature over $signed is not good under the key $vkey"
  fi
}

signed=tagmanifest-sha256.txt
[ "$signatures" = signature.note ] || signed='tagmanifest-sha256.txt and signature-ml-dsa.note'
verify_signature

# signature-ml-dsa.note is over the same manifest; that its signature is good takes OpenSSL 3.5 or another verifier.
if [ "$signatures" != signature.note ] && [ -f "$work/text" ]; then
  pq=$(sed -n '4s/^.* //p' signature-ml-dsa.note)
  { cat "$work/text2"; printf '\n\342\200\224 %s %s\n' "$name" "$pq"; } >"$work/pqnote"
  if cmp -s "$work/pqnote" signature-ml-dsa.note; then
    passed 'signature-ml-dsa.note is over the same tagmanifest-sha256.txt'
  else
    failed 'signature-ml-dsa.note is not over this tagmanifest-sha256.txt'
  fi
fi

# 5. Time stamps (RFC 3161) are over the vault's checkpoint: text, empty line, and the vault's own lines.

verify_time() {
  lines=5
  grep -q '"postQuantumKey":"' proofs/scope.json && lines=6
  head -n "$lines" proofs/node-checkpoint.note >"$work/checkpoint"
  stamps=0
  for stamp in proofs/timestamp-1.tsr proofs/timestamp-2.tsr; do
    [ -f "$stamp" ] || continue
    stamps=$((stamps + 1))
    if openssl ts -verify -data "$work/checkpoint" -in "$stamp" -CAfile "$root" >/dev/null 2>"$work/said"; then
      stamped=$(openssl ts -reply -in "$stamp" -text 2>/dev/null | sed -n 's/^Time stamp: //p')
      passed "$stamp: the vault's checkpoint existed by $stamped"
    else
      failed "$stamp: $(sed -n '$p' "$work/said")"
    fi
  done
  [ "$stamps" -gt 0 ] || failed 'there is no time stamp'
}

[ -z "$root" ] || verify_time
finish
