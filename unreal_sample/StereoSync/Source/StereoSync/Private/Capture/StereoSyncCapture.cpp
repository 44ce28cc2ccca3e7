#include "Capture/StereoSyncCapture.h"

#include "Camera/CameraTypes.h"
#include "Components/SceneCaptureComponent2D.h"
#include "Engine/EngineTypes.h"
#include "Engine/TextureRenderTarget2D.h"
#include "GameFramework/Actor.h"

void UStereoSyncCapture::Prepare(AActor& Owner, FIntPoint SizePx)
{
    Remove();
    PictureTarget = NewObject<UTextureRenderTarget2D>(this);
    PictureTarget->RenderTargetFormat = RTF_RGBA8;
    PictureTarget->InitCustomFormat(SizePx.X, SizePx.Y, PF_B8G8R8A8, false); // not linear: bright as on the screen
    DepthTarget = NewObject<UTextureRenderTarget2D>(this);
    DepthTarget->RenderTargetFormat = RTF_R32f; // centimetres: half floats end at 655 m
    DepthTarget->InitAutoFormat((SizePx.X + 1) / 2, (SizePx.Y + 1) / 2);
    Picture = AddCapture(Owner, SCS_FinalColorLDR, PictureTarget);
    Depth = AddCapture(Owner, SCS_SceneDepth, DepthTarget);
    Depth->ShowFlags.SetLighting(false);
    Depth->ShowFlags.SetPostProcessing(false);
    Depth->ShowFlags.SetTranslucency(false);
    Depth->ShowFlags.SetFog(false);
    Depth->ShowFlags.SetAtmosphere(false);
}

USceneCaptureComponent2D* UStereoSyncCapture::AddCapture(AActor& Owner, ESceneCaptureSource Source, UTextureRenderTarget2D* Target)
{
    USceneCaptureComponent2D* Capture = NewObject<USceneCaptureComponent2D>(&Owner);
    Capture->CaptureSource = Source;
    Capture->TextureTarget = Target;
    Capture->bCaptureEveryFrame = false;
    Capture->bCaptureOnMovement = false;
    Capture->bAlwaysPersistRenderingState = true; // for exposure and for virtual shadow maps
    Capture->RegisterComponent();
    return Capture;
}

void UStereoSyncCapture::Remove()
{
    for (USceneCaptureComponent2D* Capture : {Picture.Get(), Depth.Get()})
    {
        if (IsValid(Capture))
        {
            Capture->DestroyComponent();
        }
    }
    Picture = nullptr;
    Depth = nullptr;
    PictureTarget = nullptr;
    DepthTarget = nullptr;
}

void UStereoSyncCapture::Shoot(const FMinimalViewInfo& View)
{
    Picture->PostProcessSettings = View.PostProcessSettings;
    Picture->PostProcessBlendWeight = View.PostProcessBlendWeight;
    for (USceneCaptureComponent2D* Capture : {Picture.Get(), Depth.Get()})
    {
        Capture->SetWorldLocationAndRotation(View.Location, View.Rotation);
        Capture->FOVAngle = View.FOV;
        Capture->bOverride_CustomNearClippingPlane = true;
        Capture->CustomNearClippingPlane = View.GetFinalPerspectiveNearClipPlane();
        Capture->CaptureScene();
    }
}

FIntPoint UStereoSyncCapture::PictureSizePx() const
{
    return FIntPoint(PictureTarget->SizeX, PictureTarget->SizeY);
}

FIntPoint UStereoSyncCapture::DepthSizePx() const
{
    return FIntPoint(DepthTarget->SizeX, DepthTarget->SizeY);
}

FTextureRenderTargetResource* UStereoSyncCapture::PictureResource() const
{
    return PictureTarget->GameThread_GetRenderTargetResource();
}

FTextureRenderTargetResource* UStereoSyncCapture::DepthResource() const
{
    return DepthTarget->GameThread_GetRenderTargetResource();
}
