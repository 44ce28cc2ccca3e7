// What a run says of itself.
#include "CoreText.h"
#include "StereoSyncRun.h"

namespace
{
    const char* NameOf(stereosync::BridgeState State)
    {
        switch (State)
        {
        case stereosync::BridgeState::connecting: return "connecting";
        case stereosync::BridgeState::connected: return "connected";
        case stereosync::BridgeState::refused: return "refused";
        default: return "stopped";
        }
    }

    EStereoSyncState StateOf(stereosync::BridgeState State)
    {
        switch (State)
        {
        case stereosync::BridgeState::connecting: return EStereoSyncState::Connecting;
        case stereosync::BridgeState::connected: return EStereoSyncState::Connected;
        case stereosync::BridgeState::refused: return EStereoSyncState::Refused;
        default: return EStereoSyncState::Stopped;
        }
    }
}

FStereoSyncStatus FStereoSyncRun::Status() const
{
    const stereosync::BridgeStatus Core = Worker->status();
    FStereoSyncStatus Made;
    Made.State = StateOf(Core.state);
    Made.bPaused = bPaused;
    Made.Text = StereoSync::FromUtf8(Core.text);
    Made.Bundle = StereoSync::FromUtf8(Core.bundle);
    Made.BufferedMs = static_cast<float>(Core.buffered_ms);
    Made.ChunkAgeMs = static_cast<float>(Core.chunk_age_ms);
    Made.RoundTripMs = static_cast<float>(Core.round_trip_ms);
    Made.Underruns = Core.ring.underruns;
    Made.FramesSent = Core.frames_sent;
    Made.FramesReplaced = Core.frames_replaced;
    if (Frames != nullptr)
    {
        Made.Characters = Frames->Characters();
        Made.ToldFeet = Frames->Told().Feet;
        Made.ToldContacts = Frames->Told().Contacts;
        Made.ToldGround = StereoSync::FromUtf8(Frames->Told().Ground);
        Made.ToldPlace = StereoSync::FromUtf8(Frames->Told().Place);
    }
    return Made;
}

StereoSync::OverlayFacts FStereoSyncRun::Facts()
{
    const stereosync::BridgeStatus Core = Worker->status();
    StereoSync::OverlayFacts Made;
    Made.State = NameOf(Core.state);
    Made.Text = Core.text;
    Made.LastError = Core.last_error;
    Made.Bundle = Core.bundle;
    Made.bConnected = Core.state == stereosync::BridgeState::connected;
    Made.bPaused = bPaused;
    Made.bPriming = Core.priming;
    Made.RoundTripMs = Core.round_trip_ms;
    Made.BufferedMs = Core.buffered_ms;
    Made.ChunkAgeMs = Core.chunk_age_ms;
    Made.Underruns = Core.ring.underruns;
    Made.FramesSent = Core.frames_sent;
    Made.FramesReplaced = Core.frames_replaced;
    Made.FramesPerS = Rate.Of(Core.frames_sent, Worker->now_s());
    Made.WidthPx = SizePx.X;
    Made.HeightPx = SizePx.Y;
    Made.Fault = CannotShoot;
    if (Frames != nullptr)
    {
        Made.FramesFailed = Frames->Failed();
        Made.Characters = Frames->Characters();
        Made.Told = Frames->Told();
        Made.Fault = CannotShoot.empty() ? Frames->Fault() : CannotShoot;
    }
    Made.Told.bTakesFeet = Core.takes_feet;
    Made.Told.bTakesContacts = Core.takes_contacts;
    Made.Told.bTakesGround = Core.takes_surface;
    Made.Told.bTakesScene = Core.takes_scene;
    return Made;
}
