// What a terrain is painted with. Main thread only; the paint is read in blocks, each once.
using System.Collections.Generic;
using UnityEngine;

namespace StereoSync
{
    /// <summary>The layer with the largest share at a place.</summary>
    internal sealed class TerrainGround
    {
        const int BlockCells = 16; // a side of a block; the whole map at once would hold up a frame

        readonly TerrainData _data;
        readonly Vector3 _corner;
        readonly string[] _names;
        readonly Dictionary<int, byte[]> _blocks = new Dictionary<int, byte[]>();

        /// <param name="corner">Where the terrain begins in the world; terrains are never turned.</param>
        public TerrainGround(TerrainData data, Vector3 corner)
        {
            _data = data;
            _corner = corner;
            TerrainLayer[] layers = data == null ? new TerrainLayer[0] : data.terrainLayers;
            _names = new string[layers.Length];
            for (int i = 0; i < layers.Length; i++)
            {
                _names[i] = layers[i] == null || layers[i].name.Length == 0 ? null : layers[i].name;
            }
        }

        /// <summary>The strongest layer's name at a point of the world; null where nothing is painted.</summary>
        public string At(Vector3 point)
        {
            if (_names.Length == 0)
            {
                return null;
            }
            int x = Cell(point.x - _corner.x, _data.size.x, _data.alphamapWidth);
            int z = Cell(point.z - _corner.z, _data.size.z, _data.alphamapHeight);
            byte[] block = Block(x / BlockCells, z / BlockCells);
            return _names[block[z % BlockCells * BlockCells + x % BlockCells]];
        }

        static int Cell(float m, float sizeM, int cells)
        {
            return Mathf.Clamp((int)(m / sizeM * cells), 0, cells - 1);
        }

        byte[] Block(int column, int row)
        {
            int key = row * 65536 + column;
            byte[] block;
            if (!_blocks.TryGetValue(key, out block))
            {
                block = Read(column * BlockCells, row * BlockCells);
                _blocks.Add(key, block);
            }
            return block;
        }

        byte[] Read(int x, int z)
        {
            int width = Mathf.Min(BlockCells, _data.alphamapWidth - x), height = Mathf.Min(BlockCells, _data.alphamapHeight - z);
            float[,,] shares = _data.GetAlphamaps(x, z, width, height); // [row, column, layer]
            var strongest = new byte[BlockCells * BlockCells];
            for (int row = 0; row < height; row++)
            {
                for (int column = 0; column < width; column++)
                {
                    strongest[row * BlockCells + column] = Strongest(shares, row, column);
                }
            }
            return strongest;
        }

        static byte Strongest(float[,,] shares, int row, int column)
        {
            int best = 0;
            for (int layer = 1; layer < shares.GetLength(2); layer++)
            {
                best = shares[row, column, layer] > shares[row, column, best] ? layer : best;
            }
            return (byte)best;
        }
    }
}
