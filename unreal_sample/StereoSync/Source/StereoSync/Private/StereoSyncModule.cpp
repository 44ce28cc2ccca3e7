// Makes the folder a module. Loading it does nothing: every component starts and ends its own run.
#include "StereoSyncLog.h"

#include "Modules/ModuleManager.h"

DEFINE_LOG_CATEGORY(LogStereoSync);

IMPLEMENT_MODULE(FDefaultModuleImpl, StereoSync)
