package eurekawire

// Status is what an instance says of itself, or an operator of it.
type Status string

// The statuses.
const (
	Up           Status = "UP"
	Down         Status = "DOWN"
	Starting     Status = "STARTING"
	OutOfService Status = "OUT_OF_SERVICE"
	Unknown      Status = "UNKNOWN"
)

// Pair is an entry of metadata. Lists of pairs are sorted by key, each key once.
type Pair struct{ Key, Value string }

// Port is a port and whether it is in use.
type Port struct {
	Number  int32
	Enabled bool
}

// DataCenter is where an instance runs: the class of Eureka's Java type, its name ("MyOwn", "Amazon",
// "Netflix"), and, at Amazon, metadata.
type DataCenter struct {
	Class    string
	Name     string
	Metadata []Pair
}

// Lease is an instance's lease. Intervals are seconds, times milliseconds since 1970, 0 for never.
type Lease struct {
	RenewalInterval, Duration                      int32
	Registration, LastRenewal, Eviction, ServiceUp int64
}

// Instance is a registration as clients and peers send it.
type Instance struct {
	InstanceID, HostName, App, AppGroup, IPAddr          string
	SID                                                  string // of old clients, "na"
	Status, Overridden                                   Status
	Port, SecurePort                                     Port
	CountryID                                            int32
	DataCenter                                           DataCenter
	Lease                                                Lease
	Metadata                                             []Pair
	HomePage, StatusPage, HealthCheck, SecureHealthCheck string // URLs
	VIP, SecureVIP                                       string
	ASG                                                  string
	Coordinating                                         bool   // isCoordinatingDiscoveryServer
	LastUpdated, LastDirty                               int64  // milliseconds since 1970
	Action                                               string // ADDED, MODIFIED, DELETED
}

// ID is what the instance is addressed by: its instanceId, or at Amazon its Amazon id, or its host name.
func (i *Instance) ID() string {
	if i.InstanceID != "" {
		return i.InstanceID
	}
	for _, pair := range i.DataCenter.Metadata {
		if pair.Key == "instance-id" && pair.Value != "" {
			return pair.Value
		}
	}
	return i.HostName
}

// Application is all instances of one app.
type Application struct {
	Name      string
	Instances []Instance
}

// Applications is a whole registry, or what changed in it.
type Applications struct {
	Version      string // versions__delta
	Hash         string // apps__hashcode
	Applications []Application
}

// Replication is one task of a batch that one server sends another.
type Replication struct {
	App, ID    string
	LastDirty  int64
	Overridden Status // "" for none
	Status     Status // "" for none
	Instance   *Instance
	Action     string // Heartbeat, Register, Cancel, StatusUpdate, DeleteStatusOverride
}

// ReplicationResult answers one task.
type ReplicationResult struct {
	Code     int
	Instance *Instance // of a conflict
}
