// What is told, in words for the overlay. Pure, without the engine; any thread.
#pragma once

#include <string>

namespace StereoSync
{
    /// What the newest frame tells, of all characters together.
    struct ToldFacts
    {
        int Feet = 0;
        int Contacts = 0;
        std::string Ground; ///< the first that is told; empty: none
        std::string Place; ///< empty: none
        bool bScene = false; ///< whether anything is told of the place
        bool bAmbience = true;
        bool bTaken = true; ///< whether the service's model can be told anything
    };

    inline std::string Counted(int Count, const char* One, const char* Many)
    {
        return std::to_string(Count) + " " + (Count == 1 ? One : Many);
    }

    /// "told: 2 feet on gravel, 1 contact; place forest", or that nothing is.
    inline std::string ToldLine(const ToldFacts& Told)
    {
        std::string Line = Told.Feet > 0 ? Counted(Told.Feet, "foot", "feet") : "";
        if (!Told.Ground.empty())
        {
            Line += (Line.empty() ? "ground " : " on ") + Told.Ground;
        }
        if (Told.Contacts > 0)
        {
            Line += (Line.empty() ? "" : ", ") + Counted(Told.Contacts, "contact", "contacts");
        }
        if (Told.bScene)
        {
            Line += (Line.empty() ? "place " : "; place ") + (Told.Place.empty() ? std::string("without a name") : Told.Place);
            Line += Told.bAmbience ? "" : ", steps alone";
        }
        if (Line.empty())
        {
            return "told: nothing, all is seen";
        }
        return "told: " + Line + (Told.bTaken ? "" : " (this service's model takes none of it)");
    }
}
