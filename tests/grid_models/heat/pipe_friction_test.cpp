// Friction factors by their defining equations, and water by tabulated values.

#include "grid_models/heat/pipe_friction.hpp"

#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "grid_models/heat/water_properties.hpp"

namespace wintergrid::heat {
namespace {

TEST(PipeFriction, FactorsSolveTheirEquations) {
  for (const double reynolds : {3e3, 2e4, 1.6e5, 1e6, 3e7}) {
    for (const double roughness : {0.0, 1e-5, 5e-4, 2e-2}) {
      const double f = friction_factor(FrictionLaw::colebrook, reynolds, roughness).value;
      EXPECT_NEAR(1.0 / std::sqrt(f),
                  -2.0 * std::log10(2.51 / (reynolds * std::sqrt(f)) + roughness / 3.71), 1e-9);
      const double s = friction_factor(FrictionLaw::swamee_jain, reynolds, roughness).value;
      EXPECT_NEAR(s, f, 0.05 * f);
    }
  }
  EXPECT_DOUBLE_EQ(friction_factor(FrictionLaw::colebrook, 400.0, 1e-3).value, 0.16);
  // Rough pipe: the limit of Colebrook without viscosity.
  EXPECT_NEAR(friction_factor(FrictionLaw::nikuradse, 1e12, 1e-3).value,
              friction_factor(FrictionLaw::colebrook, 1e12, 1e-3).value, 1e-8);
}

RC_GTEST_PROP(PipeFriction, SlopesAreDerivativesAndLossGrowsWithFlow, ()) {
  const auto law = static_cast<FrictionLaw>(*rc::gen::inRange(0, 3));
  const double reynolds = std::pow(10.0, *rc::gen::inRange(0, 800) / 100.0);
  const double roughness = *rc::gen::inRange(0, 500) * 1e-4;
  const double step = 1e-6 * reynolds;
  const FrictionFactor at = friction_factor(law, reynolds, roughness);
  const double above = friction_factor(law, reynolds + step, roughness).value;
  const double below = friction_factor(law, reynolds - step, roughness).value;
  RC_ASSERT(above * (reynolds + step) * (reynolds + step) >
            below * (reynolds - step) * (reynolds - step));
  const FrictionFactor laminar{64.0 / reynolds, 0.0};
  if (std::abs(at.value - laminar.value) > 1e-4 * at.value) {  // away from the change of law
    RC_ASSERT(std::abs((above - below) / (2.0 * step) - at.slope) <
              1e-4 * std::abs(at.slope) + 1e-9 * at.value / reynolds * 1e6);
  }
}

struct Tabulated {
  double celsius, density, heat_capacity, viscosity;
};

/// VDI Heat Atlas, saturated water.
TEST(Water, PropertiesOfTables) {
  for (const Tabulated& row :
       {Tabulated{10.0, 999.70, 4192.0, 1.3059e-3}, Tabulated{20.0, 998.21, 4184.0, 1.0016e-3},
        Tabulated{50.0, 988.05, 4180.0, 0.5465e-3}, Tabulated{70.0, 977.77, 4190.0, 0.4039e-3},
        Tabulated{90.0, 965.31, 4205.0, 0.3142e-3}, Tabulated{120.0, 943.11, 4246.0, 0.2321e-3}}) {
    const WaterProperties water = water_at(row.celsius + 273.15);
    EXPECT_NEAR(water.density_kg_m3, row.density, 3e-4 * row.density) << row.celsius;
    EXPECT_NEAR(water.heat_capacity_j_kg_k, row.heat_capacity, 1e-3 * row.heat_capacity)
        << row.celsius;
    EXPECT_NEAR(water.viscosity_pa_s, row.viscosity, 0.025 * row.viscosity) << row.celsius;
  }
  EXPECT_EQ(water_at(200.0).density_kg_m3, water_at(273.15).density_kg_m3);
}

}  // namespace
}  // namespace wintergrid::heat
