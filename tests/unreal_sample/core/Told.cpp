// What telling costs the C++ core, and how texts are cut: test_core_told.py says what they are to give.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <new>
#include <string>

#include "StereoSync/Frame.h"

using namespace stereosync;

namespace {

constexpr int warm_up = 8, batch = 20, batches = 100;

thread_local long allocated_bytes = 0;

const char* const sides[] = {"foot_l", "foot_r"};

void tell(BoxSpec& box, int64_t index) {
    for (const char* name : sides) {
        const Side side = name == sides[0] ? Side::left : Side::right;
        const double height_m = 0.1 + 0.001 * static_cast<double>(index % 7);
        box.feet.add({side, {1.5, height_m, -3.25}, index % 2 == 0, "PM_Gravel_with_a_name_that_is_long_01"});
        box.contacts.add({side, 12.5 + static_cast<double>(index), 0.5, "PM_Gravel_with_a_name_that_is_long_01"});
    }
    box.surface = "a ground whose name is longer than any that a small string holds";
}

void fill(Frame& frame, int64_t index, int characters, bool tells) {
    frame.index = index;
    frame.picture = {"bgra8", 2, 1, "top"};
    frame.picture_bytes.resize(8);
    frame.depth = {"linear", "float16", 2, 1, "top", 1, false, std::nullopt};
    frame.depth_bytes.resize(4);
    for (int i = 0; i < characters; ++i) {
        BoxSpec& box = frame.boxes.emplace_back();
        box.id = i;
        box.x1 = box.y1 = 1;
        if (tells) {
            tell(box, index);
        }
    }
    if (tells) {
        frame.scene = SceneSpec{"a place whose name is longer than any small string", 0.5, RoomSpec{12, 0.25}, false};
    }
}

// The way of a frame, from the game to the bytes that leave.
class Way {
public:
    void go(int64_t index, int characters, bool tells) {
        FramePtr frame = pool_.rent();
        fill(*frame, index, characters, tells);
        if (frame->problem()) {
            std::abort();
        }
        slot_.put(std::move(frame));
        frame = slot_.take();
        write_frame_header(*frame, {"0123456789abcdef0123456789abcdef", index, 87.75, Playback()}, header_);
        pool_.give_back(std::move(frame));
    }

private:
    FramePool pool_;
    FrameSlot slot_{pool_};
    MsgpackWriter header_;
};

double seconds_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// Bytes allocated by all frames after the first few; microseconds a frame of the quickest batch, for others have this machine too.
void measure(const char* name, int characters, bool tells) {
    Way way;
    int64_t index = 0;
    for (; index < warm_up; ++index) {
        way.go(index, characters, tells);
    }
    const long before = allocated_bytes;
    double best_s = 1e9;
    for (int i = 0; i < batches; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        for (const int64_t end = index + batch; index < end; ++index) {
            way.go(index, characters, tells);
        }
        best_s = std::min(best_s, seconds_since(begin) / batch);
    }
    std::printf("%s %ld %.3f\n", name, allocated_bytes - before, 1e6 * best_s);
}

// `cost`: a line each: what, bytes allocated, microseconds a frame.
int cost() {
    measure("one_told", 1, true);
    measure("one_silent", 1, false);
    measure("crowd_told", 64, true);
    measure("crowd_silent", 64, false);
    const long before = allocated_bytes;
    delete new volatile int(0);
    std::printf("control %ld 0\n", allocated_bytes - before);
    return 0;
}

// `texts`: the lines of the standard input as short texts.
int texts() {
    for (std::string line; std::getline(std::cin, line);) {
        std::cout << ShortText(line).view() << '\n';
    }
    return 0;
}

}  // namespace

// Not inlined, because the compiler takes the pair for a mismatch when it sees into one of the two.
[[gnu::noinline]] void* operator new(std::size_t size) {
    allocated_bytes += static_cast<long>(size);
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
    return mode == "cost" ? cost() : mode == "texts" ? texts() : 2;
}
