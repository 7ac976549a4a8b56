package apregistry

import (
	"encoding/binary"
	"math"

	"cleave/systems/eurekawire"
)

// hasMore stands beside an instance's change: the rest of what its owner told follows, and the times of
// its lease.
const hasMore = 1 << 7

// What is set of the flags of an instance.
const (
	flagPort = 1 << iota
	flagSecurePort
	flagCoordinating
	instanceFlags // one more than all of them
)

// texts is every text of an instance, in the order of their bytes.
func texts(w *eurekawire.Instance) [14]*string {
	return [...]*string{&w.InstanceID, &w.HostName, &w.AppGroup, &w.IPAddr, &w.SID, &w.HomePage, &w.StatusPage, &w.HealthCheck,
		&w.SecureHealthCheck, &w.VIP, &w.SecureVIP, &w.ASG, &w.DataCenter.Class, &w.DataCenter.Name}
}

func numbers(w *eurekawire.Instance) [5]*int32 {
	return [...]*int32{&w.Port.Number, &w.SecurePort.Number, &w.CountryID, &w.Lease.RenewalInterval, &w.Lease.Duration}
}

func (t *times) all() [5]*int64 {
	return [...]*int64{&t.updated, &t.registered, &t.renewed, &t.evicted, &t.up}
}

func appendMore(out []byte, i *instance) []byte {
	w := i.more
	for _, text := range texts(w) {
		out = appendText(out, *text)
	}
	out = append(out, truth(w.Port.Enabled)|truth(w.SecurePort.Enabled)<<1|truth(w.Coordinating)<<2)
	for _, number := range numbers(w) {
		out = binary.AppendVarint(out, int64(*number))
	}
	at := times{}
	if i.times != nil {
		at = *i.times
	}
	for _, nanoseconds := range at.all() {
		out = binary.AppendVarint(out, *nanoseconds)
	}
	return appendPairs(appendPairs(out, w.DataCenter.Metadata), w.Metadata)
}

func (d *decoder) more(i *instance) {
	w := &eurekawire.Instance{}
	for _, text := range texts(w) {
		*text = d.text()
	}
	flags := d.Byte()
	if flags >= instanceFlags {
		d.Fail()
	}
	w.Port.Enabled, w.SecurePort.Enabled, w.Coordinating = flags&flagPort != 0, flags&flagSecurePort != 0, flags&flagCoordinating != 0
	for _, number := range numbers(w) {
		read := d.Varint()
		if read < math.MinInt32 || read > math.MaxInt32 {
			d.Fail()
		}
		*number = int32(read)
	}
	at := times{}
	for _, nanoseconds := range at.all() {
		*nanoseconds = d.Varint()
	}
	if at != (times{}) {
		i.times = &at
	}
	w.DataCenter.Metadata, w.Metadata = d.pairs(), d.pairs()
	i.more = w
}

func appendPairs(out []byte, pairs []eurekawire.Pair) []byte {
	out = binary.AppendUvarint(out, uint64(len(pairs)))
	for _, pair := range pairs {
		out = appendText(appendText(out, pair.Key), pair.Value)
	}
	return out
}

// pairs reads metadata. The order is the sender's: whoever keeps metadata sorts it.
func (d *decoder) pairs() []eurekawire.Pair {
	count := d.Count(2)
	if count == 0 {
		return nil
	}
	pairs := make([]eurekawire.Pair, 0, count)
	for range count {
		if d.Bad {
			return nil
		}
		pairs = append(pairs, eurekawire.Pair{Key: d.text(), Value: d.text()})
	}
	return pairs
}
