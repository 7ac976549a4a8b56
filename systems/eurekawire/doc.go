// Package eurekawire is Eureka's REST face as Go values and bytes: what goes over HTTP between
// clients and servers of Netflix's Eureka, without the HTTP.
//
//	call, err := eurekawire.Parse("POST", "/eureka/v2/apps/SHOP", "")   // call.Kind is Register
//	instance, err := eurekawire.DecodeInstance(eurekawire.JSON, body)
//	err = instance.Validate(call.App)                                   // an *Error says what to answer
//	body = registry.Encode(eurekawire.XML)
//
// Documents are read and written in JSON and in XML. Reading is lenient, as old and new clients
// differ: one element in place of a list, numbers as texts and texts as numbers, missing fields. It
// is strict where leniency could cost: depth, numbers out of range, XML's document types. Writing is
// what all of them read: lists always as arrays, times of an instance as strings, and metadata keys
// that are no names in XML escaped as Java's XStream does.
//
// What a document says reads back equal after writing, with two exceptions. Bytes that are not UTF-8
// become U+FFFD, and so does in XML what XML cannot say, such as most control characters.
//
// Sources: Eureka's EurekaJacksonCodec, Converters, InstanceInfo and its resources (ApplicationResource
// and others), and the client fargo 1.4.
//
// A map of the files: types.go (instances, applications, replications), format.go (which format a
// header asks for), error.go (Error, a refusal), counts.go (Hash), validate.go (may it be registered);
// call.go (Call and Parse: method and path), target.go (a Call as a client writes it); decode.go and
// field.go (documents to values), source.go (what both formats have in common), jsonread.go and
// xmlread.go (the formats), xmlname.go (metadata keys in XML); encode.go (values to documents) and
// write.go (both formats); replication.go (batches between peers).
package eurekawire
