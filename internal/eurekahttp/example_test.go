package eurekahttp_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"cleave/internal/eurekahttp"
	"cleave/systems/apregistry"
)

// A node that knows nobody, and how that looks over HTTP.
func Example() {
	ask := func(_ context.Context, _ string, message []byte) ([]byte, error) {
		number, _, err := apregistry.DecodeRequest(message)
		return (&apregistry.Response{Code: http.StatusNotFound}).Append(number, nil), err
	}
	handler := eurekahttp.New(eurekahttp.Options{Name: "n1"}, ask)
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequest("PUT", "/eureka/apps/SHOP/i1", nil))
	fmt.Print(answer.Code, " ", answer.Body)
	// Output: 404 no such instance, or an older one: register
}
