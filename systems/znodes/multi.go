package znodes

import "cleave/systems/zkwire"

// multi carries out operations as one transaction: all of them or none. If one fails, every result is
// an error, and the reply's own code still OK.
func (s *State) multi(operations []zkwire.Request, x *transaction) zkwire.Reply {
	if len(operations) == 0 {
		return zkwire.Reply{}
	}
	s.record()
	results := make([]zkwire.Result, len(operations))
	culprit, known := s.series(operations, results, x)
	failed := culprit < len(operations)
	s.settle(!failed || s.options.Bug == BugMultiOneByOne)
	if failed {
		x.changes = nil
	}
	if !known {
		return zkwire.Reply{Code: zkwire.MarshallingError}
	}
	if failed {
		code := results[culprit].Code
		for i := range results {
			results[i] = zkwire.Result{Op: zkwire.OpError}
			if i > culprit {
				results[i].Code = zkwire.RuntimeInconsistency
			}
		}
		results[culprit].Code = code
	}
	return zkwire.Reply{Results: results}
}

// series carries out operations up to the first that fails, whose place it tells. That one may not
// even be known in a multi.
func (s *State) series(operations []zkwire.Request, results []zkwire.Result, x *transaction) (culprit int, known bool) {
	for i := range operations {
		one := operations[i]
		if !inMulti(&one) {
			return i, false
		}
		results[i] = s.perform(&one, x)
		if results[i].Code != zkwire.OK {
			return i, true
		}
	}
	return len(operations), true
}

// inMulti makes of an operation what ZooKeeper does inside a multi, and tells whether it is one of
// those that may be there. Of the creates, the flags alone say there which it is; but one without a
// time to live cannot be made one that has it: ZooKeeper stumbles over that.
func inMulti(q *zkwire.Request) bool {
	switch q.Op {
	case zkwire.OpDelete, zkwire.OpSetData, zkwire.OpCheck:
		return true
	case zkwire.OpCreate, zkwire.OpCreate2, zkwire.OpCreateContainer, zkwire.OpCreateTTL:
		switch q.Flags {
		case zkwire.FlagTTL, zkwire.FlagPersistentSequentTTL:
			return q.Op == zkwire.OpCreateTTL
		case zkwire.FlagContainer:
			q.Op = zkwire.OpCreateContainer
		default:
			q.Op = zkwire.OpCreate
		}
		return true
	}
	return false
}
