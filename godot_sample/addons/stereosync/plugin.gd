## Adds the nodes of StereoSync to the editor's "Create New Node".
@tool
extends EditorPlugin

const NODES := {
	"StereoSyncBridge": "stereosync_bridge.gd",
	"StereoSyncCharacter": "stereosync_character.gd",
	"StereoSyncPlace": "stereosync_place.gd",
}


func _enter_tree() -> void:
	var folder: String = get_script().resource_path.get_base_dir()
	var icon := get_editor_interface().get_base_control().get_theme_icon("AudioStreamPlayer3D", "EditorIcons")
	for node_name in NODES:
		add_custom_type(node_name, "Node", load(folder.path_join(NODES[node_name])), icon)


func _exit_tree() -> void:
	for node_name in NODES:
		remove_custom_type(node_name)
