#pragma once
// The two languages of what people read: page, workbook, titles of columns. Machine names of
// columns and keys are English in both.

#include <string>
#include <string_view>

namespace wintergrid::report {

enum class Language { english, ukrainian };

/// Of "en" or "uk", as --lang has it.
constexpr Language language_of(std::string_view code) {
  return code == "uk" ? Language::ukrainian : Language::english;
}

struct Label {
  std::string en, uk;
  const std::string& in(Language language) const {
    return language == Language::ukrainian ? uk : en;
  }
};

/// Of a metric: what it means, and in Ukrainian a title of its own.
Label metric_label(std::string_view metric);
/// Of a unit as metrics have it; one that is not known is its own label.
Label unit_label(std::string_view unit);
/// "power", "heat", "water".
Label service_label(std::string_view service);
/// "without power" and so on.
Label without_label(std::string_view service);
/// Of a repair policy; any other name (of an overlay) is its own label.
Label policy_label(std::string_view policy);
/// Of a class of generator sets, "30-100 kW".
Label set_class_label(std::string_view set_class);

}  // namespace wintergrid::report
