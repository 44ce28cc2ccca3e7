#include "ClientSettings.h"

#include "CoreText.h"
#include "Misc/EngineVersion.h"
#include "Misc/FileHelper.h"
#include "Pure/KeyFile.h"
#include "StereoSyncBridgeComponent.h"

namespace
{
    constexpr std::size_t MostNameCharacters = 64; // what the wire allows

    bool ReadKey(const FString& Path, const char* Name, std::string& Key, std::string& Complaint)
    {
        FString Text;
        Key = FFileHelper::LoadFileToString(Text, *Path) ? StereoSync::KeyIn(StereoSync::ToUtf8(Text), Name) : std::string();
        if (Key.empty())
        {
            Complaint = StereoSync::ToUtf8(Path) + " holds no " + Name
                + ": make keys with stereosync-keys and give the paths of NAME.key_secret and server.key.";
        }
        return !Key.empty();
    }
}

bool ReadSettings(const UStereoSyncBridgeComponent& Component, stereosync::ClientOptions& Options, std::string& Complaint)
{
    Options.control_address = StereoSync::ToUtf8(Component.ServiceAddress);
    Options.insecure = Component.bInsecure;
    Options.client = "unreal";
    const FString Version = FEngineVersion::Current().ToString(EVersionComponent::Patch);
    Options.engine = ("Unreal " + StereoSync::ToUtf8(Version)).substr(0, MostNameCharacters);
    if (Component.ClientKeyFile.IsEmpty() && Component.ServerKeyFile.IsEmpty())
    {
        return true;
    }
    stereosync::CurveKeys Keys;
    const bool bRead = ReadKey(Component.ClientKeyFile, "public-key", Keys.public_key, Complaint)
        && ReadKey(Component.ClientKeyFile, "secret-key", Keys.secret_key, Complaint)
        && ReadKey(Component.ServerKeyFile, "public-key", Keys.server_key, Complaint);
    Options.curve = Keys;
    return bRead;
}
