// The two-mass building (VDI 6007-1) and the one-mass building of ISO 13790 against published
// temperatures and against fine numerical integration.

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "grid_models/heat/five_resistance_building.hpp"
#include "grid_models/heat/two_element_building.hpp"
#include "tests/grid_models/heat/building_reference.hpp"
#include "tests/support/reference_data.hpp"

namespace wintergrid::heat {
namespace {

double worst_of_case(const nlohmann::json& test, bool radiative) {
  double worst = 0.0;
  const std::vector<test::HourlyMean> hours = test::vdi6007_hours(test, radiative);
  EXPECT_EQ(hours.size(), 73U);
  for (const test::HourlyMean& hour : hours) {
    worst = std::max(worst, std::abs(hour.ours_c - hour.reference_c));
  }
  return worst;
}

/// Cases 1 and 3 heat the air of a heavy and a light room by day, 2 and 4 its surfaces; 60 days.
TEST(TwoElementBuilding, HourlyAirTemperaturesOfVdi6007) {
  const auto path = wintergrid::test::reference_data("building/vdi6007_testcases_from_IBPSA.json");
  if (!path) {
    return;
  }
  const nlohmann::json cases = test::read_json(*path);
  for (const int number : {1, 2, 3, 4}) {
    const double worst =
        worst_of_case(cases.at("TestCase" + std::to_string(number)), number % 2 == 0);
    EXPECT_LE(worst, 0.15) << "case " << number;
    RecordProperty("worst_k_case_" + std::to_string(number), std::to_string(worst));
  }
}

/// A solution that ignores the closed form: nodes without capacity by relaxation, masses by small
/// steps of a fourth-order rule.
TwoElementState integrated(const TwoElementBuilding& b, TwoElementState x,
                           const TwoElementInputs& u, double seconds, int steps, double* air_c) {
  const double share_e = b.outer_area_m2 / (b.outer_area_m2 + b.inner_area_m2);
  const double ce = b.outer_convection_w_per_m2_k * b.outer_area_m2;
  const double ci = b.inner_convection_w_per_m2_k * b.inner_area_m2;
  const double r = b.radiation_w_per_m2_k * std::min(b.outer_area_m2, b.inner_area_m2);
  const double ge = 1.0 / b.outer_resistance_k_per_w, gi = 1.0 / b.inner_resistance_k_per_w;
  const auto rate = [&](const TwoElementState& at) {
    double air = at.inner_c, e = at.outer_c, i = at.inner_c;
    for (int sweep = 0; sweep < 400; ++sweep) {
      air = (ce * e + ci * i + b.air_to_outdoor_w_per_k * u.outdoor_c + u.convective_w) /
            (ce + ci + b.air_to_outdoor_w_per_k);
      e = (ce * air + r * i + ge * at.outer_c + share_e * u.radiative_w) / (ce + r + ge);
      i = (ci * air + r * e + gi * at.inner_c + (1.0 - share_e) * u.radiative_w) / (ci + r + gi);
    }
    *air_c = air;
    return TwoElementState{
        (ge * (e - at.outer_c) + (u.outdoor_c - at.outer_c) / b.outer_rest_resistance_k_per_w) /
            b.outer_capacity_j_per_k,
        gi * (i - at.inner_c) / b.inner_capacity_j_per_k};
  };
  const double dt = seconds / steps;
  const auto moved = [](const TwoElementState& a, const TwoElementState& d, double h) {
    return TwoElementState{a.outer_c + h * d.outer_c, a.inner_c + h * d.inner_c};
  };
  for (int k = 0; k < steps; ++k) {
    const TwoElementState k1 = rate(x), k2 = rate(moved(x, k1, dt / 2)),
                          k3 = rate(moved(x, k2, dt / 2)), k4 = rate(moved(x, k3, dt));
    x = moved(x, k1, dt / 6);
    x = moved(x, k2, dt / 3);
    x = moved(x, k3, dt / 3);
    x = moved(x, k4, dt / 6);
  }
  rate(x);
  return x;
}

RC_GTEST_PROP(TwoElementBuilding, ClosedFormEqualsNumericalIntegration, ()) {
  const auto number = [](double low, double high) {
    return low + (high - low) * *rc::gen::inRange(0, 1001) / 1000.0;
  };
  const auto building_class = static_cast<BuildingClass>(*rc::gen::inRange(0, 4));
  const TwoElementBuilding building =
      two_element_household(building_class, number(30, 120), number(15, 200));
  const TwoElementModel model(building);
  const TwoElementState start{number(-5, 25), number(-5, 25)};
  const TwoElementInputs inputs{number(-25, 15), number(0, 4000), number(0, 1000)};
  const double seconds = number(60, 6 * test::kHourSeconds);
  double air_c = 0.0;
  const TwoElementState fine = integrated(building, start, inputs, seconds, 200, &air_c);
  const TwoElementState ours = model.advance(start, inputs, seconds);
  RC_ASSERT(std::abs(fine.outer_c - ours.outer_c) < 1e-5);
  RC_ASSERT(std::abs(fine.inner_c - ours.inner_c) < 1e-5);
  RC_ASSERT(std::abs(air_c - model.air_c(ours, inputs)) < 1e-5);
  // Two steps are one, and means are integrals.
  const TwoElementState half = model.advance(start, inputs, seconds / 2);
  const TwoElementState twice = model.advance(half, inputs, seconds / 2);
  RC_ASSERT(std::abs(twice.inner_c - ours.inner_c) < 1e-9);
  const TwoElementState m1 = model.mean(start, inputs, seconds / 2),
                        m2 = model.mean(half, inputs, seconds / 2),
                        m = model.mean(start, inputs, seconds);
  RC_ASSERT(std::abs(m.outer_c - 0.5 * (m1.outer_c + m2.outer_c)) < 1e-9);
  // The heat that holds a setpoint holds it.
  const double held = model.heat_to_hold_w(ours, inputs, 18.0);
  RC_ASSERT(std::abs(model.air_c(
                         ours, {inputs.outdoor_c, inputs.convective_w + held, inputs.radiative_w}) -
                     18.0) < 1e-9);
}

/// The mapping keeps what a scenario states: loss and slow time constant of a household.
TEST(TwoElementBuilding, HouseholdsHaveTheGivenLossAndTimeConstant) {
  for (const BuildingClass building_class : {BuildingClass::panel, BuildingClass::brick,
                                             BuildingClass::insulated, BuildingClass::house}) {
    const TwoElementModel model(two_element_household(building_class, 58.0, 47.0));
    EXPECT_NEAR(model.slow_tau_hours(), 47.0, 1e-9);
    EXPECT_LT(model.fast_tau_hours(), 8.0);
    const TwoElementInputs inputs{-10.0, 1740.0, 0.0};
    EXPECT_NEAR(model.air_c(model.equilibrium(inputs), inputs), 20.0, 1e-9);
    const TwoElementInputs cold{-10.0, 0.0, 0.0};
    const TwoElementState limit = model.equilibrium(cold);
    EXPECT_NEAR(limit.outer_c, -10.0, 1e-9);
    EXPECT_NEAR(limit.inner_c, -10.0, 1e-9);
    // Air runs ahead of the mass when heat stops.
    EXPECT_LT(model.air_c(model.equilibrium(inputs), cold), 19.0);
  }
}

TEST(FiveResistanceBuilding, CoolDownOfAPanelFlat) {
  const auto csv = wintergrid::test::reference_data("building/rc5r1c_cooldown_panel_flat.csv");
  const auto json = wintergrid::test::reference_data("building/rc5r1c_cooldown_panel_flat.json");
  if (!csv || !json) {
    return;
  }
  const nlohmann::json given = test::read_json(*json);
  const nlohmann::json& derived = given.at("derived");
  const FiveResistanceModel model(test::five_resistance_of(given));
  EXPECT_NEAR(model.tau_hours(), derived.at("tau_h").get<double>(), 1e-9);
  const FiveResistanceInputs inputs{given.at("T_out_C"), 0.0, 0.0, 0.0};
  double mass_c = given.at("T_start_mass_C");
  std::ifstream stream(*csv);
  std::string line;
  std::getline(stream, line);
  std::getline(stream, line);  // hour 0: the state before anything happened
  int hours = 0;
  double worst_mass = 0.0, worst_mean = 0.0;
  while (std::getline(stream, line)) {
    std::array<double, 5> cell{};
    std::size_t at = 0;
    for (double& value : cell) {
      value = std::stod(line.substr(at));
      at = line.find(',', at) + 1;
    }
    const double mean_c = model.mean(mass_c, inputs, test::kHourSeconds);
    worst_mean = std::max({worst_mean, std::abs(model.air_c(mean_c, inputs) - cell[1]),
                           std::abs(model.surface_c(mean_c, inputs) - cell[2])});
    mass_c = model.advance(mass_c, inputs, test::kHourSeconds);
    worst_mass = std::max(worst_mass, std::abs(mass_c - cell[4]));
    ++hours;
  }
  EXPECT_GE(hours, 24);
  EXPECT_LE(worst_mass, 1e-6);  // the file's exact column has six digits
  EXPECT_LE(worst_mean, 0.01);  // the reference averages the ends of the hour
}

RC_GTEST_PROP(FiveResistanceBuilding, ClosedFormEqualsNumericalIntegration, ()) {
  const auto number = [](double low, double high) {
    return low + (high - low) * *rc::gen::inRange(0, 1001) / 1000.0;
  };
  const auto building_class = static_cast<BuildingClass>(*rc::gen::inRange(0, 4));
  const double tau = number(15, 200);
  const FiveResistanceBuilding b = five_resistance_household(building_class, number(30, 120), tau);
  const FiveResistanceModel model(b);
  RC_ASSERT(std::abs(model.tau_hours() - tau) < 1e-9 * tau);
  const FiveResistanceInputs u{number(-25, 15), number(0, 800), number(0, 500), number(0, 3000)};
  double mass = number(-5, 25);
  const double start = mass, seconds = number(60, 12 * test::kHourSeconds);
  constexpr int kSteps = 20000;
  double sum = 0.0, air = 0.0;
  for (int k = 0; k < kSteps; ++k) {
    // Air and surface solved as two equations, independently of the model's chain of formulas.
    const double a11 = b.air_to_surface_w_per_k + b.ventilation_w_per_k;
    const double a22 = b.air_to_surface_w_per_k + b.windows_w_per_k + b.surface_to_mass_w_per_k;
    const double a12 = -b.air_to_surface_w_per_k;
    const double r1 = b.ventilation_w_per_k * u.outdoor_c + u.air_w;
    const double r2 =
        b.windows_w_per_k * u.outdoor_c + b.surface_to_mass_w_per_k * mass + u.surface_w;
    const double determinant = a11 * a22 - a12 * a12;
    const double surface = (a11 * r2 - a12 * r1) / determinant;
    air = (a22 * r1 - a12 * r2) / determinant;
    if (k == 0) {
      RC_ASSERT(std::abs(air - model.air_c(mass, u)) < 1e-9);
      RC_ASSERT(std::abs(surface - model.surface_c(mass, u)) < 1e-9);
    }
    const double rate = (b.surface_to_mass_w_per_k * (surface - mass) +
                         b.mass_to_outdoor_w_per_k * (u.outdoor_c - mass) + u.mass_w) /
                        b.capacity_j_per_k;
    sum += mass + 0.5 * rate * seconds / kSteps;
    mass += rate * seconds / kSteps;
  }
  RC_ASSERT(std::abs(mass - model.advance(start, u, seconds)) < 5e-3);
  RC_ASSERT(std::abs(sum / kSteps - model.mean(start, u, seconds)) < 5e-3);
}

}  // namespace
}  // namespace wintergrid::heat
