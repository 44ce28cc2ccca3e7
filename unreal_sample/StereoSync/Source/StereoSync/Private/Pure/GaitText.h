// Gaits as JSON, in the form that stereosync-fit reads. Pure, without the engine; any thread.
#pragma once

#include "Pure/CameraGeometry.h"
#include "Pure/GaitCycle.h"

#include <cstdio>

namespace StereoSync
{
    /// To four decimals, with a point in every locale.
    inline std::string NumberText(double Number)
    {
        const long long Rounded = std::llround(10000.0 * Number), Size = Rounded < 0 ? -Rounded : Rounded;
        char Text[40];
        std::snprintf(Text, sizeof(Text), "%s%lld.%04lld", Rounded < 0 ? "-" : "", Size / 10000, Size % 10000);
        return Text;
    }

    inline std::string QuotedText(const std::string& Words)
    {
        std::string Text = "\"";
        for (const char Letter : Words)
        {
            char Escaped[8];
            const unsigned Code = static_cast<unsigned char>(Letter);
            std::snprintf(Escaped, sizeof(Escaped), "\\u%04x", Code);
            Text += Code < 32 || Letter == '"' || Letter == '\\' ? std::string(Escaped) : std::string(1, Letter);
        }
        return Text + "\"";
    }

    /// Points of the body in metres: x to its right, y up, z ahead.
    inline std::string PointsText(const PointList& PointsCm)
    {
        std::string Text;
        for (const Vec3 Point : PointsCm)
        {
            const Vec3 Metres = MetresPerCm * Vec3{Point.Y, Point.Z, Point.X};
            Text += Text.empty() ? "[[" : ", [";
            Text += NumberText(Metres.X) + ", " + NumberText(Metres.Y) + ", " + NumberText(Metres.Z) + "]";
        }
        return Text + "]";
    }

    inline std::string CycleText(const GaitCycle& Cycle)
    {
        const std::size_t Right = Cycle.Frames[0].size() - 1;
        std::string Text = "{\"name\": " + QuotedText(Cycle.Name) + ", \"period_s\": " + NumberText(Cycle.PeriodS);
        Text += ", \"way_m\": " + NumberText(MetresPerCm * Cycle.WayCm);
        Text += ", \"contacts\": {\"left\": " + NumberText(Cycle.Phases[0]) + ", \"right\": " + NumberText(Cycle.Phases[1]) + "}";
        Text += ", \"feet\": {\"left\": [" + std::to_string(Right - 1) + "], \"right\": [" + std::to_string(Right) + "]}";
        Text += ", \"points_m\": [";
        for (const PointList& Points : Cycle.Frames)
        {
            Text += (&Points == &Cycle.Frames[0] ? "\n" : ",\n") + PointsText(Points);
        }
        return Text + "]}";
    }

    /// The whole file.
    inline std::string GaitText(const std::string& Body, const std::vector<GaitCycle>& Cycles)
    {
        std::string Text = "{\"format\": \"stereosync-gaits\", \"version\": 1, \"body\": " + QuotedText(Body) + ", \"gaits\": [";
        for (const GaitCycle& Cycle : Cycles)
        {
            Text += (&Cycle == &Cycles[0] ? "\n" : ",\n") + CycleText(Cycle);
        }
        return Text + "\n]}\n";
    }
}
