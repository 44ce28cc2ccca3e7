## Plays the ring through an AudioStreamGenerator; Godot converts the stream's rate to the device's. Main thread.
extends AudioStreamPlayer

const Feeder := preload("core/generator_feeder.gd")

var _feeder


## Sound that waits behind the ring is delay: `device_buffer_ms` of it are kept.
func set_ring(ring, device_buffer_ms: float) -> void:
	_feeder = Feeder.new(ring)
	_feeder.wanted_ms = device_buffer_ms


## The stream has this rate from here on.
func begin(sample_rate_hz: int) -> void:
	var generator := stream as AudioStreamGenerator
	if generator != null and int(generator.mix_rate) == sample_rate_hz and playing:
		return
	generator = AudioStreamGenerator.new()
	generator.mix_rate = sample_rate_hz
	generator.buffer_length = maxf(0.1, 2 * _feeder.wanted_ms / 1000)
	stream = generator
	play()
	_feeder.begin()


## Moves on what is due.
func feed() -> void:
	if playing:
		_feeder.feed(get_stream_playback())
