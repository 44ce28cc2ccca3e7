#include "WriteTold.h"

#include "MapWriter.h"

namespace stereosync {

namespace {

const char* name_of(Side side) { return side == Side::left ? "left" : "right"; }

size_t one_if(bool told) { return told ? 1 : 0; }

void write_foot(MsgpackWriter& writer, const FootSpec& foot) {
    MapWriter map(writer, 2 + one_if(foot.grounded.has_value()) + one_if(!foot.surface.empty()));
    map.text("side", name_of(foot.side));
    map.numbers("world_m", foot.world_m);
    if (foot.grounded) {
        map.flag("grounded", *foot.grounded);
    }
    if (!foot.surface.empty()) {
        map.text("surface", foot.surface.view());
    }
}

void write_contact(MsgpackWriter& writer, const ContactSpec& contact) {
    MapWriter map(writer, 2 + one_if(contact.strength.has_value()) + one_if(!contact.surface.empty()));
    map.text("side", name_of(contact.side));
    map.number("time_client_s", contact.time_client_s);
    if (contact.strength) {
        map.number("strength", *contact.strength);
    }
    if (!contact.surface.empty()) {
        map.text("surface", contact.surface.view());
    }
}

void write_room(MsgpackWriter& writer, const RoomSpec& room) {
    writer.text("room");
    MapWriter map(writer, 2);
    map.number("size_m", room.size_m);
    map.number("hardness", room.hardness);
}

template <typename List, typename Write>
void write_list(MsgpackWriter& writer, const char* key, const List& list, Write write) {
    if (list.empty()) {
        return;
    }
    writer.text(key);
    writer.array(list.size());
    for (const auto& item : list) {
        write(writer, item);
    }
}

}  // namespace

size_t count_told(const BoxSpec& box) {
    return one_if(!box.feet.empty()) + one_if(!box.contacts.empty()) + one_if(!box.surface.empty());
}

void write_told(MsgpackWriter& writer, const BoxSpec& box) {
    write_list(writer, "feet", box.feet, write_foot);
    write_list(writer, "contacts", box.contacts, write_contact);
    if (!box.surface.empty()) {
        writer.text("surface");
        writer.text(box.surface.view());
    }
}

void write_scene(MsgpackWriter& writer, const SceneSpec& scene) {
    writer.text("scene");
    MapWriter map(writer, one_if(scene.place.has_value()) + one_if(scene.amount.has_value()) +
                              one_if(scene.room.has_value()) + one_if(!scene.ambience));
    if (scene.place) {
        map.text("place", scene.place->view());
    }
    if (scene.amount) {
        map.number("amount", *scene.amount);
    }
    if (scene.room) {
        write_room(writer, *scene.room);
    }
    if (!scene.ambience) {
        map.flag("ambience", false);
    }
}

}  // namespace stereosync
