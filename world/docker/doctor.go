package docker

import (
	"context"

	"cleave/world/docker/engine"
	"cleave/world/docker/fabric"
)

// Doctor says what this machine has and lacks for worlds of containers, and which of some images it has.
func Doctor(ctx context.Context, images []string) []engine.Finding {
	var findings []engine.Finding
	lacking := fabric.Able()
	for _, finding := range lacking {
		findings = append(findings, engine.Finding{What: "network", Needed: true, Detail: finding.String()})
	}
	if len(lacking) == 0 {
		findings = append(findings, engine.Finding{What: "network", Good: true, Needed: true, Detail: "namespaces and TAP devices can be made"})
	}
	return append(findings, engine.Doctor(ctx, images)...)
}
