package harness

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// readStrict reads a JSON file into a value. An unknown field, a wrong type or anything after the
// end is an error with file, line and column.
func readStrict[T any](path string, into *T) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		line, column := place(text, offset(err, decoder.InputOffset()))
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = errors.New("it ends in the middle")
		}
		return fmt.Errorf("%s:%d:%d: %w", path, line, column, err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		line, column := place(text, decoder.InputOffset())
		return fmt.Errorf("%s:%d:%d: something follows the end", path, line, column)
	}
	return nil
}

// offset is where an error was found, as exactly as it says.
func offset(err error, otherwise int64) int64 {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return syntax.Offset
	case errors.As(err, &kind):
		return kind.Offset
	}
	return otherwise
}

// place turns an offset into line and column, from 1.
func place(text []byte, offset int64) (line, column int) {
	before := text[:min(int(offset), len(text))]
	return 1 + bytes.Count(before, []byte("\n")), len(before) - bytes.LastIndexByte(before, '\n')
}
