package eurekawire

// source reads a document of either format, value by value. The cursor stands on a value that was
// not read yet; each method reads it whole. A visit that leaves its value unread skips it.
//
// XML looks as Eureka writes it in JSON: an attribute is a member "@name", the text of an element
// that has attributes is the member "$".
type source interface {
	// members visits what an object holds; a plain value is the member "$".
	members(visit func(name string) error) error
	// children visits what an object holds besides attributes and text; a plain value has none.
	children(visit func(name string) error) error
	// each visits the elements of a list; any other value but null is a list of itself.
	each(visit func() error) error
	// text gives a plain value; false for null. Of an object it is "".
	text() (string, bool, error)
	// repeats tells whether a list may come as members of one name, one for each element.
	repeats() bool
}

// deepest is how deep values may be nested: Eureka's own documents are 6 deep.
const deepest = 32

// document reads a whole document, whose one value of interest has a name.
func document(format Format, body []byte, root string, visit func(source) error) error {
	if format.isXML() {
		return xmlDocument(body, root, visit)
	}
	return jsonDocument(body, root, visit)
}
