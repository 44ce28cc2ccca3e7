// Runs the module's engine-free headers for the tests: `pure NAME`, numbers on standard input, numbers on standard output.
#include "Pure/CameraGeometry.h"
#include "Pure/Cuboid.h"
#include "Pure/FramePacer.h"
#include "Pure/KeyFile.h"
#include "Pure/PixelRows.h"
#include "Pure/RateMeter.h"
#include "Pure/StatusLines.h"
#include "Pure/WalkingGait.h"

#include <iostream>
#include <iterator>
#include <sstream>
#include <vector>

using namespace StereoSync;

static std::vector<double> Numbers()
{
    return {std::istream_iterator<double>(std::cin), std::istream_iterator<double>()};
}

static void Print(Vec3 V)
{
    std::cout << V.X << ' ' << V.Y << ' ' << V.Z << ' ';
}

static CameraPose Camera(const std::vector<double>& N)
{
    CameraPose Pose;
    Pose.LocationCm = {N[0], N[1], N[2]};
    Pose.Forward = {N[3], N[4], N[5]};
    Pose.Right = {N[6], N[7], N[8]};
    Pose.Up = {N[9], N[10], N[11]};
    return Pose;
}

static void Axes()
{
    const std::vector<double> N = Numbers();
    Print(ToCameraM(Camera(N), {N[12], N[13], N[14]}));
}

static void Angles()
{
    const std::vector<double> N = Numbers();
    std::cout << VerticalFovDeg(N[0], N[1]) << ' ' << IsFovAllowed(N[0], N[1]) << ' ' << TanHalf(N[0]);
}

/// Rows of pixels with a gap at the end of each: width, height, pitch, then the bytes.
static void Rows()
{
    const std::vector<double> N = Numbers();
    const int Width = static_cast<int>(N[0]), Height = static_cast<int>(N[1]), Pitch = static_cast<int>(N[2]);
    std::vector<std::uint8_t> Bytes(N.begin() + 3, N.end());
    const MappedRows Mapped{Bytes.data(), Pitch, Width, Height};
    std::cout << Mapped.IsWhole() << ' ';
    if (!Mapped.IsWhole())
    {
        return;
    }
    std::vector<std::uint8_t> Packed(static_cast<std::size_t>(Width) * Height * PictureBytesPerPixel);
    PackRows(Mapped, PictureBytesPerPixel, Packed.data());
    for (const int Byte : Packed)
    {
        std::cout << Byte << ' ';
    }
}

/// For each distance a line: hips, then of both sides hip, knee, ankle, toes, planted, hand.
static void Gait()
{
    for (const double Distance : Numbers())
    {
        const BodyPose Body = WalkingGait::At(Distance);
        Print(Body.HipsCm);
        for (int Side = 0; Side < 2; ++Side)
        {
            const LegPose& Leg = Body.Legs[Side];
            Print(Leg.HipCm);
            Print(Leg.KneeCm);
            Print(Leg.AnkleCm);
            Print(Leg.ToesForward);
            std::cout << Leg.bPlanted << ' ';
            Print(Body.HandsCm[Side]);
        }
        std::cout << '\n';
    }
}

/// For each distance the next contact of the left and of the right foot.
static void Next()
{
    for (const double Distance : Numbers())
    {
        std::cout << WalkingGait::NextContactCm(0, Distance) << ' ' << WalkingGait::NextContactCm(1, Distance) << ' ';
    }
}

/// The low and the high corner of a box before a camera at the origin.
static void Corners()
{
    const std::vector<double> N = Numbers();
    Cuboid World;
    for (int Corner = 0; Corner < 8; ++Corner)
    {
        World[Corner] = CornerOf({N[0], N[1], N[2]}, {N[3], N[4], N[5]}, Corner);
    }
    for (const auto& Corner : InCameraM(World, CameraPose()))
    {
        Print({Corner[0], Corner[1], Corner[2]});
    }
}

/// Rate, then times: 1 where a frame was due.
static void Pacer()
{
    const std::vector<double> N = Numbers();
    FramePacer Pace;
    for (std::size_t I = 1; I < N.size(); ++I)
    {
        std::cout << Pace.IsDue(N[I], N[0]) << ' ';
    }
}

/// Counter and time in turn.
static void Rate()
{
    const std::vector<double> N = Numbers();
    RateMeter Meter;
    for (std::size_t I = 0; I + 1 < N.size(); I += 2)
    {
        std::cout << Meter.Of(static_cast<long long>(N[I]), N[I + 1]) << ' ';
    }
}

/// feet, contacts, scene, ambience, what the model takes (feet, contacts, grounds, scene); then ground and place, a line each.
static ToldFacts ReadTold()
{
    ToldFacts Told;
    std::string Line;
    std::getline(std::cin, Line);
    std::istringstream Words(Line);
    Words >> Told.Feet >> Told.Contacts >> Told.bScene >> Told.bAmbience;
    Words >> Told.bTakesFeet >> Told.bTakesContacts >> Told.bTakesGround >> Told.bTakesScene;
    std::getline(std::cin, Told.Ground);
    std::getline(std::cin, Told.Place);
    return Told;
}

static void SayTold()
{
    std::cout << ToldLine(ReadTold());
}

static void Keys(const std::string& Name)
{
    const std::string Text{std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
    std::cout << KeyIn(Text, Name);
}

/// connected, paused, frames sent, characters; then the text, the last error and the fault, a line each.
static void Status()
{
    std::string Line;
    std::getline(std::cin, Line);
    std::istringstream First(Line);
    OverlayFacts Facts;
    First >> Facts.bConnected >> Facts.bPaused >> Facts.FramesSent >> Facts.Characters;
    Facts.State = Facts.bConnected ? "connected" : "connecting";
    Facts.Bundle = "walk";
    Facts.WidthPx = 320;
    Facts.HeightPx = 180;
    Facts.BufferedMs = 61.4;
    Facts.Underruns = 3;
    Facts.ChunkAgeMs = 88;
    std::getline(std::cin, Facts.Text);
    std::getline(std::cin, Facts.LastError);
    std::getline(std::cin, Facts.Fault);
    for (const std::string& Shown : StatusLines(Facts))
    {
        std::cout << Shown << '\n';
    }
}

int main(int Count, char** Arguments)
{
    const std::string Name = Count > 1 ? Arguments[1] : "";
    std::cout.precision(17);
    if (Name == "axes") Axes();
    else if (Name == "angles") Angles();
    else if (Name == "rows") Rows();
    else if (Name == "gait") Gait();
    else if (Name == "next") Next();
    else if (Name == "corners") Corners();
    else if (Name == "pacer") Pacer();
    else if (Name == "rate") Rate();
    else if (Name == "key" && Count > 2) Keys(Arguments[2]);
    else if (Name == "status") Status();
    else if (Name == "told") SayTold();
    else return 2;
    return 0;
}
