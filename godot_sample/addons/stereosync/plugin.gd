## Adds the nodes of StereoSync to the editor's "Create New Node", and to its tools the export of a character's gaits.
@tool
extends EditorPlugin

const Export := preload("gaits/gait_export.gd")
const Settings := preload("gaits/gait_settings.gd")
const EXPORT_GAITS := "StereoSync: Export Gaits"
const NODES := {
	"StereoSyncBridge": "stereosync_bridge.gd",
	"StereoSyncCharacter": "stereosync_character.gd",
	"StereoSyncPlace": "stereosync_place.gd",
}


func _enter_tree() -> void:
	var icon := get_editor_interface().get_base_control().get_theme_icon("AudioStreamPlayer3D", "EditorIcons")
	for node_name in NODES:
		add_custom_type(node_name, "Node", _script_of(node_name), icon)
	add_tool_menu_item(EXPORT_GAITS, _export_gaits)


func _exit_tree() -> void:
	for node_name in NODES:
		remove_custom_type(node_name)
	remove_tool_menu_item(EXPORT_GAITS)


func _script_of(node_name: String) -> Script:
	var folder: String = get_script().resource_path.get_base_dir()
	return load(folder.path_join(NODES[node_name]))


# Of the first character that is selected, or below what is selected.
func _export_gaits() -> void:
	var selected := get_editor_interface().get_selection().get_selected_nodes()
	var character := _first("StereoSyncCharacter", selected)
	if character == null or not Settings.root_of(character) is Node3D:
		push_warning("StereoSync: select a body of Node3D that has a StereoSyncCharacter below it")
		return
	var bridge := _first("StereoSyncBridge", [get_editor_interface().get_edited_scene_root()])
	var export := Export.new()
	await export.look_at(character, self, 1.0 if bridge == null else bridge.get("metres_per_unit"))
	export.write("res://", Settings.root_of(character).name)
	for note in export.notes:
		print("StereoSync: ", note)


func _first(node_name: String, above: Array) -> Node:
	for top in above:
		for node in [top] + top.find_children("*", "Node", true, false):
			if node.get_script() == _script_of(node_name):
				return node
	return null
