shader_type spatial;
render_mode unshaded, depth_test_disable, depth_draw_never, cull_disabled, shadows_disabled;

// Covers the screen and writes the logarithm of the depth in three times five bits: core/depth_code.gd says how.

void vertex() {
	POSITION = vec4(VERTEX.xy, 0.0, 1.0);
}

void fragment() {
	float stored = texture(DEPTH_TEXTURE, SCREEN_UV).r;
	vec4 view = INV_PROJECTION_MATRIX * vec4(vec3(SCREEN_UV, stored) * 2.0 - 1.0, 1.0);
	float depth = -view.z / view.w;
	float code = floor(log(max(depth, 0.05) / 0.05) / log(80000.0) * 32766.0 + 0.5);
	code = stored >= 1.0 ? 32767.0 : min(code, 32766.0);
	vec3 level = mod(floor(code / vec3(1024.0, 32.0, 1.0)), 32.0);
	ALBEDO = (level * 8.0 + 4.0) / 255.0;
}
