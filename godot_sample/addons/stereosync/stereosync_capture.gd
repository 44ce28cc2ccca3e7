## Renders what a camera sees into two small viewports, picture and depth, and makes a Frame of them. Main thread.
##
## Godot 4 gives no depth buffer to scripts, so the second viewport's camera looks at a quad that writes the depth as
## colours. That camera's cull mask leaves out render layer 19 and takes in layer 20, where only the quad is: keep both free.
extends Node

## A Frame is there; what it shows was rendered at its capture time.
signal captured(frame)

const BoxProjector := preload("core/box_projector.gd")
const Character := preload("stereosync_character.gd")
const DepthCode := preload("core/depth_code.gd")
const Frame := preload("core/frame.gd")
const Place := preload("stereosync_place.gd")
const DEPTH_SHADER := preload("depth_code.gdshader")
const NOT_IN_DEPTH := 1 << 18
const DEPTH_ONLY := 1 << 19
const JPEG_QUALITY := 0.8
const GREY := 0.5  # the test card, where colours are turned into sRGB
const GREY_AS_IT_IS := 0.2140  # where they are not
const TOLERANCE := 0.04

var platform
var metres_per_unit := 1.0
var is_jpeg := false
var n_characters := 0  # in the newest picture
var problem := ""  # why depth cannot be read; empty when it can

var _depth_code
var _picture_view: SubViewport
var _depth_view: SubViewport
var _quad: MeshInstance3D
var _pending = null
var _is_test_card := true
var _index := 0
var _next_id := 1


func _ready() -> void:
	_depth_code = DepthCode.new(platform)
	_picture_view = _new_view("Picture")
	_depth_view = _new_view("Depth")
	_depth_view.positional_shadow_atlas_size = 0
	var eye := _eye_of(_depth_view)
	eye.environment = Environment.new()  # no fog, no glow, no tone mapping
	eye.attributes = CameraAttributesPractical.new()  # no exposure
	_quad = _new_quad()
	eye.add_child(_quad)
	RenderingServer.frame_post_draw.connect(_on_drawn)


func _exit_tree() -> void:
	RenderingServer.frame_post_draw.disconnect(_on_drawn)


## The picture's size in pixels; depth has half of it.
func set_size(size_px: Vector2i) -> void:
	_picture_view.size = size_px
	_depth_view.size = Vector2i(maxi(2, size_px.x / 2), maxi(2, size_px.y / 2))


## Renders with this frame of the game; `captured` follows when it is drawn. Camera and boxes are those of this moment.
func request(camera: Camera3D) -> void:
	var size := _picture_view.size
	var frame = Frame.new()
	frame.index = _index
	_index += 1
	frame.capture_client_s = platform.now_s()
	var axis := "vertical" if _is_vertical(camera) else "horizontal"
	frame.camera_map = Frame.camera(camera.fov, camera.near, camera.far, axis, metres_per_unit, _aspect(size))
	var space := _space_of(camera)
	frame.boxes = _boxes(camera, size, space, frame.capture_client_s)
	frame.scene_map = Place.around(camera, space)
	n_characters = frame.boxes.size()
	var layers := (camera.cull_mask | DEPTH_ONLY) & ~NOT_IN_DEPTH
	_show(_picture_view, camera, camera.cull_mask & ~DEPTH_ONLY)
	_show(_depth_view, camera, layers)
	var material: ShaderMaterial = _quad.material_override
	material.set_shader_parameter("depth_layers", layers)
	material.set_shader_parameter("furthest", camera.far)
	_quad.visible = true
	_pending = frame


func _show(view: SubViewport, camera: Camera3D, layers: int) -> void:
	var eye := _eye_of(view)
	eye.global_transform = camera.global_transform
	eye.keep_aspect = camera.keep_aspect
	eye.set_perspective(camera.fov, camera.near, camera.far)
	eye.cull_mask = layers
	if view == _picture_view:
		eye.environment = camera.environment
		eye.attributes = camera.attributes
	view.render_target_update_mode = SubViewport.UPDATE_ONCE


func _on_drawn() -> void:
	if _pending == null:
		return
	var frame = _pending
	_pending = null
	_quad.visible = false
	var depth := _depth_view.get_texture().get_image()
	if _is_test_card:
		_read_test_card(depth)
		return
	_fill_picture(frame, _picture_view.get_texture().get_image())
	_fill_depth(frame, depth)
	captured.emit(frame)


## Renderers differ in whether a shader's colours are turned into sRGB: the first depth picture is one grey that tells.
func _read_test_card(image: Image) -> void:
	var grey := image.get_pixel(image.get_width() / 2, image.get_height() / 2).r
	var material: ShaderMaterial = _quad.material_override
	if absf(grey - GREY) > TOLERANCE and absf(grey - GREY_AS_IT_IS) > TOLERANCE:
		problem = "this renderer changes the colours of the depth viewport (grey %.2f): depth cannot be read" % grey
	material.set_shader_parameter("is_shown_as_it_is", absf(grey - GREY_AS_IT_IS) <= TOLERANCE)
	material.set_shader_parameter("is_test_card", false)
	_is_test_card = false


func _fill_picture(frame, image: Image) -> void:
	image.convert(Image.FORMAT_RGB8)
	frame.picture_bytes = image.save_jpg_to_buffer(JPEG_QUALITY) if is_jpeg else image.get_data()
	var format := "jpeg" if is_jpeg else "rgb8"
	frame.picture_map = Frame.picture(format, image.get_width(), image.get_height(), frame.picture_bytes.size())


func _fill_depth(frame, image: Image) -> void:
	image.convert(Image.FORMAT_RGB8)
	frame.depth_bytes = _depth_code.halves_of(image.get_data(), platform.empty_bytes())
	var bytes: int = frame.depth_bytes.size()
	frame.depth_map = Frame.depth("linear", "float16", image.get_width(), image.get_height(), bytes)


## Null where physics has a thread of its own: it may be asked only during its own step.
func _space_of(camera: Camera3D) -> PhysicsDirectSpaceState3D:
	if ProjectSettings.get_setting("physics/3d/run_on_separate_thread", false):
		return null
	return camera.get_world_3d().direct_space_state


func _boxes(camera: Camera3D, size: Vector2i, space: PhysicsDirectSpaceState3D, now_s: float) -> Array:
	var tangent: float = BoxProjector.tan_half_vertical(camera.fov, _is_vertical(camera), _aspect(size))
	var projector = BoxProjector.new(size.x, size.y, tangent, camera.near)
	var to_camera := camera.global_transform.affine_inverse()
	var boxes := []
	for character in get_tree().get_nodes_in_group(Character.GROUP):
		if character.id == 0:
			character.id = _next_id
			_next_id += 1
		var meshes: Array[MeshInstance3D] = character.parts()
		var rect = projector.rect_of(meshes.map(_corners.bind(to_camera)))
		if rect != null and boxes.size() < Frame.MOST_BOXES:
			var tight := Character.is_tight(meshes)
			var told: Dictionary = character.told(now_s, space, metres_per_unit)
			boxes.append(Frame.box(character.id, character.label, rect, tight, null, told))
	return boxes


static func _corners(part: MeshInstance3D, to_camera: Transform3D) -> Array:
	var placed := to_camera * part.global_transform
	var bounds := part.get_aabb()
	return BoxProjector.corners(bounds.position, bounds.size).map(func(corner: Vector3) -> Vector3: return placed * corner)


static func _aspect(size: Vector2i) -> float:
	return float(size.x) / size.y


static func _is_vertical(camera: Camera3D) -> bool:
	return camera.keep_aspect == Camera3D.KEEP_HEIGHT


static func _eye_of(view: SubViewport) -> Camera3D:
	return view.get_child(0)


func _new_view(view_name: String) -> SubViewport:
	var view := SubViewport.new()
	view.name = view_name
	view.render_target_update_mode = SubViewport.UPDATE_DISABLED
	view.gui_disable_input = true
	view.add_child(Camera3D.new())
	add_child(view)
	return view


func _new_quad() -> MeshInstance3D:
	var quad := MeshInstance3D.new()
	var mesh := QuadMesh.new()
	mesh.size = Vector2(2, 2)
	quad.mesh = mesh
	quad.layers = DEPTH_ONLY
	quad.extra_cull_margin = 16384
	quad.cast_shadow = GeometryInstance3D.SHADOW_CASTING_SETTING_OFF
	quad.visible = false
	var material := ShaderMaterial.new()
	material.shader = DEPTH_SHADER
	material.set_shader_parameter("is_test_card", true)
	material.set_shader_parameter("is_compatibility", RenderingServer.get_rendering_device() == null)
	quad.material_override = material
	return quad
