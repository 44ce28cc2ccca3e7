## Marks a body as a character: the bridge sends its box with every frame.
##
## Put it below the body's root node. The box is made of the bounding boxes of all visible MeshInstance3D below that
## root: a body built of parts gives a tight box, one skinned mesh a loose one, and the frame says which.
extends Node

const GROUP := "stereosync_characters"

## What the service is told of the character; at most 64 letters.
@export var label := "character"
## The same character keeps its number; 0 takes the next free one.
@export var id := 0
## What the game knows of the character, text or numbers, e.g. "shoe": "boot", "mass_kg": 80.
@export var hints := {}
## The root of the body; empty: the parent of this node.
@export var body: NodePath


func _enter_tree() -> void:
	add_to_group(GROUP)


## The visible meshes of the body.
func parts() -> Array[MeshInstance3D]:
	var found: Array[MeshInstance3D] = []
	var root := get_parent() if body.is_empty() else get_node(body)
	for part in [root] + root.find_children("*", "MeshInstance3D", true, false):
		if part is MeshInstance3D and part.mesh != null and part.is_visible_in_tree():
			found.append(part)
	return found


## Whether the bounding boxes of the parts lie close to what is seen.
static func is_tight(meshes: Array[MeshInstance3D]) -> bool:
	return meshes.all(func(part: MeshInstance3D) -> bool: return part.skin == null)
