// A frame: what the game fills and the client sends. One thread at a time: the game's until it is offered.
using System;
using System.Collections.Generic;

namespace StereoSync.Bridge
{
    /// <summary>
    /// A rendered picture with depth, camera and boxes, in the engine's own conventions. Rented ones are reused with their
    /// buffers: fill every field you need after RentFrame, and do not touch the frame once it was offered.
    /// </summary>
    public sealed class FrameMessage
    {
        /// <summary>Boxes in a frame at most.</summary>
        public const int MaxBoxes = 64;

        static readonly byte[] NoBytes = new byte[0];

        readonly List<BoxSpec> _spareBoxes = new List<BoxSpec>();
        readonly Action _checkCamera, _checkPicture, _checkDepth, _checkScene; // made once: a frame makes no garbage
        internal FramePool Pool;

        /// <summary>The engine's number of the frame, 0 to 2^53.</summary>
        public long Index;

        /// <summary>When the picture was rendered, s on the client's clock (BridgeWorker.NowS).</summary>
        public double CaptureClientS;

        /// <summary>The camera.</summary>
        public readonly CameraSpec Camera = new CameraSpec();

        /// <summary>How <see cref="PictureBytes"/> are to be read.</summary>
        public readonly PictureSpec Picture = new PictureSpec();

        /// <summary>How <see cref="DepthBytes"/> are to be read.</summary>
        public readonly DepthSpec Depth = new DepthSpec();

        /// <summary>Characters, 64 at most, ids unique. Add with <see cref="AddBox"/>.</summary>
        public readonly List<BoxSpec> Boxes = new List<BoxSpec>();

        /// <summary>Whether box y counts down from the <c>top</c> edge or up from the <c>bottom</c> edge.</summary>
        public string BoxOrigin = "top";

        /// <summary>The place as the engine knows it; what is not said is seen in the picture.</summary>
        public readonly SceneSpec Scene = new SceneSpec();

        /// <summary>The picture; its first <c>Picture.Bytes</c> bytes count. See <see cref="ReservePicture"/>.</summary>
        public byte[] PictureBytes = NoBytes;

        /// <summary>The depth buffer; its first <c>Depth.Bytes</c> bytes count. See <see cref="ReserveDepth"/>.</summary>
        public byte[] DepthBytes = NoBytes;

        /// <summary>A frame with default values.</summary>
        public FrameMessage()
        {
            _checkCamera = Camera.Check;
            _checkPicture = Picture.Check;
            _checkDepth = Depth.Check;
            _checkScene = Scene.Check;
        }

        /// <summary>Sets <c>Picture.Bytes</c> and gives a buffer of at least that length, the earlier one if it is long enough.</summary>
        public byte[] ReservePicture(int bytes)
        {
            Picture.Bytes = bytes;
            return PictureBytes = AtLeast(PictureBytes, bytes);
        }

        /// <summary>Sets <c>Depth.Bytes</c> and gives a buffer of at least that length, the earlier one if it is long enough.</summary>
        public byte[] ReserveDepth(int bytes)
        {
            Depth.Bytes = bytes;
            return DepthBytes = AtLeast(DepthBytes, bytes);
        }

        static byte[] AtLeast(byte[] buffer, int bytes)
        {
            return buffer.Length >= bytes ? buffer : new byte[bytes];
        }

        /// <summary>Adds a box with default values and gives it to be filled.</summary>
        public BoxSpec AddBox()
        {
            BoxSpec box;
            if (_spareBoxes.Count > 0)
            {
                box = _spareBoxes[_spareBoxes.Count - 1];
                _spareBoxes.RemoveAt(_spareBoxes.Count - 1);
            }
            else
            {
                box = new BoxSpec();
            }
            Boxes.Add(box);
            return box;
        }

        /// <summary>Back to default values; the buffers stay for the next use.</summary>
        public void Clear()
        {
            Index = 0;
            CaptureClientS = 0;
            Camera.Clear();
            Picture.Clear();
            Depth.Clear();
            Scene.Clear();
            BoxOrigin = "top";
            foreach (BoxSpec box in Boxes)
            {
                box.Clear();
                _spareBoxes.Add(box);
            }
            Boxes.Clear();
        }

        /// <summary>Gives a rented frame back unused; does nothing for a frame that was not rented.</summary>
        public void Release()
        {
            FramePool pool = Pool;
            if (pool != null)
            {
                pool.Return(this);
            }
        }

        /// <summary>Checks every rule of the wire.</summary>
        /// <exception cref="WireException">Names the field and the rule that it breaks.</exception>
        public void Check()
        {
            FieldRules.Integer(Index, 0, FieldRules.MaxInteger, "index");
            FieldRules.Time(CaptureClientS, "capture_client_s");
            CheckUnder("camera", _checkCamera);
            CheckUnder("picture", _checkPicture);
            CheckUnder("depth", _checkDepth);
            CheckBoxes();
            FieldRules.Choice(BoxOrigin, "box_origin", FieldRules.Origins);
            CheckUnder("scene", _checkScene);
            CheckPayload(PictureBytes, Picture.Bytes, "picture");
            CheckPayload(DepthBytes, Depth.Bytes, "depth");
            CheckIds();
        }

        static void CheckUnder(string parent, Action check)
        {
            try
            {
                check();
            }
            catch (WireException error)
            {
                throw error.Under(parent);
            }
        }

        void CheckBoxes()
        {
            if (Boxes.Count > MaxBoxes)
            {
                throw new WireException(ErrorCodes.BadValue, "boxes", "must hold 0 to 64 values, got " + Boxes.Count);
            }
            for (int i = 0; i < Boxes.Count; i++)
            {
                try
                {
                    Boxes[i].Check();
                }
                catch (WireException error)
                {
                    throw error.Under("boxes[" + i + "]");
                }
            }
        }

        static void CheckPayload(byte[] payload, int declared, string field)
        {
            if (payload == null || payload.Length < declared)
            {
                throw new WireException(ErrorCodes.BadLength, field, "declared " + declared + " bytes, the buffer holds "
                    + (payload == null ? 0 : payload.Length));
            }
        }

        void CheckIds()
        {
            for (int i = 1; i < Boxes.Count; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    if (Boxes[i].Id == Boxes[j].Id)
                    {
                        string rule = "ids must be unique in a frame, " + Boxes[i].Id + " is there twice";
                        throw new WireException(ErrorCodes.BadValue, "boxes", rule);
                    }
                }
            }
        }
    }
}
