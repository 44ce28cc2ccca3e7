// The C++ client's test program: bridge/CONFORMANCE.md.
#include <iostream>

#include "Modes.h"
#include "StereoSync/Clock.h"
#include "StereoSync/Transport.h"

namespace conformance {

int echo(const std::vector<std::string>& arguments) {
    using namespace stereosync;
    constexpr double limit_s = 30;
    const std::unique_ptr<Transport> transport = make_zmtp_transport();
    const MonotonicClock clock;
    const long count = std::stol(arguments[1]);
    transport->open_control(arguments[0]);
    transport->send_control({write_bye("hello")});
    long echoed = 0;
    bool lost = false;
    std::string told;
    Parts parts;
    for (const double end_s = clock.now_s() + limit_s; echoed < count && !lost && clock.now_s() < end_s;) {
        transport->wait(10);
        lost = transport->take_lost();
        while (transport->receive(parts)) {
            echoed += transport->send_control(parts) ? 1 : 0;
        }
        if (transport->trouble() != told) {
            told = transport->trouble();
            std::cout << "trouble " << told << std::endl;
        }
    }
    transport->close_sockets();
    std::cout << "echoed " << echoed << " lost " << lost << std::endl;
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
    if (mode == "spread") {
        return spread_channels();
    }
    if (mode == "check") {
        return check();
    }
    if (mode == "echo" && arguments.size() == 2) {
        return echo(arguments);
    }
    std::cerr << "converse | golden FOLDER | recode | carry OPTIONS | convert | check | spread | echo ADDRESS COUNT" << std::endl;
    return 2;
}
