// Plays the module against the stubs of the engine, for the tests. One world with a camera at (-600, 0, 160) cm that looks along X, the
// sample's walker at the origin, and a bridge. The real core talks to a real server.
//
//     play ADDRESS SECONDS RECORD [NAME=VALUE ...]
//
// `pause`, `resume`, `hold` and `go` (the component's own Pause and Resume), `reset`: seconds; `looks`: how often a readback is looked at
// before it is there; `rate`: of the device, Hz; `width`, `height`: of the capture; `camera=0`: no player; `key` and
// `server_key`: paths of key files; `audio=0`: no audio device; `latency`: ms of it, as a property; `ambience=0`: steps alone. RECORD gets
// what was played.
#include "stub_audio.h"
#include "stub_physics.h"
#include "stub_render.h"

#include "StereoSyncBridgeComponent.h"
#include "StereoSyncCharacterComponent.h"
#include "StereoSyncPlace.h"
#include "StereoSyncSoundComponent.h"
#include "StereoSyncWalker.h"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <map>
#include <string>
#include <thread>

namespace
{
    using Clock = std::chrono::steady_clock;

    std::map<std::string, std::string> Options;

    double Option(const std::string& Name, double Else)
    {
        return Options.count(Name) != 0 ? std::atof(Options[Name].c_str()) : Else;
    }

    double NowS()
    {
        return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
    }

    /// Picture: blue counts columns, green counts rows, red 7. Depth: 300 cm in the left column, 1 cm more per column; sky in the upper quarter.
    void Draw(const USceneCaptureComponent2D& Capture, FRHITexture& Into)
    {
        for (int32 Y = 0; Y < Into.Height; ++Y)
        {
            for (int32 X = 0; X < Into.Width; ++X)
            {
                uint8* Pixel = &Into.Bytes[(static_cast<std::size_t>(Y) * Into.Width + X) * 4];
                const float DepthCm = Y < Into.Height / 4 ? 1.0e8f : 300.0f + X;
                const uint8 Colour[4] = {static_cast<uint8>(X), static_cast<uint8>(Y), 7, 255};
                std::memcpy(Pixel, Capture.CaptureSource == SCS_SceneDepth ? static_cast<const void*>(&DepthCm) : Colour, 4);
            }
        }
    }

    /// The audio mixer: takes a block whenever one is due, on a thread of its own.
    class FMixer
    {
    public:
        FMixer(ISoundGeneratorPtr InGenerator, const char* Path) : Generator(InGenerator), File(std::fopen(Path, "wb")), Thread([this] { Run(); }) {}

        ~FMixer()
        {
            bStop = true;
            Thread.join();
            std::fclose(File);
        }

    private:
        void Run()
        {
            const int32 Samples = Generator->GetDesiredNumSamplesToRenderPerCallback();
            std::vector<float> Block(static_cast<std::size_t>(Samples));
            const auto Begin = Clock::now();
            for (int64 Frames = 0; !bStop; Frames += Samples / 2)
            {
                std::this_thread::sleep_until(Begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(static_cast<double>(Frames) / USynthComponent::StubRateHz)));
                Generator->OnGenerateAudio(Block.data(), Samples);
                std::fwrite(Block.data(), sizeof(float), Block.size(), File);
            }
        }

        ISoundGeneratorPtr Generator;
        std::FILE* File;
        std::atomic<bool> bStop{false};
        std::thread Thread;
    };

    struct FScene
    {
        UWorld World;
        FAudioDevice Audio;
        UStereoSyncBridgeComponent* Bridge = nullptr;

        explicit FScene(const char* Address)
        {
            if (Option("camera", 1) != 0)
            {
                AddPlayer();
            }
            World.SpawnActor<AStereoSyncWalker>(FVector::ZeroVector, FRotator::ZeroRotator);
            AddGroundAndPlace();
            AActor* Host = World.SpawnActor<AActor>(FVector::ZeroVector, FRotator::ZeroRotator);
            Bridge = NewObject<UStereoSyncBridgeComponent>(Host);
            World.StubAudio = Option("audio", 1) != 0 ? &Audio : nullptr;
            Bridge->DeviceLatencyMs = static_cast<float>(Option("latency", -1));
            Bridge->bAmbience = Option("ambience", 1) != 0;
            Bridge->ServiceAddress = StubWide(Address).c_str();
            Bridge->CaptureSize = FIntPoint(static_cast<int32>(Option("width", 0)), static_cast<int32>(Option("height", 0)));
            Bridge->ClientKeyFile = StubWide(Options["key"].c_str()).c_str();
            Bridge->ServerKeyFile = StubWide(Options["server_key"].c_str()).c_str();
            Bridge->OnStatusChanged.Bound = [](const FStereoSyncStatus& Status) { std::printf("status %d %s\n", static_cast<int>(Status.State), StubNarrow(*Status.Text).c_str()); };
            Bridge->RegisterComponent();
        }

        void AddGroundAndPlace()
        {
            FStubGround Ground;
            Ground.LowCm = FVector(-1000, -1000, 0);
            Ground.HighCm = FVector(1000, 1000, 0);
            Ground.Material = NewObject<UPhysicalMaterial>(&World, TEXT("PM_Stone"));
            World.StubGrounds.push_back(Ground);
            AStereoSyncPlace* Place = World.SpawnActor<AStereoSyncPlace>(FVector(-600, 0, 0), FRotator::ZeroRotator);
            Place->Place = TEXT("forest");
            Place->Amount = 0.25f;
        }

        void AddPlayer()
        {
            World.Player = StubMake<APlayerController>(&World, NAME_None);
            World.Player->PlayerCameraManager = StubMake<APlayerCameraManager>(&World, NAME_None);
            World.Player->PlayerCameraManager->View.Location = FVector(-600, 0, 160);
            World.Player->PlayerCameraManager->View.FOV = 80.0f;
        }

        UStereoSyncSoundComponent* Sound() const
        {
            TArray<UStereoSyncSoundComponent*> Found;
            Bridge->GetOwner()->GetComponents(Found);
            return Found.Num() == 1 ? Found[0] : nullptr;
        }

        void Cue(const char* Name, double AtS, double BeforeS, void (*Act)(FScene&))
        {
            if (Option(Name, -1) >= BeforeS && Option(Name, -1) < AtS)
            {
                std::printf("%s %.6f\n", Name, NowS());
                Act(*this);
            }
        }

        void Cues(double AtS, double BeforeS)
        {
            Cue("pause", AtS, BeforeS, [](FScene& Scene) { Scene.World.StubPaused = true; });
            Cue("resume", AtS, BeforeS, [](FScene& Scene) { Scene.World.StubPaused = false; });
            Cue("hold", AtS, BeforeS, [](FScene& Scene) { Scene.Bridge->Pause(); });
            Cue("go", AtS, BeforeS, [](FScene& Scene) { Scene.Bridge->Resume(); });
            Cue("reset", AtS, BeforeS, [](FScene& Scene) { Scene.Bridge->ResetScene(TEXT("teleport")); });
        }
    };

    void Play(FScene& Scene, double Seconds)
    {
        constexpr double StepS = 1.0 / 60;
        const auto Begin = Clock::now();
        double BeforeS = 0.0;
        for (int64 Frame = 1; BeforeS < Seconds; ++Frame)
        {
            const double AtS = Frame * StepS;
            Scene.Cues(AtS, BeforeS);
            Scene.World.StubTick(static_cast<float>(StepS));
            StubRunRenderThread();
            std::this_thread::sleep_until(Begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(AtS)));
            BeforeS = AtS;
        }
    }
}

int main(int Count, char** Arguments)
{
    for (int I = 4; I < Count; ++I)
    {
        const std::string Argument = Arguments[I];
        Options[Argument.substr(0, Argument.find('='))] = Argument.substr(Argument.find('=') + 1);
    }
    std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
    StubDraw() = Draw;
    StubReadbackLooks = static_cast<int>(Option("looks", 2));
    USynthComponent::StubRateHz = static_cast<int32>(Option("rate", 48000));
    FScene Scene(Arguments[1]);
    std::printf("begins %d %s\n", static_cast<int>(Scene.Bridge->GetStatus().State), StubNarrow(*Scene.Bridge->GetStatus().Text).c_str());
    if (Scene.Sound() == nullptr)
    {
        Scene.Bridge->EndPlay(EEndPlayReason::EndPlayInEditor);
        return std::fclose(std::fopen(Arguments[3], "wb"));
    }
    {
        FMixer Mixer(Scene.Sound()->StubGenerator, Arguments[3]);
        std::printf("sound spatial=%d ui=%d\n", Scene.Sound()->bAllowSpatialization, Scene.Sound()->bIsUISound);
        Play(Scene, std::atof(Arguments[2]));
        const FStereoSyncStatus Status = Scene.Bridge->GetStatus();
        std::printf("told %d %d %s %s\n", Status.ToldFeet, Status.ToldContacts, StubNarrow(*Status.ToldGround).c_str(), StubNarrow(*Status.ToldPlace).c_str());
        for (const auto& Line : GEngine->StubScreen)
        {
            std::printf("screen %s\n", Line.second.c_str());
        }
        const double BeforeS = NowS();
        Scene.Bridge->EndPlay(EEndPlayReason::EndPlayInEditor); // the mixer still takes sound, as in the engine
        std::printf("ended %.3f\n", NowS() - BeforeS);
    }
    StubRunRenderThread();
    std::printf("left components=%d\n", static_cast<int>(Scene.Bridge->GetOwner()->Components.size()));
    StubRunRenderThread();
    return 0;
}
