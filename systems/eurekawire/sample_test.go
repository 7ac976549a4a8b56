package eurekawire

import "fmt"

// sampleInstance has every field.
func sampleInstance() Instance {
	return Instance{
		InstanceID: "shop-1:8080", HostName: "h1.example", App: "SHOP", AppGroup: "SHOPS", IPAddr: "10.0.0.1", SID: "s",
		Status: OutOfService, Overridden: Down, Port: Port{8080, true}, SecurePort: Port{8443, true}, CountryID: 49,
		DataCenter: DataCenter{
			Class: "com.netflix.appinfo.AmazonInfo", Name: "Amazon",
			Metadata: []Pair{{"availability-zone", "us-east-1a"}, {"instance-id", "i-0a1b"}},
		},
		Lease: Lease{
			RenewalInterval: 10, Duration: 33, Registration: 1600000000001, LastRenewal: 1600000000002, Eviction: 1600000000003, ServiceUp: 1600000000004,
		},
		Metadata: []Pair{
			{"", "empty"}, {"1st", "a<b>&\"c'"}, {"a b", "\u00e9\U0001F600"}, {"a_.0041", "_"}, {"zone", "line\r\n\ttwo "}, {"\u00fc\U0001F600", ""},
		},
		HomePage: "http://h1/?a=1&b=2", StatusPage: "http://h1/info", HealthCheck: "http://h1/health", SecureHealthCheck: "https://h1/health",
		VIP: "shop", SecureVIP: "shop-secure", ASG: "asg-1", Coordinating: true,
		LastUpdated: 1600000000005, LastDirty: 1600000000006, Action: "MODIFIED",
	}
}

// sparseInstance has what reading gives where nothing was said.
func sparseInstance() Instance {
	return Instance{
		HostName: "h", Status: Up, Overridden: Unknown, CountryID: 1, Port: Port{7001, true}, SecurePort: Port{7002, false},
		Lease: Lease{RenewalInterval: 30, Duration: 90},
	}
}

func sampleApplications() Applications {
	return Applications{Version: "7", Hash: "OUT_OF_SERVICE_2_UP_1_", Applications: []Application{
		{Name: "SHOP", Instances: []Instance{sampleInstance(), sparseInstance()}},
		{Name: "CART", Instances: []Instance{sampleInstance()}},
		{Name: "NONE"},
	}}
}

func sampleReplications() []Replication {
	instance := sampleInstance()
	return []Replication{
		{App: "SHOP", ID: "shop-1:8080", LastDirty: 1600000000006, Overridden: Unknown, Status: Up, Instance: &instance, Action: ActionRegister},
		{App: "SHOP", ID: "shop-2", LastDirty: 5, Action: ActionHeartbeat},
		{App: "SHOP", ID: "shop-3", Action: ActionCancel},
		{App: "SHOP", ID: "shop-4", Status: OutOfService, Action: ActionStatusUpdate},
		{App: "SHOP", ID: "shop-5", Status: Unknown, Action: ActionDeleteStatusOverride},
	}
}

func sampleResults() []ReplicationResult {
	instance := sampleInstance()
	return []ReplicationResult{{Code: 200}, {Code: 409, Instance: &instance}, {Code: 404}}
}

// manyInstances is a registry of n instances in applications of 100.
func manyInstances(n int) Applications {
	all := Applications{Version: "1", Hash: "UP_10000_"}
	for len(all.Applications)*100 < n {
		name := fmt.Sprintf("APP-%d", len(all.Applications))
		application := Application{Name: name}
		for at := range min(100, n-100*len(all.Applications)) {
			instance := sampleInstance()
			instance.App, instance.InstanceID = name, fmt.Sprintf("%s:%d", name, at)
			instance.Metadata = []Pair{{"management.port", "8081"}, {"zone", "a"}}
			application.Instances = append(application.Instances, instance)
		}
		all.Applications = append(all.Applications, application)
	}
	return all
}
