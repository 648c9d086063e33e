#!/bin/bash
# First process of a guest: makes it a small Linux whose / is this machine's, runs the task, says how that ended, powers off.
# HOLDFAST_TASK, a folder with `task.sh`, comes from the kernel's command line.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
mount -t proc proc /proc
mount -t sysfs sys /sys
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs tmpfs /run
mount -t tmpfs -o size=70% tmpfs /mnt
mkdir /mnt/local
export TMPDIR=/mnt/local
ip link set lo up
# The kernel's modules lie where Debian's package puts them; the kernel looks for them through the same program.
mkdir -p /run/modules/lib
ln -s /usr/lib/uml/modules /run/modules/lib/modules
printf '#!/bin/sh\nexec /sbin/modprobe -d /run/modules "$@"\n' >/run/modprobe
chmod +x /run/modprobe
echo /run/modprobe >/proc/sys/kernel/modprobe
export PATH="/run/bin:$PATH"
mkdir /run/bin
ln -s /run/modprobe /run/bin/modprobe
bash "$HOLDFAST_TASK/task.sh"
echo "@ended $?"
sync
echo o >/proc/sysrq-trigger
sleep 60
