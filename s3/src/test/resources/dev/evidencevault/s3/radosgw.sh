#!/bin/bash
# One Ceph monitor, manager, store (in a sparse file) and object gateway, on loopback, without systemd.
# Arguments: a new directory, the gateway's port, the monitor's port. Ids of processes stand in *.pid.
set -e
D=$1 PORT=$2 MON=$3
mkdir -p "$D"/{mon,mgr,osd,log,rgw}
cd "$D"
cat > ceph.conf <<C
[global]
fsid = $(cat /proc/sys/kernel/random/uuid)
mon host = [v1:127.0.0.1:$MON]
ms bind ipv4 = true
ms bind msgr2 = false
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
auth supported = none
run dir = $D
admin socket = /tmp/evault-ceph-\$cluster-\$name.\$pid.asok
pid file = $D/\$name.pid
log file = $D/log/\$name.log
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pgp num = 8
osd crush chooseleaf type = 0
mon allow pool size one = true
mon warn on pool no redundancy = false
mon pg warn min per osd = 0
mon max pg per osd = 1000
mon data avail warn = 1
mon data avail crit = 0
osd data = $D/osd
osd objectstore = bluestore
bluestore block size = 4294967296
osd memory target = 1073741824
mon data = $D/mon
mgr data = $D/mgr
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:$PORT
rgw data = $D/rgw
rgw enable usage log = false
rgw thread pool size = 16
C
export CEPH_CONF=$D/ceph.conf
FSID=$(sed -n 's/^fsid = //p' ceph.conf)
monmaptool --create --fsid "$FSID" --addv a "[v1:127.0.0.1:$MON]" monmap
ceph-mon -c ceph.conf --mkfs -i a --monmap monmap
ceph-mon -c ceph.conf -i a
U=$(cat /proc/sys/kernel/random/uuid)
OID=$(timeout 60 ceph -c ceph.conf osd new "$U" 2>/dev/null)
ceph-osd -c ceph.conf -i "$OID" --mkfs --osd-uuid "$U"
timeout 30 ceph -c ceph.conf osd crush add "osd.$OID" 1.0 root=default || true
ceph-osd -c ceph.conf -i "$OID"
ceph-mgr -c ceph.conf -i x
for _ in $(seq 1 120); do ceph -c ceph.conf osd stat 2>/dev/null | grep -q '1 up' && break; sleep 0.5; done
ceph -c ceph.conf osd stat
radosgw -c ceph.conf -n client.rgw
for _ in $(seq 1 240); do ss -ltn | grep -q ":$PORT " && break; sleep 0.5; done
radosgw-admin -c ceph.conf -n client.rgw user create --uid=u --display-name=u --access-key=ak --secret-key=sk
