# Version of the wire, and who may talk to whom. Stateless, any thread.

const HeaderReader = preload("header_reader.gd")
const WireError = preload("wire_error.gd")
const WIRE = "1.1"
const MIN_WIRE = "1.0"  # the oldest wire that this side still understands
const PACKAGE = "0.1.0"


# Null when the other side's `wire` and `min_wire` go with ours, else the error. Ask before any other field is read.
static func check(header):
	var theirs = HeaderReader.parsed_version(header.get("wire"))
	var their_least = HeaderReader.parsed_version(header.get("min_wire"))
	if theirs == null or their_least == null:
		return WireError.new("wrong_version", "wire", "wire and min_wire must be text like %s" % WIRE)
	var ours = HeaderReader.parsed_version(WIRE)
	var our_least = HeaderReader.parsed_version(MIN_WIRE)
	if theirs[0] == ours[0] and not _older(theirs, our_least) and not _older(ours, their_least):
		return null
	var sides = "the server speaks wire %s (from %s), this client %s (from %s)"
	var told = sides % [header["wire"], header["min_wire"], WIRE, MIN_WIRE]
	return WireError.new("wrong_version", "wire", told + ": update the older side so that the major versions agree")


static func _older(version, other):
	return version[0] < other[0] or (version[0] == other[0] and version[1] < other[1])
