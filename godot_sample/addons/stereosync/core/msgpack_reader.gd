# Reads msgpack. Every size is checked against the bytes that are there before anything is made. Used by one thread.

const Raw = preload("msgpack_raw.gd")
const DEEPEST = 200

var error = ""  # why the bytes are no msgpack; empty when they are

var _platform
var _in
var _size


func _init(platform):
	_platform = platform


# The value of `bytes`; look at `error` first.
func unpack(bytes):
	error = ""
	_in = StreamPeerBuffer.new()
	_in.big_endian = true
	_in.data_array = bytes
	_size = bytes.size()
	var value = _value(0)
	if error == "" and _in.get_position() != _size:
		_fail("there are bytes after the value")
	return value


func _fail(reason):
	if error == "":
		error = reason
	return null


func _has(count):
	if error == "" and count > _size - _in.get_position():
		_fail("it ends too early")
	return error == ""


func _value(depth):
	if not _has(1):
		return null
	var tag = _in.get_u8()
	if tag < 0x80:
		return tag
	if tag < 0x90:
		return _map(tag & 15, depth)
	if tag < 0xa0:
		return _array(tag & 15, depth)
	if tag < 0xc0:
		return _text(tag & 31)
	if tag >= 0xe0:
		return tag - 256
	if tag >= 0xdc:
		var count = _unsigned(4 if tag & 1 else 2)
		return _array(count, depth) if tag <= 0xdd else _map(count, depth)
	return _scalar(tag)


func _scalar(tag):
	if tag == 0xc0:
		return null
	if tag == 0xc2 or tag == 0xc3:
		return tag == 0xc3
	if tag >= 0xc4 and tag <= 0xc6:
		return _bytes(_unsigned(1 << (tag - 0xc4)))
	if tag >= 0xc7 and tag <= 0xc9:
		return _extension(1 << (tag - 0xc7), -1)
	if tag == 0xca:
		return _in.get_float() if _has(4) else null
	if tag == 0xcb:
		return _in.get_double() if _has(8) else null
	if tag >= 0xcc and tag <= 0xcf:
		return _unsigned(1 << (tag - 0xcc))
	if tag >= 0xd0 and tag <= 0xd3:
		return _signed(1 << (tag - 0xd0))
	if tag >= 0xd4 and tag <= 0xd8:
		return _extension(0, 1 << (tag - 0xd4))
	if tag >= 0xd9 and tag <= 0xdb:
		return _text(_unsigned(1 << (tag - 0xd9)))
	return _fail("it holds a byte that begins nothing")


func _unsigned(width):
	if not _has(width):
		return 0
	if width == 1:
		return _in.get_u8()
	if width == 2:
		return _in.get_u16()
	if width == 4:
		return _in.get_u32()
	var value = _in.get_64()
	return value if value >= 0 else _raw(9, 18446744073709551616.0 + value)


func _signed(width):
	if not _has(width):
		return 0
	if width == 1:
		return _in.get_8()
	if width == 2:
		return _in.get_16()
	return _in.get_32() if width == 4 else _in.get_64()


func _bytes(count):
	if not _has(count) or count == 0:
		return _platform.empty_bytes()
	return _in.get_data(count)[1]


func _text(count):
	var bytes = _bytes(count)
	if bytes.size() == 0:
		return ""
	var text = _platform.text_of_bytes(bytes)
	if _platform.bytes_of_text(text) != bytes:
		return _fail("a text is not UTF-8")
	return text


func _array(count, depth):
	if not _has(count) or depth >= DEEPEST:
		return _fail("it is nested too deeply")
	var values = []
	for _i in range(count):
		values.append(_value(depth + 1))
		if error != "":
			return null
	return values


func _map(count, depth):
	if not _has(2 * count) or depth >= DEEPEST:
		return _fail("it is nested too deeply")
	var values = {}
	for _i in range(count):
		var key = _value(depth + 1)
		if typeof(key) != TYPE_STRING and typeof(key) != typeof(_platform.empty_bytes()):
			return _fail("a key of a map is no text")
		values[key] = _value(depth + 1)
		if error != "":
			return null
	return values


# An extension of `count` bytes, or of a number of bytes that is written in `width` bytes.
func _extension(width, count):
	var head = 2 + width
	var length = count if width == 0 else _unsigned(width)
	if not _has(1 + length):
		return null
	_in.seek(_in.get_position() + 1 + length)
	return _raw(head + length, null)


# The last `count` bytes as they are.
func _raw(count, number):
	_in.seek(_in.get_position() - count)
	return Raw.new(_in.get_data(count)[1], number)
