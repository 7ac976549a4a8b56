package link_test

import (
	"fmt"
	"time"

	"cleave/internal/link"
)

// Where ten bytes pass a second, ten take a second and the next ten wait for them. What would wait longer
// than a second finds no room.
func Example() {
	l := link.New(7, "n1", "n2", &link.Quality{Latency: link.Spread{Least: time.Millisecond}})
	narrow := link.Quality{Bandwidth: 10}
	fmt.Println(l.Transmit(0, 20).Arrival)
	l.Disturb(narrow)
	fmt.Println(l.Transmit(0, 10).Arrival, l.Transmit(0, 10).Arrival, l.Transmit(0, 10).Passes)
	l.Calm(narrow)
	fmt.Println(l.Transmit(time.Second, 20).Arrival, l.Disturbed(), "of", l.Sent())
	l.Cut(2 * time.Second)
	fmt.Println(l.Transmit(2*time.Second, 20).Passes, l.Dropped())
	// Output:
	// 1ms
	// 1.001s 2.001s false
	// 1.001s 3 of 5
	// false 1
}
