# The server's clock, from echoes: of the last sixteen the quickest is the most exact. Used by one thread.

const KEEP = 16

var offset_s = 0.0  # server minus client, 0 before the first echo
var round_trip_s = 0.0  # of the echo that was chosen

var _echoes = []  # [round trip, offset], the oldest first


# Takes an echo: sent and back on our clock, received and answered on the server's.
func add(sent_s, received_server_s, sent_server_s, back_s):
	var trip_s = (back_s - sent_s) - (sent_server_s - received_server_s)
	_echoes.push_back([trip_s, ((received_server_s - sent_s) + (sent_server_s - back_s)) / 2])
	if _echoes.size() > KEEP:
		_echoes.pop_front()
	var best = _echoes[0]
	for echo in _echoes:
		if echo[0] < best[0]:
			best = echo
	round_trip_s = best[0]
	offset_s = best[1]


func size():
	return _echoes.size()
