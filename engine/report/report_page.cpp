#include "engine/report/report_page.hpp"

#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/report/report_data.hpp"
#include "grid_models/core/contract.hpp"

#ifdef WINTERGRID_REPORT_TEMPLATE
// The assembler reads the file: a quarter of a second, where a byte array would take ten.
__asm__(
    ".pushsection .rodata\n"
    ".global wintergrid_report_template\n"
    ".global wintergrid_report_template_end\n"
    "wintergrid_report_template:\n"
    ".incbin \"" WINTERGRID_REPORT_TEMPLATE
    "\"\n"
    "wintergrid_report_template_end:\n"
    ".byte 0\n"
    ".popsection\n");
extern "C" {
// NOLINTBEGIN(readability-identifier-naming): names of the assembler
extern const char wintergrid_report_template[];
extern const char wintergrid_report_template_end[];
// NOLINTEND(readability-identifier-naming)
}
#endif

namespace wintergrid::report {
namespace {

/// Where build.mjs leaves room for the data.
constexpr std::string_view kPlace = "{\"wintergrid\":\"data\"}";

std::string_view page_template() {
#ifdef WINTERGRID_REPORT_TEMPLATE
  return {wintergrid_report_template,
          static_cast<std::size_t>(wintergrid_report_template_end - wintergrid_report_template)};
#else
  return {};
#endif
}

}  // namespace

bool has_page_template() { return !page_template().empty(); }

std::string json_for_html(std::string_view json) {
  std::string text;
  text.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char letter = json[i];
    if (letter == '<' || letter == '>' || letter == '&') {
      text += fmt::format("\\u{:04x}", static_cast<int>(letter));
    } else if (json.substr(i, 3) == "\xE2\x80\xA8" || json.substr(i, 3) == "\xE2\x80\xA9") {
      text += json[i + 2] == '\xA8' ? "\\u2028" : "\\u2029";  // line ends of old JavaScript
      i += 2;
    } else {
      text += letter;
    }
  }
  return text;
}

std::string fill_template(std::string_view page_template, std::string_view report_json,
                          Language language) {
  const std::size_t place = page_template.find(kPlace);
  if (place == std::string_view::npos ||
      page_template.find(kPlace, place + 1) != std::string::npos) {
    throw std::runtime_error("the report's template has not exactly one place for the data");
  }
  while (report_json.ends_with('\n')) {
    report_json.remove_suffix(1);
  }
  return fmt::format("{}{{\"language\":\"{}\",\"run\":{}}}{}", page_template.substr(0, place),
                     language == Language::english ? "en" : "uk", json_for_html(report_json),
                     page_template.substr(place + kPlace.size()));
}

std::string report_page(std::string_view report_json, Language language) {
  WG_EXPECT(has_page_template());
  return fill_template(page_template(), report_json, language);
}

std::string report_json_problem(std::string_view text) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) {
    return "is not JSON, or damaged";
  }
  if (json.value("format", nlohmann::json()) != kReportFormat) {
    return fmt::format("is not of the format {}", kReportFormat);
  }
  if (json.value("format_version", nlohmann::json()) != kReportFormatVersion) {
    return fmt::format("is of another version of the format than {}, which this program writes",
                       kReportFormatVersion);
  }
  for (const char* part : {"facts", "metrics", "services", "zones", "generators"}) {
    if (!json.contains(part)) {
      return fmt::format("has no '{}'", part);
    }
  }
  return {};
}

}  // namespace wintergrid::report
