## Points of a body as it is drawn: vertices of skinned meshes by the weights of their bones, the 8 corners of each rigid
## part; of a body without meshes, its bones. Main thread.
@tool
extends RefCounted

const EvenPoints := preload("even_points.gd")
const MOST := 300
const MOST_LOOKED_AT := 4000

## Whether nothing of the body is drawn, so that its bones stand for it.
var are_bones := false

var _points := []  # [node, place, skeleton or null, bones, bind poses, weights]


func _init(root: Node3D) -> void:
	var found := []
	for part in [root] + root.find_children("*", "MeshInstance3D", true, false):
		if part is MeshInstance3D and part.mesh != null and part.is_visible_in_tree():
			found += _of_part(part)
	are_bones = found.is_empty()
	if are_bones:
		for skeleton in root.find_children("*", "Skeleton3D", true, false):
			found += _of_bones(skeleton)
	_points = _thinned(found)


## Where they are now, in the world.
func now() -> PackedVector3Array:
	return PackedVector3Array(_points.map(_place))


static func _thinned(found: Array) -> Array:
	var stride := ceili(float(found.size()) / MOST_LOOKED_AT)
	var looked_at := range(0, found.size(), maxi(1, stride)).map(func(index: int) -> Array: return found[index])
	var chosen := EvenPoints.choose(PackedVector3Array(looked_at.map(_place)), MOST)
	return Array(chosen).map(func(index: int) -> Array: return looked_at[index])


static func _place(point: Array) -> Vector3:
	var skeleton: Skeleton3D = point[2]
	if skeleton == null:
		return point[0].global_transform * point[1]
	var place := Vector3.ZERO
	for index in point[3].size():
		var bone: Transform3D = skeleton.get_bone_global_pose(point[3][index]) * point[4][index]
		place += point[5][index] * (bone * point[1])
	return point[0].global_transform * place


static func _of_bones(skeleton: Skeleton3D) -> Array:
	var found := []
	for bone in skeleton.get_bone_count():
		found.append([skeleton, Vector3.ZERO, skeleton, [bone], [Transform3D()], [1.0]])
	return found


static func _of_part(part: MeshInstance3D) -> Array:
	var skeleton := part.get_node_or_null(part.skeleton) as Skeleton3D
	if part.skin == null or skeleton == null:
		return range(8).map(func(corner: int) -> Array: return [part, part.get_aabb().get_endpoint(corner), null])
	var found := []
	for surface in part.mesh.get_surface_count():
		found += _of_surface(part, skeleton, part.mesh.surface_get_arrays(surface))
	return found


static func _of_surface(part: MeshInstance3D, skeleton: Skeleton3D, arrays: Array) -> Array:
	var vertices: PackedVector3Array = arrays[Mesh.ARRAY_VERTEX]
	if arrays[Mesh.ARRAY_BONES] == null or vertices.is_empty():
		return []
	var of_each: int = arrays[Mesh.ARRAY_BONES].size() / vertices.size()  # 4, or 8
	var stride := maxi(1, vertices.size() / MOST_LOOKED_AT)
	var found := []
	for vertex in range(0, vertices.size(), stride):
		var point := [part, vertices[vertex], skeleton, [], [], []]
		for index in range(vertex * of_each, (vertex + 1) * of_each):
			var weight: float = arrays[Mesh.ARRAY_WEIGHTS][index]
			if weight > 0.0:
				_add_bind(point, part.skin, arrays[Mesh.ARRAY_BONES][index], weight)
		found.append(point)
	return found


static func _add_bind(point: Array, skin: Skin, bind: int, weight: float) -> void:
	var skeleton: Skeleton3D = point[2]
	var bind_name := skin.get_bind_name(bind)
	var bone := skin.get_bind_bone(bind) if bind_name == &"" else skeleton.find_bone(bind_name)
	point[3].append(bone)
	point[4].append(skin.get_bind_pose(bind))
	point[5].append(weight)
