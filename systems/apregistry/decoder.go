package apregistry

import "encoding/binary"

// decoder reads a message from the front. After the first mistake everything it gives is zero and
// failed is set.
type decoder struct {
	rest   []byte
	texts  string // the message from its first text on, once that is read: all texts are parts of it
	failed bool
}

// header reads what precedes the body.
func (d *decoder) header() (kind, uint64) {
	k := kind(d.byte())
	if k != kindRequest && k != kindResponse {
		d.failed = true
	}
	return k, d.uvarint()
}

func decodeRequest(message []byte) (uint64, request, error) {
	d := decoder{rest: message}
	k, number := d.header()
	r := d.request(true)
	if d.failed || k != kindRequest || len(d.rest) > 0 {
		return 0, request{}, errBadMessage
	}
	return number, r, nil
}

func decodeResponse(message []byte) (uint64, response, error) {
	d := decoder{rest: message}
	k, number := d.header()
	r := d.response(true)
	if d.failed || k != kindResponse || len(d.rest) > 0 {
		return 0, response{}, errBadMessage
	}
	return number, r, nil
}

// request reads a request; a batch only where one may stand, never within a batch.
func (d *decoder) request(outer bool) request {
	r := request{action: Action(d.byte())}
	has := d.byte()
	r.stamped, r.replicated = has&flagStamped != 0, has&flagReplicated != 0
	if has >= flags || r.action == 0 || r.action >= actions || !outer && !r.action.replicable() {
		d.fail()
	}
	if has&flagHave != 0 {
		r.have = d.some()
	}
	if d.failed {
		return request{}
	}
	switch r.action {
	case actionRegister:
		r.instance = d.instance()
		r.key = r.instance.key
	case actionGetApp, actionGetVIP, actionGetSecureVIP:
		r.key.app = d.text()
	case actionGetByID:
		r.key.id = d.text()
	case actionGetAll, actionGetDelta, actionFigures:
	case actionBatch:
		r.tasks = d.tasks()
	case actionExchange:
		r.summaries = d.summaries()
	default:
		d.keyed(&r, has)
	}
	if r.overridden == unknown && has&flagOverridden != 0 {
		d.fail()
	}
	return r
}

func (d *decoder) tasks() []request {
	count := d.count(3)
	tasks := make([]request, 0, count)
	for range count {
		if d.failed {
			return nil
		}
		tasks = append(tasks, d.request(false))
	}
	return tasks
}

// keyed reads what changes or reads one instance.
func (d *decoder) keyed(r *request, has byte) {
	r.key = key{app: d.text(), id: d.text()}
	r.status = d.status()
	if has&flagOverridden != 0 {
		r.overridden = d.status()
	}
	if r.stamped {
		r.dirty = d.varint()
	}
	if r.action == actionSetMetadata {
		r.metadata = d.pairs()
	}
}

func (d *decoder) summaries() []summary {
	count := d.count(6)
	summaries := make([]summary, 0, count)
	for range count {
		s := summary{key: key{app: d.text(), id: d.text()}, dirty: d.varint(), age: d.age(), status: d.status(), gone: d.truth()}
		summaries = append(summaries, s)
	}
	return summaries
}

// response reads a response; results of a batch have no results of their own.
func (d *decoder) response(outer bool) response {
	r := response{code: int(d.uvarint())}
	has := d.byte()
	if r.code < 100 || r.code > 599 || has >= parts {
		d.fail()
	}
	if has&partVersion != 0 {
		r.version, r.delta, r.hash = d.some(), d.uvarint(), d.text()
	}
	r.instances = d.instances()
	if count := d.count(4); count > 0 {
		if !outer {
			d.fail()
			return r
		}
		r.results = make([]response, 0, count)
		for range count {
			if d.failed {
				return response{}
			}
			r.results = append(r.results, d.response(false))
		}
	}
	if has&partFigures != 0 {
		r.figures = d.figures()
	}
	if has&partAges != 0 {
		r.ages = d.ages()
	}
	if has&partMessage != 0 {
		if r.message = d.text(); r.message == "" {
			d.fail()
		}
	}
	return r
}

func (d *decoder) ages() []int64 {
	count := d.count(1)
	if count == 0 {
		d.fail()
	}
	ages := make([]int64, 0, count)
	for range count {
		ages = append(ages, d.age())
	}
	return ages
}

// age reads how long ago something was: never in the future, nor so long that sums overflow.
func (d *decoder) age() int64 {
	const most = 1 << 60 // some 36 years
	age := d.varint()
	if age < 0 || age > most {
		d.fail()
		return 0
	}
	return age
}

func (d *decoder) instances() []instance {
	count := d.count(7)
	if count == 0 {
		return nil
	}
	instances := make([]instance, 0, count)
	for range count {
		if d.failed {
			return nil
		}
		instances = append(instances, d.instance())
	}
	return instances
}

func (d *decoder) instance() instance {
	i := instance{
		key:        key{app: d.text(), id: d.text()},
		status:     d.status(),
		overridden: d.status(),
		value:      d.varint(),
		dirty:      d.varint(),
	}
	has := d.byte()
	i.change = change(has &^ hasMore)
	if i.change >= changes {
		d.fail()
		return instance{}
	}
	if has&hasMore != 0 {
		d.more(&i)
	}
	return i
}

func (d *decoder) status() status {
	s := status(d.byte())
	if s >= statuses {
		d.fail()
		return unknown
	}
	return s
}

func (d *decoder) truth() bool {
	is := d.byte()
	if is > 1 {
		d.fail()
	}
	return is == 1
}

func (d *decoder) byte() byte {
	if len(d.rest) == 0 {
		d.failed = true
		return 0
	}
	first := d.rest[0]
	d.rest = d.rest[1:]
	return first
}

// some reads a number that is not 0: a part that says nothing is not sent.
func (d *decoder) some() uint64 {
	number := d.uvarint()
	if number == 0 {
		d.fail()
	}
	return number
}

func (d *decoder) uvarint() uint64 {
	number, size := binary.Uvarint(d.rest)
	if size <= 0 {
		d.fail()
		return 0
	}
	d.rest = d.rest[size:]
	return number
}

func (d *decoder) varint() int64 {
	number, size := binary.Varint(d.rest)
	if size <= 0 {
		d.fail()
		return 0
	}
	d.rest = d.rest[size:]
	return number
}

// count reads how many elements follow. Each takes at least so many bytes, so a lying count allocates
// nothing.
func (d *decoder) count(least int) int {
	number := d.uvarint()
	if number > uint64(len(d.rest)/least) {
		d.fail()
		return 0
	}
	return int(number)
}

func (d *decoder) text() string {
	size := d.count(1)
	if len(d.texts) < len(d.rest) {
		d.texts = string(d.rest)
	}
	at := len(d.texts) - len(d.rest)
	d.rest = d.rest[size:]
	return d.texts[at : at+size]
}

// fail gives up: nothing is left to read, so that loops end at once.
func (d *decoder) fail() { d.failed, d.rest = true, nil }
