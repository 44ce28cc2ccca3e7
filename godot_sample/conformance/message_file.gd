# A message as one row of bytes, as in a golden file: uint32 number of parts, their lengths, the parts, little endian.


static func pack(parts):
	var out = StreamPeerBuffer.new()
	out.put_u32(parts.size())
	for part in parts:
		out.put_u32(part.size())
	for part in parts:
		if part.size() > 0:
			out.put_data(part)
	return out.data_array


# `empty` is the platform's empty_bytes().
static func unpack(bytes, empty):
	var data = StreamPeerBuffer.new()
	data.data_array = bytes
	var lengths = []
	for _i in range(data.get_u32()):
		lengths.append(data.get_u32())
	var parts = []
	for length in lengths:
		parts.append(empty if length == 0 else data.get_data(length)[1])
	return parts


static func bytes_of_hex(text, platform):
	var digits = platform.bytes_of_text(text)
	var bytes = platform.empty_bytes()
	bytes.resize(digits.size() / 2)
	for i in range(bytes.size()):
		bytes[i] = _digit(digits[2 * i]) * 16 + _digit(digits[2 * i + 1])
	return bytes


static func _digit(code):
	return code - 48 if code < 58 else code - 87
