# What Godot 3 does in its own way; platform_4.gd has the same methods. Stateless, any thread.


# Seconds of the monotonic clock.
func now_s():
	return OS.get_ticks_usec() / 1e6


# 32 hexadecimal digits that nobody else can guess.
func new_id():
	return Crypto.new().generate_random_bytes(16).hex_encode()


func empty_bytes():
	return PoolByteArray()


func hex(bytes):
	return bytes.hex_encode()


func bytes_of_text(text):
	return text.to_utf8()


func text_of_bytes(bytes):
	return bytes.get_string_from_utf8()


func code_at(text, index):
	return text.ord_at(index)


# `n` pairs of zero.
func silence(n):
	var samples = PoolVector2Array()
	samples.resize(n)
	for i in range(n):
		samples[i] = Vector2.ZERO
	return samples


# Little-endian float32 left right as pairs; null when one of them is not finite.
func samples_of_bytes(bytes):
	var values = StreamPeerBuffer.new()
	values.data_array = bytes
	var samples = PoolVector2Array()
	samples.resize(bytes.size() / 8)
	var sum_of_zeros = 0.0
	for i in range(samples.size()):
		var left = values.get_float()
		var right = values.get_float()
		sum_of_zeros += left * 0.0 + right * 0.0
		samples[i] = Vector2(clamp(left, -1.0, 1.0), clamp(right, -1.0, 1.0))  # a broken server must not hurt ears
	return samples if sum_of_zeros == 0.0 else null


# A connection that has not been made yet.
func new_tcp():
	return StreamPeerTCP.new()


# Returns StreamPeerTCP's status, which lets the connection advance.
func poll_tcp(tcp):
	return tcp.get_status()


# The file's bytes, empty when it cannot be read.
func read_file(path):
	var file = File.new()
	if file.open(path, File.READ) != OK:
		return PoolByteArray()
	var bytes = file.get_buffer(file.get_len())
	file.close()
	return bytes


func write_file(path, text):
	var file = File.new()
	file.open(path, File.WRITE)
	file.store_string(text)
	file.close()
