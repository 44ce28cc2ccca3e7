# A client and the ring that its chunks go into: what a game holds. One thread makes every call.

var client
var ring
var is_paused = false


func _init(bridge_client, playback_ring):
	client = bridge_client
	ring = playback_ring


# Offers a Frame.
func offer(frame):
	client.report_playback(ring.playback())
	client.offer_frame(frame)


# Handles what came; chunks are in the ring when their events are returned.
func poll():
	client.report_playback(ring.playback())
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
