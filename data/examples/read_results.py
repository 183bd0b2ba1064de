#!/usr/bin/env python3
"""Reads results.gpkg of a `wintergrid run` with Python's standard library alone.

    python3 read_results.py DIR

Prints the mean and the range of household-hours lost by service, the zones that lose most heat, and
the worst winter. A GeoPackage is a SQLite file: every table and its meaning is in gpkg_contents.
"""
import sqlite3
import sys
from pathlib import Path


def open_results(folder):
    path = Path(folder) / "results.gpkg"
    if not path.is_file():
        sys.exit(f"{path} is not there: wintergrid run SCENARIO -o {folder} writes it")
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def headline(results):
    """service, mean, 95 % interval of the mean, 5 % and 95 % of winters"""
    return results.execute(
        "SELECT replace(metric, '.household_hours_lost', ''), mean, ci95_low, ci95_high, p05, p95 "
        "FROM metrics WHERE metric LIKE '%.household_hours_lost' AND mean IS NOT NULL").fetchall()


def worst_zones(results, service, count=5):
    """Hours without a service per household in the mean winter, worst first."""
    return results.execute(
        "SELECT name, households, household_hours_lost_mean / households AS hours FROM zones "
        "WHERE service = ? AND households >= 1000 ORDER BY hours DESC, zone LIMIT ?",
        (service, count)).fetchall()


def worst_winter(results):
    """Its number, for `wintergrid replay`, and what it loses."""
    return results.execute(
        "SELECT replication, power_household_hours_lost + heat_household_hours_lost + "
        "water_household_hours_lost AS lost FROM replications WHERE failed = 0 "
        "ORDER BY lost DESC, replication LIMIT 1").fetchone()


def main():
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} DIR")
    results = open_results(sys.argv[1])
    run = dict(results.execute("SELECT key, value FROM run"))
    print(f"{run['scenario']}: {int(run['households']):,} households, {run['replications']} winters")
    for service, mean, low, high, p05, p95 in headline(results):
        print(f"{service:<6} {mean:>14,.0f} household-hours ({low:,.0f} to {high:,.0f}); "
              f"9 of 10 winters {p05:,.0f} to {p95:,.0f}")
    print("hours without heat per household, worst zones:")
    for name, households, hours in worst_zones(results, "heat"):
        print(f"  {name:<28} {households:>8,} households {hours:>8.1f} h")
    replication, lost = worst_winter(results)
    print(f"worst winter: {replication}, {lost:,.0f} household-hours of all three services")


if __name__ == "__main__":
    main()
