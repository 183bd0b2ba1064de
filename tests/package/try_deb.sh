#!/usr/bin/env bash
# Installs a Debian package of wintergrid on a bare Debian 12 in a folder of its own, runs it there, removes it.
# As root, with debootstrap and the network:  tests/package/try_deb.sh build/release/wintergrid_0.1.0_amd64.deb [FOLDER]
# FOLDER (default: a new one, deleted at the end) keeps the bare system, so that a second try is quick.
set -euo pipefail

if (($# < 1)) || [[ ! -f $1 ]]; then
  echo "usage: $0 PACKAGE.deb [FOLDER]" >&2
  exit 64
fi
if ((EUID != 0)) || ! command -v debootstrap >/dev/null; then
  echo "SKIPPED: installing on a bare Debian 12 needs root and debootstrap" >&2
  exit 77
fi
package=$1
bare=${2:-}
delete=
mounted=
if [[ -z $bare ]]; then
  bare=$(mktemp -d)
  delete=yes
fi
clean_up() {
  [[ -z $mounted ]] || umount "$bare/proc" || return
  [[ -z $delete ]] || rm -rf --one-file-system "$bare" "$bare.log"
}
trap clean_up EXIT
if [[ ! -x $bare/usr/bin/apt-get ]]; then
  debootstrap --variant=minbase bookworm "$bare" "${WINTERGRID_DEBIAN_MIRROR:-http://deb.debian.org/debian}" >"$bare.log" 2>&1 ||
    { tail -n 20 "$bare.log" >&2; exit 1; }
fi
inside() {
  chroot "$bare" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}
if [[ ! -e $bare/proc/self ]] && mount -t proc proc "$bare/proc"; then
  mounted=yes
fi

cp /etc/resolv.conf "$bare/etc/resolv.conf"
cp "$package" "$bare/tmp/wintergrid.deb"
inside apt-get -qq update
inside apt-get -qq install --yes --no-install-recommends /tmp/wintergrid.deb >/dev/null
echo "installed: $(inside dpkg-query -W -f '${Package} ${Version}, ${Installed-Size} KiB\n' wintergrid)"
inside wintergrid --version
inside wintergrid doctor
inside wintergrid run /usr/share/wintergrid/town/scenario.yaml -o /tmp/out --replications 8 --quiet >"$bare/tmp/run.txt"
grep -q "Results are in /tmp/out" "$bare/tmp/run.txt"
for file in run.json results.gpkg summary.xlsx datapackage.json headline.csv; do
  [[ -s $bare/tmp/out/$file ]] || { echo "no $file" >&2; exit 1; }
done
inside wintergrid new city /tmp/city --people 1e5 --quiet --force
inside wintergrid run /tmp/city/scenario.yaml -o /tmp/city-out --replications 8 --quiet >/dev/null
inside apt-get -qq remove --purge --yes wintergrid >/dev/null
if [[ -e $bare/usr/bin/wintergrid || -e $bare/usr/share/wintergrid ]]; then
  echo "removing left something behind" >&2
  exit 1
fi
echo "the package installs, runs and goes again"
