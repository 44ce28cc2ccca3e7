// The C++ client's test program: bridge/CONFORMANCE.md.
#include <chrono>
#include <iostream>

#include "Modes.h"
#include "StereoSync/Clock.h"
#include "StereoSync/Transport.h"

namespace conformance {

int echo(const std::vector<std::string>& arguments) {
    using namespace stereosync;
    const std::unique_ptr<Transport> transport = make_zmtp_transport();
    const MonotonicClock clock;
    transport->open_control(arguments.at(0));
    Parts sent, got;
    for (size_t i = 1; i < arguments.size(); ++i) {
        Bytes part(std::stoul(arguments[i]));
        for (size_t k = 0; k < part.size(); ++k) {
            part[k] = static_cast<uint8_t>(k * 31 + i);
        }
        sent.push_back(part);
    }
    transport->send_control(sent);
    const double end_s = clock.now_s() + 10;
    bool came = false;
    while (!came && clock.now_s() < end_s && !transport->take_lost()) {
        transport->wait(10);
        came = transport->receive(got);
    }
    std::cout << (came ? got == sent ? "same" : "different" : "nothing: " + transport->trouble()) << std::endl;
    return 0;
}

}  // namespace conformance

int main(int count, char** values) {
    using namespace conformance;
    const std::vector<std::string> arguments(values + (count > 1 ? 2 : 1), values + count);
    const std::string mode = count > 1 ? values[1] : "";
    if (mode == "converse") {
        return converse();
    }
    if (mode == "golden" && arguments.size() == 1) {
        return golden(arguments[0]);
    }
    if (mode == "recode") {
        return recode();
    }
    if (mode == "carry") {
        return carry(arguments);
    }
    if (mode == "convert") {
        return convert();
    }
    if (mode == "echo" && !arguments.empty()) {
        return echo(arguments);
    }
    std::cerr << "converse | golden FOLDER | recode | carry OPTIONS | convert | echo ADDRESS SIZE..." << std::endl;
    return 2;
}
