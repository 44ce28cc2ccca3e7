# Writes values as msgpack: integers in their shortest form, floats as float64, maps in their own order.
# Used by one thread.

const Raw = preload("msgpack_raw.gd")

var _platform
var _out


func _init(platform):
	_platform = platform


# The bytes of null, bool, int, float, text, bytes, Array or Dictionary.
func pack(value):
	_out = StreamPeerBuffer.new()
	_out.big_endian = true
	_put(value)
	return _out.data_array


func _put(value):
	var kind = typeof(value)
	if kind == TYPE_NIL:
		_out.put_u8(0xc0)
	elif kind == TYPE_BOOL:
		_out.put_u8(0xc3 if value else 0xc2)
	elif kind == TYPE_INT:
		_put_integer(value)
	elif kind == typeof(0.0):
		_out.put_u8(0xcb)
		_out.put_double(value)
	elif kind == TYPE_STRING:
		_put_text(value)
	elif kind == TYPE_ARRAY:
		_put_array(value)
	elif kind == TYPE_DICTIONARY:
		_put_map(value)
	else:
		_put_bytes_or_raw(value)


func _put_integer(value):
	if value < 0:
		_put_negative(value)
	elif value < 0x80:
		_out.put_u8(value)
	elif value <= 0xff:
		_out.put_u8(0xcc)
		_out.put_u8(value)
	elif value <= 0xffff:
		_out.put_u8(0xcd)
		_out.put_u16(value)
	elif value <= 0xffffffff:
		_out.put_u8(0xce)
		_out.put_u32(value)
	else:
		_out.put_u8(0xcf)
		_out.put_u64(value)


func _put_negative(value):
	if value >= -32:
		_out.put_8(value)
	elif value >= -0x80:
		_out.put_u8(0xd0)
		_out.put_8(value)
	elif value >= -0x8000:
		_out.put_u8(0xd1)
		_out.put_16(value)
	elif value >= -0x80000000:
		_out.put_u8(0xd2)
		_out.put_32(value)
	else:
		_out.put_u8(0xd3)
		_out.put_64(value)


func _put_text(value):
	var bytes = _platform.bytes_of_text(value)
	if bytes.size() < 32:
		_out.put_u8(0xa0 | bytes.size())
	else:
		_put_size(bytes.size(), 0xd9, 0xda, 0xdb)
	_put_bytes(bytes)


func _put_array(value):
	if value.size() < 16:
		_out.put_u8(0x90 | value.size())
	else:
		_put_size(value.size(), 0, 0xdc, 0xdd)
	for item in value:
		_put(item)


func _put_map(value):
	if value.size() < 16:
		_out.put_u8(0x80 | value.size())
	else:
		_put_size(value.size(), 0, 0xde, 0xdf)
	for key in value:
		_put(key)
		_put(value[key])


func _put_bytes_or_raw(value):
	if typeof(value) == TYPE_OBJECT:
		_put_bytes(value.bytes)
		return
	_put_size(value.size(), 0xc4, 0xc5, 0xc6)
	_put_bytes(value)


# A tag and the size; `tag_8` is 0 where msgpack has no form with one byte.
func _put_size(size, tag_8, tag_16, tag_32):
	if size <= 0xff and tag_8 != 0:
		_out.put_u8(tag_8)
		_out.put_u8(size)
	elif size <= 0xffff:
		_out.put_u8(tag_16)
		_out.put_u16(size)
	else:
		_out.put_u8(tag_32)
		_out.put_u32(size)


func _put_bytes(bytes):
	if bytes.size() > 0:
		_out.put_data(bytes)
