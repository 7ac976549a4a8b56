package raftkv

import (
	"fmt"

	"cleave/world"
)

// logger puts raft's words into the node's log. It implements raft.Logger.
type logger struct{ env world.Environment }

func (l logger) Debug(v ...any)                   { l.env.Logf("debug %s", fmt.Sprint(v...)) }
func (l logger) Debugf(format string, v ...any)   { l.env.Logf("debug "+format, v...) }
func (l logger) Info(v ...any)                    { l.env.Logf("info %s", fmt.Sprint(v...)) }
func (l logger) Infof(format string, v ...any)    { l.env.Logf("info "+format, v...) }
func (l logger) Warning(v ...any)                 { l.env.Logf("warning %s", fmt.Sprint(v...)) }
func (l logger) Warningf(format string, v ...any) { l.env.Logf("warning "+format, v...) }
func (l logger) Error(v ...any)                   { l.env.Logf("error %s", fmt.Sprint(v...)) }
func (l logger) Errorf(format string, v ...any)   { l.env.Logf("error "+format, v...) }
func (l logger) Fatal(v ...any)                   { panic("raft: " + fmt.Sprint(v...)) }
func (l logger) Fatalf(format string, v ...any)   { panic("raft: " + fmt.Sprintf(format, v...)) }
func (l logger) Panic(v ...any)                   { panic("raft: " + fmt.Sprint(v...)) }
func (l logger) Panicf(format string, v ...any)   { panic("raft: " + fmt.Sprintf(format, v...)) }
