package apregistry

import (
	"bytes"
	"hash/crc32"

	"cleave/internal/octets"
)

// decoder reads a message from the front.
type decoder struct {
	octets.Reader
	texts string         // the message from its first text on, once that is read: all texts are parts of it
	index map[key]*lease // a node's leases: a key that is there is given as it is there, and not copied
	last  *lease         // of these, the one that was read last
	cache *cache         // a client's: what a delta tells that it says already is left out
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
	d, r := decoder{Reader: octets.Reader{Data: message}}, request{}
	number, err := d.requestMessage(&r)
	return number, r, err
}

func decodeResponse(message []byte) (uint64, response, error) {
	d, r := decoder{Reader: octets.Reader{Data: message}}, response{}
	number, err := d.responseMessage(&r)
	return number, r, err
}

// requestMessage reads a whole message into a request, which is empty but for memory that may be used again.
func (d *decoder) requestMessage(r *request) (uint64, error) {
	k, number := d.header()
	d.request(r, true)
	if d.Bad || k != kindRequest || len(d.Data) > 0 {
		*r = request{}
		return 0, errBadMessage
	}
	return number, nil
}

// responseMessage is requestMessage of a response.
func (d *decoder) responseMessage(r *response) (uint64, error) {
	k, number := d.header()
	d.response(r, true)
	if d.Bad || k != kindResponse || len(d.Data) > 0 {
		*r = response{}
		return 0, errBadMessage
	}
	return number, nil
}

// request reads a request; a batch only where one may stand, never within a batch.
func (d *decoder) request(r *request, outer bool) {
	r.action = Action(d.Byte())
	has := d.Byte()
	r.stamped, r.replicated = has&flagStamped != 0, has&flagReplicated != 0
	if has >= flags || r.action == 0 || r.action >= actions || !outer && !r.action.replicable() {
		d.Fail()
	}
	if has&flagHave != 0 {
		r.have = d.some()
	}
	if d.Bad {
		return
	}
	tasks := r.tasks
	r.tasks = nil
	switch r.action {
	case actionRegister:
		d.instance(&r.instance)
		r.key = r.instance.key
	case actionGetApp, actionGetVIP, actionGetSecureVIP:
		r.key.app = d.text()
	case actionGetByID:
		r.key.id = d.text()
	case actionGetAll, actionGetDelta, actionFigures:
	case actionBatch:
		r.tasks = d.tasks(tasks)
	case actionExchange:
		r.summaries = d.summaries()
	default:
		d.keyed(r, has)
	}
	if r.overridden == unknown && has&flagOverridden != 0 {
		d.Fail()
	}
}

// room gives a list of so many empty elements, in the memory of an old one if that is enough.
func room[T any](old []T, count int) []T {
	if old == nil || cap(old) < count {
		return make([]T, count)
	}
	clear(old[:count])
	return old[:count]
}

func (d *decoder) tasks(old []request) []request {
	tasks := room(old, d.Count(3))
	for i := range tasks {
		if d.Bad {
			return nil
		}
		d.request(&tasks[i], false)
	}
	return tasks
}

// keyed reads what changes or reads one instance.
func (d *decoder) keyed(r *request, has byte) {
	r.key, r.held = d.held()
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
		s := summary{key: d.key(), dirty: d.Varint(), age: d.age(), status: d.status(), gone: d.Bool()}
		summaries = append(summaries, s)
	}
	return summaries
}

// response reads a response; results of a batch have no results of their own.
func (d *decoder) response(r *response, outer bool) {
	r.code = int(d.Uvarint())
	has := d.Byte()
	if r.code < 100 || r.code > 599 || has >= parts {
		d.Fail()
	}
	if has&partVersion != 0 {
		r.version, r.delta, r.hash = d.some(), d.Uvarint(), d.Text()
	}
	r.instances = d.instances(r.instances)
	results := r.results
	r.results = nil
	if count := d.Count(4); count > 0 {
		if !outer {
			d.Fail()
			return
		}
		r.results = room(results, count)
		for i := range r.results {
			if d.Bad {
				return
			}
			d.response(&r.results[i], false)
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

func (d *decoder) instances(old []instance) []instance {
	count := d.Count(7)
	switch {
	case d.cache != nil:
		return d.news(old[:0], count)
	case count == 0:
		return nil
	}
	instances := room(old, count)
	for i := range instances {
		if d.Bad {
			return nil
		}
		d.instance(&instances[i])
	}
	return instances
}

// news reads a delta: what it tells that the cache does not say yet, with all that follows it of the same
// instances. A delta tells of a change again and again, so most of it is known, and mostly to the byte.
func (d *decoder) news(news []instance, count int) []instance {
	const mostCompared = 32 // with more news, all that follows is taken for news
	list, before, now := d.cache.instances, d.cache.told, told{bytes: d.Data, all: d.cache.spare[:0]}
	d.cache.told, d.cache.spare = told{}, before.all
	if d.cache.behind {
		before = told{}
	}
	for range count {
		if id, size := before.repeated(d.Data); size > 0 && !d.retold(news) {
			d.Data = d.Data[size:]
			now.add(id, d.Data)
			continue
		}
		app, id := d.Bytes(), d.Bytes()
		place, there := find(list, app, id)
		next := instance{}
		if there {
			next.key = list[place].key
		}
		d.rest(&next)
		if d.Bad {
			return nil
		}
		known := there && next == list[place] || !there && next.change == deleted
		if !known || len(news) > mostCompared || tells(news, app, id) {
			if !there {
				next.key = owned(list, app, id)
			}
			news = append(news, next)
		}
		now.addNew(id, d.Data)
	}
	if now.twice {
		now.all = now.all[:0]
	}
	d.cache.told, d.cache.behind = now, len(news) > 0
	return news
}

// owned is a key in memory of its own, but for the app if that is a list's.
func owned(list []instance, app, id []byte) key {
	if len(list) > 0 && list[0].app == string(app) {
		return key{list[0].app, string(id)}
	}
	return key{string(app), string(id)}
}

// retold tells whether there is news of the instance that comes next.
func (d *decoder) retold(news []instance) bool {
	if len(news) == 0 {
		return false
	}
	ahead := d.Reader
	return tells(news, ahead.Bytes(), ahead.Bytes())
}

// told is what a delta told of one instance after the other.
type told struct {
	bytes []byte // of these, and what follows them
	all   []saying
	twice bool // one was told of twice, it seems: nothing of it all is to be remembered
}

// saying is what a delta told of an instance: where its bytes are, and a hash of its id.
type saying struct {
	begin, end int32
	id         uint32
}

// repeated gives the size of the saying that is repeated at the beginning of some bytes, 0 if none of the next is. What
// precedes it is left out from then on.
func (t *told) repeated(data []byte) (id uint32, size int) {
	const ahead = 8
	for at, s := range t.all[:min(len(t.all), ahead)] {
		if bytes.HasPrefix(data, t.bytes[s.begin:s.end]) {
			t.all = t.all[at+1:]
			return s.id, int(s.end - s.begin)
		}
	}
	return 0, 0
}

// add adds what has been read since the last saying; left is what has not been read yet.
func (t *told) add(id uint32, left []byte) {
	begin := int32(0)
	if last := len(t.all) - 1; last >= 0 {
		begin = t.all[last].end
	}
	t.all = append(t.all, saying{begin, int32(len(t.bytes) - len(left)), id})
}

// addNew is add for what is not repeated, and notices if its instance was told of before.
func (t *told) addNew(id, left []byte) {
	hash := crc32.ChecksumIEEE(id)
	for i := range t.all {
		t.twice = t.twice || t.all[i].id == hash
	}
	t.add(hash, left)
}

// find is placeIn for a key that is in a message, and whether it is there.
func find(list []instance, app, id []byte) (place int, there bool) {
	low, high := 0, len(list)
	one := high > 0 && list[0].app == list[high-1].app && list[0].app == string(app) // there is one app alone, as is usual
	for low < high {
		middle := int(uint(low+high) / 2)
		if i := &list[middle]; i.id < string(id) && (one || i.app == string(app)) || !one && i.app < string(app) {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, low < len(list) && list[low].id == string(id) && list[low].app == string(app)
}

func tells(list []instance, app, id []byte) bool {
	for i := range list {
		if list[i].id == string(id) && list[i].app == string(app) {
			return true
		}
	}
	return false
}

func (d *decoder) instance(i *instance) {
	i.key = d.key()
	d.rest(i)
}

// rest reads what follows an instance's key.
func (d *decoder) rest(i *instance) {
	i.status, i.overridden = d.status(), d.status()
	i.value, i.dirty = d.Varint(), d.Varint()
	has := d.Byte()
	i.change = change(has &^ hasMore)
	if i.change >= changes {
		d.Fail()
		return
	}
	if has&hasMore != 0 {
		d.more(i)
	}
}

// key reads the key of an instance.
func (d *decoder) key() key {
	k, _ := d.held()
	return k
}

// held reads the key of an instance, and gives the lease if there is one. Most batches name instances in the order
// of the one before, so that the next lease is known from the last, without the index.
func (d *decoder) held() (key, *lease) {
	if d.index == nil {
		return key{app: d.text(), id: d.text()}, nil
	}
	app, id := d.Bytes(), d.Bytes()
	var held *lease
	if d.last != nil {
		held = d.last.next
	}
	if held == nil || held.ended || held.instance.id != string(id) || held.instance.app != string(app) {
		if held = d.index[key{string(app), string(id)}]; held == nil {
			return key{string(app), string(id)}, nil
		}
	}
	if d.last != nil {
		d.last.next = held
	}
	d.last = held
	return held.instance.key, held
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
