// Keys out of the files that stereosync-keys writes. Pure, without the engine; any thread.
#pragma once

#include <cstddef>
#include <string>

namespace StereoSync
{
    /// The 40 characters between quotes after `Name =`, e.g. of public-key or secret-key; empty when the text has none.
    inline std::string KeyIn(const std::string& FileText, const std::string& Name)
    {
        constexpr std::size_t KeyLength = 40;
        const std::size_t At = FileText.find(Name);
        const std::size_t Open = At == std::string::npos ? At : FileText.find('"', At);
        const std::size_t Close = Open == std::string::npos ? Open : FileText.find('"', Open + 1);
        const bool bWhole = Close != std::string::npos && Close - Open - 1 == KeyLength;
        const bool bSameLine = bWhole && FileText.find('\n', At) > Close;
        return bSameLine ? FileText.substr(Open + 1, KeyLength) : std::string();
    }
}
