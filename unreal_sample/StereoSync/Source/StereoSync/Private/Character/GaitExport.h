// Writes a character's gaits for stereosync-fit. Game thread, in the editor.
#pragma once

class UStereoSyncCharacterComponent;

/** Poses a copy of the character's mesh by each of its gait clips and writes the file; the log says what was written, and what was not and why. */
void ExportGaitsOf(const UStereoSyncCharacterComponent& Character);
