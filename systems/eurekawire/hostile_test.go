package eurekawire

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func requireCode(t *testing.T, code int, err error, what string) {
	t.Helper()
	var refusal *Error
	require.True(t, errors.As(err, &refusal), "%s: %v", what, err)
	require.Equal(t, code, refusal.Code, what)
	require.Less(t, len(refusal.Message), 300, what)
}

func TestMalformedDocuments(t *testing.T) {
	documents := map[Format][]string{
		JSON: {
			``, ` `, `{`, `[]`, `null`, `"instance"`, `{"other":{}}`, `{"instance":{}`, `{"instance":{}}x`, `{"instance":{},}`, `{"instance":{"a":}}`,
			`{"instance":{"a":01}}`, `{"instance":{"a":1.}}`, `{"instance":{"a":1e}}`, `{"instance":{"a":tru}}`, `{"instance":{"a":[1,]}}`,
			`{"instance":{"a":[1 2]}}`, `{"instance":{"a" 1}}`, `{"instance":{a:1}}`, `{"instance":{"a":"\x"}}`, `{"instance":{"a":"\u12"}}`,
			"{\"instance\":{\"a\":\"\n\"}}", `{"instance":{"a":"`, `{"instance":{"a":'b'}}`, `{"instance":{"a":NaN}}`, `{"instance":{"a":+1}}`,
			`{"instance":` + strings.Repeat(`{"a":`, 100000), `{"instance":{"x":` + strings.Repeat(`[`, 100000),
		},
		XML: {
			``, ` `, `<`, `text`, `<other/>`, `<instance>`, `<instance></other>`, `<instance/><instance/>`, `<instance/>text`, `<instance a=b/>`,
			`<instance><app>&nbsp;</app></instance>`, `<instance><a></instance></a>`, "<instance><app>\x01</app></instance>",
			`<!DOCTYPE x [<!ENTITY a "b">]><instance><app>&a;</app></instance>`, `<!DOCTYPE x SYSTEM "file:///etc/passwd"><instance/>`,
			`<instance><app>&a;</app></instance>`, `<?xml version="1.0" encoding="UTF-16"?><instance/>`,
			`<instance>` + strings.Repeat(`<a>`, 100000), `<instance><metadata>` + strings.Repeat(`<a>`, 100000),
		},
	}
	for format, bodies := range documents {
		for _, body := range bodies {
			_, err := DecodeInstance(format, []byte(body))
			requireCode(t, 400, err, excerpt(body))
		}
	}
}

// A number that does not fit is an error that names its field, in any way of writing it.
func TestNumbersOutOfRange(t *testing.T) {
	values := []string{"9223372036854775808", "1e19", "1e999999999999999999999", "-9e18999", "1" + strings.Repeat("0", 100000), `"x"`, `"1x"`, "true"}
	for _, value := range values {
		for _, field := range []string{"lastDirtyTimestamp", "countryId", "port"} {
			_, err := DecodeInstance(JSON, []byte(`{"instance":{"`+field+`":`+value+`}}`))
			requireCode(t, 400, err, field)
			require.ErrorContains(t, err, field)
		}
	}
	for text, want := range map[string]int64{
		"0": 0, "-0.9": 0, "12.5e1": 125, "-1.5E3": -1500, "125e-1": 12, "0e999": 0, "1e-999999999999999999999": 0, "922337203685477580.7e1": 1<<63 - 1,
	} {
		got, err := integer(text, 64)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
}

func TestListsNeedIds(t *testing.T) {
	for _, body := range []string{
		`{"applications":{"application":[{}]}}`, `{"applications":{"application":[null]}}`,
		`{"applications":{"application":[{"name":"A","instance":[{}]}]}}`,
		`{"applications":{"application":[{"name":"A","instance":[{"app":"A"}]}]}}`,
	} {
		_, err := DecodeApplications(JSON, []byte(body))
		requireCode(t, 400, err, body)
	}
	for _, body := range []string{
		`{"replicationList":[{}]}`, `{"replicationList":[{"appName":"A","id":"i"}]}`, `{"replicationList":[{"appName":"A","action":"Cancel"}]}`,
		`{"replicationList":[{"appName":"A","id":"i","action":"Drop"}]}`,
		`{"replicationList":[{"appName":"A","id":"i","action":"Cancel","lastDirtyTimestamp":"x"}]}`,
	} {
		_, err := DecodeReplications([]byte(body))
		requireCode(t, 400, err, body)
	}
	_, err := DecodeResults([]byte(`{"responseList":[{"statusCode":99999999999}]}`))
	requireCode(t, 400, err, "code")
}

// Bytes that are not UTF-8 are replaced, on the way in and on the way out.
func TestInvalidUTF8(t *testing.T) {
	for format, body := range map[Format]string{
		JSON: "{\"instance\":{\"hostName\":\"a\xff\xc0b\\ud800\",\"metadata\":{\"\xff\":\"\"}}}",
		XML:  "<instance><hostName>a\xff\xc0b&#xFFFD;</hostName><metadata><_.FFFD></_.FFFD></metadata></instance>",
	} {
		instance, err := DecodeInstance(format, []byte(body))
		require.NoError(t, err)
		require.Contains(t, []string{"a\uFFFD\uFFFDb\uFFFD", "a\uFFFDb\uFFFD"}, instance.HostName)
		require.Equal(t, []Pair{{"\uFFFD", ""}}, instance.Metadata)
	}
	for _, format := range formats() {
		instance := sparseInstance()
		instance.HostName, instance.Metadata = "a\xffb\u0000\uFFFE", []Pair{{"k\xff\x00", "\x01"}}
		again, err := DecodeInstance(format, instance.Encode(format))
		require.NoError(t, err)
		if format == JSON {
			require.Equal(t, "a\uFFFDb\u0000\uFFFE", again.HostName)
			require.Equal(t, []Pair{{"k\uFFFD\x00", "\x01"}}, again.Metadata)
			continue
		}
		require.Equal(t, "a\uFFFDb\uFFFD\uFFFD", again.HostName)
		require.Equal(t, []Pair{{"k\uFFFD\x00", "\uFFFD"}}, again.Metadata)
	}
}

// Long values are fine, and no document costs more than a small multiple of its size.
func TestMemoryIsBounded(t *testing.T) {
	const size = 1 << 20
	fill := func(format, part string) []byte {
		return []byte(fmt.Sprintf(format, strings.TrimSuffix(strings.Repeat(part, size/len(part)), ",")))
	}
	const tiny = `<instance><hostName>h</hostName></instance>`
	cases := map[string]struct {
		format Format
		body   []byte
		most   uint64 // bytes allocated in all, for each byte of the document
	}{
		"a long string":        {JSON, fill(`{"applications":{"apps__hashcode":"%s"}}`, "a"), 4},
		"a long escape":        {JSON, fill(`{"applications":{"apps__hashcode":"%s"}}`, `\u0041`), 8},
		"no UTF-8":             {JSON, fill(`{"applications":{"apps__hashcode":"%s"}}`, "\xff"), 24},
		"unknown fields":       {JSON, fill(`{"applications":{"x":[%s]}}`, `{"a":1},`), 4},
		"small instances":      {JSON, fill(`{"applications":{"application":[{"name":"A","instance":[%s]}]}}`, `{"hostName":"h"},`), 160},
		"small applications":   {JSON, fill(`{"applications":{"application":[%s]}}`, `{"name":"A"},`), 40},
		"small pairs":          {JSON, fill(`{"applications":{"application":{"name":"A","instance":{"hostName":"h","metadata":{%s}}}}}`, `"":"",`), 48},
		"an XML string":        {XML, fill(`<applications><apps__hashcode>%s</apps__hashcode></applications>`, "a"), 16},
		"XML references":       {XML, fill(`<applications><apps__hashcode>%s</apps__hashcode></applications>`, "&#65;"), 16},
		"XML no UTF-8":         {XML, fill(`<applications><apps__hashcode>%s</apps__hashcode></applications>`, "a\xff"), 32},
		"XML attributes":       {XML, fill(`<applications %s></applications>`, `a="" `), 160},
		"XML elements":         {XML, fill(`<applications>%s</applications>`, `<a/>`), 160},
		"XML small instances":  {XML, fill(`<applications><application><name>A</name>%s</application></applications>`, tiny), 160},
		"XML declared symbols": {XML, fill(`<applications><!DOCTYPE a [%s]></applications>`, `<!ENTITY a "b">`), 16},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := DecodeApplications(c.format, c.body)
			runtime.ReadMemStats(&after)
			require.Equal(t, name == "XML declared symbols", err != nil)
			ratio := (after.TotalAlloc - before.TotalAlloc) / uint64(len(c.body))
			t.Logf("%d bytes for a byte", ratio)
			require.LessOrEqual(t, ratio, c.most)
		})
	}
}

// A class full of quotes is escaped in one pass.
func TestLongAttribute(t *testing.T) {
	instance := sparseInstance()
	instance.DataCenter = DataCenter{Name: "Own", Class: strings.Repeat(`"`, 1<<20)}
	again, err := DecodeInstance(XML, instance.Encode(XML))
	require.NoError(t, err)
	require.Equal(t, instance, again)
}
