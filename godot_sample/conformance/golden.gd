# Reads the golden files and writes each again: what a client sends from its own types, the others from the map.

const ClientOptions = preload("res://addons/stereosync/core/client_options.gd")
const Files = preload("message_file.gd")
const GoldenFrame = preload("golden_frame.gd")
const Messages = preload("res://addons/stereosync/core/messages.gd")
const Reader = preload("res://addons/stereosync/core/msgpack_reader.gd")
const WireError = preload("res://addons/stereosync/core/wire_error.gd")
const Writer = preload("res://addons/stereosync/core/msgpack_writer.gd")

var _platform
var _messages


func _init(platform):
	_platform = platform
	_messages = Messages.new(platform)


# "same", or what differs.
func answer(bytes):
	var parts = Files.unpack(bytes, _platform.empty_bytes())
	var message = _messages.read(parts)
	if message is WireError:
		return "breaks a rule: %s %s %s" % [message.code, message.field, message.rule]
	var again = Files.pack(_written(message, parts))
	return "same" if again == bytes else "differs: " + _platform.hex(again)


func _written(message, parts):
	var header = Reader.new(_platform).unpack(parts[0])
	var type = message["type"]
	if type == "HELLO":
		return _messages.hello(message["session"], _options(message), message["sent_client_s"])
	if type == "PING":
		return _messages.ping(message["sent_client_s"], message["frames_sent"], message["playback"])
	if type == "RESET":
		return _messages.reset(message["reason"])
	if type == "BYE":
		return _messages.bye(message["reason"])
	if type == "FRAME":
		return _messages.frame(GoldenFrame.from_parts(parts, _platform), header)
	return [Writer.new(_platform).pack(header)] + _rest(parts)


static func _options(message):
	var options = ClientOptions.new()
	options.package = message["package"]
	options.name = message["client"]
	options.engine = message["engine"]
	options.capabilities = message["capabilities"]
	return options


static func _rest(parts):
	var rest = []
	for i in range(1, parts.size()):
		rest.append(parts[i])
	return rest
