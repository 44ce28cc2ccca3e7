// Parts of the C++ core that no wire shows, one mode each: test_core_parts.py says what they are to give.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <memory>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include "StereoSync/BoxProjector.h"
#include "StereoSync/BridgeWorker.h"

using namespace stereosync;

namespace {

thread_local long allocated = 0;

double number(const char* text) { return std::strtod(text, nullptr); }

void write_floats(const std::vector<float>& values) { std::fwrite(values.data(), sizeof(float), values.size(), stdout); }

// `halves`: float32 in, float16 out, both as they lie in memory.
int halves() {
    float value = 0;
    while (std::fread(&value, sizeof value, 1, stdin) == 1) {
        const uint16_t half = to_half(value);
        std::fwrite(&half, sizeof half, 1, stdout);
    }
    return 0;
}

// `metres WIDTH HEIGHT STRIDE METRES_PER_UNIT FAR_M`: float32 in, rows of STRIDE.
int metres(char** words) {
    const int width = std::atoi(words[0]), height = std::atoi(words[1]);
    const auto stride = static_cast<size_t>(std::atoi(words[2]));
    std::vector<float> depth(stride * static_cast<size_t>(height));
    if (std::fread(depth.data(), sizeof(float), depth.size(), stdin) != depth.size()) {
        return 1;
    }
    std::vector<uint8_t> out;
    write_metres(depth.data(), width, height, stride, number(words[3]), number(words[4]), out);
    std::fwrite(out.data(), 1, out.size(), stdout);
    return 0;
}

// `box KIND TAN_HORIZONTAL TAN_VERTICAL NEAR_M WIDTH HEIGHT X Y Z ...`
int box(int count, char** words) {
    BoxProjector projector({number(words[1]), number(words[2]), number(words[3]), std::atoi(words[4]), std::atoi(words[5])});
    std::vector<Point> points;
    for (int i = 6; i + 2 < count; i += 3) {
        points.push_back({number(words[i]), number(words[i + 1]), number(words[i + 2])});
    }
    if (std::string(words[0]) == "points") {
        projector.add_points(points);
    }
    for (size_t i = 0; std::string(words[0]) == "cuboids" && i + 8 <= points.size(); i += 8) {
        std::array<Point, 8> corners;
        std::copy_n(points.begin() + static_cast<std::ptrdiff_t>(i), 8, corners.begin());
        projector.add_cuboid(corners);
    }
    const std::optional<PixelBox> found = projector.box();
    found ? std::printf("%.17g %.17g %.17g %.17g\n", found->x0, found->y0, found->x1, found->y1) : std::printf("none\n");
    return 0;
}

// A stream out of float32 pairs, written as the ring empties, so that enough always waits.
class Feeder {
public:
    Feeder(PlaybackRing& ring, const std::vector<float>& pairs) : ring_(ring), pairs_(pairs) {}

    void feed() {
        while (ring_.playback().buffered_ms < 200 && 2 * at_ < pairs_.size()) {
            const size_t count = std::min<size_t>(480, pairs_.size() / 2 - at_);
            ring_.write(0, static_cast<int64_t>(at_), pairs_.data() + 2 * at_, count);
            at_ += count;
        }
    }

private:
    PlaybackRing& ring_;
    const std::vector<float>& pairs_;
    size_t at_ = 0;
};

std::vector<float> read_floats() {
    std::vector<float> values;
    for (float value = 0; std::fread(&value, sizeof value, 1, stdin) == 1;) {
        values.push_back(value);
    }
    return values;
}

// `rates SOURCE_HZ DEVICE_HZ COUNT BLOCK`: the pairs of the standard input as a device of another rate hears them.
int rates(char** words) {
    const std::vector<float> pairs = read_floats();
    PlaybackRing ring(std::atoi(words[0]));
    RateConverter converter(ring);
    Feeder feeder(ring, pairs);
    const auto count = static_cast<size_t>(std::atol(words[2])), block = static_cast<size_t>(std::atol(words[3]));
    std::vector<float> heard(2 * count);
    for (size_t done = 0; done < count; done += block) {
        feeder.feed();
        converter.read(heard.data() + 2 * done, std::min(block, count - done), std::atoi(words[1]));
    }
    write_floats(heard);
    return static_cast<int>(ring.counters().underruns);
}

// `allocations`: of the audio thread, for a device of the stream's rate, of others, and for a block that is allocated on purpose.
int allocations() {
    BridgeWorker worker{ClientOptions()};
    std::vector<float> data(8 * 4096);
    for (const int rate_hz : {48000, 44100, 96000, 48000, 192000, 8000}) {
        const long before = allocated;
        for (int i = 0; i < 50; ++i) {
            worker.read(data.data(), 4096, 1 + i % 8, rate_hz);
        }
        std::printf("%d %ld\n", rate_hz, allocated - before);
    }
    const long before = allocated;
    delete new volatile int(0);
    std::printf("control %ld\n", allocated - before);
    return 0;
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// `stop ADDRESS SECONDS`: how long it takes to end a worker that has run so long, three times over.
int stop(char** words) {
    ClientOptions options;
    options.control_address = words[0];
    options.insecure = true;
    BridgeWorker worker(options);
    for (int round = 0; round < 3; ++round) {
        worker.start();
        worker.start();
        std::this_thread::sleep_for(std::chrono::duration<double>(number(words[1])));
        const auto begin = std::chrono::steady_clock::now();
        worker.stop();
        std::printf("%.3f %d %s\n", seconds_since(begin), static_cast<int>(worker.status().state), worker.status().text.c_str());
        worker.stop();
    }
    return 0;
}

// `odd`: calls that a game should not make; each leaves the worker whole and the sound silent.
int odd() {
    { const BridgeWorker never_started{ClientOptions()}; }
    BridgeWorker worker{ClientOptions()};
    std::vector<float> noise(64, 1.0f);
    worker.read(noise.data(), 32, 2, 7999);
    worker.read(nullptr, 0, 2, 48000);
    std::printf("silent %d\n", noise == std::vector<float>(64, 0.0f) ? 1 : 0);
    std::printf("nothing taken %d\n", worker.offer(nullptr) ? 0 : 1);
    FramePtr frame = worker.rent_frame();
    frame->picture_bytes.resize(100);
    std::printf("broken taken %d\n", worker.offer(std::move(frame)) ? 1 : 0);
    worker.give_back(worker.rent_frame());
    worker.reset("a\nb");
    worker.pause();
    worker.resume();
    Notice notice;
    while (worker.take_notice(notice)) {
        std::printf("notice %s %s\n", notice.code.c_str(), notice.text.c_str());
    }
    return 0;
}

// `reports`: what a client says of the ring's states that it is told.
int reports() {
    FramePool pool;
    FrameSlot slot(pool);
    ClientEvents events;
    const MonotonicClock clock;
    const std::unique_ptr<Transport> transport = make_zmtp_transport();
    BridgeClient client(ClientOptions(), clock, *transport, slot, pool, events, random_session_id);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (const Playback& playback : {Playback{1, 60000, 2, 3, 10000}, Playback{-1, 0, 0, 0, 0}, Playback{0, nan, 0, 0, 0},
                                     Playback{0, 0, max_integer + 1, 0, 0}, Playback{0, 0, 0, -1, 0}, Playback{0, 0, 0, 0, 10001}}) {
        const Problem problem = client.report_playback(playback);
        std::printf("%s\n", problem ? problem->field.c_str() : "taken");
    }
    return 0;
}

// `options CONTROL FRAMES`: why they cannot be used; a dash is an empty one.
int options(char** words) {
    ClientOptions made;
    made.control_address = std::string(words[0]) == "-" ? "" : words[0];
    made.frames_address = std::string(words[1]) == "-" ? "" : words[1];
    std::printf("%s\n", made.trouble().c_str());
    return 0;
}

}  // namespace

// Not inlined, because the compiler takes the pair for a mismatch when it sees into one of the two.
[[gnu::noinline]] void* operator new(std::size_t size) {
    ++allocated;
    void* memory = std::malloc(size);
    if (memory == nullptr) {
        std::abort();
    }
    return memory;
}

[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }

[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

int main(int count, char** words) {
    const std::string mode = count > 1 ? words[1] : "";
    const int arguments = count - 2;
    if (mode == "halves") {
        return halves();
    }
    if (mode == "metres" && arguments == 5) {
        return metres(words + 2);
    }
    if (mode == "box" && arguments >= 9) {
        return box(arguments, words + 2);
    }
    if (mode == "rates" && arguments == 4) {
        return rates(words + 2);
    }
    if (mode == "stop" && arguments == 2) {
        return stop(words + 2);
    }
    if (mode == "options" && arguments == 2) {
        return options(words + 2);
    }
    return mode == "allocations" ? allocations() : mode == "odd" ? odd() : mode == "reports" ? reports() : 2;
}
