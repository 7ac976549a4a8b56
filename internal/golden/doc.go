// Package golden compares what tests say with files under testdata, and writes the files anew if a test is
// given -rewrite: read the difference before you keep it. Only tests import it.
//
//	golden.Equal(t, "testdata/page.txt", page)                    // what a test made
//	golden.Scripts(t, "testdata/*.txt", func(t *testing.T, script []string) string { ... })
//
// A file of scripts holds questions with their answers. A script is some lines, "----", and what is said of
// them, up to an empty line; lines with "#" are comments:
//
//	# a write that comes too late
//	c1 write 1
//	----
//	valid
//
// golden.go has all of it.
package golden
