// The two scene captures of a bridge and their targets. Game thread.
#pragma once

#include "CoreMinimal.h"
#include "Engine/EngineTypes.h"

#include "StereoSyncCapture.generated.h"

class FTextureRenderTargetResource;
class USceneCaptureComponent2D;
class UTextureRenderTarget2D;
struct FMinimalViewInfo;

/** Draws what a view sees, once as colour and once as depth, when it is told to. */
UCLASS()
class UStereoSyncCapture : public UObject
{
    GENERATED_BODY()

public:
    /** Makes the captures as components of the owner. The picture has this size, depth the half of it, rounded up; pixels. */
    void Prepare(AActor& Owner, FIntPoint SizePx);

    /** Takes the captures away. The second call does nothing. */
    void Remove();

    /** Draws both at once, so that they show one moment. They are there when the render thread has come so far. */
    void Shoot(const FMinimalViewInfo& View);

    /** Sizes, pixels. */
    FIntPoint PictureSizePx() const;
    FIntPoint DepthSizePx() const;

    /** For render commands only, which run before these are released. */
    FTextureRenderTargetResource* PictureResource() const;
    FTextureRenderTargetResource* DepthResource() const;

private:
    USceneCaptureComponent2D* AddCapture(AActor& Owner, ESceneCaptureSource Source, UTextureRenderTarget2D* Target);

    UPROPERTY()
    TObjectPtr<USceneCaptureComponent2D> Picture;

    UPROPERTY()
    TObjectPtr<USceneCaptureComponent2D> Depth;

    UPROPERTY()
    TObjectPtr<UTextureRenderTarget2D> PictureTarget;

    UPROPERTY()
    TObjectPtr<UTextureRenderTarget2D> DepthTarget;
};
