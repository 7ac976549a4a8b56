package eureka

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/systems/apregistry"
	"cleave/systems/eurekawire"
)

func TestSystem(t *testing.T) {
	for _, flavour := range []Flavour{SpringCloud, Netflix} {
		for _, scale := range []int{1, 30} {
			s := System(flavour, scale)
			require.Equal(t, flavour.String(), s.Name)
			require.Equal(t, "AP", s.Guarantee)
			require.Equal(t, 1, s.Quorum(5))
			require.Nil(t, s.Node)
			require.True(t, s.Carries("discovery") && s.Carries("convergence") && s.Carries("self-preservation"))
			require.False(t, s.Carries("register"))
			options := Options(flavour, scale)
			worst := 2*options.LeaseDuration + options.EvictionInterval + options.ResponseCacheInterval + options.FetchInterval
			require.GreaterOrEqual(t, s.Ghost, worst, "a renewed lease ends after twice its duration")
			require.GreaterOrEqual(t, s.Notice, options.RenewalInterval+options.ResponseCacheInterval+options.FetchInterval)
			require.Greater(t, s.Boot, start)
			require.Greater(t, s.Recovery, s.Ghost)
			require.Greater(t, s.Deployment.Boot, s.Boot)
			require.Nil(t, s.Deployment.Clock)
		}
	}
	require.Greater(t, System(Netflix, 1).Boot, 5*time.Minute, "Netflix refuses lists for five minutes")
	require.Less(t, System(SpringCloud, 30).Recovery, time.Minute)
}

func TestBase(t *testing.T) {
	address := netip.MustParseAddr("10.64.0.2")
	require.Equal(t, "http://10.64.0.2:8761/eureka", SpringCloud.Base(address))
	require.Equal(t, "http://10.64.0.2:8761/eureka/v2", Netflix.Base(address))
}

// TestLeased: only a registration without a lease is changed.
func TestLeased(t *testing.T) {
	instance := eurekawire.Instance{InstanceID: "a", App: "WEB", HostName: "h", Status: eurekawire.Up, LastDirty: 5}
	register := apregistry.Request{Action: apregistry.ActionRegister, Instance: &instance}
	message, err := Leased(register.Append(7, nil), Options(SpringCloud, 30))
	require.NoError(t, err)
	number, got, err := apregistry.DecodeRequest(message)
	require.NoError(t, err)
	require.EqualValues(t, 7, number)
	require.Equal(t, eurekawire.Lease{RenewalInterval: 1, Duration: 3}, got.Instance.Lease)
	require.Equal(t, "a", got.Instance.InstanceID)

	again, err := Leased(message, Options(SpringCloud, 1))
	require.NoError(t, err)
	require.Equal(t, message, again, "who has a lease keeps it")
	renew := apregistry.Request{Action: apregistry.ActionRenew, App: "WEB", ID: "a"}
	message = renew.Append(8, nil)
	same, err := Leased(message, Options(Netflix, 30))
	require.NoError(t, err)
	require.Equal(t, message, same)
	_, err = Leased([]byte{255}, Options(Netflix, 30))
	require.Error(t, err)
}
