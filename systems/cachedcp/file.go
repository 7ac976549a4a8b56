package cachedcp

import (
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"time"

	"cleave/world"
)

// listsFile is where the last good lists are: a checksum of four bytes, and the lists as JSON.
const listsFile = "lists"

// saved is a list as it is in the file.
type saved struct {
	Service   string        `json:"service"`
	Stamp     time.Duration `json:"stamp"` // by the wall clock, when the store gave the list
	Instances []string      `json:"instances"`
}

// save writes all lists. What is there stays until what replaces it is whole.
func (c *cache) save() {
	if c.bug == bugNoFile {
		return
	}
	var lists []saved
	for _, f := range c.feeds {
		if f.known {
			lists = append(lists, saved{f.service, f.stamp, f.list})
		}
	}
	env := c.session.Environment()
	env.Disk().Replace(listsFile, encodeLists(lists), func(err error) {
		if err != nil {
			env.Logf("the lists cannot be written to their file: %v", err)
		}
	})
}

// load begins with the lists of an earlier life.
func (c *cache) load(env world.Environment) {
	data := env.Disk().Read(listsFile)
	if data == nil {
		return
	}
	lists, good := decodeLists(data)
	if !good {
		env.Logf("the file of the lists is damaged, and is not read")
		return
	}
	for _, l := range lists {
		f := c.feed(l.Service)
		f.known, f.stamp, f.list = true, l.Stamp, l.Instances
	}
}

func encodeLists(lists []saved) []byte {
	body, err := json.Marshal(lists)
	if err != nil {
		panic("cachedcp: lists of texts that JSON cannot hold: " + err.Error())
	}
	return append(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(body)), body...)
}

func decodeLists(data []byte) (lists []saved, good bool) {
	if len(data) < 4 || crc32.ChecksumIEEE(data[4:]) != binary.BigEndian.Uint32(data) {
		return nil, false
	}
	return lists, json.Unmarshal(data[4:], &lists) == nil
}
