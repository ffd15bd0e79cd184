#!/bin/sh
# p99 of hot requests while cold ones flood a slow disk: benchmarks/cold-flood.sh [transport] [seconds] [rounds]
# Needs root, a loop device and cgroup v1's blkio controller, whose throttle makes the disk slow
# (8 MiB/s), and `mvn -q -pl benchmarks -am package -DskipTests` before (or CLASSPATH set).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/cold-flood.XXXXXX")
group=/sys/fs/cgroup/blkio/cold-flood.$$
loop=
finish() {
  cd /
  mountpoint -q "$work/slow" && umount "$work/slow"
  [ -n "$loop" ] && losetup -d "$loop"
  [ -d "$group" ] && rmdir "$group"
  rm -rf "$work"
}
trap finish EXIT
truncate -s 1200M "$work/disk"
mkfs.ext4 -q -F "$work/disk"
loop=$(losetup -f --show "$work/disk")
mkdir "$work/slow"
mount -o noatime "$loop" "$work/slow"
head -c 1000000000 /dev/urandom > "$work/slow/cold"
head -c 200000000 /dev/urandom > "$work/hot"
sync -f "$work/slow/cold"
mkdir "$group"
major_minor=$(printf '%d:%d' "0x$(stat -c %t "$loop")" "0x$(stat -c %T "$loop")")
echo "$major_minor $((8 << 20))" > "$group/blkio.throttle.read_bps_device"
(
  sh -c 'echo $PPID' > "$group/cgroup.procs"
  exec "${JAVA_HOME:?set it to a JDK 25}/bin/java" "@$here/../packaging/jvm.options" \
    -cp "${CLASSPATH:-$here/target/lib/*}" oca.bench.ColdFlood \
    "$work/hot" "$work/slow/cold" "${1:-auto}" "${2:-10}" "${3:-3}"
)
