package eureka

import (
	"time"

	"cleave/systems/apregistry"
	"cleave/systems/eurekawire"
)

// Leased gives a client's message as such a server must get it: a registration says how long its lease is
// and how often it is renewed, because a server takes that from its clients and has 90 s and 30 s for who does
// not say. All else stays as it is. An error is of a message that is no request.
func Leased(message []byte, options apregistry.Options) ([]byte, error) {
	number, request, err := apregistry.DecodeRequest(message)
	if err != nil {
		return nil, err
	}
	if request.Action != apregistry.ActionRegister || request.Instance.Lease.Duration != 0 {
		return message, nil
	}
	request.Instance.Lease = leaseOf(options)
	return request.Append(number, nil), nil
}

// leaseOf is a lease of the options, in whole seconds.
func leaseOf(options apregistry.Options) eurekawire.Lease {
	return eurekawire.Lease{
		RenewalInterval: int32(wholeSeconds(options.RenewalInterval) / time.Second),
		Duration:        int32(wholeSeconds(options.LeaseDuration) / time.Second),
	}
}
