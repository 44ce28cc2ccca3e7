"""Packages whose pictures show grounds, and which picture shows which: decided by name, after looking at all of them.

Left out, though their names fit: walls, cliffs, skies, pictures with holes, roads with marks, transitions between two
grounds, and in the test what shows the same photograph as a picture of the training.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

Split = Literal["train", "test"]
SUFFIXES = (".png", ".jpg", ".bmp", ".dds")


@dataclass(frozen=True)
class Package:
    """A Debian package, all of whose pictures are for one split.

    `folder` holds the pictures, from the package's root on or, with an `archive`, from that zip file's. `grounds` has
    shell patterns of pictures by ground: paths from the folder on, without suffixes.
    """

    split: Split
    licence: str
    folder: str
    grounds: dict[str, str]
    archive: str = ""

    def ground_of(self, path: str) -> str | None:
        """The ground that the picture at `path` (from the root or archive on) shows; None when it is not wanted."""
        if not (path.startswith(self.folder) and path.endswith(SUFFIXES)):
            return None
        folder, _, file = path.removeprefix(self.folder).rpartition("/")
        stem = f"{folder}/{file.partition('.')[0]}".lstrip("/")
        for ground, patterns in self.grounds.items():
            if any(fnmatchcase(stem, pattern) for pattern in patterns.split()):
                return ground
        return None


UFOAI = Package(
    "train",
    "GPL-2.0-or-later, some under CC-BY-SA 3.0",
    "textures/tex_",
    {
        "snow": "nature/snow00? nature/snowey",
        "ice": "nature/ice00[23] nature/icefloor",
        "grass": "ctp1/grass_g_? mattn/grass00[12] nature/grass nature/grass00[134] nature/grass_lush "
        "nature/grass_mowed_*_[abc] nature/grass_tall_*_[abc] terrain/grass",
        "gravel": "ctp1/pebbles_m_1 mattn/floor02[78] mattn/concrete002",
        "sand": "ctp1/sand_s_1 mattn/sand001 nature/desert00[1346789] nature/sand terrain/desert",
        "water": "nature/water nature/water_dark",
        "wood": "buildings/floor_wood01 buildings/woodceiling1a buildings/floor002 buildings/floor02[2678] "
        "buildings/floor03[4-9] ctp1/wood_?_* ctp1/woodb_5 material/wood00[1-589] material/wood01[0-8] "
        "material/s_wood00? mattn/wood00[1589] mattn/wood01[0256789] mattn/wood02[24] mattn/floor025",
        "carpet": "buildings/carpet0[01]? buildings/carpet02[13-9] buildings/carpet03? mattn/carpet001 "
        "mattn/floor01[34] mattn/floor024 */jap_carpet001",
        "tile": "buildings/tile0? buildings/tile_teracotablue buildings/floor00[4689] buildings/floor01[0236789] "
        "buildings/floor020 buildings/floor029 buildings/floor030 ctp1/tiles_?_? ctp1/marble_m_1 mattn/floor012 "
        "nature/tile_teracota base/lab_floor003",
        "metal": "buildings/9gratefloor0* buildings/clangdark buildings/clanggrate buildings/metal02 "
        "buildings/metalbridge6 buildings/metal_cover buildings/mtl_fnce buildings/floor_gray ctp1/metal_?_? "
        "material/metal00? material/metall00? material/metall01[02-9] material/metall02? mattn/metal mattn/metal[2-5] "
        "mattn/metal_rust mattn/grate1 mattn/grate5 trak/tile5e alienb/ab_metal01",
        "dirt": "ctp1/dirt_01 ctp1/dirt_b_? ctp1/ground_b_? dirt/dirt001 mattn/dirt00[12] nature/dirt nature/dirt00? "
        "nature/dirt_se01 nature/drymud nature/rockyground0? nature/soil00? nature/sp_ground",
        "stone": "buildings/concrete00[1-8] buildings/concrete01[34567] buildings/concrete02[24] buildings/e8crete03 "
        "buildings/floor001 buildings/floor003 buildings/floor005 buildings/floor011 buildings/floor015 "
        "buildings/floor021 buildings/floor025 buildings/floor033 buildings/floor_se0? buildings/paving001 "
        "ctp1/asphalt_b_1 ctp1/concrete_g_? ctp1/concrete_g_1? ctp1/concrete_s_1 ctp1/bricks_g_2 ctp1/bricks_t_6 "
        "ctp1/rocks_w_1 mattn/concrete00[13] mattn/floor00[4-9] mattn/rock002 mattn/stone002 nature/rock01[2-8] "
        "trak/trak4_concrete??",
    },
    archive="usr/share/games/ufoai/base/0textures.pk3",
)
ZERO_AD = Package(
    "train",
    "CC-BY-SA 3.0",
    "art/textures/terrain/types/",
    {
        "snow": "alpine_arctic/snow_0? alpine_snow_a alpine_snow_glacial polar_snow_a polar_snow_glacial snow snow_0? "
        "snow_glacial_01 snow_new snow?rough snow?rocks snow?grass?100",
        "ice": "alpine_arctic/ice_01 ice_01 polar_ice polar_ice_c polar_ice_cracked",
        "grass": "alpine_grass alpine_grass_[acd] desert_grass_a grass1 grass1_spring grass_field grass_field_a "
        "grass_field_dry grass_moss medit_grass_field medit_grass_field_a medit_grass_shrubs new_alpine_grass_[acde] "
        "new_alpine_grass_mossy savanna_grass_a savanna_grass_a_wetseason steppe_grass_green_a temp_grass "
        "temp_grass_[12cd] temp_grass_clovers temp_grass_long temp_grass_mossy temp_grass_plants tropic_grass_[acf] "
        "tropic_grass_plants temperate/grass_0[15] india/grass_02",
        "gravel": "alpine_arctic/gravel_dirt_01 desert_shore_stones desert_shore_stones_wet dirt_pebbles_wet "
        "medit_river_rocks_dry medit_river_rocks_wet steppe_river_rocks steppe_river_rocks_wet temp_dirt_gravel",
        "sand": "aegean_anatolia/sand_0? beach_[cd] desert_sand_dunes_100 desert_sand_dunes_50 desert_sand_smooth "
        "desert_sand_stones desert_sand_wet desert_wave dirty_sand medit_sand medit_sand_wet nubia/sand_ripples "
        "sahara/sand_0[1-4] sand sand_dune_a sand_dunes sand_sahara sand_wavey savanna_sand_dunes_100 "
        "tropic_beach_dry tropic_beach_wet",
        "water": "water_[123]",
        "wood": "bridge_wood_[abc]",
        "dirt": "DirtTests clay_0[23] dirt_broken_rocks dirt_rocky dirt_rugged india/dirt_0[12] india/mud_01 mud_flats "
        "new_savanna_dirt_d nubia/dirt_0? nubia/dirt_cracks_01 savanna_dirt_a_red savanna_dirt_rocks_?_red "
        "savanna_mud_a temp_dirt_mud_mk? temp_mud_a temperate/mud_01",
        "stone": "aegean_anatolia/paving_0? alpine_arctic/paving_stones_0? india/paving_0? medit_city_tile "
        "new_alpine_citytile nubia/paving_stones_01 road_roman sahara/paving_stones_0? temperate/paving_00? "
        "tropic_citytile_a",
    },
    archive="usr/share/games/0ad/mods/public/public.zip",
)
RED_ECLIPSE = Package(
    "train",
    "CC-BY-SA, by their makers",
    "usr/share/games/redeclipse/data/",
    {
        "snow": "appleflap/snow jojo/snow02 wicked/wickedsnow0[12]",
        "ice": "wicked/wickedsnow0[35]",
        "grass": "appleflap/applegrass jojo/grass07 wicked/wickedgrass0[12]",
        "sand": "jojo/sand01 wicked/wickedground05",
        "wood": "dziq/boards01 mikeplus64/wood_c trak/trak4/wood1c wicked/wickedwood0[1-8]",
        "carpet": "jojo/carpet01",
        "tile": "jojo/bathtile02 mikeplus64/decktiles_c trak/trak4/tile[123] trak/trak4/tile[23][abc] "
        "unnamed/darkness_tile01 unnamed/unnamedtile0[145] wicked/wickedsquaretile0[12] wicked/wickedtile13 "
        "wicked/wickedtile14 wicked/wickedtile14[abc] wicked/wickedtile16 wicked/wickedtile18 wicked/wickedtile20 "
        "wicked/wickedtile21 wicked/wickedtile21[abc] wicked/wickedtile2[34] wicked/wickedtile7[ab] "
        "wicked/wickedtile8 wicked/wickedtile8[abc]",
        "metal": "*/treadplate1 philipk/pk01/floor0??_d philipk/pk01/gra_floor02_d philipk/pk02/floor01_c "
        "philipk/pk02/floor12?_c trak/trak4/rust1[abc] trak/trak5/grate2a unnamed/metal06 unnamed/unnamedmetal0[345] "
        "wicked/wickedmetal06 wicked/wickedmetal[1-5]",
        "dirt": "wicked/wickedground0[146]",
        "stone": "dziq/dq_stones01 luckystrike/asphalt_01 trak/trak4/concrete?? unnamed/stone01-[acdef] "
        "wicked/stone01d wicked/stone01dgray",
    },
)
SCORCHED_3D = Package(
    "train",
    "GPL-2.0-or-later",
    "usr/share/games/scorched3d/data/globalmods/none/data/textures/landscape/",
    {"water": "*/water default/waternight"},
)
SUPERTUXKART = Package(
    "test",
    "CC-BY-SA 3.0 or 4.0, CC-BY, CC0, by their makers",
    "usr/share/games/supertuxkart/data/",
    {
        "snow": "textures/snow textures/stk_generic_snow_a textures/stktex_earthSnow_a",
        "ice": "textures/ice textures/stk_generic_ice_a",
        "grass": "textures/grass textures/grass[234] textures/grass_dark textures/racetrack_grass "
        "textures/stk_generic_grass[ABC] tracks/introcutscene/grass tracks/volcano_island/grass "
        "tracks/zengarden/grass tracks/minigolf/racetrack_grass-dark",
        "gravel": "textures/pebbles textures/stktex_generic_gravelA textures/stklama_gravel*_a",
        "sand": "textures/hd_beach_01_d textures/sand textures/sand2 textures/stk_generic_sand_a "
        "textures/stk_generic_sandRoad_a tracks/ancient_colosseum_labyrinth/sand tracks/minigolf/sand "
        "tracks/sandtrack/sand tracks/volcano_island/sand tracks/zengarden/sand",
        "water": "textures/canyon_water textures/jungleWater textures/oceanicWater textures/sea textures/sea2 "
        "tracks/*/island_water tracks/overworld/sea tracks/volcano_island/sea tracks/ravenbridge_mansion/swamp_water "
        "tracks/scotland/water_dark tracks/black_forest/water_dtones",
        "wood": "textures/JapanwoodBridge textures/canyon_boards textures/wood textures/japanRedWood textures/oldWood "
        "textures/stktex_generic_Wood[A-H] textures/woodBridge textures/wood_planks1 tracks/scotland/wood_planks[567]",
        "carpet": "textures/stk_generic_carpet_a textures/stktex_pupleCarpet_a textures/tapis tracks/*/carpet",
        "tile": "textures/chess textures/city_checker textures/marble textures/stktex_generic_tiles[AB] "
        "textures/stk_generic_pinkCeramic_a textures/stk_generic_redCeramic_a textures/tiles tracks/*/chess",
        "metal": "textures/metal_plates textures/ribbed_steel textures/stk_greyMetal_a textures/stk_darkGrayMetal_a "
        "textures/stk_metaloverlap_a textures/stk_generic_ironA textures/stk_corrugMetal_a "
        "tracks/*/metal_rusted tracks/endcutscene/metal tracks/snowtuxpeak/oldmetal "
        "tracks/stk_enterprise/metal_plates",
        "dirt": "textures/cracked-earth-texture textures/dirt textures/earth textures/stk_generic_dirtA "
        "textures/stk_genericMineEarth_a textures/stktex_generic_earth_a tracks/cave/Ground010_1K_Color "
        "textures/canyon_dirt_road",
        "stone": "textures/HortonStone6 textures/Paving_stones_2 textures/concrete2 textures/concrete_plain "
        "textures/city_rock textures/rock1 textures/tarmac textures/stk_generic_brickRoad_a "
        "textures/stk_generic_hexaBasaltRoad_a textures/stk_generic_oldbricks_a textures/stktex_generic_cobbleStoneA "
        "textures/stktex_generic_concreteA textures/stonetex textures/bow_tile",
    },
)
EXTREME_TUX_RACER = Package(
    "test",
    "GPL-2.0-or-later",
    "usr/share/games/etr/terrains/",
    {
        "snow": "snow snow0[123]",
        "ice": "ice ice0[123]",
        "grass": "grass0[123]",
        "gravel": "pebbles0[14]",
        "sand": "sand01",
        "dirt": "dirt01 mud01",
        "stone": "pave0[12] rock0[1-7]",
    },
)
PACKAGES = {
    "ufoai-textures": UFOAI,
    "0ad-data": ZERO_AD,
    "redeclipse-data": RED_ECLIPSE,
    "scorched3d-data": SCORCHED_3D,
    "supertuxkart-data": SUPERTUXKART,
    "extremetuxracer-data": EXTREME_TUX_RACER,
}
