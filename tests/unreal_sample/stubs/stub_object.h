// A stand-in for the engine's objects: made, named, owned, cast.
#pragma once

#include "stub_core.h"

class UWorld;
class FObjectInitializer
{
};

struct UClass
{
    const char* Name;
};

class UObject
{
public:
    virtual ~UObject() = default;
    virtual UWorld* GetWorld() const { return Outer != nullptr ? Outer->GetWorld() : nullptr; }
    UObject* GetOuter() const { return Outer; }
    FString GetName() const { return ObjectName.ToString(); }

    UObject* Outer = nullptr;
    FName ObjectName;
};

/// Everything that was made: freed when the program ends, for these stubs have no garbage collection.
inline std::vector<std::unique_ptr<UObject>>& StubObjects()
{
    static std::vector<std::unique_ptr<UObject>> Objects;
    return Objects;
}

template <typename T>
T* StubMake(UObject* Outer, FName Name)
{
    T* Made = nullptr;
    if constexpr (std::is_constructible_v<T, const FObjectInitializer&>)
    {
        Made = new T(FObjectInitializer());
    }
    else
    {
        Made = new T();
    }
    StubObjects().emplace_back(Made);
    Made->Outer = Outer;
    Made->ObjectName = Name;
    return Made;
}

template <typename T>
T* NewObject(UObject* Outer, FName Name = NAME_None)
{
    return StubMake<T>(Outer, Name);
}

template <typename T>
T* LoadObject(UObject* Outer, const TCHAR* Name)
{
    return StubMake<T>(Outer, Name);
}

template <typename To, typename From>
auto* Cast(From* Object)
{
    using Qualified = std::conditional_t<std::is_const_v<From>, const To, To>;
    return dynamic_cast<Qualified*>(Object);
}

template <typename To, typename From>
To* Cast(const TObjectPtr<From>& Object)
{
    return Cast<To>(Object.Get());
}

template <typename T>
bool IsValid(const T* Object)
{
    return Object != nullptr;
}
