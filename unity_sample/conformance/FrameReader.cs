// FRAME as decoded values to the client's own type, so that golden files and records can be offered to it.
using System;
using System.Collections.Generic;

namespace StereoSync.Bridge.Conformance
{
    static class FrameReader
    {
        public static void Fill(FrameMessage frame, WireParts parts)
        {
            Value header = Value.Read(parts[0].Array, parts[0].Offset, parts[0].Count);
            frame.Index = header["index"].Integer;
            frame.CaptureClientS = header["capture_client_s"].Number;
            FillCamera(frame.Camera, header["camera"]);
            FillPicture(frame.Picture, header["picture"]);
            FillDepth(frame.Depth, header["depth"]);
            foreach (Value box in header["boxes"].Items)
            {
                FillBox(frame.AddBox(), box);
            }
            frame.BoxOrigin = header["box_origin"].Text;
            FillScene(frame.Scene, header.Field("scene"));
            Copy(parts, 1, frame.ReservePicture(parts[1].Count));
            Copy(parts, 2, frame.ReserveDepth(parts[2].Count));
            frame.Picture.Bytes = (int)header["picture"]["n_bytes"].Integer;
            frame.Depth.Bytes = (int)header["depth"]["n_bytes"].Integer;
        }

        public static FrameStamp Stamp(WireParts parts)
        {
            Value header = Value.Read(parts[0].Array, parts[0].Offset, parts[0].Count);
            return new FrameStamp
            {
                Session = header["session"].Text,
                Sent = header["sent"].Integer,
                ClockOffsetS = header["clock_offset_s"].Number,
                Playback = Playback(header.Field("playback")),
            };
        }

        public static Playback? Playback(Value map)
        {
            return map == null || map.IsNil ? (Playback?)null : new Playback
            {
                PlayedSamples = map["played_samples"].Integer,
                BufferedMs = map["buffered_ms"].Number,
                Underruns = map["underruns"].Integer,
                Epoch = map["epoch"].Integer,
                DeviceMs = Number(map, "device_ms") ?? 0,
            };
        }

        static void Copy(WireParts parts, int part, byte[] target)
        {
            System.Buffer.BlockCopy(parts[part].Array, parts[part].Offset, target, 0, parts[part].Count);
        }

        static void FillCamera(CameraSpec camera, Value map)
        {
            camera.FovDeg = map["fov_deg"].Number;
            camera.Near = map["near"].Number;
            camera.Far = map["far"].Number;
            camera.FovAxis = map["fov_axis"].Text;
            camera.MetresPerUnit = map["metres_per_unit"].Number;
            camera.Aspect = map["aspect"].IsNil ? (double?)null : map["aspect"].Number;
        }

        static void FillPicture(PictureSpec picture, Value map)
        {
            picture.Format = map["format"].Text;
            picture.WidthPx = (int)map["width_px"].Integer;
            picture.HeightPx = (int)map["height_px"].Integer;
            picture.RowOrigin = map["row_origin"].Text;
        }

        static void FillDepth(DepthSpec depth, Value map)
        {
            depth.Encoding = map["encoding"].Text;
            depth.Type = map["dtype"].Text;
            depth.WidthPx = (int)map["width_px"].Integer;
            depth.HeightPx = (int)map["height_px"].Integer;
            depth.RowOrigin = map["row_origin"].Text;
            depth.Scale = map["scale"].Number;
            depth.Radial = map["radial"].Flag;
            depth.InverseProjection = Numbers(map["inverse_projection"]);
        }

        static double[] Numbers(Value array)
        {
            return array.IsNil ? null : array.Items.ConvertAll(item => item.Number).ToArray();
        }

        static void FillBox(BoxSpec box, Value map)
        {
            box.Id = map["id"].Integer;
            box.Label = map["label"].Text;
            box.X0 = map["x0"].Number;
            box.Y0 = map["y0"].Number;
            box.X1 = map["x1"].Number;
            box.Y1 = map["y1"].Number;
            box.Tight = map["tight"].Flag;
            double[] position = Numbers(map["position_m"]);
            box.Position = position == null ? (CameraPosition?)null : new CameraPosition(position[0], position[1], position[2]);
            box.Surface = Text(map, "surface");
            foreach (Value foot in Items(map, "feet"))
            {
                box.Feet.Add(Foot(foot));
            }
            foreach (Value contact in Items(map, "contacts"))
            {
                box.Contacts.Add(Contact(contact));
            }
        }

        static FootSpec Foot(Value map)
        {
            double[] place = Numbers(map["world_m"]);
            if (place.Length != 3)
            {
                throw new ArgumentException("a place has three numbers");
            }
            Value grounded = map.Field("grounded");
            return new FootSpec
            {
                Side = map["side"].Text,
                XM = place[0],
                YM = place[1],
                ZM = place[2],
                Grounded = grounded == null || grounded.IsNil ? (bool?)null : grounded.Flag,
                Surface = Text(map, "surface"),
            };
        }

        static ContactSpec Contact(Value map)
        {
            return new ContactSpec
            {
                Side = map["side"].Text,
                TimeClientS = map["time_client_s"].Number,
                Strength = Number(map, "strength"),
                Surface = Text(map, "surface"),
            };
        }

        static void FillScene(SceneSpec scene, Value map)
        {
            if (map == null || map.IsNil)
            {
                return;
            }
            Value room = map.Field("room"), ambience = map.Field("ambience");
            scene.Place = Text(map, "place");
            scene.Amount = Number(map, "amount");
            scene.Room = room == null || room.IsNil ? (RoomSpec?)null : new RoomSpec(room["size_m"].Number, room["hardness"].Number);
            scene.Ambience = ambience == null || ambience.Flag;
        }

        static List<Value> Items(Value map, string name)
        {
            Value array = map.Field(name);
            return array == null ? new List<Value>() : array.Items;
        }

        static string Text(Value map, string name)
        {
            Value field = map.Field(name);
            return field == null || field.IsNil ? null : field.Text;
        }

        static double? Number(Value map, string name)
        {
            Value field = map.Field(name);
            return field == null || field.IsNil ? (double?)null : field.Number;
        }
    }
}
