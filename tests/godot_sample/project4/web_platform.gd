# Godot 4's platform with connections through the test's relay.
extends "res://addons/stereosync/core/platform_4.gd"

const WebTcp = preload("web_tcp.gd")

var relay = ""


func new_tcp():
	return WebTcp.new(relay)
