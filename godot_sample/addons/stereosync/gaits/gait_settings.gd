## Settings of a StereoSyncCharacter on a copy of its body, for in the editor the character's own script does not run.
@tool
extends Node

const NAMES := [
	"body",
	"left_foot_bones",
	"right_foot_bones",
	"left_foot_nodes",
	"right_foot_nodes",
	"animation_player",
	"footstep_methods",
]

var tell_feet := true
var body: NodePath
var left_foot_bones: PackedStringArray
var right_foot_bones: PackedStringArray
var left_foot_nodes: Array[NodePath]
var right_foot_nodes: Array[NodePath]
var animation_player: NodePath
var footstep_methods: PackedStringArray


## Takes the settings of a character.
func take(character: Node) -> void:
	for setting in NAMES:
		set(setting, character.get(setting))


## The root of the body.
func root() -> Node:
	return root_of(self)


## The root of the body of a character, be it one or its settings.
static func root_of(character: Node) -> Node:
	var path: NodePath = character.get("body")
	return character.get_parent() if path.is_empty() else character.get_node(path)
