#include "FrameRules.h"

namespace stereosync {

namespace {

Problem check_share(const std::optional<double>& share, const char* field) {
    return !share || inside(*share, 0, 1) ? Problem() : bad_value(field, "must be 0 to 1");
}

template <typename List>
Problem check_count(const List& list, const char* field) {
    return list.is_over() ? bad_value(field, "must hold 0 to " + std::to_string(List::most) + " values") : Problem();
}

Problem check_contact(const ContactSpec& contact) {
    if (!inside(contact.time_client_s, -1e12, 1e12)) {
        return bad_value("time_client_s", "must be -1e12 to 1e12");
    }
    return check_share(contact.strength, "strength");
}

}  // namespace

Problem check_told(const BoxSpec& box) {
    if (Problem problem = check_count(box.feet, "feet")) {
        return problem;
    }
    if (Problem problem = check_count(box.contacts, "contacts")) {
        return problem;
    }
    for (size_t i = 0; i < box.feet.size(); ++i) {
        if (Problem problem = check_numbers(box.feet[i].world_m, 1e9, "world_m")) {
            return problem->under(item("feet", i));
        }
    }
    for (size_t i = 0; i < box.contacts.size(); ++i) {
        if (Problem problem = check_contact(box.contacts[i])) {
            return problem->under(item("contacts", i));
        }
    }
    return std::nullopt;
}

Problem check_scene(const SceneSpec& scene) {
    if (Problem problem = check_share(scene.amount, "amount")) {
        return problem;
    }
    if (scene.room && !inside(scene.room->size_m, 0, 10000)) {
        return bad_value("room.size_m", "must be 0 to 10000");
    }
    if (scene.room && !inside(scene.room->hardness, 0, 1)) {
        return bad_value("room.hardness", "must be 0 to 1");
    }
    return std::nullopt;
}

}  // namespace stereosync
