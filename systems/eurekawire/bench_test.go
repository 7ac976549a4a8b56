package eurekawire

import "testing"

func BenchmarkEncode10000(b *testing.B) {
	all := manyInstances(10000)
	for _, format := range formats() {
		b.Run(format.ContentType(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				b.SetBytes(int64(len(all.Encode(format))))
			}
		})
	}
}

func BenchmarkDecode10000(b *testing.B) {
	all := manyInstances(10000)
	for _, format := range formats() {
		document := all.Encode(format)
		b.Run(format.ContentType(), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(document)))
			for b.Loop() {
				if _, err := DecodeApplications(format, document); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkRegister(b *testing.B) {
	instance := sampleInstance()
	for _, format := range formats() {
		body := instance.Encode(format)
		b.Run(format.ContentType(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := DecodeInstance(format, body); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse("PUT", "/eureka/v2/apps/SHOP/h:shop:8080", "status=UP&lastDirtyTimestamp=1600000000000"); err != nil {
			b.Fatal(err)
		}
	}
}
