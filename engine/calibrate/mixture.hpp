#pragma once
// Equal mixtures of normals with one standard deviation: the fits that leave out one count each,
// with the error of a count.

#include <vector>

namespace wintergrid::calibrate {

/// Continuous ranked probability score of an observation (Grimit et al., Q. J. R. Meteorol. Soc.
/// 132 (2006) 2925).
double crps(const std::vector<double>& centres, double sd, double observed);

double quantile(const std::vector<double>& centres, double sd, double probability);

}  // namespace wintergrid::calibrate
