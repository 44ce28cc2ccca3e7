// From a component's properties to the options of the core. Game thread.
#pragma once

#include "CoreClient.h"

class UStereoSyncBridgeComponent;

/** Reads the key files, if any. @param Complaint gets a sentence when one cannot be read. @return whether the options can be used */
bool ReadSettings(const UStereoSyncBridgeComponent& Component, stereosync::ClientOptions& Options, std::string& Complaint);
