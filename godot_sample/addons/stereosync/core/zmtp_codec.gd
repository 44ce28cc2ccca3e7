# The bytes of ZMTP 3.0 with the NULL mechanism (rfc.zeromq.org/spec/23): greeting, commands, frames. Stateless.

const GREETING_BYTES = 64
const SIGNATURE_BYTES = 11  # signature and version go first: a libzmq with another mechanism answers these, and no more
const MORE = 1
const LONG = 2
const COMMAND = 4

var _platform


func _init(platform):
	_platform = platform


func greeting():
	var out = _buffer()
	out.put_u8(0xff)
	out.put_u64(0)
	out.put_u8(0x7f)
	out.put_u8(3)
	out.put_u8(0)
	out.put_data(_platform.bytes_of_text("NULL"))
	while out.get_position() < GREETING_BYTES:
		out.put_u8(0)
	return out.data_array


# "" when the other side's greeting goes with ours, else what is in the way.
func problem_of_greeting(bytes):
	if bytes[0] != 0xff or bytes[9] != 0x7f or bytes[10] < 3:
		return "what listens there is not ZeroMQ 4 or newer: is the port another program's?"
	if bytes[12] == 67:  # C of CURVE
		return "the server demands CURVE keys, which the Godot client does not have: serve on 127.0.0.1 or with --insecure"
	return ""


# The READY command of a DEALER.
func ready():
	var out = _buffer()
	_put_name(out, "READY")
	_put_name(out, "Socket-Type")
	out.put_u32(6)
	out.put_data(_platform.bytes_of_text("DEALER"))
	_put_name(out, "Identity")
	out.put_u32(0)
	return frame(out.data_array, COMMAND)


# A heartbeat; the other side gives up after `ttl_s` without another word.
func ping(ttl_s):
	var out = _buffer()
	_put_name(out, "PING")
	out.put_u16(int(ttl_s * 10))
	return frame(out.data_array, COMMAND)


# The answer to a PING command's body.
func pong(ping_body):
	var out = _buffer()
	_put_name(out, "PONG")
	for i in range(7, ping_body.size()):
		out.put_u8(ping_body[i])
	return frame(out.data_array, COMMAND)


# A message's parts as one row of bytes.
func message(parts):
	var out = _platform.empty_bytes()
	for i in range(parts.size()):
		out.append_array(frame(parts[i], MORE if i + 1 < parts.size() else 0))
	return out


func frame(body, flags):
	var out = _buffer()
	if body.size() > 255:
		out.put_u8(flags | LONG)
		out.put_u64(body.size())
	else:
		out.put_u8(flags)
		out.put_u8(body.size())
	if body.size() > 0:
		out.put_data(body)
	return out.data_array


# Whether a command's body begins with this name.
func is_command(body, name):
	var letters = _platform.bytes_of_text(name)
	if body.size() < letters.size() + 1 or body[0] != letters.size():
		return false
	for i in range(letters.size()):
		if body[i + 1] != letters[i]:
			return false
	return true


func _buffer():
	var out = StreamPeerBuffer.new()
	out.big_endian = true
	return out


func _put_name(out, name):
	var letters = _platform.bytes_of_text(name)
	out.put_u8(letters.size())
	out.put_data(letters)
