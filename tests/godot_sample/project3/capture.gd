# Renders what the camera sees into two viewports, picture and depth, and makes a Frame of them: Godot 3's side of it.
extends Node

const BoxProjector = preload("res://addons/stereosync/core/box_projector.gd")
const DepthCode = preload("res://addons/stereosync/core/depth_code.gd")
const Frame = preload("res://addons/stereosync/core/frame.gd")
const Platform = preload("res://addons/stereosync/core/platform.gd")
const WIDTH_PX = 160
const HEIGHT_PX = 90

var camera
var figure
var _platform = Platform.make()
var _depth_code = DepthCode.new(_platform)
var _picture_view
var _depth_view
var _pending = null
var _index = 0


func _ready():
	_picture_view = _viewport(1)
	_depth_view = _viewport(2)
	_depth_view.get_child(0).cull_mask = 1 | 2
	var quad = MeshInstance.new()
	quad.mesh = QuadMesh.new()
	quad.mesh.size = Vector2(2, 2)
	quad.layers = 2
	quad.extra_cull_margin = 16000
	quad.material_override = ShaderMaterial.new()
	quad.material_override.shader = load("res://depth.shader")
	_depth_view.get_child(0).add_child(quad)


func _viewport(scale):
	var view = Viewport.new()
	view.size = Vector2(WIDTH_PX, HEIGHT_PX) / scale
	view.render_target_update_mode = Viewport.UPDATE_DISABLED
	view.shadow_atlas_size = 0
	var eye = Camera.new()
	eye.cull_mask = 1
	view.add_child(eye)
	add_child(view)
	return view


# Asks for a picture of this moment; `take` has it after the next drawing.
func request():
	if _pending != null:
		return
	var frame = Frame.new()
	frame.index = _index
	_index += 1
	frame.capture_client_s = _platform.now_s()
	frame.camera_map = Frame.camera(camera.fov, camera.near, camera.far)
	frame.boxes = _boxes()
	for view in [_picture_view, _depth_view]:
		var eye = view.get_child(0)
		eye.global_transform = camera.global_transform
		eye.set_perspective(camera.fov, camera.near, camera.far)
		view.render_target_update_mode = Viewport.UPDATE_ONCE
	_pending = frame


# The Frame that was asked for; null when none was. Call after VisualServer's frame_post_draw.
func take():
	var frame = _pending
	_pending = null
	if frame == null:
		return null
	var picture = _picture_view.get_texture().get_data()
	picture.convert(Image.FORMAT_RGB8)
	var depth = _depth_view.get_texture().get_data()
	depth.convert(Image.FORMAT_RGB8)
	frame.picture_bytes = picture.get_data()
	frame.depth_bytes = _depth_code.halves_of(depth.get_data(), _platform.empty_bytes())
	var bytes = frame.picture_bytes.size()
	frame.picture_map = Frame.picture("rgb8", picture.get_width(), picture.get_height(), bytes, "bottom")
	bytes = frame.depth_bytes.size()
	frame.depth_map = Frame.depth("linear", "float16", depth.get_width(), depth.get_height(), bytes, "bottom")
	return frame


func _boxes():
	var tangent = BoxProjector.tan_half_vertical(camera.fov, true, float(WIDTH_PX) / HEIGHT_PX)
	var projector = BoxProjector.new(WIDTH_PX, HEIGHT_PX, tangent, camera.near)
	var parts = []
	for part in figure.parts:
		var to_camera = camera.global_transform.affine_inverse() * part.global_transform
		var corners = []
		for corner in BoxProjector.corners(part.get_aabb().position, part.get_aabb().size):
			corners.append(to_camera.xform(corner))
		parts.append(corners)
	var rect = projector.rect_of(parts)
	return [] if rect == null else [Frame.box(1, "walker", rect)]
