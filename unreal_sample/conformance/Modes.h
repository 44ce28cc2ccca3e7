// What the test program can be asked for: bridge/CONFORMANCE.md.
#pragma once

#include <string>
#include <vector>

namespace conformance {

int converse();
int golden(const std::string& folder);
int recode();
int carry(const std::vector<std::string>& arguments);
/// `check`: lines of FRAME messages in hexadecimal, answered with `ok`, or the code and field that the client itself refuses.
int check();
/// `echo ADDRESS COUNT`: sends back that many messages as they came, over the real transport; then counts what it saw.
int echo(const std::vector<std::string>& arguments);
/// `spread`: each line is `CHANNELS L R L R ...`, answered with the samples of all channels in turn.
int spread_channels();
/// `convert`: lines of a float in hexadecimal; writes each as a half. For the depth that is sent.
int convert();

}  // namespace conformance
