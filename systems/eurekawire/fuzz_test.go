package eurekawire

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whatever bytes come, reading does not panic, and what was read is stable: written and read again
// it is the same.

// requireStable checks a document's value in JSON, and what XML can say of it in XML.
func requireStable[T any](t *testing.T, once T, encode func(*T, Format) []byte, decode func(Format, []byte) (T, error)) {
	document := encode(&once, JSON)
	require.True(t, json.Valid(document))
	twice, err := decode(JSON, document)
	require.NoError(t, err)
	require.Equal(t, once, twice)

	inXML, err := decode(XML, encode(&once, XML))
	require.NoError(t, err)
	again, err := decode(XML, encode(&inXML, XML))
	require.NoError(t, err)
	require.Equal(t, inXML, again)
	if !strings.ContainsFunc(string(document), func(r rune) bool { return r == '\\' || r > '~' }) {
		require.Equal(t, once, inXML)
	}
}

func seedDocuments(f *testing.F) {
	all := sampleApplications()
	instance, sparse := sampleInstance(), sparseInstance()
	for _, format := range formats() {
		f.Add(instance.Encode(format), format == XML)
		f.Add(sparse.Encode(format), format == XML)
		f.Add(all.Applications[0].Encode(format), format == XML)
		f.Add(all.Encode(format), format == XML)
	}
	f.Add([]byte(`{"instance":{"port":"1e3","metadata":{"@class":"x","1":null,"_.":[1],"\ud83d\ude00":"\u0000"},"sid":"na"}}`), false)
	f.Add([]byte(`<instance><port enabled="true">1</port><metadata class="x"><_.0031>&#13;</_.0031><b/></metadata></instance>`), true)
	f.Add([]byte(`<applications><application><name>a</name><instance><hostName><![CDATA[<]]></hostName></instance></application></applications>`), true)
}

func formatOf(xml bool) Format {
	if xml {
		return XML
	}
	return JSON
}

// FuzzFields begins with the value: whatever stands in the fields, the document says it.
func FuzzFields(f *testing.F) {
	f.Add("h", "k", "v", "org.Own", "Own", int64(1), int32(1), true)
	f.Add("<&>\"'", "\x00_._", "\r\n\t \xff", "\"", "Amazon", int64(-1), int32(-1), false)
	f.Add("\\u0041\u2028", "a b", "]]>", "\uFFFE", "MyOwn", int64(1)<<62, int32(1)<<30, false)
	f.Fuzz(func(t *testing.T, text, key, value, class, center string, long int64, number int32, yes bool) {
		instance := sampleInstance()
		instance.HostName, instance.InstanceID, instance.App, instance.VIP, instance.SID = text, key, value, value+text, text
		instance.DataCenter = DataCenter{Name: center, Class: class, Metadata: []Pair{{key, text}, {value, text}}}
		instance.Metadata = []Pair{{text, key}, {key, value}}
		instance.LastDirty, instance.LastUpdated, instance.Lease.Eviction = long, -long, long
		instance.CountryID, instance.Lease.Duration, instance.Port = number, number, Port{number, yes}
		for _, format := range formats() {
			once, err := DecodeInstance(format, instance.Encode(format))
			require.NoError(t, err)
			require.Equal(t, long, once.LastDirty)
			require.Equal(t, Port{number, yes}, once.Port)
			requireStable(t, once, (*Instance).Encode, DecodeInstance)
		}
	})
}

func FuzzInstance(f *testing.F) {
	seedDocuments(f)
	f.Fuzz(func(t *testing.T, body []byte, xml bool) {
		if once, err := DecodeInstance(formatOf(xml), body); err == nil {
			requireStable(t, once, (*Instance).Encode, DecodeInstance)
		}
	})
}

func FuzzApplication(f *testing.F) {
	seedDocuments(f)
	f.Fuzz(func(t *testing.T, body []byte, xml bool) {
		if once, err := DecodeApplication(formatOf(xml), body); err == nil {
			requireStable(t, once, (*Application).Encode, DecodeApplication)
		}
	})
}

func FuzzApplications(f *testing.F) {
	seedDocuments(f)
	f.Fuzz(func(t *testing.T, body []byte, xml bool) {
		if once, err := DecodeApplications(formatOf(xml), body); err == nil {
			requireStable(t, once, (*Applications).Encode, DecodeApplications)
		}
	})
}

func FuzzReplications(f *testing.F) {
	f.Add(EncodeReplications(sampleReplications()))
	f.Fuzz(func(t *testing.T, body []byte) {
		once, err := DecodeReplications(body)
		if err != nil {
			return
		}
		twice, err := DecodeReplications(EncodeReplications(once))
		require.NoError(t, err)
		require.Equal(t, once, twice)
	})
}

func FuzzResults(f *testing.F) {
	f.Add(EncodeResults(sampleResults()))
	f.Fuzz(func(t *testing.T, body []byte) {
		once, err := DecodeResults(body)
		if err != nil {
			return
		}
		twice, err := DecodeResults(EncodeResults(once))
		require.NoError(t, err)
		require.Equal(t, once, twice)
	})
}

// The reader takes for JSON what the standard library does, and reads the same text.
func FuzzJSON(f *testing.F) {
	for _, text := range []string{
		`"a\u00e9\n\ud83d\ude00"`, `[1,-2.5e+3,{"a":[]},null,true]`, `{}`, "\"\xff\"", `"\ud800\u0041"`, `"\ud800\ud800\udc00"`, `0.10`, `[,]`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		document := append(append([]byte(`{"v":`), value...), '}')
		var got string
		err := jsonDocument(document, "v", func(s source) error { return readText(s, &got) })
		var want map[string]any
		standard := json.Unmarshal(document, &want)
		if err != nil && strings.Contains(err.Error(), "too deeply") {
			return
		}
		if !json.Valid(document) {
			require.Error(t, err)
			return
		}
		require.NoError(t, err)
		if text, ok := want["v"].(string); ok && standard == nil {
			require.Equal(t, text, got)
		}
	})
}

// A call that is read is one that can be made, and is read the same.
func FuzzParse(f *testing.F) {
	f.Add("PUT", "/eureka/v2/apps/SHOP/h%3A1/status", "value=UP&lastDirtyTimestamp=12")
	f.Add("PUT", "/eureka/apps/shop/%2e%2e/metadata", "a=%20+b&a=2&=")
	f.Add("GET", "/eureka/apps/", "regions=b,a,,")
	f.Add("GET", "/eureka/v2/svips/%2F", "")
	f.Add("POST", "/eureka/peerreplication/batch/", "")
	f.Add("PUT", "/eureka/asg/a/status", "value=x")
	f.Fuzz(func(t *testing.T, method, path, query string) {
		call, err := Parse(method, path, query)
		if err != nil {
			return
		}
		again, err := Parse(call.Target())
		require.NoError(t, err)
		require.Equal(t, call, again)
	})
}
