#include "Capture/SceneTold.h"

#include "CoreText.h"
#include "StereoSyncPlace.h"

namespace
{
    constexpr double LargestRoomM = 10000.0; // what the wire takes

    stereosync::SceneSpec Describe(const AStereoSyncPlace& Place)
    {
        stereosync::SceneSpec Scene;
        if (Place.bQuiet || !Place.Place.IsEmpty())
        {
            Scene.place = Place.bQuiet ? stereosync::ShortText() : stereosync::ShortText(StereoSync::ToUtf8(Place.Place));
        }
        if (Place.Amount >= 0.0f)
        {
            Scene.amount = FMath::Min<double>(Place.Amount, 1.0);
        }
        if (Place.RoomSizeM >= 0.0f)
        {
            Scene.room = stereosync::RoomSpec{FMath::Min<double>(Place.RoomSizeM, LargestRoomM), FMath::Clamp<double>(Place.RoomHardness, 0.0, 1.0)};
        }
        Scene.ambience = Place.bAmbience;
        return Scene;
    }
}

void TellScene(stereosync::Frame& Frame, const UWorld* World, const FVector& CameraCm, bool bAmbience)
{
    const AStereoSyncPlace* Place = AStereoSyncPlace::At(World, CameraCm);
    if (Place == nullptr && bAmbience)
    {
        return;
    }
    Frame.scene = Place != nullptr ? Describe(*Place) : stereosync::SceneSpec();
    Frame.scene->ambience = Frame.scene->ambience && bAmbience;
}
