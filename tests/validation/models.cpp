// Buildings (VDI 6007-1, ISO 13790) and freezing pipes: models without a command of their own.

#include <algorithm>
#include <chrono>
#include <cmath>

#include "grid_models/heat/pipe_freezing.hpp"
#include "tests/grid_models/heat/building_reference.hpp"
#include "tests/validation/comparison.hpp"

namespace wintergrid::validation {
namespace {

namespace fs = std::filesystem;

constexpr double kVdiToleranceK = 0.15;
constexpr double kCoolDownToleranceK = 0.3;
constexpr double kFreezingTolerance = 0.01;
constexpr double kPrintedHours = 0.005;  // half of the reference's last digit

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Keeps the worst of what it is shown, in units of tolerance.
void keep_worst(Row& worst, const std::string& quantity, double ours, double reference,
                double tolerance) {
  const double difference = std::abs(ours - reference);
  if (worst.tolerance == 0.0 || difference / tolerance > worst.difference / worst.tolerance) {
    worst.quantity = quantity;
    worst.ours = ours;
    worst.reference = reference;
    worst.difference = difference;
    worst.tolerance = tolerance;
  }
}

Row vdi_case(const std::string& name, const nlohmann::json& test, bool radiative) {
  const auto begin = std::chrono::steady_clock::now();
  Row worst{.case_name = name};
  for (const auto& hour : heat::test::vdi6007_hours(test, radiative)) {
    keep_worst(worst, "air, C at hour " + std::to_string(hour.hour), hour.ours_c, hour.reference_c,
               kVdiToleranceK);
  }
  worst.seconds = seconds_since(begin);
  return worst;
}

Row cool_down(const std::string& name, const fs::path& csv, const fs::path& json) {
  const auto begin = std::chrono::steady_clock::now();
  const nlohmann::json given = heat::test::read_json(json);
  const heat::FiveResistanceModel model(heat::test::five_resistance_of(given));
  const heat::FiveResistanceInputs inputs{given.at("T_out_C"), 0.0, 0.0, 0.0};
  const double start_c = given.at("T_start_mass_C");
  const Table table = read_table(csv);
  Row worst{.case_name = name};
  for (const auto& row : table.rows) {
    const double hour = std::stod(row[table.column("hour")]);
    keep_worst(worst, "mass, C at hour " + row[table.column("hour")],
               model.advance(start_c, inputs, hour * heat::test::kHourSeconds),
               std::stod(row[table.column("t_mass_exact_C")]), kCoolDownToleranceK);
  }
  worst.seconds = seconds_since(begin);
  return worst;
}

Rows freezing(const fs::path& csv) {
  const auto begin = std::chrono::steady_clock::now();
  const Table table = read_table(csv);
  Row to_zero{.case_name = "freezing"}, through{.case_name = "freezing"};
  for (const auto& row : table.rows) {
    const auto number = [&](const char* column) { return std::stod(row[table.column(column)]); };
    const heat::WaterPipe pipe{number("di_mm") / 1e3, number("do_mm") / 1e3,
                               number("insul_mm") / 1e3, number("lambda_W_mK"), number("h_W_m2K")};
    const double air_c = number("t_air_C");
    const std::string where =
        " at " + row[table.column("case")] + ", " + row[table.column("t_air_C")] + " C";
    const auto keep = [&](Row& worst, const std::string& quantity, double ours, double reference) {
      keep_worst(worst, quantity + where, ours, reference,
                 kFreezingTolerance * reference + kPrintedHours);
    };
    keep(to_zero, "to 0 C, h", heat::hours_to_zero(pipe, number("t_init_C"), air_c),
         number("hours_to_0C"));
    keep(through, "frozen through, h", heat::hours_of_freezing(pipe, air_c),
         number("extra_hours_full_latent"));
  }
  to_zero.seconds = through.seconds = seconds_since(begin);
  return {to_zero, through};
}

}  // namespace

Rows validate_models(const fs::path& root) {
  Rows rows;
  for (const fs::path& file : files_ending(root / "building", ".json")) {
    guarded(file.filename().string(), rows, [&] {
      const nlohmann::json cases = heat::test::read_json(file);
      if (cases.contains("derived")) {
        fs::path csv = file;
        rows.push_back(cool_down(file.stem().string(), csv.replace_extension(".csv"), file));
      }
      for (const int number : {1, 2, 3, 4}) {
        const std::string name = "TestCase" + std::to_string(number);
        if (cases.contains(name)) {
          rows.push_back(vdi_case("VDI 6007-1 " + name, cases.at(name), number % 2 == 0));
        }
      }
    });
  }
  for (const fs::path& file : files_ending(root / "freezing", ".csv")) {
    guarded(file.filename().string(), rows, [&] { append(rows, freezing(file)); });
  }
  return rows;
}

}  // namespace wintergrid::validation
