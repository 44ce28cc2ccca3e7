// All characters of a world to the boxes of a frame. Game thread.
#pragma once

#include "CoreMinimal.h"
#include "Pure/CameraGeometry.h"

#include <set>
#include <string>

namespace stereosync
{
    struct Frame;
}

class UStereoSyncCharacterComponent;
class UWorld;

/** Fills in a frame's boxes. */
class FCharacterBoxes
{
public:
    /** Adds a box for every character that is in the picture; the 65th and later ones are left out. The picture's size is in the frame. */
    void Fill(stereosync::Frame& Frame, const UWorld* World, const StereoSync::CameraPose& Camera, double NearM);

    /** What is wrong with the characters, one sentence; empty if nothing is. */
    const std::string& Fault() const
    {
        return Complaint;
    }

private:
    void Add(
        stereosync::Frame& Frame, const UStereoSyncCharacterComponent& Character, const StereoSync::CameraPose& Camera, double NearM);

    std::set<long long> Ids;
    std::string Complaint;
};
