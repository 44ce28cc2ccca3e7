// The contacts that a character tells: each once, with the newest word of it. Pure, without the engine; any thread.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

namespace StereoSync
{
    /// A foot that comes down. Side: 0 is left, 1 right. Strength below 0 is not told.
    template <typename Text>
    struct Contact
    {
        int Side = 0;
        double AtS = 0.0; ///< on one clock for all
        double Strength = -1.0;
        Text Surface;
    };

    /// Keeps 8 contacts, which is what the wire takes; of more the oldest are forgotten.
    template <typename Text>
    class ContactBook
    {
    public:
        static constexpr double AheadS = 0.49; ///< of a frame; the wire takes 0.5, and clocks are rounded
        static constexpr double BackS = 0.09; ///< before a frame; the wire takes 0.1
        static constexpr double SameS = 0.12; ///< two words of one foot that are nearer mean the same contact

        /// In place of an earlier word of the same contact.
        void Tell(const Contact<Text>& Told)
        {
            const std::size_t Place = IndexOf(Told);
            if (Place < Count)
            {
                Contacts[Place] = Told;
                return;
            }
            if (Count == Contacts.size())
            {
                Remove(OldestIndex());
            }
            Contacts[Count++] = Told;
        }

        /// Only where there is no word of the same contact yet.
        void Suggest(const Contact<Text>& Told)
        {
            if (IndexOf(Told) == Count)
            {
                Tell(Told);
            }
        }

        /// Forgets what is too long ago to be told.
        void Forget(double NowS)
        {
            for (std::size_t I = Count; I > 0; --I)
            {
                if (Contacts[I - 1].AtS < NowS - BackS)
                {
                    Remove(I - 1);
                }
            }
        }

        const Contact<Text>* begin() const
        {
            return Contacts.data();
        }

        const Contact<Text>* end() const
        {
            return Contacts.data() + Count;
        }

    private:
        std::size_t IndexOf(const Contact<Text>& Told) const
        {
            std::size_t I = 0;
            while (I < Count && (Contacts[I].Side != Told.Side || std::fabs(Contacts[I].AtS - Told.AtS) > SameS))
            {
                ++I;
            }
            return I;
        }

        std::size_t OldestIndex() const
        {
            std::size_t Oldest = 0;
            for (std::size_t I = 1; I < Count; ++I)
            {
                Oldest = Contacts[I].AtS < Contacts[Oldest].AtS ? I : Oldest;
            }
            return Oldest;
        }

        void Remove(std::size_t Index)
        {
            Contacts[Index] = Contacts[--Count];
        }

        std::array<Contact<Text>, 8> Contacts;
        std::size_t Count = 0;
    };
}
