// The frames that `offer` and `offer_told` offer: those of the golden files, captured at another time.
namespace StereoSync.Bridge.Conformance
{
    static class GoldenFrames
    {
        const double ContactAheadS = 0.2;

        /// <summary>golden/frame_plain.bin.</summary>
        public static FrameMessage Plain(long index, double captureS)
        {
            var frame = new FrameMessage { Index = index, CaptureClientS = captureS };
            FillPlain(frame);
            AddBox(frame, 1, "walker", 0.25, 0.5, 2.75, 1.875);
            return frame;
        }

        /// <summary>golden/frame_told.bin: the plain frame with everything that an engine can tell besides.</summary>
        public static FrameMessage Told(long index, double captureS)
        {
            FrameMessage frame = Plain(index, captureS);
            TellWalk(frame.Boxes[0], captureS + ContactAheadS);
            AddBox(frame, 2, "other", 3, 0.5, 3.5, 1.5).Surface = "wood";
            TellPlace(frame.Scene);
            return frame;
        }

        /// <summary>4 x 2 pixels counting up, two depths, 1.5 m and infinite, and the camera.</summary>
        public static void FillPlain(FrameMessage frame)
        {
            frame.Camera.Aspect = 2;
            frame.Picture.WidthPx = 4;
            frame.Picture.HeightPx = 2;
            byte[] picture = frame.ReservePicture(24);
            for (int i = 0; i < frame.Picture.Bytes; i++)
            {
                picture[i] = (byte)i;
            }
            frame.Depth.WidthPx = 2;
            frame.Depth.HeightPx = 1;
            byte[] depth = frame.ReserveDepth(4);
            depth[1] = 0x3e;
            depth[3] = 0x7c;
        }

        public static BoxSpec AddBox(FrameMessage frame, long id, string label, double x0, double y0, double x1, double y1)
        {
            BoxSpec box = frame.AddBox();
            box.Id = id;
            box.Label = label;
            box.X0 = x0;
            box.Y0 = y0;
            box.X1 = x1;
            box.Y1 = y1;
            return box;
        }

        /// <summary>Two feet, and one that comes down.</summary>
        public static void TellWalk(BoxSpec box, double contactS)
        {
            box.Feet.Add(new FootSpec { Side = Sides.Left, XM = -0.25, YM = 0.125, ZM = 3.5, Grounded = false, Surface = "PM_Gravel_01" });
            box.Feet.Add(new FootSpec { Side = Sides.Right, XM = 0.25, YM = 0, ZM = 4, Grounded = true, Surface = "gravel" });
            box.Contacts.Add(new ContactSpec { Side = Sides.Left, TimeClientS = contactS, Strength = 0.75, Surface = "water" });
        }

        public static void TellPlace(SceneSpec scene)
        {
            scene.Place = "forest";
            scene.Amount = 0.5;
            scene.Room = new RoomSpec(12.5, 0.25);
            scene.Ambience = false;
        }
    }
}
