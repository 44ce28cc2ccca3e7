// Contacts as the module keeps them.
#pragma once

#include "CoreClient.h"
#include "Pure/ContactBook.h"

/** Times are of FPlatformTime::Seconds. */
using FContact = StereoSync::Contact<stereosync::ShortText>;
using FContactBook = StereoSync::ContactBook<stereosync::ShortText>;
