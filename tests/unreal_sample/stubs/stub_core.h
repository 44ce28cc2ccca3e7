// A stand-in for what the plugin uses of Unreal's Core module, written by hand after its documentation. Only for tests: types
// have the engine's names and signatures, and as much behaviour as a test needs.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

using int32 = std::int32_t;
using int64 = std::int64_t;
using uint8 = std::uint8_t;
using uint32 = std::uint32_t;
using uint64 = std::uint64_t;
using TCHAR = char16_t;

#define TEXT(Text) u##Text
#define STEREOSYNC_API
#define UCLASS(...)
#define USTRUCT(...)
#define UENUM(...)
#define UPROPERTY(...)
#define UFUNCTION(...)
#define STUB_JOIN_AGAIN(File, Line) File##_##Line##_GENERATED_BODY
#define STUB_JOIN(File, Line) STUB_JOIN_AGAIN(File, Line)
#define GENERATED_BODY() STUB_JOIN(CURRENT_FILE_ID, __LINE__)
#define WITH_EDITOR 0
#define UE_BUILD_SHIPPING 0
#define ENGINE_MAJOR_VERSION 5
#define ENGINE_MINOR_VERSION 3

#define THIRD_PARTY_INCLUDES_START
#define THIRD_PARTY_INCLUDES_END
#define check(Condition) ((Condition) ? void() : std::abort()) // macros of ordinary names, as the engine has them
#define verify(Condition) ((Condition) ? void() : std::abort())

constexpr int32 INDEX_NONE = -1;

template <typename T>
constexpr std::remove_reference_t<T>&& MoveTemp(T&& Value)
{
    return static_cast<std::remove_reference_t<T>&&>(Value);
}

inline std::string StubNarrow(const TCHAR* Text)
{
    std::string Narrow;
    for (; *Text != 0; ++Text)
    {
        Narrow += *Text < 128 ? static_cast<char>(*Text) : '?';
    }
    return Narrow;
}

inline std::u16string StubWide(const char* Text)
{
    return std::u16string(Text, Text + std::char_traits<char>::length(Text));
}

#define TCHAR_TO_UTF8(Text) (StubNarrow(Text).c_str())
#define UTF8_TO_TCHAR(Text) (StubWide(Text).c_str())

class FString
{
public:
    FString() = default;
    FString(const TCHAR* Text) : Characters(Text) {}
    const TCHAR* operator*() const { return Characters.c_str(); }
    bool IsEmpty() const { return Characters.empty(); }
    int32 Len() const { return static_cast<int32>(Characters.size()); }
    FString Left(int32 Count) const { return FString(Characters.substr(0, static_cast<std::size_t>(Count)).c_str()); }
    bool operator==(const FString& Other) const { return Characters == Other.Characters; }
    bool operator!=(const FString& Other) const { return Characters != Other.Characters; }

private:
    std::u16string Characters;
};

class FName
{
public:
    FName() = default;
    FName(const TCHAR* Text) : Text(Text) {}
    FString ToString() const { return Text; }
    bool operator==(const FName& Other) const { return Text == Other.Text; }
    bool operator!=(const FName& Other) const { return Text != Other.Text; }

private:
    FString Text;
};

const FName NAME_None;

struct FMath
{
    template <typename T> static T Max(T A, T B) { return std::max(A, B); }
    template <typename T> static T Min(T A, T B) { return std::min(A, B); }
    template <typename T> static T Clamp(T Value, T Low, T High) { return std::clamp(Value, Low, High); }
    template <typename T> static T Abs(T Value) { return std::abs(Value); }
    static bool IsFinite(double Value) { return std::isfinite(Value); }
    static int32 RoundToInt(float Value) { return static_cast<int32>(std::floor(Value + 0.5f)); }
};

template <typename T>
class TArray
{
public:
    int32 Num() const { return static_cast<int32>(Items.size()); }
    bool IsEmpty() const { return Items.empty(); }
    bool IsValidIndex(int32 Index) const { return Index >= 0 && Index < Num(); }
    int32 Add(const T& Item) { Items.push_back(Item); return Num() - 1; }
    void Reset() { Items.clear(); }
    int32 Remove(const T& Item)
    {
        const auto Before = Items.size();
        Items.erase(std::remove(Items.begin(), Items.end(), Item), Items.end());
        return static_cast<int32>(Before - Items.size());
    }
    T& operator[](int32 Index) { return Items.at(static_cast<std::size_t>(Index)); }
    const T& operator[](int32 Index) const { return Items.at(static_cast<std::size_t>(Index)); }
    auto begin() { return Items.begin(); }
    auto end() { return Items.end(); }
    auto begin() const { return Items.begin(); }
    auto end() const { return Items.end(); }

private:
    std::vector<T> Items;
};

template <typename K, typename V>
struct TPair
{
    K Key;
    V Value;
};

template <typename K, typename V>
class TMap
{
public:
    void Add(const K& Key, const V& Value) { Pairs.Add({Key, Value}); }
    int32 Num() const { return Pairs.Num(); }
    const V* Find(const K& Key) const
    {
        for (const TPair<K, V>& Pair : Pairs)
        {
            if (Pair.Key == Key)
            {
                return &Pair.Value;
            }
        }
        return nullptr;
    }
    auto begin() const { return Pairs.begin(); }
    auto end() const { return Pairs.end(); }

private:
    TArray<TPair<K, V>> Pairs;
};

template <typename T>
using TInlineComponentArray = TArray<T>;

template <typename Signature>
using TFunctionRef = const std::function<Signature>&;

struct FPlatformTime
{
    static double Seconds()
    {
        const double SteadyS = std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
        return StubNowS < 0.0 ? SteadyS : StubNowS;
    }

    static inline double StubNowS = -1.0; // turned by hand from 0 on
};

template <typename T>
class TOptional
{
public:
    bool IsSet() const { return false; }
};

enum class ESPMode : uint8 { NotThreadSafe, ThreadSafe };

template <typename T, ESPMode Mode = ESPMode::ThreadSafe>
class TSharedPtr : public std::shared_ptr<T>
{
public:
    TSharedPtr() = default;
    TSharedPtr(std::nullptr_t) {}
    template <typename U, typename = std::enable_if_t<std::is_convertible_v<U*, T*>>>
    TSharedPtr(const TSharedPtr<U, Mode>& Other) : std::shared_ptr<T>(Other) {}
    explicit TSharedPtr(std::shared_ptr<T> Other) : std::shared_ptr<T>(std::move(Other)) {}
    bool IsValid() const { return this->get() != nullptr; }
    void Reset() { this->reset(); }
    T* Get() const { return this->get(); }
};

template <typename T, ESPMode Mode = ESPMode::ThreadSafe, typename... A>
TSharedPtr<T, Mode> MakeShared(A&&... Arguments)
{
    return TSharedPtr<T, Mode>(std::make_shared<T>(std::forward<A>(Arguments)...));
}

template <typename T>
class TUniquePtr : public std::unique_ptr<T>
{
public:
    using std::unique_ptr<T>::unique_ptr;
    bool IsValid() const { return this->get() != nullptr; }
    void Reset() { this->reset(); }
    T* Get() const { return this->get(); }
};

template <typename T, typename... A>
TUniquePtr<T> MakeUnique(A&&... Arguments)
{
    return TUniquePtr<T>(new T(std::forward<A>(Arguments)...));
}

template <typename T>
class TObjectPtr
{
public:
    TObjectPtr() = default;
    TObjectPtr(T* Object) : Object(Object) {}
    template <typename U, typename = std::enable_if_t<std::is_convertible_v<U*, T*>>>
    TObjectPtr(const TObjectPtr<U>& Other) : Object(Other.Get()) {}
    operator T*() const { return Object; }
    T* operator->() const { return Object; }
    T* Get() const { return Object; }

private:
    T* Object = nullptr;
};

template <typename T>
class TWeakObjectPtr
{
public:
    TWeakObjectPtr() = default;
    TWeakObjectPtr(T* Object) : Object(Object) {}
    T* Get() const { return Object; }
    bool IsValid() const { return Object != nullptr; }
    bool operator==(const TWeakObjectPtr& Other) const { return Object == Other.Object; }
    bool operator!=(const TWeakObjectPtr& Other) const { return Object != Other.Object; }

private:
    T* Object = nullptr;
};

template <typename T>
class TEnumAsByte
{
public:
    TEnumAsByte() = default;
    TEnumAsByte(T Value) : Value(Value) {}
    operator T() const { return Value; }

private:
    T Value{};
};

// The log: lines go to standard error, so that a test can look at them.
struct FLogCategory
{
    const char* Name;
};

#define DECLARE_LOG_CATEGORY_EXTERN(Category, Default, All) extern FLogCategory Category
#define DEFINE_LOG_CATEGORY(Category) FLogCategory Category{#Category}
#define UE_LOG(Category, Verbosity, Format, Text) StubLog(Category, #Verbosity, Format, Text)

inline void StubLog(const FLogCategory& Category, const char* Verbosity, const TCHAR* Format, const TCHAR* Text)
{
    std::fprintf(stderr, "%s: %s: %s %s\n", Category.Name, Verbosity, StubNarrow(Format).c_str(), StubNarrow(Text).c_str());
}

class FDefaultModuleImpl
{
};

#define IMPLEMENT_MODULE(Class, Module) const char* StubModule##Module() { static Class Made; return &Made != nullptr ? #Module : ""; }

template <typename T>
struct TStubDynamicDelegate
{
    std::function<void(T)> Bound;
    bool IsBound() const { return Bound != nullptr; }
    void Broadcast(T Value) const
    {
        if (Bound)
        {
            Bound(Value);
        }
    }
};

#define DECLARE_DYNAMIC_MULTICAST_DELEGATE_OneParam(Delegate, Type, Name) using Delegate = TStubDynamicDelegate<Type>

struct FApp
{
    static bool CanEverRender() { return StubCanRender; }
    static inline bool StubCanRender = true;
};

inline bool IsRunningDedicatedServer()
{
    return false;
}

struct EVersionComponent
{
    enum Type { Major, Minor, Patch, Changelist, Branch };
};

class FEngineVersion
{
public:
    static const FEngineVersion& Current()
    {
        static const FEngineVersion Version;
        return Version;
    }

    FString ToString(EVersionComponent::Type LastComponent = EVersionComponent::Branch) const
    {
        (void)LastComponent;
        return TEXT("5.3.2");
    }
};

struct FFileHelper
{
    static bool LoadFileToString(FString& Result, const TCHAR* Filename)
    {
        std::FILE* File = std::fopen(StubNarrow(Filename).c_str(), "rb");
        if (File == nullptr)
        {
            return false;
        }
        std::string Text(65536, ' ');
        Text.resize(std::fread(Text.data(), 1, Text.size(), File));
        std::fclose(File);
        Result = StubWide(Text.c_str()).c_str();
        return true;
    }

    enum class EEncodingOptions { AutoDetect, ForceAnsi, ForceUnicode, ForceUTF8, ForceUTF8WithoutBOM };

    static bool SaveStringToFile(const FString& Text, const TCHAR* Filename, EEncodingOptions)
    {
        std::FILE* File = std::fopen(StubNarrow(Filename).c_str(), "wb");
        if (File == nullptr)
        {
            return false;
        }
        std::fputs(StubNarrow(*Text).c_str(), File);
        return std::fclose(File) == 0;
    }
};

struct FPaths
{
    static FString ProjectDir() { return StubProject; }
    static FString ConvertRelativePathToFull(const FString& Path) { return Path; }
    static bool FileExists(const FString& Path)
    {
        std::FILE* File = std::fopen(StubNarrow(*Path).c_str(), "rb");
        return File != nullptr && std::fclose(File) == 0;
    }

    static inline FString StubProject;
};

class FTickerDelegate
{
public:
    template <typename T>
    static FTickerDelegate CreateUObject(T* Object, bool (T::*Method)(float))
    {
        FTickerDelegate Delegate;
        Delegate.Call = [Object, Method](float DeltaTime) { return (Object->*Method)(DeltaTime); };
        return Delegate;
    }

    std::function<bool(float)> Call;
};

class FTSTicker
{
public:
    using FDelegateHandle = std::weak_ptr<FTickerDelegate>;

    static FTSTicker& GetCoreTicker()
    {
        static FTSTicker Ticker;
        return Ticker;
    }

    FDelegateHandle AddTicker(const FTickerDelegate& Delegate, float DelayS = 0.0f)
    {
        (void)DelayS;
        Delegates.push_back(std::make_shared<FTickerDelegate>(Delegate));
        return Delegates.back();
    }

    static void RemoveTicker(FDelegateHandle Handle)
    {
        auto& All = GetCoreTicker().Delegates;
        All.erase(std::remove(All.begin(), All.end(), Handle.lock()), All.end());
    }

    void Tick(float DeltaTime)
    {
        for (const auto& Delegate : std::vector<std::shared_ptr<FTickerDelegate>>(Delegates))
        {
            Delegate->Call(DeltaTime);
        }
    }

private:
    std::vector<std::shared_ptr<FTickerDelegate>> Delegates;
};

struct FColor
{
    uint8 B, G, R, A;
    static const FColor White, Green, Yellow, Red;
};

inline const FColor FColor::White{255, 255, 255, 255};
inline const FColor FColor::Green{0, 255, 0, 255};
inline const FColor FColor::Yellow{0, 255, 255, 255};
inline const FColor FColor::Red{0, 0, 255, 255};

struct FLinearColor
{
    float R = 0, G = 0, B = 0, A = 1;
    FLinearColor(float R, float G, float B, float A = 1.0f) : R(R), G(G), B(B), A(A) {}
};

#include "stub_math.h"
