# The playback buffer: one continuous stream, written by absolute sample, read in blocks. Primes, plays, and on an underrun
# fades out, primes again and fades in. Used by one thread, or guarded by the caller.
#
# Positions are samples (left right pairs) of the epoch's stream. Beyond `max_buffer_ms` the oldest sound is skipped with a
# cross-fade, so that the delay cannot grow for good.

const MOST_CHUNK_SAMPLES = 48000

var sample_rate_hz
var position = 0  # of the next sample to be heard; stands still while priming
var epoch = 0
var priming = true
var underruns = 0  # over all sessions
var late_samples = 0  # came after their time and were dropped
var gap_samples = 0  # never came and were played as silence
var skipped_samples = 0  # were thrown away to shorten the delay

var _platform
var _durations_ms
var _prime_samples
var _fade_samples
var _crossfade_samples
var _max_samples
var _store  # pairs; what waits begins at _head and wraps around
var _head = 0
var _length = 0
var _recent  # what was played last, the newest before _recent_at
var _recent_at = 0
var _tail  # what is left of a fade out, to be added
var _tail_at = 0
var _fade_in_left = 0
var _earlier_underruns = 0  # of the sessions before this one


func _init(platform, rate_hz = 48000, prime_ms = 30.0, fade_ms = 5.0, crossfade_ms = 5.0, max_buffer_ms = 500.0):
	_platform = platform
	_durations_ms = [prime_ms, fade_ms, crossfade_ms, max_buffer_ms]
	_set_rate(rate_hz)
	_tail = _platform.silence(0)


func _set_rate(rate_hz):
	sample_rate_hz = rate_hz
	_prime_samples = _rounded(_durations_ms[0] * rate_hz / 1000)
	_fade_samples = _rounded(_durations_ms[1] * rate_hz / 1000)
	_crossfade_samples = _rounded(_durations_ms[2] * rate_hz / 1000)
	_max_samples = _rounded(_durations_ms[3] * rate_hz / 1000)
	_store = _platform.silence(_max_samples + MOST_CHUNK_SAMPLES)
	_head = 0
	_forget_recent()


# Halves go to the even neighbour, as in the other clients.
static func _rounded(value):
	var below = int(floor(value))
	var rest = value - below
	if rest > 0.5 or (rest == 0.5 and below % 2 == 1):
		return below + 1
	return below


# Places a chunk at its `start_sample`; what is already past is dropped, what overlaps is cross-faded.
func write(chunk):
	var samples = chunk["samples"]
	if chunk["epoch"] < epoch:
		late_samples += samples.size()
	elif chunk["epoch"] > epoch:
		_begin_epoch(chunk, samples)
	else:
		_place(chunk["start_sample"] - position, samples)
		_shrink()


func _begin_epoch(chunk, samples):
	if not priming and _length == 0:
		_stop()
	_splice(0, samples, 0)
	epoch = chunk["epoch"]
	position = chunk["start_sample"]


func _place(offset, samples):
	var from = 0
	if offset < 0:
		from = int(min(-offset, samples.size()))
		late_samples += from
		offset = 0
	if from == samples.size():
		return
	if _length > 0 and offset > _max_samples:
		skipped_samples += offset  # the stream goes on further ahead than may ever wait: go there at once
		position += offset
		_splice(0, samples, from)
		return
	var gap = int(max(0, offset - _length))
	var fade_in = 0
	gap_samples += gap
	if gap > 0 and _length == 0:
		position += gap
		offset = 0
	elif gap > 0:
		_fade_end()
		_append_silence(gap)
		fade_in = int(min(_fade_samples, samples.size() - from))
	_splice(offset, samples, from, fade_in)


# Keeps `offset` samples of what waits, then puts samples[from:]; where both are, one fades into the other. The first
# `fade_in` samples rise from silence.
func _splice(offset, samples, from, fade_in = 0):
	var count = samples.size() - from
	var overlap = int(min(_crossfade_samples, min(_length - offset, count)))
	var size = _store.size()
	var at = (_head + offset) % size
	for i in range(count):
		var sample = samples[from + i]
		if i < overlap:
			var weight = (i + 0.5) / overlap
			sample = _store[at] * (1.0 - weight) + sample * weight
		elif i < fade_in:
			sample = sample * ((i + 0.5) / fade_in)
		_store[at] = sample
		at += 1
		if at == size:
			at = 0
	_length = offset + count


func _fade_end():
	var count = int(min(_fade_samples, _length))
	for i in range(count):
		var at = (_head + _length - 1 - i) % _store.size()
		_store[at] = _store[at] * ((i + 0.5) / count)


func _append_silence(count):
	for i in range(count):
		_store[(_head + _length + i) % _store.size()] = Vector2.ZERO
	_length += count


func _shrink():
	var excess = _length - _max_samples
	if excess <= 0:
		return
	skipped_samples += excess
	position += excess
	var size = _store.size()
	var overlap = int(min(_crossfade_samples, min(excess, _length - excess)))
	for i in range(overlap):
		var at = (_head + excess + i) % size
		var weight = (i + 0.5) / overlap
		_store[at] = _store[(_head + i) % size] * (1.0 - weight) + _store[at] * weight
	_head = (_head + excess) % size
	_length -= excess


# The next `count` samples as pairs; silence while priming.
func read(count):
	if priming and _length >= max(1, _prime_samples):
		priming = false
		_fade_in_left = _fade_samples
	var out = _platform.silence(count)
	var taken = 0
	if not priming:
		taken = int(min(count, _length))
		out = _with_tail(_with_sound(out, taken), 0, taken)
		_remember(out, taken)
		if taken < count:
			underruns += 1
			_stop()
	return _with_tail(out, taken, count)


# The first `count` samples of what waits, fading in where that is due.
func _with_sound(out, count):
	var size = _store.size()
	for i in range(count):
		var sample = _store[(_head + i) % size]
		if _fade_in_left > 0:
			sample = sample * ((_fade_samples - _fade_in_left + 0.5) / _fade_samples)
			_fade_in_left -= 1
		out[i] = sample
	_head = (_head + count) % size
	_length -= count
	position += count
	return out


# Adds to out[from:to] what is left of a fade out.
func _with_tail(out, from, to):
	var count = int(min(_tail.size() - _tail_at, to - from))
	for i in range(count):
		out[from + i] = out[from + i] + _tail[_tail_at + i]
	_tail_at += count
	return out


func _remember(out, count):
	for i in range(int(max(0, count - _fade_samples)), count):
		_recent[_recent_at] = out[i]
		_recent_at = (_recent_at + 1) % _fade_samples


func _forget_recent():
	_recent = _platform.silence(_fade_samples)
	_recent_at = 0


# Primes again, and fades out: the last sound played backwards joins without a step and needs no look-ahead.
func _stop():
	if priming:
		return  # a fade that is under way goes on
	priming = true
	_tail = _platform.silence(_fade_samples)
	_tail_at = 0
	for i in range(_fade_samples):
		var last = _recent[(_recent_at - 1 - i + 2 * _fade_samples) % _fade_samples]
		_tail[i] = last * ((_fade_samples - i - 0.5) / _fade_samples)
	_forget_recent()


# Forgets what waits, as after a pause; the stream goes on where writing stopped, after priming.
func clear():
	position += _length
	_length = 0
	_stop()


# Forgets the stream, as for a new session: WELCOME names epoch and rate. What was heard fades out; counters go on, but
# `playback` tells the underruns since the last restart.
func restart(first_epoch, start_sample, rate_hz):
	_length = 0
	epoch = first_epoch
	position = start_sample
	_earlier_underruns = underruns
	_stop()
	if rate_hz != sample_rate_hz:
		_set_rate(rate_hz)


# What frame headers tell the server.
func playback():
	return {
		"played_samples": position,
		"buffered_ms": buffered_ms(),
		"underruns": underruns - _earlier_underruns,
		"epoch": epoch,
	}


func buffered_ms():
	return 1000.0 * _length / sample_rate_hz


func buffered_samples():
	return _length
