// What the test program can be asked for: bridge/CONFORMANCE.md.
#pragma once

#include <string>
#include <vector>

namespace conformance {

int converse();
int golden(const std::string& folder);
int recode();
int carry(const std::vector<std::string>& arguments);
/// `echo ADDRESS SIZE...`: sends a message of parts of these sizes on a lane, compares what comes back, and says so.
int echo(const std::vector<std::string>& arguments);
/// `convert`: lines of a float in hexadecimal; writes each as a half. For the depth that is sent.
int convert();

}  // namespace conformance
