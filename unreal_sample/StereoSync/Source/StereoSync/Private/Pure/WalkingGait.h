// A walk on a circle as a function of time. Pure, without the engine; any thread. Centimetres, X forward, Y right, Z up.
#pragma once

#include "Pure/Vec3.h"

#include <algorithm>
#include <cmath>

namespace StereoSync
{
    /// The joints of one leg and whether its foot stands.
    struct LegPose
    {
        Vec3 HipCm;
        Vec3 KneeCm;
        Vec3 AnkleCm;
        Vec3 ToesForward;
        bool bPlanted = false;
    };

    /// One moment of the walk. Index 0 is the left side, 1 the right one.
    struct BodyPose
    {
        Vec3 HipsCm;
        Vec3 Forward;
        Vec3 Right;
        LegPose Legs[2];
        Vec3 HandsCm[2];
    };

    /// Each foot stands on one spot of the ground until it is lifted, and comes down on the next one with no speed left: that is the
    /// contact. The knees follow by two-bone inverse kinematics. The ground is Z = 0, the centre of the circle the origin.
    class WalkingGait
    {
    public:
        static constexpr double RadiusCm = 220.0;
        static constexpr double StrideCm = 120.0; ///< from a contact of a foot to its next
        static constexpr double StanceShare = 0.6; ///< of a stride, for which a foot stands
        static constexpr double BoneCm = 45.0; ///< hip to knee, and knee to ankle
        static constexpr double AnkleCm = 9.0; ///< height of the ankle while the foot stands
        static constexpr double HipsCm = 88.0;
        static constexpr double ShouldersCm = 138.0;

        /// @param DistanceCm how far the hips have come since the beginning
        static BodyPose At(double DistanceCm)
        {
            BodyPose Pose;
            Pose.Forward = ForwardAt(DistanceCm);
            Pose.Right = RightAt(DistanceCm);
            Pose.HipsCm = PathAt(DistanceCm) + Vec3{0.0, 0.0, HipsCm + Bob(DistanceCm)};
            for (int Side = 0; Side < 2; ++Side)
            {
                Pose.Legs[Side] = LegAt(Pose, DistanceCm, Side);
                Pose.HandsCm[Side] = HandAt(Pose, DistanceCm, Side);
            }
            return Pose;
        }

        /// How far the hips have come at the n-th contact of a foot.
        static double ContactCm(int Side, int Number)
        {
            return (Number + Shift(Side)) * StrideCm;
        }

        /// The first contact of a foot that is not over yet, as ContactCm.
        static double NextContactCm(int Side, double DistanceCm)
        {
            return ContactCm(Side, static_cast<int>(std::ceil(DistanceCm / StrideCm - Shift(Side))));
        }

    private:
        static constexpr double TwoPi = 6.28318530717958647692;
        static constexpr double HalfHipsCm = 10.0;
        static constexpr double HalfShouldersCm = 20.0;
        static constexpr double ArmCm = 55.0;
        static constexpr double ArmSwingCm = 22.0;
        static constexpr double LiftCm = 11.0;
        static constexpr double BobCm = 1.5;

        static double Shift(int Side)
        {
            return Side == 0 ? 0.0 : 0.5;
        }

        static double Sign(int Side)
        {
            return Side == 0 ? -1.0 : 1.0;
        }

        static Vec3 PathAt(double DistanceCm)
        {
            const double Angle = DistanceCm / RadiusCm;
            return {RadiusCm * std::cos(Angle), RadiusCm * std::sin(Angle), 0.0};
        }

        static Vec3 ForwardAt(double DistanceCm)
        {
            const double Angle = DistanceCm / RadiusCm;
            return {-std::sin(Angle), std::cos(Angle), 0.0};
        }

        /// Z up and Y right make a left-handed world: right of forward (1, 0, 0) is (0, 1, 0).
        static Vec3 RightAt(double DistanceCm)
        {
            const Vec3 Forward = ForwardAt(DistanceCm);
            return {-Forward.Y, Forward.X, 0.0};
        }

        static double Bob(double DistanceCm)
        {
            return BobCm * std::cos(2.0 * TwoPi * (DistanceCm / StrideCm - StanceShare / 2.0));
        }

        static LegPose LegAt(const BodyPose& Pose, double DistanceCm, int Side)
        {
            LegPose Leg;
            Leg.HipCm = Pose.HipsCm + Sign(Side) * HalfHipsCm * Pose.Right;
            PlaceFoot(Leg, DistanceCm, Side);
            Leg.KneeCm = KneeOf(Leg.HipCm, Leg.AnkleCm, Pose.Forward);
            return Leg;
        }

        static void PlaceFoot(LegPose& Leg, double DistanceCm, int Side)
        {
            const double Strides = DistanceCm / StrideCm - Shift(Side);
            const int Number = static_cast<int>(std::floor(Strides));
            const double Swing = std::max(0.0, (Strides - Number - StanceShare) / (1.0 - StanceShare));
            const double Share = Swing * Swing * (3.0 - 2.0 * Swing);
            const double Sine = std::sin(TwoPi / 2.0 * Swing);
            Leg.bPlanted = Swing <= 0.0;
            const Vec3 From = FootholdAt(Side, Number), To = FootholdAt(Side, Number + 1);
            Leg.AnkleCm = From + Share * (To - From) + Vec3{0.0, 0.0, LiftCm * Sine * Sine};
            const Vec3 Before = ForwardAt(PassedCm(Side, Number)), After = ForwardAt(PassedCm(Side, Number + 1));
            Leg.ToesForward = Unit(Before + Share * (After - Before));
        }

        /// How far the hips have come in the middle of the stance of a foothold.
        static double PassedCm(int Side, int Number)
        {
            return ContactCm(Side, Number) + StanceShare / 2.0 * StrideCm;
        }

        static Vec3 FootholdAt(int Side, int Number)
        {
            const double Passed = PassedCm(Side, Number);
            return PathAt(Passed) + Sign(Side) * HalfHipsCm * RightAt(Passed) + Vec3{0.0, 0.0, AnkleCm};
        }

        static Vec3 KneeOf(Vec3 Hip, Vec3 Ankle, Vec3 Forward)
        {
            const Vec3 Span = Ankle - Hip;
            const Vec3 Axis = Unit(Span);
            const double Half = std::min(Length(Span) / 2.0, BoneCm);
            const Vec3 Bend = Unit(Forward - Dot(Forward, Axis) * Axis);
            return Hip + Half * Axis + std::sqrt(BoneCm * BoneCm - Half * Half) * Bend;
        }

        /// A hand swings against the leg of its own side.
        static Vec3 HandAt(const BodyPose& Pose, double DistanceCm, int Side)
        {
            const double Swing = std::cos(TwoPi * (DistanceCm / StrideCm - Shift(Side)));
            const Vec3 Shoulder = Pose.HipsCm + Vec3{0.0, 0.0, ShouldersCm - HipsCm} + Sign(Side) * HalfShouldersCm * Pose.Right;
            return Shoulder - Vec3{0.0, 0.0, ArmCm} - (ArmSwingCm * Swing) * Pose.Forward;
        }
    };
}
