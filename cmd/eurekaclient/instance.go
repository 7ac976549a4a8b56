package eurekaclient

import (
	"fmt"
	"strings"

	"cleave/systems/eurekawire"
)

// completed gives an instance what Eureka requires and what nobody wants to write: its own name for its
// data center, its host name for its address, the usual lease. App and addresses are as Eureka's clients
// write them.
func completed(i eurekawire.Instance) (eurekawire.Instance, error) {
	i.App, i.VIP, i.SecureVIP = strings.ToUpper(i.App), strings.ToLower(i.VIP), strings.ToLower(i.SecureVIP)
	orElse(&i.InstanceID, i.ID())
	orElse(&i.IPAddr, i.HostName)
	orElse(&i.VIP, strings.ToLower(i.App))
	orElse(&i.DataCenter.Name, "MyOwn")
	orElse(&i.Status, eurekawire.Up)
	if i.Lease.RenewalInterval == 0 && i.Lease.Duration == 0 {
		i.Lease.RenewalInterval, i.Lease.Duration = 30, 90
	}
	if err := i.Validate(i.App); err != nil {
		return i, fmt.Errorf("eurekaclient: instance: %w", err)
	}
	return i, nil
}

func orElse[T ~string](field *T, otherwise T) {
	if *field == "" {
		*field = otherwise
	}
}
