// Controls of the thread sanitizer, in OpenMP as the runner uses it. "racy" adds to one counter
// from all threads without protection: the sanitizer MUST report it. "clean" does the same with a
// reduction: it MUST NOT. Without the second, a sanitizer that reports everything would pass;
// without the first, one that sees nothing would.

#include <cstdio>
#include <string_view>

#include <omp.h>

int main(int argument_count, char** arguments) {
  const bool racy = argument_count == 2 && std::string_view(arguments[1]) == "racy";
  constexpr int kSteps = 100'000;
  long shared_sum = 0;
  omp_set_num_threads(4);
  if (racy) {
#pragma omp parallel for
    for (int step = 0; step < kSteps; ++step) {
      shared_sum += step % 3;
    }
  } else {
#pragma omp parallel for reduction(+ : shared_sum)
    for (int step = 0; step < kSteps; ++step) {
      shared_sum += step % 3;
    }
  }
  std::printf("sum %ld\n", shared_sum);
  return 0;
}
