#include "Character/CharacterBoxes.h"

#include "Character/CharacterShape.h"
#include "Character/CharacterTold.h"
#include "CoreClient.h"
#include "CoreText.h"
#include "GameFramework/Actor.h"
#include "StereoSyncCharacterComponent.h"

namespace
{
    constexpr std::size_t MostBoxes = 64; // what the wire allows
    constexpr int32 MostCharacters = 64;

    std::string Short(const FString& Text)
    {
        return StereoSync::ToUtf8(Text.Left(MostCharacters));
    }

    stereosync::View ViewOf(const stereosync::Frame& Frame, double HorizontalFovDeg, double NearM)
    {
        stereosync::View View;
        View.width_px = Frame.picture.width_px;
        View.height_px = Frame.picture.height_px;
        View.tan_half_horizontal = StereoSync::TanHalf(HorizontalFovDeg);
        View.tan_half_vertical = View.tan_half_horizontal * View.height_px / View.width_px;
        View.near_m = NearM;
        return View;
    }

    stereosync::BoxSpec Describe(const UStereoSyncCharacterComponent& Character, const stereosync::PixelBox& Pixels, bool bTight)
    {
        stereosync::BoxSpec Box;
        Box.id = Character.GetCharacterId();
        Box.label = Short(Character.Label.IsEmpty() ? Character.GetOwner()->GetName() : Character.Label);
        Box.x0 = Pixels.x0;
        Box.y0 = Pixels.y0;
        Box.x1 = Pixels.x1;
        Box.y1 = Pixels.y1;
        Box.tight = bTight;
        return Box;
    }
}

void FCharacterBoxes::Fill(stereosync::Frame& Frame, const UWorld* World, const StereoSync::CameraPose& Camera, double NearM)
{
    Ids.clear();
    Complaint.clear();
    for (const UStereoSyncCharacterComponent* Character : UStereoSyncCharacterComponent::InWorld(World))
    {
        Add(Frame, *Character, Camera, NearM);
    }
}

void FCharacterBoxes::Add(
    stereosync::Frame& Frame, const UStereoSyncCharacterComponent& Character, const StereoSync::CameraPose& Camera, double NearM)
{
    const FCharacterShape Shape = ShapeOf(Character);
    stereosync::BoxProjector Projector(ViewOf(Frame, Camera.HorizontalFovDeg, NearM));
    for (const StereoSync::Cuboid& Cuboid : Shape.Cuboids)
    {
        Projector.add_cuboid(StereoSync::InCameraM(Cuboid, Camera));
    }
    const std::optional<stereosync::PixelBox> Pixels = Projector.box();
    if (!Pixels.has_value())
    {
        return;
    }
    if (Frame.boxes.size() >= MostBoxes)
    {
        Complaint = "More than 64 characters are in the picture, so the others are not heard: remove the mark of those far away.";
    }
    else if (!Ids.insert(Character.GetCharacterId()).second)
    {
        const std::string Id = std::to_string(Character.GetCharacterId());
        Complaint = "Two characters have the Id " + Id + ", so one is not heard: set another, or 0.";
    }
    else
    {
        Frame.boxes.push_back(Describe(Character, *Pixels, Shape.bTight));
        Character.GetTold().Fill(Frame.boxes.back(), Character, Frame.capture_client_s);
    }
}
