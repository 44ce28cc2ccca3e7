# One slot in which the latest value wins: a sender that falls behind drops old frames, not new ones. Used by one thread.

var replaced = 0  # values that were overwritten unread

var _item = null


func put(item):
	if _item != null:
		replaced += 1
	_item = item


func take():
	var item = _item
	_item = null
	return item


func is_full():
	return _item != null
