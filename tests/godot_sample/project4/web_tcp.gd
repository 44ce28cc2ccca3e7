# A TCP connection for a browser, which has none: a WebSocket to the test's relay, which makes the real connection. It
# has the methods of StreamPeerTCP that the client uses.

var _relay
var _peer = WebSocketPeer.new()
var _incoming = PackedByteArray()


func _init(relay):
	_relay = relay


func connect_to_host(_host, port):
	_peer.inbound_buffer_size = 1 << 22
	_peer.outbound_buffer_size = 1 << 22
	return _peer.connect_to_url("%s/%d" % [_relay, port])


func set_no_delay(_enabled):
	pass


func poll():
	_peer.poll()
	while _peer.get_available_packet_count() > 0:
		_incoming.append_array(_peer.get_packet())


func get_status():
	var state = _peer.get_ready_state()
	if state == WebSocketPeer.STATE_OPEN or _incoming.size() > 0:
		return StreamPeerTCP.STATUS_CONNECTED
	return StreamPeerTCP.STATUS_CONNECTING if state == WebSocketPeer.STATE_CONNECTING else StreamPeerTCP.STATUS_NONE


func get_available_bytes():
	return _incoming.size()


func get_partial_data(count):
	var got = _incoming.slice(0, count)
	_incoming = _incoming.slice(count)
	return [OK, got]


func put_partial_data(bytes):
	return [_peer.send(bytes), bytes.size()]


func disconnect_from_host():
	_peer.close()
