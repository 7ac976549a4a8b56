package eureka

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/internal/eurekahttp"
	"cleave/systems/apregistry"
	"cleave/systems/eurekawire"
)

// fast is a scale at which Netflix's server refuses lists for 3 s only.
const fast = 100

// TestContainer starts one server of each kind, registers an instance there as our client does, finds it in
// the list, and reads the dashboard.
func TestContainer(t *testing.T) {
	if testing.Short() {
		t.Skip("short: starts containers")
	}
	for _, flavour := range []Flavour{SpringCloud, Netflix} {
		t.Run(flavour.String(), func(t *testing.T) {
			t.Parallel()
			address := started(t, flavour)
			h := &heard{}
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			go System(flavour, fast).Deployment.Monitor(ctx, "n1", dialTo(address), h)
			exchange(t, flavour, address)
			require.Eventually(t, func() bool { ready, _ := h.said(); return ready == 1 }, System(flavour, fast).Deployment.Boot, 100*time.Millisecond)
			_, notes := h.said()
			require.NotEmpty(t, notes)
			require.Regexp(t, `^self-preservation entered expected=[0-9] threshold=[0-9] renews=\d+$`, notes[0])
		})
	}
}

// exchange registers an instance, as soon as the server listens, and looks it up until it is listed.
func exchange(t *testing.T, flavour Flavour, address string) {
	t.Helper()
	options := Options(flavour, fast)
	client := &http.Client{Timeout: 2 * time.Second}
	base := "http://" + address + flavour.context()
	ask := func(request apregistry.Request) (apregistry.Response, error) {
		message, err := Leased(request.Append(1, nil), options)
		require.NoError(t, err)
		answer, err := eurekahttp.Exchange(context.Background(), client, base, message)
		if err != nil {
			return apregistry.Response{}, err
		}
		_, response, err := apregistry.DecodeResponse(answer)
		return response, err
	}
	instance := eurekawire.Instance{InstanceID: "web-1", App: "WEB", HostName: "c1", IPAddr: "10.64.1.1", Status: eurekawire.Up,
		DataCenter: eurekawire.DataCenter{Name: "MyOwn"}, LastDirty: time.Now().UnixMilli()}
	patience := System(flavour, fast).Deployment.Boot
	register := func() bool {
		response, err := ask(apregistry.Request{Action: apregistry.ActionRegister, Instance: &instance})
		return err == nil && response.Code == http.StatusNoContent
	}
	require.Eventually(t, register, patience, 100*time.Millisecond)
	var listed []eurekawire.Instance
	look := func() bool {
		register() // it would end after a second
		response, err := ask(apregistry.Request{Action: apregistry.ActionGetAll})
		listed = response.Instances
		return err == nil && len(listed) == 1
	}
	require.Eventually(t, look, patience, 100*time.Millisecond)
	require.Equal(t, "web-1", listed[0].InstanceID)
	require.EqualValues(t, 1, listed[0].Lease.RenewalInterval)
	require.EqualValues(t, 1, listed[0].Lease.Duration)
}

// started starts a server that is alone in a container, and gives the address of its port on this machine.
func started(t *testing.T, flavour Flavour) string {
	t.Helper()
	if _, err := exec.LookPath("docker"); err != nil {
		t.Skip("no docker command")
	}
	if said, err := exec.Command("docker", "image", "inspect", flavour.image()).CombinedOutput(); err != nil {
		t.Skipf("no image %s; make images IMAGES=%s makes it: %.200s", flavour.image(), "eureka-"+strings.TrimPrefix(flavour.image(), "cleave/eureka:"), said)
	}
	docker := func(arguments ...string) string {
		said, err := exec.Command("docker", arguments...).CombinedOutput()
		require.NoError(t, err, "docker %s: %s", strings.Join(arguments, " "), said)
		return strings.TrimSpace(string(said))
	}
	node := System(flavour, fast).Deployment.Node("n1", places("n1"))
	file := filepath.Join(t.TempDir(), "node.args")
	require.NoError(t, os.WriteFile(file, node.Files[0].Content, 0o644))
	id := docker(append([]string{"create", "--label", "cleave.test=eureka", "--publish", "127.0.0.1::8761", "--memory", "768m",
		flavour.image()}, node.Command...)...)
	t.Cleanup(func() {
		if t.Failed() {
			said, _ := exec.Command("docker", "logs", "--tail", "20", id).CombinedOutput()
			t.Logf("its log ends: %s", said)
		}
		docker("rm", "--force", "--volumes", id)
	})
	docker("cp", "--quiet", file, id+":"+node.Files[0].Path)
	docker("start", id)
	address, _, _ := strings.Cut(docker("port", id, "8761/tcp"), "\n")
	return address
}
