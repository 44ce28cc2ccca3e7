#include "Capture/FrameCapture.h"

#include "Axes.h"
#include "Camera/CameraTypes.h"
#include "Capture/StereoSyncCapture.h"

namespace
{
    constexpr double StuckS = 2.0;
    constexpr double FarM = 10000.0; // Unreal has no far plane: what is farther is sky

    StereoSync::CameraPose PoseOf(const FMinimalViewInfo& View)
    {
        const FRotationMatrix Axes(View.Rotation);
        StereoSync::CameraPose Pose;
        Pose.LocationCm = StereoSync::ToVec3(View.Location);
        Pose.Forward = StereoSync::ToVec3(Axes.GetUnitAxis(EAxis::X));
        Pose.Right = StereoSync::ToVec3(Axes.GetUnitAxis(EAxis::Y));
        Pose.Up = StereoSync::ToVec3(Axes.GetUnitAxis(EAxis::Z));
        Pose.HorizontalFovDeg = View.FOV;
        return Pose;
    }

    /// Metres throughout, like the depth that is sent.
    void DescribeCamera(stereosync::CameraSpec& Camera, double HorizontalFovDeg, double NearM)
    {
        Camera.fov_deg = HorizontalFovDeg;
        Camera.fov_axis = "horizontal";
        Camera.near_plane = NearM;
        Camera.far_plane = FarM;
        Camera.metres_per_unit = 1.0;
    }

    void DescribePixels(stereosync::Frame& Frame, const UStereoSyncCapture& Capture)
    {
        Frame.picture.format = "bgra8";
        Frame.picture.width_px = Capture.PictureSizePx().X;
        Frame.picture.height_px = Capture.PictureSizePx().Y;
        Frame.depth.encoding = "linear";
        Frame.depth.dtype = "float16";
        Frame.depth.width_px = Capture.DepthSizePx().X;
        Frame.depth.height_px = Capture.DepthSizePx().Y;
    }

    void AddGround(StereoSync::ToldFacts& Told, const stereosync::ShortText& Ground)
    {
        if (Told.Ground.empty())
        {
            Told.Ground = Ground.view();
        }
    }

    StereoSync::ToldFacts ToldIn(const stereosync::Frame& Frame)
    {
        StereoSync::ToldFacts Told;
        for (const stereosync::BoxSpec& Box : Frame.boxes)
        {
            Told.Feet += static_cast<int>(Box.feet.size());
            Told.Contacts += static_cast<int>(Box.contacts.size());
            for (const stereosync::FootSpec& Foot : Box.feet)
            {
                AddGround(Told, Foot.surface);
            }
            AddGround(Told, Box.surface);
        }
        Told.bScene = Frame.scene.has_value();
        Told.bAmbience = !Told.bScene || Frame.scene->ambience;
        if (Told.bScene && Frame.scene->place.has_value())
        {
            Told.Place = Frame.scene->place->empty() ? "quiet" : Frame.scene->place->view();
        }
        return Told;
    }
}

FFrameCapture::FFrameCapture()
{
    for (FShot& Shot : Shots)
    {
        Shot.Pixels = MakeShared<FPendingPixels, ESPMode::ThreadSafe>();
    }
}

FFrameCapture::~FFrameCapture()
{
    for (FShot& Shot : Shots)
    {
        FPendingPixels::Release(MoveTemp(Shot.Pixels));
    }
}

int FFrameCapture::IdleShot() const
{
    int Shot = 0;
    while (Shot < MostInFlight && Shots[Shot].Pixels->State() != EPixels::Idle)
    {
        ++Shot;
    }
    return Shot;
}

FFrameCapture::FShot* FFrameCapture::OldestDone()
{
    FShot* Oldest = nullptr;
    for (FShot& Shot : Shots)
    {
        const EPixels State = Shot.Pixels->State();
        const bool bDone = State == EPixels::Here || State == EPixels::Failed;
        if (bDone && (Oldest == nullptr || Shot.Index < Oldest->Index))
        {
            Oldest = &Shot;
        }
    }
    return Oldest;
}

bool FFrameCapture::HasRoom() const
{
    return IdleShot() < MostInFlight;
}

void FFrameCapture::Shoot(stereosync::FramePtr Frame, UStereoSyncCapture& Capture, const FMinimalViewInfo& View, const UWorld* World)
{
    const StereoSync::CameraPose Pose = PoseOf(View);
    const double NearM = StereoSync::MetresPerCm * View.GetFinalPerspectiveNearClipPlane();
    FShot& Shot = Shots[IdleShot()];
    Shot.Index = NextIndex++;
    Shot.AskedS = Frame->capture_client_s;
    Frame->index = Shot.Index;
    DescribeCamera(Frame->camera, Pose.HorizontalFovDeg, NearM);
    DescribePixels(*Frame, Capture);
    Boxes.Fill(*Frame, World, Pose, NearM);
    NewestBoxes = static_cast<int>(Frame->boxes.size());
    NewestTold = ToldIn(*Frame);
    Capture.Shoot(View);
    FPendingPixels::Request(Shot.Pixels, MoveTemp(Frame), Capture);
}

void FFrameCapture::Collect(double NowS, const std::function<void(stereosync::FramePtr)>& Offer)
{
    while (FShot* Shot = OldestDone())
    {
        HandOn(*Shot, Offer);
    }
    for (const FShot& Shot : Shots)
    {
        if (Shot.Pixels->State() == EPixels::Waiting)
        {
            bStuck = bStuck || NowS - Shot.AskedS > StuckS;
            FPendingPixels::Look(Shot.Pixels);
        }
    }
}

void FFrameCapture::HandOn(FShot& Shot, const std::function<void(stereosync::FramePtr)>& Offer)
{
    const bool bCame = Shot.Pixels->State() == EPixels::Here;
    stereosync::FramePtr Frame = Shot.Pixels->Take();
    FailedCount += bCame ? 0 : 1;
    bStuck = bStuck && !bCame;
    if (bCame && Shot.Index > NewestIndex)
    {
        NewestIndex = Shot.Index;
        Offer(MoveTemp(Frame));
    }
}

int64 FFrameCapture::Failed() const
{
    return FailedCount;
}

int FFrameCapture::Characters() const
{
    return NewestBoxes;
}

const StereoSync::ToldFacts& FFrameCapture::Told() const
{
    return NewestTold;
}

std::string FFrameCapture::Fault() const
{
    if (bStuck)
    {
        return "The graphics device has not handed a picture back for 2 seconds, so no frame is sent: "
               "choose Direct3D 11 or 12, Vulkan or Metal as the project's RHI.";
    }
    return Boxes.Fault();
}
