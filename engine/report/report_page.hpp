#pragma once
// report.html: the page's template (engine/report/web, built by Node) with a run's data in it.

#include <string>
#include <string_view>

#include "engine/report/language.hpp"

namespace wintergrid::report {

/// False in a program that was built without Node: then there is no page, only its data.
bool has_page_template();

/// Text as it may stand inside <script type="application/json">: nothing in it ends the element,
/// whatever a scenario is called. JSON that was valid stays so and means the same.
std::string json_for_html(std::string_view json);

/// The page with report_json() in it, and the language that it opens in. Needs a template.
std::string report_page(std::string_view report_json, Language language);
/// The same with a given template. Throws std::runtime_error if it has not exactly one place for
/// the data.
std::string fill_template(std::string_view page_template, std::string_view report_json,
                          Language language);

/// Empty, or why a text is not the report.json of this program's format.
std::string report_json_problem(std::string_view text);

}  // namespace wintergrid::report
