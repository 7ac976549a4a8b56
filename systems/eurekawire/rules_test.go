package eurekawire

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHash(t *testing.T) {
	require.Equal(t, "", Hash(Counts{}))
	require.Equal(t, "UP_1_", Hash(Counts{Up: 1}))
	require.Equal(t, "DOWN_1_OUT_OF_SERVICE_2_STARTING_3_UNKNOWN_4_UP_10_", Hash(Counts{Down: 1, OutOfService: 2, Starting: 3, Unknown: 4, Up: 10}))
	all := sampleApplications()
	require.Equal(t, all.Hash, Hash(all.Counts()))
	var counts Counts
	counts.Add("", 2)
	counts.Add(Starting, 1)
	counts.Add(Down, 1)
	counts.Add(Down, -1)
	require.Equal(t, Counts{Unknown: 2, Starting: 1}, counts)
}

func TestValidate(t *testing.T) {
	valid := sampleInstance()
	require.NoError(t, valid.Validate("SHOP"))
	require.NoError(t, valid.Validate("shop"))
	for message, spoil := range map[string]func(*Instance){
		"Missing instanceId": func(i *Instance) { i.InstanceID, i.HostName, i.DataCenter.Metadata = "", "", nil },
		"Missing hostname":   func(i *Instance) { i.HostName = "" },
		"Missing ip address": func(i *Instance) { i.IPAddr = "" },
		"Missing appName":    func(i *Instance) { i.App = "" },
		"Mismatched appName, expecting SHOP but was SHOPS": func(i *Instance) { i.App = "Shops" },
		"Missing dataCenterInfo":                           func(i *Instance) { i.DataCenter = DataCenter{} },
		"Missing dataCenterInfo Name":                      func(i *Instance) { i.DataCenter.Name = "" },
	} {
		instance := sampleInstance()
		spoil(&instance)
		err := instance.Validate("shop")
		requireCode(t, 400, err, message)
		require.Equal(t, message, err.(*Error).Message)
	}
	valid.InstanceID = ""
	require.NoError(t, valid.Validate("SHOP"), "the Amazon id is an id")
	valid.DataCenter.Metadata = nil
	require.NoError(t, valid.Validate("SHOP"), "the host name is an id")
}

func TestFormats(t *testing.T) {
	require.Equal(t, XML, AcceptedFormat(""))
	require.Equal(t, XML, AcceptedFormat("*/*"))
	require.Equal(t, XML, AcceptedFormat("application/xml"))
	require.Equal(t, JSON, AcceptedFormat("application/xml, application/json;q=0.5"))
	require.Equal(t, XML, BodyFormat("Application/XML; charset=utf-8", []byte("{}")))
	require.Equal(t, JSON, BodyFormat("application/json", []byte("<")))
	require.Equal(t, XML, BodyFormat("", []byte(" <instance/>")))
	require.Equal(t, JSON, BodyFormat("text/plain", []byte(` {}`)))
	require.Equal(t, "application/json", JSON.ContentType())
	require.Equal(t, "application/xml", XML.ContentType())
}

func TestStatuses(t *testing.T) {
	for _, status := range []Status{Up, Down, Starting, OutOfService, Unknown} {
		parsed, ok := ParseStatus(string(status))
		require.True(t, ok)
		require.Equal(t, status, parsed)
	}
	parsed, ok := ParseStatus(" out_of_service ")
	require.True(t, ok)
	require.Equal(t, OutOfService, parsed)
	for _, text := range []string{"", "UPP"} {
		parsed, ok = ParseStatus(text)
		require.False(t, ok)
		require.Equal(t, Unknown, parsed)
	}
}

// The class that clients see is Eureka's, but for data centers that Eureka does not know.
func TestDataCenterClass(t *testing.T) {
	const byDefault = "com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo"
	for _, c := range []struct{ name, class, want string }{
		{"MyOwn", "com.netflix.appinfo.MyDataCenterInfo", byDefault}, {"Netflix", "", byDefault}, {"Amazon", "x", "com.netflix.appinfo.AmazonInfo"},
		{"Own", "", byDefault}, {"Own", "org.Own", "org.Own"}, {"", "org.Own", "org.Own"}, {"", "", ""},
	} {
		center := DataCenter{Name: c.name, Class: c.class}
		require.Equal(t, c.want, center.class(), c.name)
	}
}

func TestXMLNames(t *testing.T) {
	for key, name := range map[string]string{
		"zone": "zone", "a.b-c_d": "a.b-c_d", "_": "_", "__": "__", "a b": "a_.0020b", "1a1": "_.0031a1", "-": "_.002D", "": "_.", "_.": "_.005F.",
		"a_.": "a_.005F.", "é": "_.00E9", "\U0001F600": "_.D83D_.DE00", "a:b": "a_.003Ab", "$": "_.0024", "\x00": "_.0000",
	} {
		require.Equal(t, name, string(appendXMLName(nil, key)), key)
		require.Equal(t, key, xmlKey(name), name)
	}
	for name, key := range map[string]string{
		"a_.": "a_.", "_.12": "_.12", "_.00zz": "_.00zz", "_.D83D": "\uFFFD", "_.D83Da": "\uFFFDa", "_.D83D_.0041": "\uFFFDA", "_.002d": "-",
	} {
		require.Equal(t, key, xmlKey(name), name)
	}
}
