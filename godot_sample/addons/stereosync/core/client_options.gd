# How a client connects and what it calls itself. Plain data, any thread.

const Version = preload("version.gd")

var control_address = "tcp://127.0.0.1:5750"
var frames_address = ""  # empty: the host of the control address and the port that WELCOME names
var insecure = false  # allows an address beyond this machine: this client has no CURVE keys
var name = "godot"
var engine = ""
var package = Version.PACKAGE
var capabilities = {"credit": true, "jpeg": false}
var reconnect = true


# "" or the sentence that says why this client may not connect to `address`.
func problem(address):
	var host = host_of(address)
	if host == "" or port_of(address) == 0:
		return "%s is no address: write it like tcp://127.0.0.1:5750" % address
	if insecure or host == "localhost" or host.begins_with("127.") or host == "::1":
		return ""
	return "%s is another machine and this client has no encryption: tick 'insecure' on a network you trust" % address


static func host_of(address):
	if not address.begins_with("tcp://") or address.rfind(":") < 6:
		return ""
	var host = address.substr(6, address.rfind(":") - 6)
	return host.substr(1, host.length() - 2) if host.begins_with("[") else host


# The port, 0 when there is none.
static func port_of(address):
	var port = int(address.substr(address.rfind(":") + 1, 6))
	return port if port > 0 and port < 65536 else 0
