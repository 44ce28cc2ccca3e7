// CURVE, where the plug-in is built with libzmq: define STEREOSYNC_LIBZMQ and link it.
#pragma once

#include <memory>
#include <string>

#include "StereoSync/BridgeClient.h"

namespace stereosync {

#if defined(STEREOSYNC_LIBZMQ)
/// A transport over libzmq; null, and a sentence, when the keys are none or libzmq was built without CURVE.
STEREOSYNCCORE_API std::unique_ptr<Transport> make_libzmq_transport(const CurveKeys& keys, std::string& trouble);
#endif

}  // namespace stereosync
