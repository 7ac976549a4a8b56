package apregistry

import (
	"encoding/binary"
	"hash/crc32"
	"time"
)

// cacheFile is where a client keeps its cache, so that it has one when it starts and no server answers.
// It is a checksum of four bytes, and a response with the stamp as its number.
const cacheFile = "cache"

// saving is the writing of the cache's file. One write is under way at a time; what is fetched meanwhile
// is written after it, the last only.
type saving struct{ busy, again bool }

// save writes the cache to its file.
func (c *Client) save() {
	if c.saving.busy {
		c.saving.again = true
		return
	}
	c.saving.busy = true
	c.env.Disk().Replace(cacheFile, encodeCache(c.cache.stamp, c.cache.instances), func(err error) {
		c.saving.busy = false
		if err != nil {
			c.env.Logf("the cache cannot be written to its file: %v", err)
		}
		if c.saving.again {
			c.saving.again = false
			c.save()
		}
	})
}

// load begins with the cache of an earlier life, as old as it is by the wall clock.
func (c *Client) load() {
	if !c.options.CacheFile {
		return
	}
	data := c.env.Disk().Read(cacheFile)
	if data == nil {
		return
	}
	stamp, instances, err := decodeCache(data)
	if err != nil {
		c.env.Logf("the file of the cache is damaged, and is not read")
		return
	}
	age := max(c.env.Now()-time.Duration(stamp), 0)
	c.take(cache{known: true, instances: listOf(instances), stamp: stamp, asked: c.env.Elapsed() - age})
}

func encodeCache(stamp int64, instances []instance) []byte {
	body := encodeResponse(uint64(stamp), &response{code: codeOK, instances: instances})
	return append(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(body)), body...)
}

func decodeCache(data []byte) (stamp int64, instances []instance, err error) {
	if len(data) < 4 || crc32.ChecksumIEEE(data[4:]) != binary.BigEndian.Uint32(data) {
		return 0, nil, errBadMessage
	}
	number, content, err := decodeResponse(data[4:])
	return int64(number), content.instances, err
}
