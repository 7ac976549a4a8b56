package serve_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"

	"cleave/reports/serve"
)

func ExampleOpen() {
	store, err := os.MkdirTemp("", "store")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(store)
	run := filepath.Join(store, "cpstore-register-pause", "20260102T030405006-7")
	if err := os.MkdirAll(run, 0o755); err != nil {
		panic(err)
	}
	plan := `{"system":"cpstore","workload":"register","faults":"pause","seed":7}`
	if err := os.WriteFile(filepath.Join(run, "plan.json"), []byte(plan), 0o644); err != nil {
		panic(err)
	}

	server, err := serve.Open(serve.Options{Store: store})
	if err != nil {
		panic(err)
	}
	defer server.Close()
	for _, path := range []string{"/", "/store/cpstore-register-pause/20260102T030405006-7/plan.json", "/store/../plan.json"} {
		answer := httptest.NewRecorder()
		server.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil))
		fmt.Println(answer.Code, path)
	}
	// Output:
	// 200 /
	// 200 /store/cpstore-register-pause/20260102T030405006-7/plan.json
	// 404 /store/../plan.json
}
