## A few lines at the top left of the window.
extends CanvasLayer

var _label := Label.new()


func _ready() -> void:
	layer = 100
	_label.position = Vector2(8, 4)
	_label.add_theme_color_override("font_outline_color", Color.BLACK)
	_label.add_theme_constant_override("outline_size", 4)
	add_child(_label)


func show_text(text: String) -> void:
	_label.text = "StereoSync: " + text
