package apregistry

import "cleave/internal/octets"

// decoder reads a message from the front.
type decoder struct {
	octets.Reader
	texts string // the message from its first text on, once that is read: all texts are parts of it
}

// header reads what precedes the body.
func (d *decoder) header() (kind, uint64) {
	k := kind(d.Byte())
	if k != kindRequest && k != kindResponse {
		d.Fail()
	}
	return k, d.Uvarint()
}

func decodeRequest(message []byte) (uint64, request, error) {
	d := decoder{Reader: octets.Reader{Data: message}}
	k, number := d.header()
	r := d.request(true)
	if d.Bad || k != kindRequest || len(d.Data) > 0 {
		return 0, request{}, errBadMessage
	}
	return number, r, nil
}

func decodeResponse(message []byte) (uint64, response, error) {
	d := decoder{Reader: octets.Reader{Data: message}}
	k, number := d.header()
	r := d.response(true)
	if d.Bad || k != kindResponse || len(d.Data) > 0 {
		return 0, response{}, errBadMessage
	}
	return number, r, nil
}

// request reads a request; a batch only where one may stand, never within a batch.
func (d *decoder) request(outer bool) request {
	r := request{action: Action(d.Byte())}
	has := d.Byte()
	r.stamped, r.replicated = has&flagStamped != 0, has&flagReplicated != 0
	if has >= flags || r.action == 0 || r.action >= actions || !outer && !r.action.replicable() {
		d.Fail()
	}
	if has&flagHave != 0 {
		r.have = d.some()
	}
	if d.Bad {
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
		d.Fail()
	}
	return r
}

func (d *decoder) tasks() []request {
	count := d.Count(3)
	tasks := make([]request, 0, count)
	for range count {
		if d.Bad {
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
		r.dirty = d.Varint()
	}
	if r.action == actionSetMetadata {
		r.metadata = d.pairs()
	}
}

func (d *decoder) summaries() []summary {
	count := d.Count(6)
	summaries := make([]summary, 0, count)
	for range count {
		s := summary{key: key{app: d.text(), id: d.text()}, dirty: d.Varint(), age: d.age(), status: d.status(), gone: d.Bool()}
		summaries = append(summaries, s)
	}
	return summaries
}

// response reads a response; results of a batch have no results of their own.
func (d *decoder) response(outer bool) response {
	r := response{code: int(d.Uvarint())}
	has := d.Byte()
	if r.code < 100 || r.code > 599 || has >= parts {
		d.Fail()
	}
	if has&partVersion != 0 {
		r.version, r.delta, r.hash = d.some(), d.Uvarint(), d.text()
	}
	r.instances = d.instances()
	if count := d.Count(4); count > 0 {
		if !outer {
			d.Fail()
			return r
		}
		r.results = make([]response, 0, count)
		for range count {
			if d.Bad {
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
			d.Fail()
		}
	}
	return r
}

func (d *decoder) ages() []int64 {
	count := d.Count(1)
	if count == 0 {
		d.Fail()
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
	age := d.Varint()
	if age < 0 || age > most {
		d.Fail()
		return 0
	}
	return age
}

func (d *decoder) instances() []instance {
	count := d.Count(7)
	if count == 0 {
		return nil
	}
	instances := make([]instance, 0, count)
	for range count {
		if d.Bad {
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
		value:      d.Varint(),
		dirty:      d.Varint(),
	}
	has := d.Byte()
	i.change = change(has &^ hasMore)
	if i.change >= changes {
		d.Fail()
		return instance{}
	}
	if has&hasMore != 0 {
		d.more(&i)
	}
	return i
}

func (d *decoder) status() status {
	s := status(d.Byte())
	if s >= statuses {
		d.Fail()
		return unknown
	}
	return s
}

// some reads a number that is not 0: a part that says nothing is not sent.
func (d *decoder) some() uint64 {
	number := d.Uvarint()
	if number == 0 {
		d.Fail()
	}
	return number
}

func (d *decoder) text() string {
	size := d.Count(1)
	if len(d.texts) < len(d.Data) {
		d.texts = string(d.Data)
	}
	at := len(d.texts) - len(d.Data)
	d.Data = d.Data[size:]
	return d.texts[at : at+size]
}
