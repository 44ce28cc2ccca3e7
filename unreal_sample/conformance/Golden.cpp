// `golden` and `recode`: the same bytes as every other client.
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

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
    return name == "welcome" || name == "error" || name == "pong" || name == "stats" || name.compare(0, 5, "audio") == 0;
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
        return problem ? problem->text() : "is not taken for a message of the server";
    }
    Parts again = sample(name);
    if (again.empty()) {
        MsgpackWriter writer;
        header.write(writer);
        again = parts;
        again[0] = writer.bytes;
    }
    return pack(again) == data ? "" : "is encoded as " + to_hex(pack(again));
}

}  // namespace

int golden(const std::string& folder) {
    int different = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".bin") {
            continue;
        }
        const std::string name = entry.path().stem().string();
        const std::string problem = difference(name, contents(entry.path()));
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
