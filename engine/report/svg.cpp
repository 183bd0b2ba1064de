#include "engine/report/svg.hpp"

#include <fmt/format.h>

namespace wintergrid::report {

std::string svg_escaped(std::string_view text) {
  std::string result;
  for (const char character : text) {
    switch (character) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      default:
        result += character;
    }
  }
  return result;
}

std::string svg_picture(double height, std::string_view body, std::string_view rules,
                        std::string_view dark_rules) {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" "
      "font-family=\"sans-serif\" font-size=\"12\">\n<style>"
      ".title{{font-size:15px;font-weight:bold}}.axis{{font-size:11px}}"
      "text{{fill:#111}}.page{{fill:#fff}}{}"
      "@media (prefers-color-scheme:dark){{text{{fill:#eee}}.page{{fill:#181818}}{}}}</style>\n"
      "<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n{}</svg>\n",
      kPictureWidth, height, rules, dark_rules, body);
}

}  // namespace wintergrid::report
