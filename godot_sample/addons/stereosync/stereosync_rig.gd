## What a body tells with: its feet, its own colliders, its AnimationPlayer. Looked up once, until the tree changes.
@tool
extends RefCounted

const MOST_OF_A_SIDE := 2
const NO_BONE := -1

## The body's own colliders, and those that it hangs below: no ground.
var colliders: Array[RID] = []
## Null when there is none.
var player: AnimationPlayer

var _feet := []  # [side, Skeleton3D or Node3D, bone]


func _init(character: Node) -> void:
	var root: Node = character.root()
	_find_colliders(root)
	player = _player_of(character, root)
	if not character.tell_feet:
		return
	_add_nodes("left", character, character.left_foot_nodes)
	_add_nodes("right", character, character.right_foot_nodes)
	if _feet.is_empty():
		_find_bones(root, character)


## [side, place in the world] of each foot as it stands now.
func feet() -> Array:
	return _feet.map(func(foot: Array) -> Array: return [foot[0], _place(foot[1], foot[2])])


static func _place(node: Node3D, bone: int) -> Vector3:
	if bone == NO_BONE:
		return node.global_position
	var skeleton: Skeleton3D = node
	return skeleton.global_transform * skeleton.get_bone_global_pose(bone).origin


func _find_colliders(root: Node) -> void:
	for collider in [root] + root.find_children("*", "CollisionObject3D", true, false):
		if collider is CollisionObject3D:
			colliders.append(collider.get_rid())
	var above := root.get_parent()
	while above != null:
		if above is CharacterBody3D or above is RigidBody3D:
			colliders.append(above.get_rid())
		above = above.get_parent()


static func _player_of(character: Node, root: Node) -> AnimationPlayer:
	if not character.animation_player.is_empty():
		return character.get_node(character.animation_player) as AnimationPlayer
	var players := root.find_children("*", "AnimationPlayer", true, false)
	return null if players.is_empty() else players[0]


func _add_nodes(side: String, character: Node, paths: Array[NodePath]) -> void:
	for path in paths.slice(0, MOST_OF_A_SIDE):
		var foot := character.get_node_or_null(path) as Node3D
		if foot != null:
			_feet.append([side, foot, NO_BONE])


func _find_bones(root: Node, character: Node) -> void:
	for skeleton in [root] + root.find_children("*", "Skeleton3D", true, false):
		if skeleton is Skeleton3D and _feet.is_empty():
			_add_bones("left", skeleton, character.left_foot_bones)
			_add_bones("right", skeleton, character.right_foot_bones)


func _add_bones(side: String, skeleton: Skeleton3D, names: PackedStringArray) -> void:
	var found := 0
	for bone_name in names:
		var bone := skeleton.find_bone(bone_name)
		if bone != NO_BONE and found < MOST_OF_A_SIDE:
			_feet.append([side, skeleton, bone])
			found += 1
