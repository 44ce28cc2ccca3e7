# What Godot 4 does in its own way; platform_3.gd has the same methods. Stateless, any thread.


# Seconds of the monotonic clock.
func now_s():
	return Time.get_ticks_usec() / 1e6


# 32 hexadecimal digits that nobody else can guess.
func new_id():
	return Crypto.new().generate_random_bytes(16).hex_encode()


func empty_bytes():
	return PackedByteArray()


func hex(bytes):
	return bytes.hex_encode()


func bytes_of_text(text):
	return text.to_utf8_buffer()


func text_of_bytes(bytes):
	return bytes.get_string_from_utf8()


func code_at(text, index):
	return text.unicode_at(index)


# `n` pairs of zero.
func silence(n):
	var samples = PackedVector2Array()
	samples.resize(n)
	return samples


# Little-endian float32 left right as pairs; null when one of them is not finite.
func samples_of_bytes(bytes):
	var values = bytes.to_float32_array()
	var samples = silence(values.size() / 2)
	var sum_of_zeros = 0.0
	for i in range(samples.size()):
		var left = values[2 * i]
		var right = values[2 * i + 1]
		sum_of_zeros += left * 0.0 + right * 0.0
		samples[i] = Vector2(clamp(left, -1.0, 1.0), clamp(right, -1.0, 1.0))  # a broken server must not hurt ears
	return samples if sum_of_zeros == 0.0 else null


# A connection that has not been made yet.
func new_tcp():
	return StreamPeerTCP.new()


# Lets the connection advance; returns StreamPeerTCP's status.
func poll_tcp(tcp):
	tcp.poll()
	return tcp.get_status()


# The file's bytes, empty when it cannot be read.
func read_file(path):
	return FileAccess.get_file_as_bytes(path)


func write_file(path, text):
	var file = FileAccess.open(path, FileAccess.WRITE)
	file.store_string(text)
	file.close()
