// What comes back from the graphics device, without the gaps at the ends of its rows. Pure, without the engine; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace StereoSync
{
    /// Bytes of a picture in B, G, R, A order.
    constexpr int PictureBytesPerPixel = 4;

    /// A texture in memory. Rows are PitchPx apart, which is WidthPx or more; the first row is the upper one.
    struct MappedRows
    {
        const void* Data = nullptr;
        int PitchPx = 0;
        int WidthPx = 0;
        int HeightPx = 0;

        /// False when the device gave nothing, or rows that are shorter than the picture.
        bool IsWhole() const
        {
            return Data != nullptr && PitchPx >= WidthPx;
        }
    };

    /// Copies the rows closely packed. `To` holds WidthPx * HeightPx * BytesPerPixel bytes.
    inline void PackRows(const MappedRows& From, int BytesPerPixel, std::uint8_t* To)
    {
        const std::size_t RowBytes = static_cast<std::size_t>(From.WidthPx) * BytesPerPixel;
        const std::size_t PitchBytes = static_cast<std::size_t>(From.PitchPx) * BytesPerPixel;
        const std::uint8_t* Row = static_cast<const std::uint8_t*>(From.Data);
        for (int Y = 0; Y < From.HeightPx; ++Y, Row += PitchBytes, To += RowBytes)
        {
            std::memcpy(To, Row, RowBytes);
        }
    }
}
