// `converse`: commands to decisions, around the real client. bridge/CONFORMANCE.md.
#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "Hand.h"
#include "Modes.h"
#include "Samples.h"
#include "StereoSync/ClientStream.h"
#include "StereoSync/RateConverter.h"
#include "Text.h"

namespace conformance {

using namespace stereosync;

namespace {

ClientOptions options() {
    ClientOptions options;
    options.client = "conformance";
    options.engine = "none";
    options.package = "0.0.0";
    return options;
}

class EventLines final : public ClientEvents {
public:
    explicit EventLines(std::vector<std::string>& lines) : lines_(lines) {}

    void on_welcomed(const Welcome& welcome) override { add("welcomed " + welcome.session); }
    void on_audio(const AudioMessage& audio) override {
        const std::string capture = audio.capture_client_s ? number(*audio.capture_client_s) : "nil";
        add("audio " + std::to_string(audio.epoch) + " " + std::to_string(audio.start_sample) + " " +
            std::to_string(audio.n_samples) + " " + capture);
    }
    void on_stats(const StatsMessage& stats) override { add("stats " + std::to_string(stats.values.size())); }
    void on_error(const ErrorMessage& error) override {
        add("error " + error.code + " " + (error.field.empty() ? "-" : error.field) + (error.fatal ? " 1" : " 0"));
    }
    void on_unanswered(const std::string&) override { add("unanswered"); }
    void on_disconnected(const std::string&) override { add("disconnected"); }

private:
    void add(const std::string& words) { lines_.push_back("event " + words); }

    std::vector<std::string>& lines_;
};

std::string next_id(int& count) {
    char digits[40];
    std::snprintf(digits, sizeof digits, "%032x", ++count);
    return digits;
}

class Converser {
public:
    Converser()
        : slot_(pool_),
          converter_(ring_),
          events_(transport_.lines),
          stream_(options(), clock_, transport_, slot_, pool_, ring_, events_, [this] { return next_id(hellos_); }) {}

    std::vector<std::string> answer(const std::string& command) {
        std::vector<std::string> words = words_of(command, 3);
        words.resize(3);
        clock_.time_s = std::strtod(words[0].c_str(), nullptr);
        transport_.lines.clear();
        if (!act(words[1], words[2])) {
            return {"unknown"};
        }
        return transport_.lines;
    }

private:
    bool act(const std::string& verb, const std::string& rest) {
        if (verb == "begin") {
            stream_.client.begin();
        } else if (verb == "offer" || verb == "offer_told") {
            offer(rest, verb == "offer" ? fill_plain : fill_told);
        } else if (verb == "poll") {
            stream_.poll(0);
        } else if (verb == "read" || verb == "listen") {
            take(static_cast<size_t>(std::atol(rest.c_str())), verb == "listen");
        } else if (verb == "output") {
            output_hz_ = std::atoi(rest.c_str());
        } else if (verb == "device") {
            stream_.report_device(std::strtod(rest.c_str(), nullptr));
        } else {
            return act_of_game(verb, rest) || act_of_network(verb, rest);
        }
        return true;
    }

    bool act_of_game(const std::string& verb, const std::string& rest) {
        if (verb == "pause") {
            stream_.pause();
        } else if (verb == "resume") {
            stream_.resume();
        } else if (verb == "reset") {
            stream_.client.reset(rest);
        } else if (verb == "bye") {
            stream_.client.bye(rest);
        } else {
            return false;
        }
        return true;
    }

    bool act_of_network(const std::string& verb, const std::string& rest) {
        const std::vector<std::string> words = words_of(rest);
        Bytes data;
        Parts parts;
        if (verb == "lost") {
            transport_.break_connection();
        } else if (verb == "block" && words.size() == 2) {
            transport_.block(words[0], words[1] == "1");
        } else if (verb == "receive" && words.size() == 2 && from_hex(words[1], data) && unpack(data, parts)) {
            transport_.arrive(words[0], parts);
        } else {
            return false;
        }
        return true;
    }

    void offer(const std::string& index, void (*fill)(Frame&)) {
        FramePtr frame = pool_.rent();
        fill(*frame);
        frame->index = std::atoll(index.c_str());
        move_to(*frame, clock_.time_s);
        stream_.offer(std::move(frame));
    }

    void take(size_t count, bool shown) {
        std::vector<float> samples(2 * count);
        if (output_hz_ == 0) {
            ring_.read(samples.data(), count);
        } else {
            converter_.read(samples.data(), count, output_hz_);
        }
        if (shown) {
            std::string line = "sound";
            char buffer[40];
            for (float sample : samples) {
                std::snprintf(buffer, sizeof buffer, " %.9g", static_cast<double>(sample));
                line += buffer;
            }
            transport_.lines.push_back(line);
        }
        transport_.lines.push_back(ring_line());
    }

    std::string ring_line() const {
        const Playback playback = ring_.playback();
        const PlaybackRing::Counters counters = ring_.counters();
        std::string line = "ring " + std::to_string(playback.played_samples) + " " + number(playback.buffered_ms);
        for (const int64_t value : {playback.underruns, playback.epoch, int64_t{ring_.priming()}, counters.late_samples,
                                    counters.gap_samples, counters.skipped_samples}) {
            line += " " + std::to_string(value);
        }
        return line;
    }

    HandClock clock_;
    HandTransport transport_;
    FramePool pool_;
    FrameSlot slot_;
    PlaybackRing ring_;
    RateConverter converter_;
    EventLines events_;
    int hellos_ = 0;
    int output_hz_ = 0;
    ClientStream stream_;
};

}  // namespace

int converse() {
    Converser converser;
    for (std::string line; std::getline(std::cin, line);) {
        if (!line.empty() && line[0] != '#') {
            for (const std::string& decision : converser.answer(line)) {
                std::cout << decision << '\n';
            }
            std::cout << "." << std::endl;
        }
    }
    return 0;
}

}  // namespace conformance
