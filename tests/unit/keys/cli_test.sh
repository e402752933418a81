#!/usr/bin/env bash
# noroshi-keys as people and scripts use it: from the root ceremony to a revoked device, and what it says when it refuses.
# Usage: cli_test.sh PATH/TO/noroshi-keys FORM, a compiled form that no program was built with
set -euo pipefail
keys=$1 form=$2
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
chmod 700 "$place"
cheap=(--passphrase-fd 3 --kdf-ops 2 --kdf-mem 64)
checks=0

k() { LC_ALL=C "$keys" "$@" 3< <(printf '合言葉 one two\n'); }
fail() { echo "FAILED: $*" >&2; exit 1; }
expect() {  # expect TEXT command…: the output holds TEXT
  local text=$1 out
  shift
  out=$(k "$@" 2>&1) || fail "$* ended with $?: $out"
  [[ $out == *"$text"* ]] || fail "$*: expected '$text' in: $out"
  checks=$((checks + 1))
}
refuse() {  # refuse CODE TEXT command…: exit code, and one line on stderr that holds TEXT
  local code=$1 text=$2 got=0 out
  shift 2
  out=$(k "$@" 2>&1 >/dev/null) || got=$?
  [[ $got == "$code" ]] || fail "$*: exit $got instead of $code: $out"
  [[ $out == *"$text"* && $(wc -l <<<"$out") == 1 ]] || fail "$*: expected one line with '$text': $out"
  checks=$((checks + 1))
}
json() { python3 -c 'import json,sys; [json.loads(l) for l in sys.stdin]' || fail "not JSON Lines: $*"; }

root=$place/root
got=0
out=$(LC_ALL=C "$keys" root init --threshold 1 --keys 1 --dir "$root" "${cheap[@]}" 3< <(printf 'x\n') 2>&1) || got=$?
[[ $got == 64 && $out == *'8 characters'* ]] || fail "one letter as a passphrase: $got $out"
expect '"threshold":2' root init --threshold 2 --keys 3 --dir "$root" "${cheap[@]}" --json
words=$(k root show --dir "$root")
refuse 73 'there is a root already' root init --threshold 2 --keys 3 --dir "$root" "${cheap[@]}"
refuse 64 'no organisation' roster sign --dir "$root" --key "$root/root-1.key" --passphrase-fd 3
expect admin_home org add --dir "$root" --id 1 --kind national --name 全国LPガス協会 --name-en National "${cheap[@]}" --json
expect 石川 org add --dir "$root" --id 17 --kind association --pref 17 --name 石川県エルピーガス協会 "${cheap[@]}"
refuse 64 'is empty' org add --dir "$root" --id 18 --kind association --name ' ' "${cheap[@]}"
refuse 64 '--kind is required' org add --dir "$root" --id 18 --name x "${cheap[@]}"
refuse 64 'taken' org add --dir "$root" --id 17 --kind association --name x "${cheap[@]}"
expect 新潟 org add --dir "$root" --id 15 --kind association --pref 15 --name 新潟県LPガス協会 --home-relays 2,3 "${cheap[@]}"
expect 全組織 group add --dir "$root" --id 0x801 --name 全組織 --members 17,1
expect '"change":"added"' roster diff --dir "$root" --json
expect 'signed 1/2' roster sign --dir "$root" --key "$root/root-1.key" --passphrase-fd 3
refuse 77 'signatures are missing' roster verify --dir "$root"
expect '(published)' roster sign --dir "$root" --key "$root/root-3.key" --passphrase-fd 3
expect '"state":"A"' roster show --dir "$root" --json

admin=$root/org-17
laptop=$place/laptop
expect '"number":1' epoch new --home "$admin" --passphrase-fd 3 --json
expect NORO1R: device request --home "$laptop" --org 17 --handler 5 --role desk --with-relay --unit 1700001 "${cheap[@]}"
refuse 73 'is there already' device request --home "$laptop" --org 17 --role desk "${cheap[@]}"
refuse 69 'not enrolled' device list --home "$laptop"
expect '"device":"17/101"' device certify --home "$admin" --request "$laptop/request" --passphrase-fd 3 --json
refuse 77 'do not use this bundle' device install --home "$laptop" --bundle "$admin/bundle" \
  --root-digest 'かかかか かかかか かかかか かかかか かかかか かかかか かかかか かかかか' "${cheap[@]}"
expect '"epoch_secrets":2' device install --home "$laptop" --bundle "$admin/bundle" --root-digest "$words" "${cheap[@]}" --json
k device list --home "$laptop" --json | json device list
expect '17/1.1' device list --home "$laptop"

# The roster names the home relays; enrolment follows it, and says where it does not.
niigata=$root/org-15
for box in one two; do k device request --home "$place/$box" --org 15 --role relay "${cheap[@]}" >/dev/null; done
said=$(k device certify --home "$niigata" --request "$place/one/request" --passphrase-fd 3 2>&1)
[[ $said == *'15/2  relay'* && $said == *'home relay 15/3 is not enrolled'* ]] || fail "home relays: $said"
said=$(k device certify --home "$niigata" --request "$place/two/request" --dev 9 --passphrase-fd 3 2>&1)
[[ $said == *'15/9 is no home relay in the roster (15/2, 15/3'* ]] || fail "no home relay: $said"
refuse 65 'enrolled as 15/9' device certify --home "$niigata" --request "$place/two/request" --dev 3 --passphrase-fd 3

other=$place/other
expect NORO1R: device request --home "$other" --org 17 --role field "${cheap[@]}"
refuse 77 'no certificate of this home' device install --home "$other" --bundle "$admin/bundle" --root-digest "$words" "${cheap[@]}"
[[ ! -e $other/trust ]] || fail 'a bundle for another home left something behind'
refuse 77 '8 words' device install --home "$other" --bundle "$admin/bundle" --root-digest "${words% *}" "${cheap[@]}"

card=$(k card --home "$laptop" --address tcp://127.0.0.1:7411)
expect '"certified":true' peer add --home "$admin" "$card" --json
refuse 65 'is no card' peer add --home "$admin" "${card%?}"

expect '"units":1' unit add --home "$admin" --number 1 --name 輪島支部 --kana わじましぶ --muni 17204 --households 9800 --passphrase-fd 3 --json
printf 'number,parent,name,kana,municipalities,households,interval\n2,1,町野,まちの,17204/17205,500,3\n' >"$place/units.csv"
expect '"units":2' unit import "$place/units.csv" --home "$admin" --passphrase-fd 3 --json
printf 'x\n9,9,親が自分,,17204,1,1\n' >"$place/bad.csv"
refuse 64 'does not hold' unit import "$place/bad.csv" --home "$admin" --passphrase-fd 3
k unit list --home "$admin" --json | json unit list
refuse 64 'no such municipality' unit add --home "$admin" --number 8 --name どこか --muni 17999 --passphrase-fd 3
refuse 64 '0 to 500000' unit add --home "$admin" --number 8 --name 町 --muni 17204 --households 88888888 --passphrase-fd 3
[[ $(k unit add --home "$admin" --number 2 --name 町野 --muni 16201 --households 500 --passphrase-fd 3 2>&1 >/dev/null) == *outside* ]] ||
  fail 'a municipality of another prefecture was not named'
expect '"exercise":true' exercise start --home "$root/org-1" --name 訓練 --pref 17 --passphrase-fd 3 --json
expect '"end":' exercise end --home "$root/org-1" --id 1 --passphrase-fd 3 --json
refuse 64 'cannot begin before 2024-01-01' exercise start --home "$root/org-1" --name 昔 --start 2016-04-14T21:26 --passphrase-fd 3
refuse 65 'only exercises of its own numbers' incident declare --home "$admin" --name だめ --passphrase-fd 3

expect 17/101 revoke self --home "$laptop" --since 2024-01-01T00:00 --out "$place/paper" --passphrase-fd 3
expect '"certified":true' peer add --home "$laptop" "$card" --json   # the paper alone revokes nothing
[[ $(k device list --home "$laptop") != *revoked* ]] || fail 'revoked by a file that nobody added'
expect '"reason":"stolen"' revoke --home "$admin" --device 17/101 --since 2024-01-02T10:00 --reason stolen --passphrase-fd 3 --json
refuse 65 'device list' revoke --home "$admin" --device 17/999 --reason stolen --passphrase-fd 3   # mistyped
refuse 77 'own organisation' revoke --home "$admin" --device 16/1 --passphrase-fd 3
refuse 64 'is no time' revoke --home "$admin" --device 17/1 --since yesterday --passphrase-fd 3
expect 17/101 revoke self --home "$laptop" --passphrase-fd 3
expect '"deliveries":0' epoch publish --home "$admin" --passphrase-fd 3 --json
expect 'roster version 1' trust add --home "$laptop" "$admin/bundle"

head -c 200 /dev/zero >"$place/nothing"
refuse 69 'run catalogue draft first' catalogue verify --dir "$root"
refuse 65 'no FileDescriptorSet' catalogue draft --dir "$root" "$place/nothing"
expect '"form":"F12"' catalogue draft --dir "$root" "$form" --json
refuse 77 '2 more officers' catalogue verify --dir "$root"
refuse 69 'no signed catalogue yet' catalogue export --dir "$root" --out "$place/forms"
expect '"published":false' catalogue sign --dir "$root" --key "$root/root-3.key" --passphrase-fd 3 --json
expect 'signed 1/2' catalogue sign --dir "$root" --key "$root/root-3.key" --passphrase-fd 3   # the same officer counts once
expect '"published":true' catalogue sign --dir "$root" --key "$root/root-1.key" --passphrase-fd 3 --json
expect '2/2' catalogue verify --dir "$root"
expect 'F12 v1' catalogue show --home "$admin"
expect '"version":1' catalogue export --home "$admin" --out "$place/forms" --json
cmp -s "$place/forms" "$form" || fail 'the signed files are not those that were drafted'
expect 'roster version' trust add --home "$laptop" "$root/catalogue.object"
expect '"new":true' catalogue show --home "$laptop" --json
refuse 65 'is no envelope: suite' envelope inspect "$place/nothing"
refuse 74 'no such file' envelope inspect "$place/none"
chmod 644 "$laptop/relay.key"
refuse 77 'chmod 0600' card --home "$laptop"
refuse 64 'see noroshi-keys device --help' device
refuse 64 'did you mean certify?' device certfy
refuse 64 'did you mean --bundle?' device install --bundel x
expect '"key":"17/1.1"' --home "$laptop" --json device list  # before the command as well as behind it
refuse 64 'is empty' unit list --home ''
refuse 64 'not in range 1 to 2047' org add --dir "$root" --id 5000 --kind other --name x "${cheap[@]}"
refuse 64 '--lang' --lang fr root show
[[ $("$keys" --lang ja device install --help) == *登録束* ]] || fail 'no Japanese help'
got=$(k roster verify --dir "$place/none" --lang ja 2>&1) && fail 'a missing root was no error'
[[ $got == *ファイルがありません* ]] || fail "no Japanese refusal: $got"
[[ $("$keys" --version) == 'noroshi-keys '* ]] || fail version
echo "$checks checks"
