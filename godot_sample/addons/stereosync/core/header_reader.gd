# Reads a header's fields by the rules of PROTOCOL.md. The first broken rule stays in `error`; what is read after it means
# nothing. A field that is missing takes its value from the defaults, or is an error. Used by one thread.

const WireError = preload("wire_error.gd")
const Raw = preload("msgpack_raw.gd")
const MOST = 9007199254740992  # 2^53, the largest count that every language's number type holds exactly
const HEXADECIMAL = "0123456789abcdef"

var error = null

var _map
var _defaults
var _platform


func _init(map, defaults, platform):
	_map = map
	_defaults = defaults
	_platform = platform


func fail(code, field, rule):
	if error == null:
		error = WireError.new(code, field, rule)


func integer(name, low, high):
	if not _given(name):
		return _defaults.get(name)
	var value = _whole(_map[name])
	if not _is_number(value) or typeof(value) == typeof(0.0):
		fail("bad_type", name, "must be an integer")
	elif typeof(value) != TYPE_INT or value < low or value > high:
		fail("bad_value", name, "must be %d to %d" % [low, high])
	return value


func count(name):
	return integer(name, 0, MOST)


func number(name, low, high):
	return _number(_map[name], name, low, high) if _given(name) else _defaults.get(name)


func time_s(name):
	return number(name, -1e12, 1e12)


func time_s_or_nil(name):
	return null if _map.has(name) and _map[name] == null else time_s(name)


func flag(name):
	if not _given(name):
		return _defaults.get(name)
	if typeof(_map[name]) != TYPE_BOOL:
		fail("bad_type", name, "must be true or false")
	return _map[name]


func text(name, most):
	return _text(_map[name], name, most) if _given(name) else _defaults.get(name)


func session():
	var value = text("session", 32)
	if error == null and (value.length() != 32 or not _all_of(value, HEXADECIMAL)):
		fail("bad_value", "session", "must be 32 digits of 0-9a-f")
	return value


# A version of the wire, `major.minor`.
func version(name):
	var value = text(name, 9)
	if error == null and parsed_version(value) == null:
		fail("bad_value", name, "must be like 1.0")
	return value


# [major, minor], or null for what is no version.
static func parsed_version(value):
	var parts = value.split(".") if typeof(value) == TYPE_STRING else []
	if parts.size() != 2:
		return null
	for part in parts:
		if part == "" or part.length() > 4 or not _all_of(part, "0123456789"):
			return null
	return [int(parts[0]), int(parts[1])]


func flags(name, most):
	var table = _table(name, most)
	for key in table:
		if typeof(table[key]) != TYPE_BOOL:
			fail("bad_type", name + "." + key, "must be true or false")
	return table


func numbers(name, most):
	var table = _table(name, most)
	var read = {}
	for key in table:
		read[key] = _number(table[key], name + "." + key, -INF, INF)
	return read


# The map `playback`; null when it is left out or nil.
func playback():
	var value = _map.get("playback")
	if value == null:
		return null
	if typeof(value) != TYPE_DICTIONARY:
		fail("bad_type", "playback", "must be a map")
		return null
	var none = {"played_samples": 0, "buffered_ms": 0.0, "underruns": 0, "epoch": 0}
	var inner = get_script().new(value, none, _platform)
	var read = {
		"played_samples": inner.count("played_samples"),
		"buffered_ms": inner.number("buffered_ms", 0, 60000),
		"underruns": inner.count("underruns"),
		"epoch": inner.count("epoch"),
	}
	if value.has("device_ms"):
		read["device_ms"] = inner.number("device_ms", 0, 10000)
	if inner.error != null:
		fail(inner.error.code, "playback." + inner.error.field, inner.error.rule)
	return read


func _given(name):
	if error == null and not _map.has(name) and not _defaults.has(name):
		fail("missing_field", name, "is required")
	return error == null and _map.has(name)


func _is_number(value):
	if typeof(value) == TYPE_OBJECT:
		return value.number != null
	return typeof(value) == TYPE_INT or typeof(value) == typeof(0.0)


# A float that is a whole number as the integer that it stands for (JavaScript writes large ones so), else the value.
static func _whole(value):
	if typeof(value) != typeof(0.0) or is_nan(value) or is_inf(value) or value != floor(value):
		return value
	if abs(value) > 2.0 * MOST:
		return 2 * MOST  # too large for any field, and safe to convert
	return int(value)


func _number(value, name, low, high):
	if not _is_number(value):
		fail("bad_type", name, "must be a number")
		return 0.0
	var read = value.number if typeof(value) == TYPE_OBJECT else float(value)
	if is_nan(read) or is_inf(read):
		fail("bad_value", name, "must be finite")
	elif read < low or read > high:
		fail("bad_value", name, "must be %s to %s" % [low, high])
	return read


func _text(value, name, most):
	if typeof(value) != TYPE_STRING:
		fail("bad_type", name, "must be text")
		return ""
	if value.length() > most or not _is_printable(value):
		fail("bad_value", name, "must be printable text of at most %d characters" % most)
	return value


func _table(name, most):
	if not _given(name):
		return _defaults.get(name, {})
	var value = _map[name]
	if typeof(value) != TYPE_DICTIONARY:
		fail("bad_type", name, "must be a map")
		return {}
	if value.size() > most:
		fail("bad_value", name, "must hold at most %d entries" % most)
	for key in value:
		_text(key, name + " key", 64)
	return value if error == null else {}


# Control characters, separators but the blank, and formatting characters are not printable.
func _is_printable(value):
	for i in range(value.length()):
		var code = _platform.code_at(value, i)
		if code < 32 or (code >= 127 and code <= 160) or code == 173 or code == 0x3000 or code == 0xfeff:
			return false
		if (code >= 0x2000 and code <= 0x200f) or (code >= 0x2028 and code <= 0x202f) or (code >= 0x205f and code <= 0x206f):
			return false
		if code >= 0xd800 and code <= 0xf8ff:
			return false
	return true


static func _all_of(value, letters):
	for letter in value:
		if letters.find(letter) < 0:
			return false
	return true
