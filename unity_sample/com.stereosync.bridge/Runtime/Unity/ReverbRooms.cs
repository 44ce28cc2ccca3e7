// Rooms of reverb zones. Pure functions.
using System;
using StereoSync.Bridge;
using UnityEngine;

namespace StereoSync
{
    /// <summary>
    /// What room a preset of Unity's stands for: its decay time as the presets are defined, and a width that such a room has. How hard the walls
    /// are follows from both, by the formula of PROTOCOL.md.
    /// </summary>
    internal static class ReverbRooms
    {
        const double CustomSizeM = 8;

        /// <summary>The room of a zone; null where it is an effect and no room.</summary>
        public static RoomSpec? Of(AudioReverbZone zone)
        {
            switch (zone.reverbPreset)
            {
                case AudioReverbPreset.Generic: return Room(7.5, 1.49);
                case AudioReverbPreset.PaddedCell: return Room(2.5, 0.17);
                case AudioReverbPreset.Room: return Room(4, 0.4);
                case AudioReverbPreset.Bathroom: return Room(2.5, 1.49);
                case AudioReverbPreset.Livingroom: return Room(5, 0.5);
                case AudioReverbPreset.Stoneroom: return Room(8, 2.31);
                case AudioReverbPreset.Auditorium: return Room(25, 4.32);
                case AudioReverbPreset.Concerthall: return Room(30, 3.92);
                case AudioReverbPreset.Cave: return Room(15, 2.91);
                case AudioReverbPreset.Arena: return Room(50, 7.24);
                case AudioReverbPreset.Hangar: return Room(45, 10.05);
                case AudioReverbPreset.CarpetedHallway: return Room(2.5, 0.3);
                case AudioReverbPreset.Hallway: return Room(2.5, 1.49);
                case AudioReverbPreset.StoneCorridor: return Room(3, 2.7);
                case AudioReverbPreset.ParkingLot: return Room(25, 1.65);
                case AudioReverbPreset.SewerPipe: return Room(2, 2.81);
                case AudioReverbPreset.User: return Room(CustomSizeM, zone.decayTime);
                default: return IsOutdoors(zone.reverbPreset) ? new RoomSpec(0, 0) : (RoomSpec?)null;
            }
        }

        static bool IsOutdoors(AudioReverbPreset preset)
        {
            return preset >= AudioReverbPreset.Alley && preset <= AudioReverbPreset.Plain; // alley, forest, city, mountains, quarry, plain
        }

        static RoomSpec Room(double sizeM, double decayS)
        {
            return new RoomSpec(sizeM, Math.Exp(-0.161 * sizeM / (6 * Math.Max(0.1, decayS))));
        }
    }
}
