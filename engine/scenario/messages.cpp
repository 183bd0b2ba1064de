#include "engine/scenario/messages.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engine/io/suggest.hpp"
#include "engine/io/utf8.hpp"

namespace wintergrid::scenario {
namespace {

/// Units as they end names, longest first.
constexpr std::array<std::string_view, 37> kUnitEndings{"_litres_per_person_day",
                                                        "_m3_per_hour",
                                                        "_m3_per_h",
                                                        "_per_month",
                                                        "_m3_h",
                                                        "_percent",
                                                        "_minutes",
                                                        "_degrees",
                                                        "_seconds",
                                                        "_months",
                                                        "_hours",
                                                        "_weeks",
                                                        "_share",
                                                        "_litres",
                                                        "_days",
                                                        "_gcal_h",
                                                        "_hour",
                                                        "_mwh",
                                                        "_kwh",
                                                        "_mva",
                                                        "_kva",
                                                        "_mins",
                                                        "_min",
                                                        "_day",
                                                        "_deg",
                                                        "_mw",
                                                        "_kw",
                                                        "_gw",
                                                        "_kv",
                                                        "_km",
                                                        "_m3",
                                                        "_pu",
                                                        "_h",
                                                        "_w",
                                                        "_v",
                                                        "_m",
                                                        "_c"};

std::string_view without_unit(std::string_view key) {
  for (const std::string_view unit : kUnitEndings) {
    if (key.size() > unit.size() && key.ends_with(unit)) {
      return key.substr(0, key.size() - unit.size());
    }
  }
  return key;
}

}  // namespace

std::string lower_case(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char character) {
    return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a')
                                                : character;
  });
  return result;
}

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string result(text);
  for (std::size_t at = result.find(from); at != std::string::npos;
       at = result.find(from, at + to.size())) {
    result.replace(at, from.size(), to);
  }
  return result;
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kShown = 40;
  std::string shown(io::first_characters(text, kShown));
  const bool cut = shown.size() < text.size();
  shown = replaced(shown, "\n", "\\n");
  shown = replaced(shown, "\r", "\\r");
  shown = replaced(shown, "\t", "\\t");
  return "'" + shown + (cut ? "..." : "") + "'";
}

std::string join(const std::vector<std::string>& names) {
  std::string joined;
  for (const std::string& name : names) {
    joined += (joined.empty() ? "" : ", ") + name;
  }
  return joined;
}

std::string hint_for_unknown(std::string_view wrong, const std::vector<std::string>& known,
                             std::string_view what) {
  const std::string word = lower_case(wrong);
  for (const std::string& name : known) {
    if (without_unit(word) == without_unit(name) && word != name && without_unit(name) != name) {
      return fmt::format("did you mean '{}'? (the unit is in the name: convert the values)", name);
    }
  }
  const std::string similar = io::did_you_mean(wrong, known);
  return similar.empty() ? fmt::format("known {}: {}", what, join(known)) : similar;
}

std::string limit_text(double limit) {
  constexpr double kTwoTo64 = 18446744073709551615.0;
  return limit == kTwoTo64 ? "18446744073709551615" : fmt::format("{}", limit);
}

std::string description_of(const FieldInfo& field) {
  return field.key + (field.unit.empty() ? "" : " (" + field.unit + ")") + ": " + field.doc;
}

bool is_coordinate(std::string_view key) {
  const std::string word = lower_case(key);
  for (const std::string_view name : {"lat", "lon", "lng", "long", "latitude", "longitude", "geo",
                                      "geom", "geometry", "geojson", "wkt", "crs", "epsg", "coords",
                                      "coordinates", "osm_id", "широта", "довгота", "координати"}) {
    if (word == name) {
      return true;
    }
  }
  return word.starts_with("lat_") || word.starts_with("lon_") || word.ends_with("_lat") ||
         word.ends_with("_lon");
}

}  // namespace wintergrid::scenario
