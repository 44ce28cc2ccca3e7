#include "Capture/PendingPixels.h"

#include "Capture/StereoSyncCapture.h"
#include "CoreClient.h"
#include "Pure/CameraGeometry.h"
#include "Pure/PixelRows.h"
#include "RHICommandList.h"
#include "RHIGPUReadback.h"
#include "RenderingThread.h"
#include "TextureResource.h"

namespace
{
    void Copy(FRHICommandListImmediate& Commands, FRHIGPUTextureReadback& Readback, FRHITexture* Texture)
    {
        Commands.Transition(FRHITransitionInfo(Texture, ERHIAccess::Unknown, ERHIAccess::CopySrc));
        Readback.EnqueueCopy(Commands, Texture);
        Commands.Transition(FRHITransitionInfo(Texture, ERHIAccess::CopySrc, ERHIAccess::SRVMask));
    }

    FRHITexture* TextureOf(const FTextureRenderTargetResource* Resource)
    {
        if (Resource == nullptr)
        {
            return nullptr;
        }
        return Resource->GetRenderTargetTexture();
    }

    StereoSync::MappedRows Map(FRHIGPUTextureReadback& Readback, int WidthPx, int HeightPx)
    {
        StereoSync::MappedRows Rows;
        int32 PitchPx = 0;
        Rows.Data = Readback.Lock(PitchPx);
        Rows.PitchPx = PitchPx;
        Rows.WidthPx = WidthPx;
        Rows.HeightPx = HeightPx;
        return Rows;
    }
}

FPendingPixels::FPendingPixels() = default;
FPendingPixels::~FPendingPixels() = default;

void FPendingPixels::Request(const FRef& Pixels, stereosync::FramePtr Frame, const UStereoSyncCapture& Capture)
{
    Pixels->Frame = MoveTemp(Frame);
    Pixels->Where = EPixels::Waiting;
    ENQUEUE_RENDER_COMMAND(StereoSyncRequest)(
        [Pixels, Picture = Capture.PictureResource(), Depth = Capture.DepthResource()](FRHICommandListImmediate& Commands)
        {
            Pixels->Request_RenderThread(Commands, TextureOf(Picture), TextureOf(Depth));
        });
}

void FPendingPixels::Look(const FRef& Pixels)
{
    ENQUEUE_RENDER_COMMAND(StereoSyncLook)(
        [Pixels](FRHICommandListImmediate&)
        {
            Pixels->Look_RenderThread();
        });
}

void FPendingPixels::Release(FRef Pixels)
{
    ENQUEUE_RENDER_COMMAND(StereoSyncRelease)(
        [Pixels = MoveTemp(Pixels)](FRHICommandListImmediate&)
        {
            Pixels->PictureReadback.Reset();
            Pixels->DepthReadback.Reset();
        });
}

EPixels FPendingPixels::State() const
{
    return Where;
}

stereosync::FramePtr FPendingPixels::Take()
{
    Where = EPixels::Idle;
    return MoveTemp(Frame);
}

void FPendingPixels::Request_RenderThread(FRHICommandListImmediate& Commands, FRHITexture* PictureTexture, FRHITexture* DepthTexture)
{
    if (PictureTexture == nullptr || DepthTexture == nullptr)
    {
        Where = EPixels::Failed;
        return;
    }
    if (!PictureReadback.IsValid())
    {
        PictureReadback = MakeUnique<FRHIGPUTextureReadback>(TEXT("StereoSyncPicture"));
        DepthReadback = MakeUnique<FRHIGPUTextureReadback>(TEXT("StereoSyncDepth"));
    }
    Copy(Commands, *PictureReadback, PictureTexture);
    Copy(Commands, *DepthReadback, DepthTexture);
}

void FPendingPixels::Look_RenderThread()
{
    if (Where != EPixels::Waiting || !PictureReadback.IsValid() || !PictureReadback->IsReady() || !DepthReadback->IsReady())
    {
        return;
    }
    const bool bPicture = TakePicture_RenderThread();
    const bool bDepth = TakeDepth_RenderThread();
    Where = bPicture && bDepth ? EPixels::Here : EPixels::Failed;
}

bool FPendingPixels::TakePicture_RenderThread()
{
    const StereoSync::MappedRows Rows = Map(*PictureReadback, Frame->picture.width_px, Frame->picture.height_px);
    if (Rows.IsWhole())
    {
        Frame->picture_bytes.resize(static_cast<std::size_t>(Rows.WidthPx) * Rows.HeightPx * StereoSync::PictureBytesPerPixel);
        StereoSync::PackRows(Rows, StereoSync::PictureBytesPerPixel, Frame->picture_bytes.data());
    }
    PictureReadback->Unlock();
    return Rows.IsWhole();
}

bool FPendingPixels::TakeDepth_RenderThread()
{
    const StereoSync::MappedRows Rows = Map(*DepthReadback, Frame->depth.width_px, Frame->depth.height_px);
    if (Rows.IsWhole())
    {
        stereosync::write_metres(static_cast<const float*>(Rows.Data), Rows.WidthPx, Rows.HeightPx, static_cast<std::size_t>(Rows.PitchPx),
            StereoSync::MetresPerCm, Frame->camera.far_plane, Frame->depth_bytes);
    }
    DepthReadback->Unlock();
    return Rows.IsWhole();
}
