// One pair of textures on its way from the graphics device to memory.
#pragma once

#include "CoreClient.h"
#include "CoreMinimal.h"

#include <atomic>

class FRHICommandListImmediate;
class FRHIGPUTextureReadback;
class FRHITexture;
class FTextureRenderTargetResource;
class UStereoSyncCapture;

/** Where the pixels are. */
enum class EPixels : uint8
{
    Idle,    ///< nothing was asked for
    Waiting, ///< on their way
    Here,    ///< in memory
    Failed   ///< the device gave nothing
};

/** Used again and again, for one size of textures. Functions named RenderThread belong to that thread, the others to the game's. */
class FPendingPixels
{
public:
    using FRef = TSharedPtr<FPendingPixels, ESPMode::ThreadSafe>;

    FPendingPixels();
    ~FPendingPixels();

    /** Asks for what the capture has drawn, for this frame, which has its sizes and all but the bytes. */
    static void Request(const FRef& Pixels, stereosync::FramePtr Frame, const UStereoSyncCapture& Capture);

    /** Looks whether they have come; the answer is in State when the render thread has looked. */
    static void Look(const FRef& Pixels);

    /** Lets go of the device's memory on the thread that it belongs to. */
    static void Release(FRef Pixels);

    EPixels State() const;

    /** The frame, whole if State is Here; the pixels are idle then. Not while they are on their way. */
    stereosync::FramePtr Take();

private:
    void Request_RenderThread(FRHICommandListImmediate& Commands, FRHITexture* PictureTexture, FRHITexture* DepthTexture);
    void Look_RenderThread();
    bool TakePicture_RenderThread();
    bool TakeDepth_RenderThread();

    stereosync::FramePtr Frame;
    TUniquePtr<FRHIGPUTextureReadback> PictureReadback;
    TUniquePtr<FRHIGPUTextureReadback> DepthReadback;
    std::atomic<EPixels> Where{EPixels::Idle};
};
