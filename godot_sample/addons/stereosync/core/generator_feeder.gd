# Moves sound from the ring into an AudioStreamGeneratorPlayback. Called once per game frame by the thread that polls.
#
# The generator's buffer is larger than it is asked to be, so it is filled only up to `wanted_ms`: more would be delay.
# While it holds enough, the ring is not read beyond what it has, so that a late chunk costs nothing yet.

const FLOOR_MS = 20.0  # below this the ring is read even if it runs out, and fades
const SMOOTHING = 0.05

var wanted_ms = 80.0
var waiting_ms = 0.0  # in the generator, on average over the last second or so: a part of the delay behind the ring

var _ring
var _capacity = 0  # samples that the generator holds, learnt when it is empty


func _init(ring):
	_ring = ring


# A new generator has been started.
func begin():
	_capacity = 0
	waiting_ms = wanted_ms


# Fills `playback`; returns how many samples it was given.
func feed(playback):
	var free = playback.get_frames_available()
	_capacity = int(max(_capacity, free))
	var queued = _capacity - free
	var count = int(min(free, _samples(wanted_ms) - queued))
	if not _ring.priming and count > _ring.buffered_samples():
		count = int(max(_ring.buffered_samples(), _samples(FLOOR_MS) - queued))
	count = int(max(0, count))
	waiting_ms += SMOOTHING * (1000.0 * (queued + count / 2.0) / _ring.sample_rate_hz - waiting_ms)
	if count == 0:
		return 0
	playback.push_buffer(_ring.read(count))
	return count


func _samples(duration_ms):
	return int(duration_ms * _ring.sample_rate_hz / 1000)
