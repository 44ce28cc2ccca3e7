// `golden`, `recode`, `check` and `convert`: the same bytes and rules as every other client.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "ChannelLayout.h"
#include "FrameReader.h"
#include "Modes.h"
#include "Samples.h"
#include "StereoSync/BoxProjector.h"
#include "Text.h"

namespace conformance {

using namespace stereosync;

namespace {

Bytes contents(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return Bytes(std::istreambuf_iterator<char>(file), {});
}

bool is_of_server(const std::string& name) {
    return name == "welcome" || name == "error" || name == "pong" || name == "stats" || name == "credit" ||
           name.compare(0, 5, "audio") == 0;
}

// What is wrong with one file; empty if all is the same.
std::string difference(const std::string& name, const Bytes& data) {
    Parts parts;
    Value header;
    if (!unpack(data, parts) || parts.empty() || !read_msgpack(parts[0].data(), parts[0].size(), header)) {
        return "cannot be decoded";
    }
    ServerMessage message;
    const Problem problem = read_message(parts, message);
    if (problem || (is_of_server(name) && message.kind == ServerMessage::Kind::ignored)) {
        return problem ? problem->code + " " + problem->field + ": " + problem->rule : "is not taken for a message of the server";
    }
    Parts again = sample(name);
    if (again.empty()) {
        MsgpackWriter writer;
        header.write(writer);
        again = parts;
        again[0] = writer.bytes;
    }
    const Bytes packed = pack(again);
    if (packed == data) {
        return "";
    }
    const auto [at, other] = std::mismatch(packed.begin(), packed.end(), data.begin(), data.end());
    return "byte " + std::to_string(at - packed.begin()) + " is another: " + to_hex(packed);
}

std::vector<std::filesystem::path> files_of(const std::string& folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".bin") {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace

int golden(const std::string& folder) {
    int different = 0;
    for (const std::filesystem::path& path : files_of(folder)) {
        const std::string name = path.stem().string();
        const std::string problem = difference(name, contents(path));
        std::cout << name << " " << (problem.empty() ? "same" : problem) << std::endl;
        different += problem.empty() ? 0 : 1;
    }
    return different == 0 ? 0 : 1;
}

int recode() {
    for (std::string line; std::getline(std::cin, line);) {
        Bytes data;
        Value value;
        MsgpackWriter writer;
        const bool good = from_hex(line, data) && read_msgpack(data.data(), data.size(), value);
        if (good) {
            value.write(writer);
        }
        std::cout << (good ? to_hex(writer.bytes) : "bad") << std::endl;
    }
    return 0;
}

int check() {
    Frame frame;
    for (std::string line; std::getline(std::cin, line);) {
        Bytes data;
        Parts parts;
        if (!from_hex(line, data) || !unpack(data, parts) || !read_frame(parts, frame)) {
            std::cout << "no frame" << std::endl;
            continue;
        }
        Problem problem = read_playback(parts).problem();
        problem = problem ? problem->under("playback") : frame.problem();
        std::cout << (problem ? problem->code + " " + problem->field : "ok") << std::endl;
    }
    return 0;
}

int spread_channels() {
    for (std::string line; std::getline(std::cin, line);) {
        const std::vector<std::string> words = words_of(line);
        const int channels = std::atoi(words[0].c_str()), frames = static_cast<int>(words.size() - 1) / 2;
        std::vector<float> stereo;
        for (size_t i = 1; i < words.size(); ++i) {
            stereo.push_back(std::strtof(words[i].c_str(), nullptr));
        }
        std::vector<float> data(static_cast<size_t>(frames * channels), 9.0f);  // what was there must not shine through
        spread(stereo.data(), frames, data.data(), channels);
        for (size_t i = 0; i < data.size(); ++i) {
            std::cout << (i > 0 ? " " : "") << data[i];
        }
        std::cout << std::endl;
    }
    return 0;
}

int convert() {
    for (std::string line; std::getline(std::cin, line);) {
        const auto bits = static_cast<uint32_t>(std::strtoul(line.c_str(), nullptr, 16));
        float value = 0;
        std::memcpy(&value, &bits, sizeof value);
        std::cout << to_half(value) << '\n';
    }
    return 0;
}

}  // namespace conformance
