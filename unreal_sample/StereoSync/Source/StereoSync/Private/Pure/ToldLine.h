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
        bool bTakesFeet = true, bTakesContacts = true, bTakesGround = true, bTakesScene = true; ///< what the model can be told
    };

    inline std::string Counted(int Count, const char* One, const char* Many)
    {
        return std::to_string(Count) + " " + (Count == 1 ? One : Many);
    }

    /// What is told though the model has no use for it: " (this model has no use for feet, grounds)"; empty where there is nothing.
    inline std::string UselessWords(const ToldFacts& Told)
    {
        std::string Words;
        const auto Add = [&Words](bool bUseless, const char* Word)
        {
            Words += bUseless ? (Words.empty() ? "" : ", ") + std::string(Word) : std::string();
        };
        Add(Told.Feet > 0 && !Told.bTakesFeet, "feet");
        Add(!Told.Ground.empty() && !Told.bTakesGround, "grounds");
        Add(Told.Contacts > 0 && !Told.bTakesContacts, "contacts");
        Add(Told.bScene && !Told.bTakesScene, "places");
        return Words.empty() ? "" : " (this model has no use for " + Words + ")";
    }

    /// What the newest frame tells, without what the model makes of it.
    inline std::string ToldWords(const ToldFacts& Told)
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
        return Line;
    }

    /// "told: 2 feet on gravel, 1 contact; place forest", or that nothing is.
    inline std::string ToldLine(const ToldFacts& Told)
    {
        const std::string Words = ToldWords(Told);
        return Words.empty() ? "told: nothing, all is seen" : "told: " + Words + UselessWords(Told);
    }
}
