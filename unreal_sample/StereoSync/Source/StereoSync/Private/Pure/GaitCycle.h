// One turn of a gait, put back on the spot, and why a clip is none. Pure, without the engine; any thread.
#pragma once

#include "Pure/Vec3.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace StereoSync
{
    using PointList = std::vector<Vec3>;

    /// Of the body: X ahead, Y to its right, Z up, cm.
    struct GaitCycle
    {
        std::string Name;
        double PeriodS = 0.0;
        double WayCm = 0.0; // ahead, in a turn; 0 where the clip leaves that to the game
        std::array<double, 2> Phases{}; // when the left and the right foot come down, 0 to 1
        std::vector<PointList> Frames; // evenly spread over the turn; the last two points of each are the left and the right foot
    };

    constexpr double NearlyAll = 0.999; // of a turn: at its very end a clip may begin anew

    /// The phases at which a foot comes down: within a twentieth of its lift, after it was up. The heights go round a turn.
    inline std::vector<double> ContactPhases(const std::vector<double>& HeightsCm)
    {
        constexpr double DownShare = 0.05, UpShare = 0.3, LeastLiftCm = 2.0;
        const std::size_t Count = HeightsCm.size();
        const auto Highest = std::max_element(HeightsCm.begin(), HeightsCm.end());
        const double Floor = *std::min_element(HeightsCm.begin(), HeightsCm.end()), Lift = *Highest - Floor;
        const std::size_t First = static_cast<std::size_t>(Highest - HeightsCm.begin());
        std::vector<double> Phases;
        bool bUp = Lift >= LeastLiftCm;
        for (std::size_t Index = First + 1; Index <= First + Count && Lift >= LeastLiftCm; ++Index)
        {
            const double Before = HeightsCm[(Index - 1) % Count], Now = HeightsCm[Index % Count], Down = Floor + DownShare * Lift;
            if (bUp && Now <= Down)
            {
                Phases.push_back(std::fmod((static_cast<double>(Index - 1) + (Before - Down) / (Before - Now)) / static_cast<double>(Count), 1.0));
                bUp = false;
            }
            bUp = bUp || Now >= Floor + UpShare * Lift;
        }
        return Phases;
    }

    /// Fills in the phases by how the feet move; the text says why it cannot.
    inline std::string FindContacts(GaitCycle& Cycle)
    {
        for (std::size_t Side = 0; Side < 2; ++Side)
        {
            std::vector<double> Heights;
            for (const PointList& Points : Cycle.Frames)
            {
                Heights.push_back(Points[Points.size() - 2 + Side].Z);
            }
            const std::vector<double> Phases = ContactPhases(Heights);
            const std::string Foot = Side == 0 ? "its left foot" : "its right foot";
            if (Phases.size() != 1)
            {
                return Phases.empty() ? Foot + " does not lift"
                    : Foot + " comes down " + std::to_string(Phases.size()) + " times: cut it to one left and one right step";
            }
            Cycle.Phases[Side] = Phases[0];
        }
        return "";
    }

    inline Vec3 MiddleOf(const PointList& Points)
    {
        Vec3 Sum;
        for (const Vec3 Point : Points)
        {
            Sum = Sum + Point;
        }
        return (1.0 / static_cast<double>(Points.size())) * Sum;
    }

    /// Takes out what the clip itself moves the body over the ground. Last: the pose at NearlyAll of the turn. The text says why it cannot.
    inline std::string PutOnTheSpot(GaitCycle& Cycle, const PointList& Last)
    {
        constexpr double LeastWayCm = 2.0, MostGapShare = 0.1; // less is how a body sways; of its height
        const PointList First = Cycle.Frames[0];
        Vec3 Way = (1.0 / NearlyAll) * (MiddleOf(Last) - MiddleOf(First));
        Way.Z = 0.0;
        Way = Length(Way) < LeastWayCm ? Vec3{} : Way;
        if (std::abs(Way.Y) > std::abs(Way.X))
        {
            return "it goes sideways, and a gait goes ahead or back";
        }
        double Gap = 0.0, Low = First[0].Z, High = Low;
        for (std::size_t Index = 0; Index < First.size(); ++Index)
        {
            Gap = std::max(Gap, Length(Last[Index] - First[Index] - Way));
            Low = std::min(Low, First[Index].Z);
            High = std::max(High, First[Index].Z);
        }
        if (Gap > MostGapShare * (High - Low))
        {
            return "it does not end as it begins";
        }
        Cycle.WayCm = Way.X;
        for (std::size_t Frame = 0; Frame < Cycle.Frames.size(); ++Frame)
        {
            for (Vec3& Point : Cycle.Frames[Frame])
            {
                Point = Point - static_cast<double>(Frame) / static_cast<double>(Cycle.Frames.size()) * Way;
            }
        }
        return "";
    }
}
