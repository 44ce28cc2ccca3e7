# A msgpack value that GDScript has no type for, kept as its bytes: an extension, or an unsigned integer of 2^63 and more.
# Plain data, any thread.

var bytes  # as read, the tag included
var number  # the integer as a float; null for an extension


func _init(raw_bytes, raw_number):
	bytes = raw_bytes
	number = raw_number
