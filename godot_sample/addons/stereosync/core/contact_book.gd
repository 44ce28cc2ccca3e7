# The contacts of one character: what the game told one by one, until it is too old to be sent. Used by one thread.

const Told = preload("told.gd")
const AHEAD_S = 0.5  # how far a contact may lie after its frame
const BACK_S = 0.1  # and before it
const SAME_S = 0.12  # closer contacts of one side are the same one, told anew

var _told = []  # of what `Told.contact` makes


# Takes a contact, in place of the same one told before.
func add(contact):
	_told = _without(_told, contact)
	_told.append(contact)


# The contacts that a frame of `now_s` tells. Of `planned`, which were found by looking ahead, the game's own word wins.
func of_frame(now_s, planned = []):
	var fresh = []
	for contact in _told:
		if contact["time_client_s"] >= now_s - BACK_S:
			fresh.append(contact)
	_told = fresh
	var others = planned
	for contact in _told:
		others = _without(others, contact)
	var found = []
	for contact in _told + others:
		if contact["time_client_s"] <= now_s + AHEAD_S and found.size() < Told.MOST_CONTACTS:
			found.append(contact)
	return found


static func _without(contacts, contact):
	var rest = []
	for other in contacts:
		var apart_s = abs(other["time_client_s"] - contact["time_client_s"])
		if other["side"] != contact["side"] or apart_s >= SAME_S:
			rest.append(other)
	return rest
