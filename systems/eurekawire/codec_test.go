package eurekawire

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func formats() []Format { return []Format{JSON, XML} }

func TestDocumentsReadBackEqual(t *testing.T) {
	all := sampleApplications()
	for _, format := range formats() {
		for _, instance := range []Instance{sampleInstance(), sparseInstance()} {
			again, err := DecodeInstance(format, instance.Encode(format))
			require.NoError(t, err)
			require.Equal(t, instance, again)
		}
		for _, application := range all.Applications {
			again, err := DecodeApplication(format, application.Encode(format))
			require.NoError(t, err)
			require.Equal(t, application, again)
		}
		for _, applications := range []Applications{all, {Version: "1"}} {
			again, err := DecodeApplications(format, applications.Encode(format))
			require.NoError(t, err)
			require.Equal(t, applications, again)
		}
	}
	tasks, err := DecodeReplications(EncodeReplications(sampleReplications()))
	require.NoError(t, err)
	require.Equal(t, sampleReplications(), tasks)
	results, err := DecodeResults(EncodeResults(sampleResults()))
	require.NoError(t, err)
	require.Equal(t, sampleResults(), results)
}

// The standard library's readers find the documents well-formed.
func TestDocumentsAreWellFormed(t *testing.T) {
	all := sampleApplications()
	require.True(t, json.Valid(all.Encode(JSON)))
	require.True(t, json.Valid(EncodeReplications(sampleReplications())))
	require.True(t, json.Valid(EncodeReplications(nil)))
	require.True(t, json.Valid(EncodeResults(sampleResults())))
	requireXML(t, all.Encode(XML))
}

func requireXML(t *testing.T, document []byte) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(string(document)))
	for {
		_, err := decoder.Token()
		if err == io.EOF {
			return
		}
		require.NoError(t, err)
	}
}

// The shapes that clients of every age read.
func TestShapes(t *testing.T) {
	instance := sparseInstance()
	instance.InstanceID, instance.App, instance.IPAddr, instance.DataCenter.Name = "i", "A", "1.2.3.4", "MyOwn"
	instance.LastDirty = 12
	all := Applications{Hash: "UP_1_", Applications: []Application{{Name: "A", Instances: []Instance{instance}}}}
	require.Equal(t, `{"applications":{"versions__delta":"1","apps__hashcode":"UP_1_","application":[{"name":"A","instance":[`+
		`{"instanceId":"i","hostName":"h","app":"A","ipAddr":"1.2.3.4","status":"UP","overriddenstatus":"UNKNOWN",`+
		`"port":{"$":7001,"@enabled":"true"},"securePort":{"$":7002,"@enabled":"false"},"countryId":1,`+
		`"dataCenterInfo":{"@class":"com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo","name":"MyOwn"},`+
		`"leaseInfo":{"renewalIntervalInSecs":30,"durationInSecs":90,"registrationTimestamp":0,"lastRenewalTimestamp":0,`+
		`"evictionTimestamp":0,"serviceUpTimestamp":0},"metadata":{},"isCoordinatingDiscoveryServer":"false",`+
		`"lastDirtyTimestamp":"12"}]}]}}`, string(all.Encode(JSON)))
	require.Equal(t, `<applications><versions__delta>1</versions__delta><apps__hashcode>UP_1_</apps__hashcode>`+
		`<application><name>A</name><instance><instanceId>i</instanceId><hostName>h</hostName><app>A</app><ipAddr>1.2.3.4</ipAddr>`+
		`<status>UP</status><overriddenstatus>UNKNOWN</overriddenstatus><port enabled="true">7001</port>`+
		`<securePort enabled="false">7002</securePort><countryId>1</countryId>`+
		`<dataCenterInfo class="com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo"><name>MyOwn</name></dataCenterInfo>`+
		`<leaseInfo><renewalIntervalInSecs>30</renewalIntervalInSecs><durationInSecs>90</durationInSecs>`+
		`<registrationTimestamp>0</registrationTimestamp><lastRenewalTimestamp>0</lastRenewalTimestamp>`+
		`<evictionTimestamp>0</evictionTimestamp><serviceUpTimestamp>0</serviceUpTimestamp></leaseInfo><metadata></metadata>`+
		`<isCoordinatingDiscoveryServer>false</isCoordinatingDiscoveryServer><lastDirtyTimestamp>12</lastDirtyTimestamp>`+
		`</instance></application></applications>`, string(all.Encode(XML)))
	require.Equal(t, `{"applications":{"versions__delta":"1","apps__hashcode":"","application":[]}}`, string((&Applications{}).Encode(JSON)))
	require.Equal(t, `{"responseList":[{"statusCode":200}]}`, string(EncodeResults([]ReplicationResult{{Code: 200}})))
	require.Equal(t, `{"replicationList":[{"appName":"A","id":"i","lastDirtyTimestamp":3,"action":"Heartbeat"}]}`,
		string(EncodeReplications([]Replication{{App: "A", ID: "i", LastDirty: 3, Action: ActionHeartbeat}})))
}

// What fargo 1.4 posts, with its own defaults: ports as texts in JSON, empty texts, a lease of zeros.
func TestFargoRegisters(t *testing.T) {
	bodies := map[Format]string{
		JSON: `{"instance":{"instanceId":"i:8080","hostName":"h","app":"TESTAPP","ipAddr":"127.0.0.10","vipAddress":"v","secureVipAddress":"s",` +
			`"status":"UP","overriddenstatus":"","homePageUrl":"http://h/?a=1\u0026b=\u003c2\u003e","statusPageUrl":"","healthCheckUrl":"",` +
			`"countryId":0,"dataCenterInfo":{"name":"MyOwn","@class":"com.netflix.appinfo.MyDataCenterInfo"},` +
			`"leaseInfo":{"renewalIntervalInSecs":0,"durationInSecs":0,"registrationTimestamp":0,"lastRenewalTimestamp":0,"evictionTimestamp":0,` +
			`"serviceUpTimestamp":0},"metadata":{"zone":"a\u003cb\u0026c"},"port":{"$":"9090","@enabled":"true"},` +
			`"securePort":{"$":"9443","@enabled":"false"}}}`,
		XML: `<instance><instanceId>i:8080</instanceId><hostName>h</hostName><app>TESTAPP</app><ipAddr>127.0.0.10</ipAddr>` +
			`<vipAddress>v</vipAddress><secureVipAddress>s</secureVipAddress><status>UP</status><overriddenstatus></overriddenstatus>` +
			`<homePageUrl>http://h/?a=1&amp;b=&lt;2&gt;</homePageUrl><statusPageUrl></statusPageUrl><healthCheckUrl></healthCheckUrl>` +
			`<countryId>0</countryId><dataCenterInfo><name>MyOwn</name><metadata></metadata></dataCenterInfo>` +
			`<leaseInfo><renewalIntervalInSecs>0</renewalIntervalInSecs><durationInSecs>0</durationInSecs>` +
			`<registrationTimestamp>0</registrationTimestamp></leaseInfo><metadata><zone>a&lt;b&amp;c</zone></metadata>` +
			`<port enabled="true">9090</port><securePort enabled="false">9443</securePort></instance>`,
	}
	for format, body := range bodies {
		instance, err := DecodeInstance(format, []byte(body))
		require.NoError(t, err)
		require.NoError(t, instance.Validate("testapp"))
		require.Equal(t, Instance{
			InstanceID: "i:8080", HostName: "h", App: "TESTAPP", IPAddr: "127.0.0.10", VIP: "v", SecureVIP: "s",
			Status: Up, Overridden: Unknown, Port: Port{9090, true}, SecurePort: Port{9443, false}, HomePage: "http://h/?a=1&b=<2>",
			DataCenter: DataCenter{Class: "com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo", Name: "MyOwn"},
			Lease:      Lease{RenewalInterval: 30, Duration: 90}, Metadata: []Pair{{"zone", "a<b&c"}},
		}, instance)
	}
}

// Each pair of documents says the same.
func TestLenientReading(t *testing.T) {
	want := sparseInstance()
	change := func(change func(*Instance)) Instance {
		changed := want
		change(&changed)
		return changed
	}
	cases := map[string]Instance{
		`"port":8080,"securePort":"8443"`: change(func(i *Instance) { i.Port.Number, i.SecurePort.Number = 8080, 8443 }),
		`"port":{"$":"8080","@enabled":false},"securePort":{"$":1,"@enabled":true}`: change(func(i *Instance) {
			i.Port, i.SecurePort = Port{8080, false}, Port{1, true}
		}),
		`"port":null,"securePort":[1],"leaseInfo":null,"metadata":null,"dataCenterInfo":null,"status":null,"app":null`: want,
		`"overriddenStatus":"down"`:       change(func(i *Instance) { i.Overridden = Down }),
		`"status":"no such"`:              change(func(i *Instance) { i.Status = Unknown }),
		`"status":"DOWN","status":"UP"`:   want,
		`"sid":"na","actionType":"other"`: want,
		`"app":"shop","appGroupName":"x"`: change(func(i *Instance) { i.App, i.AppGroup = "SHOP", "X" }),
		`"isCoordinatingDiscoveryServer":true,"countryId":"2","unknown":[{"a":[1,-2.5e3]},null]`: change(func(i *Instance) {
			i.Coordinating, i.CountryID = true, 2
		}),
		`"lastDirtyTimestamp":1.6e12,"lastUpdatedTimestamp":" 1600000000000.9 "`: change(func(i *Instance) {
			i.LastDirty, i.LastUpdated = 1600000000000, 1600000000000
		}),
		`"lastDirtyTimestamp":""`:                                  want,
		`"leaseInfo":{"renewalTimestamp":"5","durationInSecs":-1}`: change(func(i *Instance) { i.Lease.LastRenewal = 5 }),
		`"metadata":{"@class":"java.util.Collections$EmptyMap"}`:   want,
		`"metadata":{"class":"java.util.Collections$EmptyMap"}`:    want,
		`"metadata":"none"`:                                        want,
		`"metadata":{"b":1.50,"a":true,"c":null,"d":{"x":1},"a":"\ud83d"}`: change(func(i *Instance) {
			i.Metadata = []Pair{{"a", "\uFFFD"}, {"b", "1.50"}, {"d", ""}}
		}),
	}
	for fields, want := range cases {
		instance, err := DecodeInstance(JSON, []byte(` { "x":1, "instance" : {"hostName":"h",`+fields+`} } `))
		require.NoError(t, err, fields)
		require.Equal(t, want, instance, fields)
	}
	document := "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- one -->\n<instance xmlns=\"u\">\n <hostName>h</hostName>\n <port> 7001 </port>" +
		"<unknown a=\"b\"><c>d</c>e</unknown><metadata class=\"java.util.Collections$EmptyMap\"/>\n<status>\n UP </status></instance>\n"
	instance, err := DecodeInstance(XML, []byte(document))
	require.NoError(t, err)
	require.Equal(t, want, instance)
}

// Old servers write a list of one as the one.
func TestListsOfOne(t *testing.T) {
	all, err := DecodeApplications(JSON, []byte(`{"applications":{"versions__delta":3,"apps__hashcode":"UP_1_",
		"application":{"name":"A","instance":{"hostName":"h"}}}}`))
	require.NoError(t, err)
	require.Equal(t, Applications{Version: "3", Hash: "UP_1_", Applications: []Application{{Name: "A", Instances: []Instance{sparseInstance()}}}}, all)
	all, err = DecodeApplications(JSON, []byte(`{"applications":{"application":[{"name":"A"}],"application":[{"name":"B","instance":[]}]}}`))
	require.NoError(t, err)
	require.Equal(t, []Application{{Name: "B"}}, all.Applications)
	tasks, err := DecodeReplications([]byte(`{"replicationList":{"appName":"a","id":"i","action":"Cancel","instanceInfo":null,"status":null}}`))
	require.NoError(t, err)
	require.Equal(t, []Replication{{App: "A", ID: "i", Action: ActionCancel}}, tasks)
}

func TestCompact(t *testing.T) {
	instance := sampleInstance()
	require.Equal(t, `{"instance":{"instanceId":"shop-1:8080","hostName":"h1.example","app":"SHOP","ipAddr":"10.0.0.1","status":"OUT_OF_SERVICE",`+
		`"dataCenterInfo":{"@class":"com.netflix.appinfo.AmazonInfo","name":"Amazon",`+
		`"metadata":{"availability-zone":"us-east-1a","instance-id":"i-0a1b"}},"vipAddress":"shop","secureVipAddress":"shop-secure",`+
		`"lastUpdatedTimestamp":"1600000000005","actionType":"MODIFIED","asgName":"asg-1"}}`, string(instance.Encode(JSON|Compact)))
	again, err := DecodeInstance(XML, instance.Encode(XML|Compact))
	require.NoError(t, err)
	require.NoError(t, again.Validate("SHOP"))
	require.Equal(t, instance.VIP, again.VIP)
	require.Empty(t, again.Metadata)
	require.Equal(t, "application/xml", (XML | Compact).ContentType())
}
