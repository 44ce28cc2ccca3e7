// A stand-in for scene capture, render targets and readback. Render commands wait until the test runs them, as the render thread
// would; what is read back has longer rows than the picture, as graphics devices do.
#pragma once

#include "stub_engine.h"

#include <cstring>
#include <deque>

enum EPixelFormat { PF_Unknown, PF_B8G8R8A8, PF_R32_FLOAT };
enum ETextureRenderTargetFormat : int { RTF_R8, RTF_RG8, RTF_RGBA8, RTF_RGBA8_SRGB, RTF_R16f, RTF_RG16f, RTF_RGBA16f, RTF_R32f };
enum class ERHIAccess : uint32 { Unknown, CopySrc, SRVMask };

class FRHITexture
{
public:
    int32 Width = 0, Height = 0;
    std::vector<uint8> Bytes; // 4 bytes per pixel, both formats
    ERHIAccess Access = ERHIAccess::SRVMask;
};

template <typename T>
class TRefCountPtr : public std::shared_ptr<T>
{
public:
    using std::shared_ptr<T>::shared_ptr;
    operator T*() const { return this->get(); }
    T* GetReference() const { return this->get(); }
    bool IsValid() const { return this->get() != nullptr; }
};

using FTextureRHIRef = TRefCountPtr<FRHITexture>;

struct FRHITransitionInfo
{
    FRHITexture* Texture;
    ERHIAccess Before, After;
    FRHITransitionInfo(FRHITexture* Texture, ERHIAccess Before, ERHIAccess After) : Texture(Texture), Before(Before), After(After) {}
};

class FRHICommandList
{
public:
    void Transition(const FRHITransitionInfo& Info) { Info.Texture->Access = Info.After; }
};

class FRHICommandListImmediate : public FRHICommandList
{
};

inline std::deque<std::function<void(FRHICommandListImmediate&)>>& StubRenderCommands()
{
    static std::deque<std::function<void(FRHICommandListImmediate&)>> Commands;
    return Commands;
}

inline bool& StubInRenderThread()
{
    static bool bInside = false;
    return bInside;
}

inline void StubRunRenderThread()
{
    FRHICommandListImmediate Commands;
    StubInRenderThread() = true;
    while (!StubRenderCommands().empty())
    {
        auto Command = std::move(StubRenderCommands().front());
        StubRenderCommands().pop_front();
        Command(Commands);
    }
    StubInRenderThread() = false;
}

inline bool IsInRenderingThread()
{
    return StubInRenderThread();
}

struct StubEnqueue
{
    template <typename Lambda>
    void operator()(Lambda Command) const
    {
        StubRenderCommands().push_back([Command = std::make_shared<Lambda>(std::move(Command))](FRHICommandListImmediate& List) { (*Command)(List); });
    }
};

#define ENQUEUE_RENDER_COMMAND(Type) StubEnqueue()

/// How many looks a copy takes to be there; -1: it never comes.
inline int StubReadbackLooks = 2;
constexpr int32 StubRowGapPx = 13;

class FRHIGPUTextureReadback final
{
public:
    explicit FRHIGPUTextureReadback(FName) { StubExpectRenderThread(); }
    ~FRHIGPUTextureReadback() { StubExpectRenderThread(); }

    void EnqueueCopy(FRHICommandList&, FRHITexture* Source)
    {
        StubExpectRenderThread();
        if (Source->Access != ERHIAccess::CopySrc)
        {
            std::fprintf(stderr, "stub: the source of a copy is not in the state CopySrc\n");
            std::abort();
        }
        Pitch = Source->Width + StubRowGapPx;
        Height = Source->Height;
        Rows.assign(static_cast<std::size_t>(Pitch) * Height * 4, 0xEE);
        for (int32 Y = 0; Y < Height; ++Y)
        {
            std::memcpy(&Rows[static_cast<std::size_t>(Y) * Pitch * 4], &Source->Bytes[static_cast<std::size_t>(Y) * Source->Width * 4], static_cast<std::size_t>(Source->Width) * 4);
        }
        Looks = 0;
    }

    bool IsReady() { return StubReadbackLooks >= 0 && ++Looks >= StubReadbackLooks; }

    void* Lock(int32& OutRowPitchInPixels, int32* OutBufferHeight = nullptr)
    {
        StubExpectRenderThread();
        OutRowPitchInPixels = Pitch;
        if (OutBufferHeight != nullptr)
        {
            *OutBufferHeight = Height;
        }
        return Rows.data();
    }

    void Unlock() { StubExpectRenderThread(); }

private:
    static void StubExpectRenderThread()
    {
        if (!IsInRenderingThread())
        {
            std::fprintf(stderr, "stub: a readback was touched outside the render thread\n");
            std::abort();
        }
    }

    std::vector<uint8> Rows;
    int32 Pitch = 0, Height = 0;
    int Looks = 0;
};

class FTextureRenderTargetResource
{
public:
    const FTextureRHIRef& GetRenderTargetTexture() const { return Texture; }
    FTextureRHIRef Texture;
};

class UTextureRenderTarget2D : public UObject
{
public:
    void InitCustomFormat(uint32 Width, uint32 Height, EPixelFormat NewFormat, bool bInForceLinearGamma)
    {
        SizeX = static_cast<int32>(Width);
        SizeY = static_cast<int32>(Height);
        Format = NewFormat;
        bForceLinearGamma = bInForceLinearGamma;
        auto Made = std::make_shared<FRHITexture>();
        Made->Width = SizeX;
        Made->Height = SizeY;
        Made->Bytes.assign(static_cast<std::size_t>(SizeX) * SizeY * 4, 0);
        static_cast<std::shared_ptr<FRHITexture>&>(Resource.Texture) = Made;
    }

    void InitAutoFormat(uint32 Width, uint32 Height) { InitCustomFormat(Width, Height, RenderTargetFormat == RTF_R32f ? PF_R32_FLOAT : PF_B8G8R8A8, true); }
    FTextureRenderTargetResource* GameThread_GetRenderTargetResource() { return &Resource; }
    void ReleaseResource() {}

    int32 SizeX = 0, SizeY = 0;
    FLinearColor ClearColor{0, 0, 0, 1};
    EPixelFormat Format = PF_Unknown;
    TEnumAsByte<ETextureRenderTargetFormat> RenderTargetFormat;
    bool bForceLinearGamma = true;
    FTextureRenderTargetResource Resource;
};

struct FEngineShowFlags
{
    void SetLighting(bool) {}
    void SetPostProcessing(bool) {}
    void SetTranslucency(bool) {}
    void SetFog(bool) {}
    void SetAtmosphere(bool) {}
    void SetMotionBlur(bool) {}
};

class USceneCaptureComponent2D : public USceneComponent
{
public:
    void CaptureScene();

    TEnumAsByte<ECameraProjectionMode::Type> ProjectionType;
    TEnumAsByte<ESceneCaptureSource> CaptureSource;
    float FOVAngle = 90.0f;
    TObjectPtr<UTextureRenderTarget2D> TextureTarget;
    FPostProcessSettings PostProcessSettings;
    float PostProcessBlendWeight = 1.0f;
    uint32 bOverride_CustomNearClippingPlane : 1;
    float CustomNearClippingPlane = 0.0f;
    uint8 bCaptureEveryFrame : 1;
    uint8 bCaptureOnMovement : 1;
    bool bAlwaysPersistRenderingState = false;
    FEngineShowFlags ShowFlags;

    USceneCaptureComponent2D() : bOverride_CustomNearClippingPlane(0), bCaptureEveryFrame(1), bCaptureOnMovement(1) {}
};

/// What a test draws: called for every capture, with the pixels to fill.
inline std::function<void(const USceneCaptureComponent2D&, FRHITexture&)>& StubDraw()
{
    static std::function<void(const USceneCaptureComponent2D&, FRHITexture&)> Draw;
    return Draw;
}

inline void USceneCaptureComponent2D::CaptureScene()
{
    if (StubDraw())
    {
        StubDraw()(*this, *TextureTarget->GameThread_GetRenderTargetResource()->GetRenderTargetTexture());
    }
}
