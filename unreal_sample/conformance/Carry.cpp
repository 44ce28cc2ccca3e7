// `carry`: the real thing without an engine. One thread reads records, one is the audio callback, the worker has its own.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <thread>

#include "FrameReader.h"
#include "Modes.h"
#include "StereoSync/BridgeWorker.h"
#include "Text.h"

namespace conformance {

using namespace stereosync;

namespace {

struct CarryOptions {
    ClientOptions client;
    std::string record;
    int rate_hz = 48000;
    int block = 480;
    double seconds = 1e9;
};

void say(const std::string& line) {
    static std::mutex mutex;
    const std::lock_guard<std::mutex> lock(mutex);
    std::cout << line << std::endl;
}

void sleep_s(double seconds) {
    if (seconds > 0) {
        std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    }
}

void play(BridgeWorker& worker, const CarryOptions& options, const std::atomic<bool>& ended) {
    std::FILE* file = std::fopen(options.record.c_str(), "wb");
    if (file == nullptr) {
        say("error record cannot write " + options.record);
        return;
    }
    std::vector<float> samples(2 * static_cast<size_t>(options.block));
    const double start_s = worker.now_s();
    say("playing " + number(start_s));
    for (int64_t taken = 0; !ended;) {
        worker.read(samples.data(), options.block, 2, options.rate_hz);
        std::fwrite(samples.data(), sizeof(float), samples.size(), file);
        taken += options.block;
        sleep_s(start_s + static_cast<double>(taken) / options.rate_hz - worker.now_s());
    }
    std::fclose(file);
}

void tell(const Notice& notice, double now_s) {
    switch (notice.kind) {
        case Notice::Kind::connected: say("state connected " + number(now_s)); break;
        case Notice::Kind::lost: say("state lost " + number(now_s)); break;
        default: say("error " + notice.code + " " + notice.text);
    }
}

// Tells what happens until the input or the seconds have ended.
void watch(BridgeWorker& worker, const CarryOptions& options, const std::atomic<bool>& ended) {
    const double end_s = worker.now_s() + options.seconds;
    Notice notice;
    while (!ended && worker.now_s() < end_s) {
        while (worker.take_notice(notice)) {
            tell(notice, worker.now_s());
        }
        sleep_s(0.002);
    }
}

bool read_bytes(Bytes& bytes, size_t count) {
    const size_t before = bytes.size();
    bytes.resize(before + count);
    return std::fread(bytes.data() + before, 1, count, stdin) == count;
}

size_t uint32_at(const Bytes& bytes, size_t at) {
    return bytes[at] | static_cast<size_t>(bytes[at + 1]) << 8 | static_cast<size_t>(bytes[at + 2]) << 16 |
           static_cast<size_t>(bytes[at + 3]) << 24;
}

bool offer_frame(BridgeWorker& worker) {
    Bytes data;
    if (!read_bytes(data, 4) || uint32_at(data, 0) != 3 || !read_bytes(data, 12)) {
        return false;
    }
    const size_t body = uint32_at(data, 4) + uint32_at(data, 8) + uint32_at(data, 12);
    Parts parts;
    FramePtr frame = worker.rent_frame();
    if (!read_bytes(data, body) || !unpack(data, parts) || !read_frame(parts, *frame)) {
        return false;
    }
    worker.offer(std::move(frame));
    return true;
}

void read_records(BridgeWorker& worker) {
    for (int letter = std::getchar(); letter != EOF; letter = std::getchar()) {
        switch (letter) {
            case 'T': say("time " + number(worker.now_s())); break;
            case 'P': worker.pause(); break;
            case 'R': worker.resume(); break;
            case 'X': worker.reset("cut"); break;
            default:
                if (letter != 'F' || !offer_frame(worker)) {
                    say("error record what comes on the standard input is no record");
                    return;
                }
        }
    }
}

void say_end(const BridgeStatus& status) {
    std::string line = "end";
    const std::pair<const char*, int64_t> counts[] = {
        {"underruns", status.ring.underruns},         {"late_samples", status.ring.late_samples},
        {"gap_samples", status.ring.gap_samples},     {"skipped_samples", status.ring.skipped_samples},
        {"frames_offered", status.frames_offered},    {"frames_sent", status.frames_sent},
        {"frames_replaced", status.frames_replaced},  {"frames_rejected", status.frames_rejected},
        {"chunks", status.chunks},                    {"sessions", status.sessions},
        {"invalid", status.invalid},
    };
    for (const auto& [name, value] : counts) {
        line += " " + std::string(name) + "=" + std::to_string(value);
    }
    say(line + " round_trip_ms=" + number(status.round_trip_ms) + " buffered_ms=" + number(status.buffered_ms));
}

bool parse(const std::vector<std::string>& arguments, CarryOptions& options) {
    CurveKeys keys;
    bool has_keys = false;
    for (size_t i = 0; i + 1 < arguments.size(); i += 2) {
        const std::string &name = arguments[i], &value = arguments[i + 1];
        if (name == "--control") {
            options.client.control_address = value;
        } else if (name == "--record") {
            options.record = value;
        } else if (name == "--rate") {
            options.rate_hz = std::atoi(value.c_str());
        } else if (name == "--block") {
            options.block = std::atoi(value.c_str());
        } else if (name == "--seconds") {
            options.seconds = std::strtod(value.c_str(), nullptr);
        } else if (name == "--public-key" || name == "--secret-key" || name == "--server-key") {
            (name == "--public-key" ? keys.public_key : name == "--secret-key" ? keys.secret_key : keys.server_key) = value;
            has_keys = true;
        } else {
            return false;
        }
    }
    if (has_keys) {
        options.client.curve = keys;
    }
    return arguments.size() % 2 == 0 && !options.record.empty();
}

}  // namespace

int carry(const std::vector<std::string>& arguments) {
    CarryOptions options;
    options.client.client = "carry";
    options.client.engine = "none";
    if (!parse(arguments, options)) {
        std::cerr << "carry --control ADDRESS --record FILE [--rate HZ] [--block N] [--seconds S]" << std::endl;
        return 2;
    }
    BridgeWorker worker(options.client);
    std::atomic<bool> input_ended{false}, ended{false};
    worker.start();
    std::thread player([&] { play(worker, options, ended); });
    std::thread reader([&] {
        read_records(worker);
        input_ended = true;
    });
    watch(worker, options, input_ended);
    ended = true;
    player.join();
    const BridgeStatus status = worker.status();
    worker.stop();
    say_end(status);
    std::fflush(stdout);  // not all streams: the reader holds that of the input
    std::_Exit(0);  // the reader may still wait for input that never comes
}

}  // namespace conformance
