// The overlay's words. Pure, without the engine; any thread.
#pragma once

#include "Pure/ToldLine.h"

#include <cstdio>
#include <string>
#include <vector>

namespace StereoSync
{
    /// What the overlay shows.
    struct OverlayFacts
    {
        std::string State; ///< connected, connecting, refused, stopped
        std::string Text; ///< the worker's sentence
        std::string LastError; ///< its last error with the cure, empty if none
        std::string Fault; ///< why nothing is captured, or not all; empty if all is well
        std::string Bundle;
        bool bConnected = false;
        bool bPaused = false;
        bool bPriming = false;
        double RoundTripMs = 0, BufferedMs = 0, ChunkAgeMs = 0, FramesPerS = 0;
        long long Underruns = 0, FramesSent = 0, FramesReplaced = 0, FramesFailed = 0;
        int WidthPx = 0, HeightPx = 0, Characters = 0;
        ToldFacts Told;
    };

    template <typename... Values>
    std::string Text(const char* Format, Values... Arguments)
    {
        char Line[256];
        std::snprintf(Line, sizeof Line, Format, Arguments...);
        return Line;
    }

    /// What to do, when something is to be done; else empty.
    inline std::string ToDo(const OverlayFacts& Facts)
    {
        if (!Facts.bConnected)
        {
            return Facts.Text;
        }
        if (Facts.bPaused || !Facts.Fault.empty())
        {
            return Facts.Fault;
        }
        if (!Facts.LastError.empty())
        {
            return Facts.LastError;
        }
        const bool bNobody = Facts.FramesSent > 0 && Facts.Characters == 0;
        return bNobody ? "No character is in the picture: add StereoSync Character to an actor, or look at one." : "";
    }

    inline std::string StateLine(const OverlayFacts& Facts)
    {
        const std::string State = "StereoSync: " + Facts.State + (Facts.bPaused ? ", paused" : "");
        const std::string Bundle = Facts.Bundle.empty() ? "" : ", " + Facts.Bundle;
        return Facts.bConnected ? State + Bundle + Text(", round trip %.1f ms", Facts.RoundTripMs) : State;
    }

    inline std::string PictureLine(const OverlayFacts& Facts)
    {
        return Text("%.0f pictures a second of %dx%d, %lld sent, %lld replaced, %lld failed; characters in view: %d",
            Facts.FramesPerS, Facts.WidthPx, Facts.HeightPx, Facts.FramesSent, Facts.FramesReplaced, Facts.FramesFailed, Facts.Characters);
    }

    inline std::string SoundLine(const OverlayFacts& Facts)
    {
        const char* Priming = Facts.bPriming ? " (priming)" : "";
        return Text("%.0f ms buffered%s, %lld underruns, age %.0f ms", Facts.BufferedMs, Priming, Facts.Underruns, Facts.ChunkAgeMs);
    }

    /// Five lines at most, none empty: the state, what to do, the pictures, what is told, the sound.
    inline std::vector<std::string> StatusLines(const OverlayFacts& Facts)
    {
        std::vector<std::string> Lines{StateLine(Facts)};
        if (!ToDo(Facts).empty())
        {
            Lines.push_back(ToDo(Facts));
        }
        if (Facts.bConnected)
        {
            Lines.push_back(PictureLine(Facts));
            Lines.push_back(ToldLine(Facts.Told));
            Lines.push_back(SoundLine(Facts));
        }
        return Lines;
    }
}
