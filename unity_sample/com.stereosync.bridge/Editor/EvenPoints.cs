// Thins points out. Pure.
using System.Collections.Generic;
using UnityEngine;

namespace StereoSync
{
    /// <summary>Points of many that are spread evenly over the body: each is the one farthest from those before it.</summary>
    internal static class EvenPoints
    {
        /// <summary>Their numbers; fewer than asked for where there are no more places.</summary>
        public static List<int> Choose(List<Vector3> points, int most)
        {
            var chosen = new List<int>();
            var squares = new float[points.Count]; // of the distance to the nearest chosen point
            for (int i = 0; i < squares.Length; i++)
            {
                squares[i] = float.PositiveInfinity;
            }
            for (int next = 0; chosen.Count < most && squares.Length > 0 && squares[next] > 0; next = IndexOfLargest(squares))
            {
                chosen.Add(next);
                for (int i = 0; i < squares.Length; i++)
                {
                    squares[i] = Mathf.Min(squares[i], (points[i] - points[next]).sqrMagnitude);
                }
            }
            return chosen;
        }

        static int IndexOfLargest(float[] numbers)
        {
            int largest = 0;
            for (int i = 1; i < numbers.Length; i++)
            {
                largest = numbers[i] > numbers[largest] ? i : largest;
            }
            return largest;
        }
    }
}
