# One DEALER over TCP: connects, connects again when it cannot or when the connection breaks, sends and receives whole
# messages. Used by one thread; no call blocks (but that a host name, unlike a number, is looked up by the system).

const Codec = preload("zmtp_codec.gd")
const MOST_PART_BYTES = 16777216
const BLOCK_BYTES = 65536
const AGAIN_S = 0.1
const HANDSHAKE_S = 2.0
const HEARTBEAT_S = 1.0
const MISSES = 3

var lost = false  # a connection that was open broke; whoever reads it sets it back
var problem = ""  # what is in the way, when the other side said so

var _platform
var _codec
var _host
var _port
var _high_water
var _tcp = null
var _stage = "closed"  # closed, connecting, greeting, ready, open
var _since_s = 0.0  # when this stage began
var _heard_s = 0.0
var _beat_s = 0.0
var _incoming
var _at = 0  # how much of _incoming is read
var _outgoing  # bytes of what is being sent
var _outbox = []  # messages that wait, as rows of bytes
var _parts = []  # of the message that is being received
var _inbox = []


# `high_water`: messages that may wait to be sent.
func _init(platform, host, port, high_water):
	_platform = platform
	_codec = Codec.new(platform)
	_host = host
	_port = port
	_high_water = high_water
	_connect()


# Lets everything advance.
func poll():
	var now_s = _platform.now_s()
	if _stage == "closed":
		if now_s - _since_s >= AGAIN_S:
			_connect()
		return
	var status = _platform.poll_tcp(_tcp)
	if status == StreamPeerTCP.STATUS_CONNECTED:
		_advance(now_s)
	elif status != StreamPeerTCP.STATUS_CONNECTING or now_s - _since_s > HANDSHAKE_S:
		_break(now_s)


# Puts a message into the queue; false when it is full.
func send(parts):
	if _outbox.size() >= _high_water:
		return false
	_outbox.push_back(_codec.message(parts))
	poll()
	return true


# The next message's parts; null when none waits.
func receive():
	return null if _inbox.size() == 0 else _inbox.pop_front()


# Sends what can be sent at once, and closes.
func close():
	poll()
	if _tcp != null:
		_tcp.disconnect_from_host()
	_tcp = null
	_stage = "closed"


func _connect():
	_tcp = _platform.new_tcp()
	_incoming = _platform.empty_bytes()
	_at = 0
	_outgoing = _part_of(_codec.greeting(), 0, Codec.SIGNATURE_BYTES)
	_parts = []
	_enter("connecting", _platform.now_s())
	if _tcp.connect_to_host(_host, _port) != OK:
		_enter("closed", _since_s)


func _enter(stage, now_s):
	_stage = stage
	_since_s = now_s


func _break(now_s):
	lost = lost or _stage == "open"
	_tcp.disconnect_from_host()
	_enter("closed", now_s)


func _advance(now_s):
	if _stage == "connecting":
		_tcp.set_no_delay(true)
		_enter("greeting", now_s)
	_read_bytes(now_s)
	if _stage != "closed":
		_beat(now_s)
	if _stage != "closed":
		_write_bytes(now_s)


func _beat(now_s):
	if _stage != "open":
		if now_s - _since_s > HANDSHAKE_S:
			_break(now_s)
	elif now_s - _heard_s > MISSES * HEARTBEAT_S:
		_break(now_s)
	elif now_s - _beat_s >= HEARTBEAT_S and _outgoing.size() == 0:
		_beat_s = now_s
		_outgoing = _codec.ping(MISSES * HEARTBEAT_S)


func _write_bytes(now_s):
	while true:
		if _outgoing.size() == 0:
			if _stage != "open" or _outbox.size() == 0:
				return
			_outgoing = _outbox.pop_front()
		var sent = _tcp.put_partial_data(_outgoing)
		if sent[0] != OK:
			_break(now_s)
			return
		_outgoing = _part_of(_outgoing, sent[1], _outgoing.size())
		if _outgoing.size() > 0:
			return


func _read_bytes(now_s):
	var count = _tcp.get_available_bytes()
	while count > 0:
		var got = _tcp.get_partial_data(int(min(count, BLOCK_BYTES)))
		if got[0] != OK:
			_break(now_s)
			return
		_heard_s = now_s
		_incoming.append_array(got[1])
		count = _tcp.get_available_bytes() if got[1].size() > 0 else 0
	while _stage != "closed" and _read_one(now_s):
		pass
	if _at > 0:
		_incoming = _part_of(_incoming, _at, _incoming.size())
		_at = 0


# Reads one greeting or frame from what came; false when it is not there as a whole.
func _read_one(now_s):
	if _stage == "greeting":
		return _read_greeting(now_s)
	var waiting = _incoming.size() - _at
	if waiting < 2:
		return false
	var flags = _incoming[_at]
	var head = 9 if flags & Codec.LONG else 2
	if waiting < head:
		return false
	var size = 0
	for i in range(1, head):
		size = size * 256 + _incoming[_at + i]
	if size < 0 or size > MOST_PART_BYTES:
		_break(now_s)
		return false
	if waiting < head + size:
		return false
	var body = _part_of(_incoming, _at + head, _at + head + size)
	_at += head + size
	_take_frame(flags, body, now_s)
	return true


func _read_greeting(now_s):
	if _incoming.size() < Codec.GREETING_BYTES:
		return false
	problem = _codec.problem_of_greeting(_incoming)
	if problem != "":
		_break(now_s)
		return false
	_at = Codec.GREETING_BYTES
	_enter("ready", now_s)
	_outgoing.append_array(_part_of(_codec.greeting(), Codec.SIGNATURE_BYTES, Codec.GREETING_BYTES))
	_outgoing.append_array(_codec.ready())
	return true


func _take_frame(flags, body, now_s):
	if flags & Codec.COMMAND:
		_take_command(body, now_s)
		return
	_parts.append(body)
	if not (flags & Codec.MORE):
		_inbox.push_back(_parts)
		_parts = []


func _take_command(body, now_s):
	if _codec.is_command(body, "READY"):
		_beat_s = now_s
		_enter("open", now_s)
	elif _codec.is_command(body, "PING"):
		_outgoing.append_array(_codec.pong(body))
	elif _codec.is_command(body, "ERROR"):
		_break(now_s)


# bytes[from:to]
func _part_of(bytes, from, to):
	if from >= to:
		return _platform.empty_bytes()
	if from == 0 and to == bytes.size():
		return bytes
	var part = StreamPeerBuffer.new()
	part.data_array = bytes
	part.seek(from)
	return part.get_data(to - from)[1]
