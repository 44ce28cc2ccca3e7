// What makes the core a module of Unreal; nothing elsewhere.
#if defined(STEREOSYNC_IN_UNREAL)

#include "Modules/ModuleManager.h"

IMPLEMENT_MODULE(FDefaultModuleImpl, StereoSyncCore)

#endif
