## Marks a body as a character: the bridge sends its box with every frame, and tells its feet, its ground and its steps.
##
## Put it below the body's root node. The box is made of the bounding boxes of all visible MeshInstance3D below that
## root: a body built of parts gives a tight box, one skinned mesh a loose one, and the frame says which.
extends Node

const Ground := preload("stereosync_ground.gd")
const ContactBook := preload("core/contact_book.gd")
const Platform := preload("core/platform.gd")
const Rig := preload("stereosync_rig.gd")
const Steps := preload("stereosync_steps.gd")
const Told := preload("core/told.gd")
const GROUP := "stereosync_characters"

## What the service is told of the character; at most 64 letters.
@export var label := "character"
## The same character keeps its number; 0 takes the next free one.
@export var id := 0
## The root of the body; empty: the parent of this node.
@export var body: NodePath

@export_group("Feet")
## Tells where the feet are. Off: the service sees them in the picture, less surely.
@export var tell_feet := true
## Names of the bones of left feet; those that the skeleton has count, two at most.
@export var left_foot_bones := PackedStringArray(["LeftFoot", "mixamorig_LeftFoot", "foot_l", "foot.L"])
## Names of the bones of right feet.
@export var right_foot_bones := PackedStringArray(["RightFoot", "mixamorig_RightFoot", "foot_r", "foot.R"])
## Left feet of a body without a skeleton, from this node; they take the place of bones.
@export var left_foot_nodes: Array[NodePath] = []
## Right feet of a body without a skeleton.
@export var right_foot_nodes: Array[NodePath] = []

@export_group("Ground")
## Looks with one ray under each foot for a collider that names its surface. Off: the service sees the ground.
@export var tell_ground := true
## Physics layers that are ground.
@export_flags_3d_physics var ground_layers := 0xffffffff
## What the character walks on, where the game knows it: then no ray is cast. Empty: what the ray finds.
@export var surface := ""

@export_group("Steps")
## Looks ahead for steps in the method tracks of the animation that plays.
@export var tell_steps_ahead := true
## The AnimationPlayer; empty: the first below the body's root.
@export var animation_player: NodePath
## Methods that are called when a foot comes down, with the side as their first argument.
@export var footstep_methods := PackedStringArray(["footstep"])

var _book = ContactBook.new()
var _platform = Platform.make()
var _rig = null  # null: the tree has changed since it was looked at


func _enter_tree() -> void:
	add_to_group(GROUP)
	get_tree().tree_changed.connect(_forget_rig)


func _exit_tree() -> void:
	get_tree().tree_changed.disconnect(_forget_rig)


func _forget_rig() -> void:
	_rig = null


## A foot comes down now: for method tracks and for code. `side` is "left" or "right", `strength` 0 to 1 with 0.5 for an
## ordinary step; `word` names the ground of this step alone.
func footstep(side: String, strength = null, word := "") -> void:
	footstep_in(side, 0.0, strength, word)


## A foot will come down so many seconds from now: what is told up to half a second ahead is heard on time.
func footstep_in(side: String, seconds: float, strength = null, word := "") -> void:
	var known := Steps.side_of(side)
	if known == "":
		push_warning("StereoSync: a footstep's side must be left or right, not %s" % side)
		return
	_book.add(Told.contact(known, _platform.now_s() + seconds, strength, word))


## The root of the body.
func root() -> Node:
	return get_parent() if body.is_empty() else get_node(body)


## What a frame of `now_s` tells of this character. `space` is the world's, or null when no ray may be cast.
func told(now_s: float, space: PhysicsDirectSpaceState3D, metres_per_unit: float) -> Dictionary:
	if _rig == null:
		_rig = Rig.new(self)
	var feet := []
	for foot in _rig.feet():
		var metres: Vector3 = foot[1] * metres_per_unit
		var word := _ground_under(foot[1], space, metres_per_unit)
		feet.append(Told.foot(foot[0], [metres.x, metres.y, metres.z], null, word))
	var around := surface
	if feet.is_empty() and surface == "" and root() is Node3D:
		around = _ground_under(root().global_position, space, metres_per_unit)
	var planned := Steps.ahead(_rig.player, root(), footstep_methods, now_s) if tell_steps_ahead else []
	return Told.character(feet, _book.of_frame(now_s, planned), around)


# "" where the game has a word of its own, or wants no ray.
func _ground_under(point: Vector3, space: PhysicsDirectSpaceState3D, metres_per_unit: float) -> String:
	if not tell_ground or surface != "" or space == null:
		return ""
	return Ground.under(space, point, _rig.colliders, ground_layers, metres_per_unit)


## The visible meshes of the body.
func parts() -> Array[MeshInstance3D]:
	var found: Array[MeshInstance3D] = []
	for part in [root()] + root().find_children("*", "MeshInstance3D", true, false):
		if part is MeshInstance3D and part.mesh != null and part.is_visible_in_tree():
			found.append(part)
	return found


## Whether the bounding boxes of the parts lie close to what is seen.
static func is_tight(meshes: Array[MeshInstance3D]) -> bool:
	return meshes.all(func(part: MeshInstance3D) -> bool: return part.skin == null)
