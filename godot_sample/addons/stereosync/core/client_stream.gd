# A client and the ring that its chunks go into: what a game holds. One thread makes every call.

const MOST_DEVICE_MS = 10000.0

var client
var ring
var is_paused = false

var _device_ms = 0.0


func _init(bridge_client, playback_ring):
	client = bridge_client
	ring = playback_ring


# What lies between the ring and the ear, the sound device's buffers and what waits before them; goes out with every report
# from here on. Drivers say anything: what is no number counts as 0.
func report_device(device_ms):
	_device_ms = 0.0
	if device_ms > 0:
		_device_ms = float(device_ms) if device_ms < MOST_DEVICE_MS else MOST_DEVICE_MS


# Offers a Frame.
func offer(frame):
	client.report_playback(_playback())
	client.offer_frame(frame)


# Handles what came; chunks are in the ring when their events are returned.
func poll():
	client.report_playback(_playback())
	var events = client.poll()
	for event in events:
		if event["kind"] == "welcomed":
			ring.restart(event["welcome"]["epoch"], 0, event["welcome"]["sample_rate_hz"])
		elif event["kind"] == "audio" and not is_paused:
			ring.write(event["chunk"])
	return events


# The game stands still: falls silent, and takes in no sound until `resume`.
func pause():
	is_paused = true
	ring.clear()


# The game goes on: the stream is made anew from what is seen now.
func resume():
	is_paused = false
	ring.clear()
	client.reset("resumed")


func _playback():
	var told = ring.playback()
	if _device_ms > 0:
		told["device_ms"] = _device_ms
	return told
