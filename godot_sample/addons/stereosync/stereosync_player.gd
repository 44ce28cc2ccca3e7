## Plays the ring through an AudioStreamGenerator; Godot converts the stream's rate to the device's. Main thread.
extends AudioStreamPlayer

const Feeder := preload("core/generator_feeder.gd")
const ASK_AGAIN_S := 1.0

var _feeder
var _output_ms := 0.0
var _asked_s := -INF


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


## What lies between the ring and the ear: the generator's buffer and the audio driver's. Asking the driver is dear, so it
## is asked once a second.
func device_ms(now_s: float) -> float:
	if now_s - _asked_s >= ASK_AGAIN_S:
		_asked_s = now_s
		_output_ms = 1000 * AudioServer.get_output_latency()
	return _output_ms + _feeder.waiting_ms if playing else 0.0
