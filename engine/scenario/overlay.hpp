#pragma once
// What-ifs on top of a scenario: an overlay is a YAML file with some of the scenario's own keys,
// and with changes of rows of its tables and lists.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/io/source_text.hpp"
#include "engine/scenario/fields.hpp"
#include "engine/scenario/yaml_tree.hpp"
#include "grid_models/core/diagnostics.hpp"

namespace wintergrid::scenario {

/// Where an overlay comes from.
struct OverlaySource {
  std::string file;                 ///< path, or what messages call it
  std::optional<std::string> text;  ///< empty: read the file
};

/// `key=value` of a command line as an overlay: a key of the scenario, else a model parameter.
/// Empty if there is no '='.
std::optional<OverlaySource> overlay_of_setting(std::string_view setting);

struct EmbeddedFile {
  std::string_view name;  ///< "pause_3_days.yaml"
  std::string_view text;
};
/// data/overlays, by name.
std::vector<EmbeddedFile> bundled_overlays();

/// A file, or else a bundled overlay by its name, with or without .yaml; an error if it is neither.
std::optional<OverlaySource> find_overlay(const std::string& given, Diagnostics& diagnostics);

/// An overlay taken apart.
struct OverlayContents {
  OverlayInfo info;
  YamlNode scenario_keys;  ///< a map of what is the scenario's own
  std::vector<RowChange> changes;
  std::string sha256;
};
std::optional<OverlayContents> read_overlay_contents(const OverlaySource& source,
                                                     std::uint64_t largest_bytes,
                                                     Diagnostics& diagnostics);

/// Whether a text is a pattern in which `*` stands for any letters, also none.
bool fits(std::string_view text, std::string_view pattern);

/// Applies the changes in order. A change picks the rows whose columns are as `where` says (any of
/// the listed texts, `*` for any letters), or `share` of them, always the same ones: by their
/// names' hash, so that a larger share includes a smaller one. Then, in each: `copy`, `set`,
/// `multiply`, `add`. Whole numbers are rounded. Says what does not exist, what no row fits, and
/// values out of range.
void apply_changes(const std::vector<RowChange>& changes, Scenario& scenario,
                   Diagnostics& diagnostics);

/// The keys of `change`, for the reference page.
inline constexpr std::string_view kOverlayDoc =
    "An overlay (`--overlay FILE`, `compare --overlays a,b`) is a YAML file that begins with "
    "`wintergrid_overlay: 1`, with `name` and `description`, any keys of a scenario but `tables` "
    "(single values and lists replace the scenario's), and `change`: a list of "
    "`{table: facilities, where: {kind: pump_station}, share: 1, copy: {generator_kw: load_kw}, "
    "set: {...}, multiply: {...}, add: {...}}`. `table` is a table or a list such as "
    "`recovery.crews`; `share` of the fitting rows is always the same, and a larger share includes "
    "a "
    "smaller one.";

}  // namespace wintergrid::scenario
