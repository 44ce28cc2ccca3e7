// What is visible outside of the module; empty where Unreal does not define it.
#pragma once

#ifndef STEREOSYNCCORE_API
#define STEREOSYNCCORE_API
#endif
