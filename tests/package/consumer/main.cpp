// A project outside wintergrid that uses its models: two zones 3 km and 4 km apart on the plane, so
// 5 km as the crow flies and 6.5 km by road.

#include <cstdio>

#include "grid_models/network/components.hpp"

int main() {
  wintergrid::ZoneTable zones;
  zones.x_km = {0.0F, 3.0F};
  zones.y_km = {0.0F, 4.0F};
  zones.name = {"Left bank", "Right bank"};
  std::printf("travel between the zones: %.1f km\n",
              zones.road_km(wintergrid::ZoneId{0}, wintergrid::ZoneId{1}));
  return 0;
}
